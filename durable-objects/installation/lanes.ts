import type { Sql } from "../store/log.ts";
import type { Lane } from "./rpc.ts";

/** Rates that all runs of an installation share: a bucket of turns per lane, filled steadily. */

export const laneSteps: readonly string[] = [
	"CREATE TABLE lanes (name TEXT PRIMARY KEY, turns REAL NOT NULL, at_ms INTEGER NOT NULL, paused_ms INTEGER NOT NULL) WITHOUT ROWID",
];

const minuteMs = 60_000;
/** Longer than any platform asks for; what it says beyond is not believed. */
export const pauseMsMax = 60 * minuteMs;
/** Lanes are named by us, after methods and channels; the oldest are full again anyway. */
export const lanesMax = 2_000;

type Bucket = { readonly turns: number; readonly at_ms: number; readonly paused_ms: number };

/** 0 where a turn was taken, else the milliseconds until there is one. */
export function turn(sql: Sql, { name, perMinute, burst, spared = 0 }: Lane, nowMs: number): number {
	const bucket = bucketOf(sql, name) ?? { turns: burst, at_ms: nowMs, paused_ms: 0 };
	if (bucket.paused_ms > nowMs) return bucket.paused_ms - nowMs;
	// A clock that was set back fills nothing.
	const filled = (Math.max(0, nowMs - bucket.at_ms) * perMinute) / minuteMs;
	const turns = Math.min(burst, bucket.turns + filled);
	const needed = 1 + spared;
	if (turns < needed) return Math.ceil(((needed - turns) * minuteMs) / perMinute);
	put(sql, name, { turns: turns - 1, at_ms: nowMs, paused_ms: 0 });
	return 0;
}

/** No turns for so long, and then no more than one at once. */
export function pause(sql: Sql, { name, forMs }: { name: string; forMs: number }, nowMs: number): void {
	const untilMs = nowMs + Math.min(Math.max(0, forMs), pauseMsMax);
	const before = bucketOf(sql, name)?.paused_ms ?? 0;
	put(sql, name, { turns: 1, at_ms: Math.max(untilMs, before), paused_ms: Math.max(untilMs, before) });
}

function bucketOf(sql: Sql, name: string): Bucket | undefined {
	return sql.exec<Bucket>("SELECT turns, at_ms, paused_ms FROM lanes WHERE name = ?", name).toArray()[0];
}

function put(sql: Sql, name: string, { turns, at_ms, paused_ms }: Bucket): void {
	sql.exec(
		`INSERT INTO lanes (name, turns, at_ms, paused_ms) VALUES (?1, ?2, ?3, ?4)
		ON CONFLICT (name) DO UPDATE SET turns = ?2, at_ms = ?3, paused_ms = ?4`,
		name,
		turns,
		at_ms,
		paused_ms,
	);
	sql.exec(
		`DELETE FROM lanes WHERE name IN (SELECT name FROM lanes ORDER BY at_ms DESC, name LIMIT -1 OFFSET ${lanesMax})`,
	);
}
