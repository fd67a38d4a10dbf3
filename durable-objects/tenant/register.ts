import type { Team } from "../../src/consensus/team.ts";
import type { Accepted, SessionRow, SessionStatus, TenantRpc } from "../rpc.ts";

/** One tenant's register: its sessions, teams and idempotency keys, as rows. What writes twice is called in a transaction. */

export const idempotencyTtlMs = 24 * 60 * 60 * 1000;
export const idempotencyRowsMax = 10_000;
const teamsMax = 200;
const unfinishedMax = 10_000;

export const registerSteps: readonly string[] = [
	// `position` is the order of creation; as the rowid it makes paging a walk along the table itself.
	`CREATE TABLE sessions (position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL,
		team TEXT NOT NULL, status TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL)`,
	`CREATE TABLE teams (name TEXT PRIMARY KEY, team TEXT NOT NULL)`,
	`CREATE TABLE idempotency (position INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, fingerprint TEXT NOT NULL,
		session TEXT NOT NULL, created_ms INTEGER NOT NULL)`,
	`CREATE INDEX idempotency_by_session ON idempotency (session)`,
	`CREATE INDEX sessions_by_status ON sessions (status, position)`,
];

type Reservation = Parameters<TenantRpc["reserve"]>[0];
type Reserved = Awaited<ReturnType<TenantRpc["reserve"]>>;
type Page = Awaited<ReturnType<TenantRpc["list"]>>;

/** A new session's row, or the session that an earlier request with the same key and body made. */
export function reserve(sql: SqlStorage, session: Reservation, nowMs: number): Reserved {
	if (session.idempotencyKey !== null) {
		expireKeys(sql, nowMs);
		const known = keyRow(sql, session.idempotencyKey);
		if (known !== undefined)
			return known.fingerprint === session.fingerprint
				? { outcome: "known", id: known.session }
				: { outcome: "conflict" };
		sql.exec(
			"INSERT INTO idempotency (key, fingerprint, session, created_ms) VALUES (?, ?, ?, ?)",
			session.idempotencyKey,
			session.fingerprint,
			session.id,
			nowMs,
		);
		boundKeys(sql);
	}
	const at = new Date(nowMs).toISOString();
	sql.exec(
		"INSERT INTO sessions (id, title, team, status, created_at, updated_at) VALUES (?, ?, ?, 'running', ?, ?)",
		session.id,
		session.title,
		session.team,
		at,
		at,
	);
	return { outcome: "new", id: session.id };
}

/** Newest first. A cursor is the position of the last row of the page before. */
export function list(sql: SqlStorage, { q, ...page }: Parameters<TenantRpc["list"]>[0]): Page {
	return q === undefined ? listed(sql, page) : matching(sql, q, page);
}

type Paging = { readonly limit: number; readonly cursor: string | null };

/** A search looks at so many titles, and leaves the rest to the next page. */
export const searchedMax = 5000;

/** SQLite folds the case of ASCII alone, so titles are compared here. */
function matching(sql: SqlStorage, q: string, { limit, cursor }: Paging): Page {
	const wanted = folded(q.trim());
	const sessions: SessionRow[] = [];
	let looked = 0;
	let last = 0;
	const query = `SELECT position, ${columns} FROM sessions WHERE position < ? ORDER BY position DESC LIMIT ?`;
	for (const placed of sql.exec<Placed>(query, beforeOf(cursor), searchedMax + 1)) {
		if (looked === searchedMax || sessions.length === limit) return { sessions, cursor: String(last) };
		const { position, ...session } = placed;
		[looked, last] = [looked + 1, position];
		if (folded(session.title).includes(wanted)) sessions.push(session);
	}
	return { sessions, cursor: null };
}

type Placed = SessionRow & { readonly position: number };

function folded(text: string): string {
	return text.normalize("NFKC").toLowerCase();
}

function beforeOf(cursor: string | null): number {
	return cursor === null ? Number.MAX_SAFE_INTEGER : Number(cursor);
}

function listed(sql: SqlStorage, { limit, cursor }: Paging): Page {
	const before = beforeOf(cursor);
	const rows = sql
		.exec<Placed>(
			`SELECT position, ${columns} FROM sessions WHERE position < ? ORDER BY position DESC LIMIT ?`,
			before,
			limit + 1,
		)
		.toArray();
	const page = rows.slice(0, limit);
	const last = rows.length > limit ? page.at(-1) : undefined;
	return {
		sessions: page.map(({ position: _position, ...session }) => session),
		cursor: last === undefined ? null : String(last.position),
	};
}

