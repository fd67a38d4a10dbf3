import type { Sql } from "../store/log.ts";
import type { ShareRow, SharedRow, TenantRpc } from "../rpc.ts";

/** One tenant's links to sessions, as rows. A token stands nowhere: its digest is enough to know it again. */

const sharesPerSessionMax = 20;

export const shareSteps: readonly string[] = [
	// An id is never given twice, so that one that was ended stays so.
	`CREATE TABLE shares (id INTEGER PRIMARY KEY AUTOINCREMENT, session TEXT NOT NULL, digest TEXT NOT NULL UNIQUE,
		created_ms INTEGER NOT NULL, expires_ms INTEGER)`,
	`CREATE INDEX shares_by_session ON shares (session, id)`,
];

type Wanted = Parameters<TenantRpc["share"]>[0];
type Shared = Awaited<ReturnType<TenantRpc["share"]>>;

/**
 * A new link; a conflict when `sharesPerSessionMax` others still open. Those that do not any more make room. A session that
 * was deleted since somebody looked has none: nobody would ever remove it.
 */
export function share(sql: Sql, { session, digest, seconds }: Wanted, nowMs: number): Shared {
	if (sql.exec("SELECT id FROM sessions WHERE id = ?", session).toArray().length === 0)
		return { ok: false, code: "not_found", detail: "There is no such session." };
	sql.exec("DELETE FROM shares WHERE session = ? AND expires_ms <= ?", session, nowMs);
	const { others } = sql.exec<{ others: number }>(countOf, session).one();
	if (others >= sharesPerSessionMax) return { ok: false, code: "conflict", detail: full };
	const expiresMs = seconds === null ? null : nowMs + seconds * 1000;
	const made = sql.exec<Stored>(
		`INSERT INTO shares (session, digest, created_ms, expires_ms) VALUES (?, ?, ?, ?) RETURNING ${shown}`,
		session,
		digest,
		nowMs,
		expiresMs,
	);
	return { ok: true, share: rowOf(made.one()) };
}

const countOf = "SELECT COUNT(*) AS others FROM shares WHERE session = ?";
const full = `There are already ${sharesPerSessionMax} links to this session, as many as there may be. End one first.`;

/** Those that still open, newest first. */
export function shares(sql: Sql, session: string, nowMs: number): readonly ShareRow[] {
	const query = `SELECT ${shown} FROM shares WHERE session = ? AND ${opens} ORDER BY id DESC LIMIT ?`;
	return sql.exec<Stored>(query, session, nowMs, sharesPerSessionMax).toArray().map(rowOf);
}

/** Ends a link. `before`: there is none of this id any more. `never`: none had it yet, and one may still get it. */
export function unshare(sql: Sql, { session, id }: Parameters<TenantRpc["unshare"]>[0]): Unshared {
	const ended = sql.exec("DELETE FROM shares WHERE session = ? AND id = ? RETURNING id", session, id).toArray();
	if (ended.length > 0) return "ended";
	const given = sql.exec("SELECT seq FROM sqlite_sequence WHERE name = 'shares' AND seq >= ?", Number(id)).toArray();
	return given.length > 0 ? "before" : "never";
}

type Unshared = Awaited<ReturnType<TenantRpc["unshare"]>>;

/** The session is deleted, and so is the way to it. */
export function forgetShares(sql: Sql, session: string): void {
	sql.exec("DELETE FROM shares WHERE session = ?", session);
}

/** What a token of this digest opens now. */
export function shared(sql: Sql, digest: string, nowMs: number): SharedRow | null {
	const query = `SELECT sessions.id AS session, title, created_at, shares.id AS id, created_ms, expires_ms
		FROM shares JOIN sessions ON sessions.id = shares.session WHERE digest = ? AND ${opens}`;
	const found = sql.exec<Stored & Titled>(query, digest, nowMs).toArray()[0];
	if (found === undefined) return null;
	const { session, title, created_at, ...row } = found;
	return { id: session, title, created_at, share: rowOf(row) };
}

type Stored = { id: number; created_ms: number; expires_ms: number | null };
type Titled = { session: string; title: string; created_at: string };

const shown = "id, created_ms, expires_ms";
const opens = "(expires_ms IS NULL OR expires_ms > ?)";

function rowOf({ id, created_ms, expires_ms }: Stored): ShareRow {
	return { id: String(id), created_at: at(created_ms), expires_at: expires_ms === null ? null : at(expires_ms) };
}

function at(ms: number): string {
	return new Date(ms).toISOString();
}
