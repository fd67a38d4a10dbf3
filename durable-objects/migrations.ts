/** Steps by the part of the tables that they make, each part a list of its own that only grows at its end. */
export type Parts = { readonly [part: string]: readonly string[] };

/**
 * Brings an object's tables up to date. Steps are only ever added, and only add: while a deployment rolls out, old code
 * runs on new tables. Each step runs once; how many of a part have run are its rows.
 */
export function migrate(sql: Pick<SqlStorage, "exec">, parts: Parts): void {
	sql.exec("CREATE TABLE IF NOT EXISTS migrations (part TEXT, step INTEGER, PRIMARY KEY (part, step)) WITHOUT ROWID");
	const rows = sql.exec<{ part: string; done: number }>(
		"SELECT part, COUNT(*) AS done FROM migrations GROUP BY part",
	);
	const done = new Map(rows.toArray().map((row) => [row.part, row.done]));
	const due = Object.entries(parts).flatMap(([part, steps]) =>
		steps.flatMap((step, i) =>
			i < (done.get(part) ?? 0) ? [] : [step, `INSERT INTO migrations (part, step) VALUES ('${part}', ${i})`],
		),
	);
	// One string for all of them: a new session pays for each statement that is sent on its own.
	if (due.length > 0) sql.exec(due.join(";\n"));
}
