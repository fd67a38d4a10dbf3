import { useMemo, useState } from "react";
import { ScrollArea } from "../shell/scroll-area.tsx";
import { PageButtons } from "../tabs/page-buttons.tsx";
import type { Scene } from "./scene.ts";
import { tableLines } from "./table-lines.ts";

const pageSize = 200;

/** The same as the picture, in words. */
export function TimelineTable({ scene }: { readonly scene: Scene }) {
	const [page, setPage] = useState(0);
	const lines = useMemo(() => tableLines(scene), [scene]);
	const pages = Math.max(1, Math.ceil(lines.length / pageSize));
	const at = Math.min(page, pages - 1);
	return (
		<>
			<ScrollArea className="card timeline-table" label="Timeline as a table">
				<table>
					<thead>
						<tr>
							<th scope="col">Who</th>
							<th scope="col">What</th>
							<th scope="col">When</th>
							<th scope="col">Cost</th>
							<th scope="col">Details</th>
						</tr>
					</thead>
					<tbody>
						{lines.slice(at * pageSize, (at + 1) * pageSize).map(({ key, who, what, when, cost, text }) => (
							<tr key={key}>
								<th scope="row">
									<bdi>{who}</bdi>
								</th>
								<td>{what}</td>
								<td className="numeric">{when}</td>
								<td className="numeric">{cost}</td>
								<td dir="auto">{text}</td>
							</tr>
						))}
					</tbody>
				</table>
			</ScrollArea>
			<PageButtons label="Pages of the table" page={at} pages={pages} show={setPage} />
		</>
	);
}
