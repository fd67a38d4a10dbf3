import { useState } from "react";
import type { ReceiptLine } from "../../consensus/receipt.ts";
import { ScrollArea } from "../shell/scroll-area.tsx";
import { PageButtons } from "../tabs/page-buttons.tsx";
import { ReceiptRow } from "./receipt-row.tsx";

const callsPerPage = 100;

/** Every call, oldest first: what it used, what it cost and what it was good for. */
export function ReceiptTable({ lines }: { readonly lines: readonly ReceiptLine[] }) {
	const [page, setPage] = useState(0);
	const pages = Math.max(1, Math.ceil(lines.length / callsPerPage));
	const at = Math.min(page, pages - 1);
	if (lines.length === 0) return <p className="soft">No calls yet.</p>;
	return (
		<>
			<ScrollArea className="receipt-frame" label="Calls">
				<table className="receipt numeric">
					<thead>
						<tr>
							<th scope="col">Agent</th>
							<th scope="col">For</th>
							<th scope="col">Model</th>
							<th scope="col">In</th>
							<th scope="col">Cached</th>
							<th scope="col">Out</th>
							<th scope="col">Cost</th>
							<th scope="col">Changed</th>
						</tr>
					</thead>
					<tbody>
						{lines.slice(at * callsPerPage, (at + 1) * callsPerPage).map((line) => (
							<ReceiptRow key={line.call} line={line} />
						))}
					</tbody>
				</table>
			</ScrollArea>
			<PageButtons label="Pages of the receipt" page={at} pages={pages} show={setPage} />
		</>
	);
}
