import type { Deadline } from "../src/consensus/plan.ts";
import type { Sql } from "./log.ts";

/** Deadlines are rows, not timers: they outlive the machine and expire unconditionally. */
export const deadlineSteps: readonly string[] = ["CREATE TABLE deadlines (key TEXT PRIMARY KEY, due_ms INTEGER NOT NULL)"];

/** Running deadlines by key, with the moment (ms since the epoch) at which each is due. */
export type Running = ReadonlyMap<string, number>;

export function load(sql: Sql): Running {
	const rows = sql.exec<{ key: string; due_ms: number }>("SELECT key, due_ms FROM deadlines").toArray();
	return new Map(rows.map((row) => [row.key, row.due_ms]));
}

/** What should run: what is newly wanted starts now, what ran already keeps its moment. */
export function following(running: Running, wanted: readonly Deadline[], nowMs: number): Running {
	return new Map(wanted.map(({ key, afterMs }) => [key, running.get(key) ?? nowMs + afterMs]));
}

/** Writes the difference. */
export function save(sql: Sql, before: Running, after: Running): void {
	for (const key of before.keys()) if (!after.has(key)) sql.exec("DELETE FROM deadlines WHERE key = ?", key);
	for (const [key, due] of after) if (!before.has(key)) sql.exec("INSERT INTO deadlines (key, due_ms) VALUES (?, ?)", key, due);
}
