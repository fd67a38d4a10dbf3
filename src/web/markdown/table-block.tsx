import type { Tokens } from "marked";
import { Inline } from "./inline.tsx";
import { known } from "./tokens.ts";
import { ScrollArea } from "../shell/scroll-area.tsx";

const columnsMax = 40;
const rowsMax = 500;

/** A table, which may be wider than its place and is then moved sideways. */
export function TableBlock({ table, depth }: { readonly table: Tokens.Table; readonly depth: number }) {
	const rows = table.rows.slice(0, rowsMax);
	return (
		<ScrollArea className="table-frame" label="Table">
			<table>
				<thead>
					<Row cells={table.header} depth={depth} kind="th" />
				</thead>
				<tbody>
					{rows.map((cells, place) => (
						<Row key={place} cells={cells} depth={depth} kind="td" />
					))}
				</tbody>
			</table>
		</ScrollArea>
	);
}

type RowProps = { readonly cells: readonly Tokens.TableCell[]; readonly depth: number; readonly kind: "th" | "td" };

function Row({ cells, depth, kind: Cell }: RowProps) {
	return (
		<tr>
			{cells.slice(0, columnsMax).map(({ tokens, align }, place) => (
				<Cell key={place} dir="auto" data-align={align ?? undefined}>
					<Inline tokens={known(tokens)} depth={depth} />
				</Cell>
			))}
		</tr>
	);
}
