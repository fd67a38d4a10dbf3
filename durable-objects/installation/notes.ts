import type { Sql } from "../store/log.ts";
import type { Note } from "./rpc.ts";

/** What a bot remembers about an installation, each for a while: threads and their sessions, people, tokens. */

export const noteSteps: readonly string[] = [
	`CREATE TABLE notes (kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, kept_ms INTEGER NOT NULL,
		until_ms INTEGER NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID`,
	"CREATE INDEX notes_by_age ON notes (kind, kept_ms)",
];

/** Of one kind; with more of them the oldest are forgotten. */
export const notesMax = 10_000;
export const noteBytesMax = 65_536;
const newestMax = 100;

/** A value of more than `noteBytesMax` is a fault of the caller. */
export function keep(sql: Sql, { kind, key, value, forMs }: Note, nowMs: number): void {
	if (new TextEncoder().encode(value).byteLength > noteBytesMax)
		throw new Error(`a note of kind ${kind} is larger than ${noteBytesMax} bytes`);
	sql.exec(
		`INSERT INTO notes (kind, key, value, kept_ms, until_ms) VALUES (?1, ?2, ?3, ?4, ?5)
		ON CONFLICT (kind, key) DO UPDATE SET value = ?3, kept_ms = ?4, until_ms = ?5`,
		kind,
		key,
		value,
		nowMs,
		nowMs + forMs,
	);
	sql.exec("DELETE FROM notes WHERE kind = ? AND until_ms <= ?", kind, nowMs);
	sql.exec(
		`DELETE FROM notes WHERE kind = ?1 AND key IN
			(SELECT key FROM notes WHERE kind = ?1 ORDER BY kept_ms DESC, key LIMIT -1 OFFSET ${notesMax})`,
		kind,
	);
}

/** Null where there is none, or its time is over. */
export function kept(sql: Sql, { kind, key }: Pick<Note, "kind" | "key">, nowMs: number): string | null {
	const query = "SELECT value FROM notes WHERE kind = ? AND key = ? AND until_ms > ?";
	return sql.exec<{ value: string }>(query, kind, key, nowMs).toArray()[0]?.value ?? null;
}

/** The last kept first; at most a hundred. */
export function newest(sql: Sql, { kind, limit }: { kind: string; limit: number }, nowMs: number) {
	const query = "SELECT key, value FROM notes WHERE kind = ? AND until_ms > ? ORDER BY kept_ms DESC, key LIMIT ?";
	return sql.exec<{ key: string; value: string }>(query, kind, nowMs, Math.min(limit, newestMax)).toArray();
}

/** Nothing happens where there is none. */
export function drop(sql: Sql, kind: string, key: string): void {
	sql.exec("DELETE FROM notes WHERE kind = ? AND key = ?", kind, key);
}
