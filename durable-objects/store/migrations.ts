/** Steps by the part of the tables that they make, each part a list of its own that only grows at its end. */
export type Parts = { readonly [part: string]: readonly string[] };

/**
 * Brings an object's tables up to date. Steps are only ever added, and only add: while a deployment rolls out, old code
 * runs on new tables. Where none is due nothing is written, so that a full disk can be read. Each step runs once; how many of a part have run are its rows.
 */
export function migrate(sql: Pick<SqlStorage, "exec">, parts: Parts): void {
	const known = sql.exec("SELECT name FROM sqlite_master WHERE name = 'migrations'").toArray().length > 0;
	const done = known ? stepsDone(sql) : new Map<string, number>();
	const due = Object.entries(parts).flatMap(([part, steps]) =>
		steps.flatMap((step, i) =>
			i < (done.get(part) ?? 0) ? [] : [step, `INSERT INTO migrations (part, step) VALUES ('${part}', ${i})`],
		),
	);
	// One string for all of them: a new session pays for each statement that is sent on its own.
	if (due.length > 0) sql.exec([...(known ? [] : [table]), ...due].join(";\n"));
}

const table = "CREATE TABLE migrations (part TEXT, step INTEGER, PRIMARY KEY (part, step)) WITHOUT ROWID";

function stepsDone(sql: Pick<SqlStorage, "exec">): ReadonlyMap<string, number> {
	const query = "SELECT part, COUNT(*) AS done FROM migrations GROUP BY part";
	const rows = sql.exec<{ part: string; done: number }>(query).toArray();
	return new Map(rows.map((row) => [row.part, row.done]));
}
