/** Steps by the part of the tables that they make, each part a list of its own that only grows at its end. */
export type Parts = { readonly [part: string]: readonly string[] };

/**
 * Brings an object's tables up to date. Steps are only ever added, and only add: while a deployment rolls out, old code
 * runs on new tables. Where none is due nothing is written, so that a full disk can be read. Each step runs once; how many of a part have run are its rows.
 */
export function migrate(sql: Pick<SqlStorage, "exec">, parts: Parts): void {
	const known = sql.exec("SELECT name FROM sqlite_master WHERE name = 'migrations'").toArray().length > 0;
	// One string for all of them: a new session pays for each statement that is sent on its own.
	if (!known) return void sql.exec([table, ...Object.entries(parts).flatMap(made)].join(";\n"));
	const done = stepsDone(sql);
	const due = Object.entries(parts).flatMap(([part, steps]) =>
		steps.flatMap((step, i) => (i < (done.get(part) ?? 0) ? [] : [step, noted(part, [i])])),
	);
	if (due.length > 0) sql.exec(due.join(";\n"));
}

const table = "CREATE TABLE migrations (part TEXT, step INTEGER, PRIMARY KEY (part, step)) WITHOUT ROWID";

/** A part that is not there yet: its tables are made as the last of its steps leaves them, since altering one costs more. */
function made([part, steps]: [string, readonly string[]]): readonly string[] {
	return [...folded(steps), noted(part, [...steps.keys()])];
}

/** Steps with the columns that they add later in the table's own definition, where it ends in a column. */
function folded(steps: readonly string[]): readonly string[] {
	return steps.reduce<readonly string[]>((before, step) => {
		const [, name, column] = /^ALTER TABLE (\w+) ADD COLUMN (.+)$/.exec(step) ?? [];
		const isOf = (create: string) => create.startsWith(`CREATE TABLE ${name} (`);
		if (column === undefined || !before.some(isOf)) return [...before, step];
		return before.map((create) => (isOf(create) ? withColumn(create, column) : create));
	}, []);
}

function withColumn(create: string, column: string): string {
	const end = create.lastIndexOf(")");
	return `${create.slice(0, end)}, ${column}${create.slice(end)}`;
}

function noted(part: string, steps: readonly number[]): string {
	return `INSERT INTO migrations (part, step) VALUES ${steps.map((step) => `('${part}', ${step})`).join(", ")}`;
}

function stepsDone(sql: Pick<SqlStorage, "exec">): ReadonlyMap<string, number> {
	const query = "SELECT part, COUNT(*) AS done FROM migrations GROUP BY part";
	const rows = sql.exec<{ part: string; done: number }>(query).toArray();
	return new Map(rows.map((row) => [row.part, row.done]));
}
