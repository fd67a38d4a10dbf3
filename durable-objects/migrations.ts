/**
 * Brings an object's tables up to date. Steps are only ever added at the end, and only add: while a deployment rolls
 * out, old code runs on new tables. Each step runs once; how many have run is a row.
 */
export function migrate(sql: Pick<SqlStorage, "exec">, steps: readonly string[]): void {
	sql.exec("CREATE TABLE IF NOT EXISTS migrations (step INTEGER PRIMARY KEY)");
	const { done } = sql.exec<{ done: number }>("SELECT COUNT(*) AS done FROM migrations").one();
	const rows = steps.slice(done).map((step, i) => `${step}; INSERT INTO migrations (step) VALUES (${done + i})`);
	// One string for all of them: a new session pays for each statement that is sent on its own.
	if (rows.length > 0) sql.exec(rows.join(";\n"));
}