/** One session's row; null where there is none. */
export function row(sql: SqlStorage, id: string): SessionRow | null {
	return sql.exec<SessionRow>(`SELECT ${columns} FROM sessions WHERE id = ?`, id).toArray()[0] ?? null;
}

/** The row under its new title; null where there is none. */
export function rename(sql: SqlStorage, change: { id: string; title: string }, nowMs: number): SessionRow | null {
	const at = new Date(nowMs).toISOString();
	return (
		sql
			.exec<SessionRow>(
				`UPDATE sessions SET title = ?, updated_at = ? WHERE id = ? RETURNING ${columns}`,
				change.title,
				at,
				change.id,
			)
			.toArray()[0] ?? null
	);
}

/** Removes the row and the key that made it: the same request sent again asks anew. */
export function forget(sql: SqlStorage, id: string): boolean {
	sql.exec("DELETE FROM idempotency WHERE session = ?", id);
	return sql.exec("DELETE FROM sessions WHERE id = ? RETURNING id", id).toArray().length > 0;
}

/** A session that was deleted meanwhile stays deleted; what was told already changes nothing. */
export function touch(sql: SqlStorage, change: { id: string; status: SessionStatus }, nowMs: number): void {
	sql.exec(
		"UPDATE sessions SET status = ?1, updated_at = ?2 WHERE id = ?3 AND status <> ?1",
		change.status,
		new Date(nowMs).toISOString(),
		change.id,
	);
}

/** Sessions with work in progress. One that waits is at rest: nothing happens until a person asks. */
export function unfinished(sql: SqlStorage): readonly string[] {
	const rows = sql
		.exec<{ id: string }>(
			"SELECT id FROM sessions WHERE status = 'running' ORDER BY position DESC LIMIT ?",
			unfinishedMax,
		)
		.toArray();
	return rows.map(({ id }) => id);
}

/** A stored team; null where there is none of this name. */
export function team(sql: SqlStorage, name: string): Team | null {
	const found = sql.exec<{ team: string }>("SELECT team FROM teams WHERE name = ?", name).toArray()[0];
	return found === undefined ? null : stored(found.team);
}

/** Stores a team in place of one of the same name; a conflict when there are `teamsMax` others. */
export function putTeam(sql: SqlStorage, name: string, given: Team): Accepted {
	const { others } = sql.exec<{ others: number }>("SELECT COUNT(*) AS others FROM teams WHERE name <> ?", name).one();
	if (others >= teamsMax)
		return {
			ok: false,
			code: "conflict",
			detail: `There are already ${teamsMax} teams, as many as there may be. Delete one first.`,
		};
	sql.exec(
		"INSERT INTO teams (name, team) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET team = excluded.team",
		name,
		JSON.stringify(given),
	);
	return { ok: true };
}

/** Whether there was such a team. */
export function dropTeam(sql: SqlStorage, name: string): boolean {
	return sql.exec("DELETE FROM teams WHERE name = ? RETURNING name", name).toArray().length > 0;
}

/** Every stored team, by name. */
export function teams(sql: SqlStorage): readonly Team[] {
	return sql
		.exec<{ team: string }>("SELECT team FROM teams ORDER BY name LIMIT ?", teamsMax)
		.toArray()
		.map((found) => stored(found.team));
}

const columns = "id, title, team, status, created_at, updated_at";

function keyRow(sql: SqlStorage, key: string): { fingerprint: string; session: string } | undefined {
	return sql
		.exec<{ fingerprint: string; session: string }>(
			"SELECT fingerprint, session FROM idempotency WHERE key = ?",
			key,
		)
		.toArray()[0];
}

/** Rows are in the order of time, so the walk ends at the first one that is young enough. */
function expireKeys(sql: SqlStorage, nowMs: number): void {
	const firstYoung = sql
		.exec<{ position: number }>(
			"SELECT position FROM idempotency WHERE created_ms > ? ORDER BY position LIMIT 1",
			nowMs - idempotencyTtlMs,
		)
		.toArray()[0];
	sql.exec("DELETE FROM idempotency WHERE position < ?", firstYoung?.position ?? Number.MAX_SAFE_INTEGER);
}

/** Positions only grow, so a span of positions holds at most that many rows; the oldest fall out. */
function boundKeys(sql: SqlStorage): void {
	sql.exec(
		"DELETE FROM idempotency WHERE position <= (SELECT MAX(position) FROM idempotency) - ?",
		idempotencyRowsMax,
	);
}

function stored(json: string): Team {
	const parsed: unknown = JSON.parse(json);
	return parsed as Team;
}
