import type { Sql } from "../store/log.ts";
import { migrate } from "../store/migrations.ts";

/**
 * The outbox's rows. All pending rows of one target are due together: what a target asked for, or did not answer to, holds
 * for everything that waits for it, and once it takes one the others follow. Only a row that waits alone is overtaken.
 */
const outboxSteps: readonly string[] = [
	// Positions are never given twice: they make the ids by which a target knows a repeat.
	`CREATE TABLE outbox (position INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
		address TEXT NOT NULL, payload TEXT NOT NULL, revision INTEGER NOT NULL, state TEXT NOT NULL, tries INTEGER NOT NULL,
		created_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL, settled_ms INTEGER, ref TEXT, reason TEXT)`,
	"CREATE INDEX outbox_by_state ON outbox (state, kind, address)",
	"ALTER TABLE outbox ADD COLUMN spacing_ms INTEGER NOT NULL DEFAULT 0",
	"ALTER TABLE outbox ADD COLUMN sent_ms INTEGER NOT NULL DEFAULT 0",
	"ALTER TABLE outbox ADD COLUMN alone INTEGER NOT NULL DEFAULT 0",
];

/** Something that shall leave. What is put under the same key again replaces what has not been sent yet. */
export type Outgoing = {
	readonly key: string;
	readonly kind: string;
	readonly address: string;
	readonly payload: string;
	/** After one payload of this key was sent, the next one not before so long: 0 where nothing is said. */
	readonly spacingMs?: number;
};

export type Row = {
	readonly position: number;
	readonly kind: string;
	readonly address: string;
	readonly payload: string;
	readonly revision: number;
	readonly ref: string | null;
	/** Those before this one. */
	readonly tries: number;
	readonly created_ms: number;
	readonly spacing_ms: number;
};

/** With more of them the oldest are given up. */
export const pendingMax = 1000;
/** With more of them the oldest are forgotten. */
export const deadMax = 100;
export const sentMax = 200;
/** A larger payload is dead from the start. */
export const payloadBytesMax = 262_144;

const isPending = "state = 'pending'";
const ofTarget = `${isPending} AND kind = ?2 AND address = ?3`;
/** Those of the target that are due together. */
const together = `${ofTarget} AND alone = 0`;

/** Pending from now on. What stands under its key is replaced; it is a new obligation if that was sent or dead. */
export function put(sql: Sql, outgoing: readonly Outgoing[], nowMs: number): void {
	migrate(sql, { outbox: outboxSteps });
	const size = new TextEncoder();
	for (const { key, kind, address, payload, spacingMs = 0 } of outgoing) {
		const fits = size.encode(payload).byteLength <= payloadBytesMax;
		const [state, kept, reason] = fits ? ["pending", payload, null] : ["dead", "", tooLarge];
		sql.exec(
			`INSERT INTO outbox (key, kind, address, payload, revision, state, tries, created_ms, due_ms, settled_ms, reason,
				spacing_ms)
			VALUES (?1, ?2, ?3, ?4, 1, ?5, 0, ?6, MAX(?6, (SELECT COALESCE(MIN(due_ms), 0) FROM outbox
				WHERE ${together})), ?6, ?7, ?8)
			ON CONFLICT (key) DO UPDATE SET payload = excluded.payload, revision = revision + 1, state = excluded.state,
				tries = CASE WHEN ${isPending} THEN tries ELSE 0 END,
				created_ms = CASE WHEN ${isPending} THEN created_ms ELSE excluded.created_ms END,
				due_ms = CASE WHEN ${isPending} AND alone = 1 THEN MAX(excluded.due_ms, due_ms)
					WHEN ${isPending} THEN excluded.due_ms
					ELSE MAX(excluded.due_ms, sent_ms + excluded.spacing_ms) END,
				settled_ms = excluded.settled_ms, reason = excluded.reason, spacing_ms = excluded.spacing_ms`,
			key,
			kind,
			address,
			kept,
			state,
			nowMs,
			reason,
			spacingMs,
		);
	}
	bound(sql, nowMs);
}

const tooLarge = `larger than ${payloadBytesMax} bytes`;

/** When the first pending row is due. */
export function nextDue(sql: Sql): number | null {
	if (!exists(sql)) return null;
	return sql.exec<{ next: number | null }>(`SELECT MIN(due_ms) AS next FROM outbox WHERE ${isPending}`).one().next;
}

/** The oldest row that is due of each target, first of all the target that has waited longest. */
export function heads(sql: Sql, nowMs: number): readonly Row[] {
	const oldest = `SELECT MIN(position) FROM outbox WHERE ${isPending} AND due_ms <= ? GROUP BY kind, address`;
	return sql
		.exec<Row>(
			`SELECT position, kind, address, payload, revision, ref, tries, created_ms, spacing_ms FROM outbox
			WHERE position IN (${oldest}) ORDER BY due_ms, position LIMIT ${headsMax}`,
			nowMs,
		)
		.toArray();
}

/** A few more than are ever sent at once: targets that are being asked already may be among them. */
const headsMax = 4;

/** One more try, which is lost if it does not end before this moment. */
export function claim(sql: Sql, position: number, dueMs: number): void {
	sql.exec("UPDATE outbox SET tries = tries + 1, due_ms = ?, alone = 0 WHERE position = ?", dueMs, position);
}

