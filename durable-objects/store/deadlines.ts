import type { Deadline } from "../../src/consensus/plan.ts";
import type { Sql } from "./log.ts";

/** Deadlines are rows, not timers: they outlive the machine and expire unconditionally. */
export const deadlineSteps: readonly string[] = [
	"CREATE TABLE deadlines (key TEXT PRIMARY KEY, due_ms INTEGER NOT NULL) WITHOUT ROWID",
];

/** Running deadlines by key, with the moment (ms since the epoch) at which each is due. */
export type Running = ReadonlyMap<string, number>;

/** What runs, as it was written. */
export function load(sql: Sql): Running {
	const rows = sql.exec<{ key: string; due_ms: number }>("SELECT key, due_ms FROM deadlines").toArray();
	return new Map(rows.map((row) => [row.key, row.due_ms]));
}

/** A clock that is set right by less than this moves no deadline: each move is a write. */
export const setBackMs = 1_000;

/**
 * What should run: what is newly wanted starts now, what ran already keeps its moment. Nothing can have longer to go than
 * its own length: where it seems so the clock was set back, and it starts anew.
 */
export function following(running: Running, wanted: readonly Deadline[], nowMs: number): Running {
	return new Map(
		wanted.map(({ key, afterMs }) => {
			const longestMs = nowMs + afterMs;
			const dueMs = running.get(key) ?? longestMs;
			return [key, dueMs > longestMs + setBackMs ? longestMs : dueMs];
		}),
	);
}

/** Whether a deadline that ran has another moment now. */
export function moved(before: Running, after: Running): boolean {
	return [...after].some(([key, dueMs]) => (before.get(key) ?? dueMs) !== dueMs);
}

/** Those whose moment has come, however late the alarm is. */
export function dueIn(running: Running, nowMs: number): readonly string[] {
	return [...running].flatMap(([key, dueMs]) => (dueMs <= nowMs ? [key] : []));
}

/** Writes the difference: a statement each way at most, since each one costs more than its rows. */
export function save(sql: Sql, before: Running, after: Running): void {
	const gone = [...before.keys()].filter((key) => !after.has(key));
	const fresh = [...after].filter(([key, dueMs]) => before.get(key) !== dueMs);
	if (gone.length > 0)
		sql.exec("DELETE FROM deadlines WHERE key IN (SELECT value FROM json_each(?))", JSON.stringify(gone));
	if (fresh.length === 0) return;
	sql.exec(
		"INSERT OR REPLACE INTO deadlines (key, due_ms) SELECT key, value FROM json_each(?)",
		JSON.stringify(Object.fromEntries(fresh)),
	);
}
