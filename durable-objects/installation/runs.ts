import type { Sql } from "../store/log.ts";
import type { Admission, WantedRun } from "./rpc.ts";

/** Who has started what in the last day, and what it cost: an installation is an open door to somebody's money. */

export const runSteps: readonly string[] = [
	`CREATE TABLE runs (run TEXT PRIMARY KEY, user TEXT NOT NULL, began_ms INTEGER NOT NULL, ended_ms INTEGER,
		usd REAL NOT NULL DEFAULT 0) WITHOUT ROWID`,
	"CREATE INDEX runs_by_age ON runs (began_ms)",
];

export const dayMs = 24 * 60 * 60 * 1000;
/** A run whose end nobody has told counts as over: longer than turns usually take. */
export const runMsMax = 60 * 60 * 1000;

/** Whether this run may begin; if so it has begun. One that has begun may always go on. */
export function admit(sql: Sql, wanted: WantedRun, nowMs: number): Admission {
	sql.exec("DELETE FROM runs WHERE began_ms <= ?", nowMs - dayMs);
	if (sql.exec("SELECT run FROM runs WHERE run = ?", wanted.run).toArray().length > 0) return { ok: true };
	const refusal = atOnce(sql, wanted, nowMs) ?? perUser(sql, wanted) ?? money(sql, wanted);
	if (refusal !== null) return refusal;
	sql.exec("INSERT INTO runs (run, user, began_ms) VALUES (?, ?, ?)", wanted.run, wanted.user, nowMs);
	return { ok: true };
}

/** Nothing happens where no such run has begun, or it is over. */
export function ended(sql: Sql, { run, usd }: { run: string; usd: number | null }, nowMs: number): void {
	sql.exec("UPDATE runs SET ended_ms = ?, usd = ? WHERE run = ? AND ended_ms IS NULL", nowMs, usd ?? 0, run);
}

function atOnce(sql: Sql, { atOnceMax }: WantedRun, nowMs: number): Admission | null {
	const query = "SELECT COUNT(*) AS n FROM runs WHERE ended_ms IS NULL AND began_ms > ?";
	const { n } = sql.exec<{ n: number }>(query, nowMs - runMsMax).one();
	return n < atOnceMax ? null : { ok: false, limit: "runs_at_once", resetsAtMs: null };
}

function perUser(sql: Sql, { user, perUserDayMax }: WantedRun): Admission | null {
	const query = "SELECT COUNT(*) AS n, MIN(began_ms) AS first FROM runs WHERE user = ?";
	const { n, first } = sql.exec<{ n: number; first: number | null }>(query, user).one();
	if (n < perUserDayMax) return null;
	return { ok: false, limit: "user_runs_per_day", resetsAtMs: (first ?? 0) + dayMs };
}

function money(sql: Sql, { usdPerDayMax }: WantedRun): Admission | null {
	const query = "SELECT COALESCE(SUM(usd), 0) AS usd, MIN(began_ms) AS first FROM runs WHERE usd > 0";
	const { usd, first } = sql.exec<{ usd: number; first: number | null }>(query).one();
	if (usd < usdPerDayMax) return null;
	return { ok: false, limit: "usd_per_day", resetsAtMs: first === null ? null : first + dayMs };
}