/** It has arrived. If its payload was replaced meanwhile, the new one is due after its spacing. */
export function sent(sql: Sql, row: Row, { ref, nowMs }: { ref: string | null; nowMs: number }): void {
	sql.exec(
		`UPDATE outbox SET state = CASE WHEN revision = ?1 THEN 'sent' ELSE state END,
			payload = CASE WHEN revision = ?1 THEN '' ELSE payload END,
			ref = COALESCE(?2, ref), tries = 0, created_ms = ?3, due_ms = ?3 + spacing_ms, settled_ms = ?3, sent_ms = ?3,
			reason = NULL
		WHERE position = ?4`,
		row.revision,
		ref,
		nowMs,
		row.position,
	);
	release(sql, row, nowMs);
}

/** It is tried again, and nothing else of its target before it. */
export function later(sql: Sql, row: Row, { reason, dueMs }: { reason: string; dueMs: number }): void {
	sql.exec("UPDATE outbox SET reason = ? WHERE position = ?", reason, row.position);
	hold(sql, row, dueMs);
}

/** It is tried again by itself: what is put again and again is not worth that anything else waits for it. */
export function laterAlone(sql: Sql, row: Row, { reason, dueMs }: { reason: string; dueMs: number }): void {
	sql.exec("UPDATE outbox SET reason = ?, due_ms = ? WHERE position = ?", reason, dueMs, row.position);
}

/** It was not tried: somebody said beforehand that it has to wait. */
export function waits(
	sql: Sql,
	row: Row,
	wait: { reason: string; dueMs: number; nowMs: number; holds: "row" | "target" },
): void {
	const { reason, dueMs, nowMs, holds } = wait;
	sql.exec("UPDATE outbox SET reason = ?, tries = ? WHERE position = ?", reason, row.tries, row.position);
	if (holds === "target") return hold(sql, row, dueMs);
	sql.exec("UPDATE outbox SET due_ms = ?, alone = 1 WHERE position = ?", dueMs, row.position);
	// What came while it was tried waits for no end of the try any more.
	release(sql, row, nowMs);
}

/** It is given up, unless its payload was replaced meanwhile; the target's others go on at `dueMs`. */
export function dead(sql: Sql, row: Row, end: { reason: string; dueMs: number; nowMs: number }): void {
	sql.exec(
		"UPDATE outbox SET state = 'dead', reason = ?, settled_ms = ? WHERE position = ? AND revision = ?",
		end.reason,
		end.nowMs,
		row.position,
		row.revision,
	);
	if (end.dueMs > end.nowMs) hold(sql, row, end.dueMs);
	else release(sql, row, end.nowMs);
	bound(sql, end.nowMs);
}

/** Only that it was, and why it was given up, is still known; such rows cannot be revived. */
export function emptyDead(sql: Sql): void {
	if (exists(sql)) sql.exec("UPDATE outbox SET payload = '' WHERE state = 'dead' AND payload <> ''");
}

/** Whether there was such a dead row with a payload that can be sent. */
export function revive(sql: Sql, position: number, nowMs: number): boolean {
	if (!exists(sql)) return false;
	const revived = sql.exec(
		`UPDATE outbox SET state = 'pending', tries = 0, created_ms = ?1, due_ms = ?1, reason = NULL
		WHERE position = ?2 AND state = 'dead' AND payload <> '' RETURNING position`,
		nowMs,
		position,
	);
	return revived.toArray().length > 0;
}

export type DeadRow = {
	readonly position: number;
	readonly kind: string;
	readonly address: string;
	readonly reason: string;
	readonly at: string;
};

/** How many wait, and what was given up, oldest first. */
export function standing(sql: Sql): { readonly pending: number; readonly dead: readonly DeadRow[] } {
	if (!exists(sql)) return { pending: 0, dead: [] };
	const { pending } = sql
		.exec<{ pending: number }>(`SELECT COUNT(*) AS pending FROM outbox WHERE ${isPending}`)
		.one();
	const givenUp = sql
		.exec<Omit<DeadRow, "at"> & { settled_ms: number }>(
			`SELECT position, kind, address, reason, settled_ms FROM outbox WHERE state = 'dead'
			ORDER BY position LIMIT ${deadMax}`,
		)
		.toArray();
	return {
		pending,
		dead: givenUp.map(({ settled_ms: atMs, ...row }) => ({ ...row, at: new Date(atMs).toISOString() })),
	};
}

function hold(sql: Sql, { kind, address }: Row, dueMs: number): void {
	sql.exec(`UPDATE outbox SET due_ms = ?1 WHERE ${ofTarget} AND due_ms <> ?1`, dueMs, kind, address);
}

/** Writes nothing where nothing was held back: a long queue is sent without being written again for each row. */
function release(sql: Sql, { kind, address }: Row, nowMs: number): void {
	const dueMs = "MAX(?1, sent_ms + spacing_ms)";
	sql.exec(`UPDATE outbox SET due_ms = ${dueMs} WHERE ${together} AND due_ms > ${dueMs}`, nowMs, kind, address);
}

/** Newer ones are worth more: the end of a turn comes after what led to it. */
function bound(sql: Sql, nowMs: number): void {
	const newest = (state: string, max: number) =>
		`SELECT position FROM outbox WHERE state = '${state}' ORDER BY position DESC LIMIT ${max}`;
	sql.exec(
		`UPDATE outbox SET state = 'dead', reason = 'more than ${pendingMax} newer ones waited', settled_ms = ?
		WHERE ${isPending} AND position NOT IN (${newest("pending", pendingMax)})`,
		nowMs,
	);
	sql.exec(`DELETE FROM outbox WHERE state = 'dead' AND position NOT IN (${newest("dead", deadMax)})`);
	sql.exec(`DELETE FROM outbox WHERE state = 'sent' AND position NOT IN (${newest("sent", sentMax)})`);
}

function exists(sql: Sql): boolean {
	return sql.exec<{ n: number }>("SELECT COUNT(*) AS n FROM sqlite_master WHERE name = 'outbox'").one().n === 1;
}
