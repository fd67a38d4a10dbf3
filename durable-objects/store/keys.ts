import { taken } from "../run/disk.ts";
import type { Sql } from "./log.ts";
import { migrate } from "./migrations.ts";
import type { Database } from "./store.ts";

/** Which of the tenant's stored keys a session was told of: none, as long as there is no row. */
export type KeysTold = {
	/** False where the disk did not take it. */
	readonly learn: (version: number) => boolean;
};

const keySteps: readonly string[] = [
	"CREATE TABLE keys_told (row INTEGER PRIMARY KEY CHECK (row = 1), version INTEGER)",
];

/** Its table is made with the first version that it is told of. */
export function openKeysTold({ sql, transaction }: Database): KeysTold {
	const write = (next: number) => {
		migrate(sql, { keys: keySteps });
		sql.exec(
			"INSERT INTO keys_told (row, version) VALUES (1, ?) ON CONFLICT (row) DO UPDATE SET version = excluded.version",
			next,
		);
	};
	return {
		learn: (next) => keysVersion(sql) === next || taken(() => transaction(() => write(next))),
	};
}

/** The version that a session was told of last; null where it was told of none. */
export function keysVersion(sql: Sql): number | null {
	const made = sql.exec("SELECT name FROM sqlite_master WHERE name = 'keys_told'").toArray().length > 0;
	if (!made) return null;
	return sql.exec<{ version: number }>("SELECT version FROM keys_told").toArray()[0]?.version ?? null;
}
