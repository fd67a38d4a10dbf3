/**
 * The row of a model in a table of names. Rows are kept under `name`, `name#` (that name also with a day after it) or
 * `name*` (with any sign of a snapshot); the nearest name wins. Null for a model that is not in the table.
 */
export function rowNamed<Row>(rows: ReadonlyMap<string, Row> | undefined, model: string): Row | null {
	const name = model.trim().toLowerCase();
	const listed = [name, `${name}*`, `${name.replace(snapshot, "")}*`, `${name.replace(day, "")}#`];
	return listed.map((key) => rows?.get(key)).find((row) => row !== undefined) ?? null;
}

// `-5` is another model, `-20251001` the same one on a day.
const day = /-(?:\d{8}|\d{4}-\d\d-\d\d)$/;
const snapshot = /[-@](?:latest|\d{3,4}|\d{8}|\d{4}-\d\d-\d\d|\d\d-\d{4}|\d\d-\d\d)$/;
