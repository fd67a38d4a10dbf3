import type { Sql } from "../store/log.ts";
import type { SealedKeys } from "../../src/backends/keyring.ts";
import type { Accepted } from "../rpc.ts";

/** One tenant's keys of providers, as rows that only a machine with the settings can open. */

const keysMax = 64;

export const keySteps: readonly string[] = [
	`CREATE TABLE provider_keys (backend TEXT PRIMARY KEY, sealed TEXT NOT NULL)`,
	// How often anything changed, in one row: whoever holds keys in memory knows by it whether they are those of now.
	`CREATE TABLE provider_keys_changed (row INTEGER PRIMARY KEY CHECK (row = 1), times INTEGER NOT NULL)`,
];

/** Stores a key in place of the backend's other; a conflict when there are `keysMax` of others. */
export function putKey(sql: Sql, { backend, sealed }: SealedKeys["keys"][number]): Accepted {
	const { others } = sql
		.exec<{ others: number }>("SELECT COUNT(*) AS others FROM provider_keys WHERE backend <> ?", backend)
		.one();
	if (others >= keysMax) return { ok: false, code: "conflict", detail: full };
	sql.exec(
		"INSERT INTO provider_keys (backend, sealed) VALUES (?, ?) ON CONFLICT (backend) DO UPDATE SET sealed = excluded.sealed",
		backend,
		sealed,
	);
	changed(sql);
	return { ok: true };
}

const full = `There are already ${keysMax} keys, as many as there may be. Delete one first.`;

/** Whether there was such a key. */
export function dropKey(sql: Sql, backend: string): boolean {
	const dropped = sql.exec("DELETE FROM provider_keys WHERE backend = ? RETURNING backend", backend).toArray();
	if (dropped.length === 0) return false;
	changed(sql);
	return true;
}

/** Every key, as it was sealed. */
export function sealedKeys(sql: Sql): SealedKeys {
	const query = "SELECT backend, sealed FROM provider_keys ORDER BY backend LIMIT ?";
	return { version: versionOf(sql), keys: sql.exec<SealedKeys["keys"][number]>(query, keysMax).toArray() };
}

/** What a session is told of them; nothing at all where none was ever stored. */
export function keysTold(sql: Sql): { readonly keys?: number } {
	const version = versionOf(sql);
	return version === 0 ? {} : { keys: version };
}

function versionOf(sql: Sql): number {
	return sql.exec<{ times: number }>("SELECT times FROM provider_keys_changed").toArray()[0]?.times ?? 0;
}

function changed(sql: Sql): void {
	sql.exec(
		"INSERT INTO provider_keys_changed (row, times) VALUES (1, 1) ON CONFLICT (row) DO UPDATE SET times = times + 1",
	);
}
