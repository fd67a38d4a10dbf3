/**
 * Brings an object's tables up to date. Steps are only ever added at the end, and only add: while a deployment rolls
 * out, old code runs on new tables. Each step runs once; how many have run is a row.
 */
export function migrate(sql: Pick<SqlStorage, "exec">, steps: readonly string[]): void {
	sql.exec("CREATE TABLE IF NOT EXISTS migrations (step INTEGER PRIMARY KEY)");
	const { done } = sql.exec<{ done: number }>("SELECT COUNT(*) AS done FROM migrations").one();
	for (const [at, step] of steps.entries()) {
		if (at < done) continue;
		sql.exec(step);
		sql.exec("INSERT INTO migrations (step) VALUES (?)", at);
	}
}
