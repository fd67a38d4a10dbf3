import type { Outcome } from "../../src/agent/request.ts";
import type { ResumePoint } from "../../src/backends/backend.ts";
import type { CallId, SessionEvent } from "../../src/consensus/events.ts";
import type { Sql } from "./log.ts";

/**
 * The ledger of paid calls. A row is written, durably, before its request leaves; it closes in the transaction that
 * logs the call's end. `handle` and `cursor` say where a provider can take the call up again; `outcome` keeps the
 * assistant's turn as long as its round may need it; `partial` keeps a decision that has come, until the call's end has.
 */
export const callSteps: readonly string[] = [
	`CREATE TABLE calls (id TEXT PRIMARY KEY, epoch INTEGER NOT NULL, state TEXT NOT NULL, purpose TEXT NOT NULL, agent TEXT,
		provider TEXT NOT NULL, model TEXT NOT NULL, paid INTEGER NOT NULL, handle TEXT, cursor TEXT,
		dispatched_ms INTEGER NOT NULL, ended_ms INTEGER, outcome TEXT) WITHOUT ROWID`,
	"ALTER TABLE calls ADD COLUMN partial TEXT",
];

type Started = SessionEvent & { readonly type: "call.started" };
type Finished = SessionEvent & { readonly type: "call.finished" };

/** The row that has to be durable before the request leaves (the output gate holds the request back until it is). */
export function opened(sql: Sql, event: Started, { epoch, nowMs }: { epoch: number; nowMs: number }): void {
	const { call, purpose, agent, provider, model, paid } = event;
	const values = [call, epoch, purpose, agent, provider, model, paid, nowMs];
	sql.exec(
		"INSERT INTO calls (id, epoch, state, purpose, agent, provider, model, paid, dispatched_ms) VALUES (?, ?, 'dispatched', ?, ?, ?, ?, ?, ?)",
		...values,
	);
}

/** Of a longer outcome only the words are kept: a row is at most 2 MB, and a character at most 3 bytes. */
export const outcomeCharsMax = 600_000;

/** `outcome`: what the model said, if a later call of the round has to repeat it. */
export function closed(
	sql: Sql,
	event: Finished,
	{ outcome, nowMs }: { outcome: Outcome | null; nowMs: number },
): void {
	const kept = outcome === null ? null : written(outcome);
	sql.exec(
		"UPDATE calls SET state = ?, ended_ms = ?, outcome = ?, partial = NULL WHERE id = ?",
		event.outcome,
		nowMs,
		kept,
		event.call,
	);
}

/** Pictures that a model made come back in its echo. Without it the model is told its own words as another one would be. */
function written(outcome: Outcome): string {
	const whole = JSON.stringify(outcome);
	return whole.length <= outcomeCharsMax ? whole : JSON.stringify({ ...outcome, echo: [] } satisfies Outcome);
}

/** Where the provider can take this call up again, as long as it is open. */
export function resumable(sql: Sql, call: CallId, { handle, cursor }: ResumePoint): void {
	sql.exec("UPDATE calls SET handle = ?, cursor = ? WHERE id = ? AND state = 'dispatched'", handle, cursor, call);
}

/** A decision has come whole and the end of its call has not; null: what had come is void. Too much is not kept. */
export function partly(sql: Sql, call: CallId, partial: Outcome | null): void {
	const whole = partial === null ? null : JSON.stringify(partial);
	const kept = whole === null || whole.length > outcomeCharsMax ? null : whole;
	sql.exec("UPDATE calls SET partial = ? WHERE id = ? AND state = 'dispatched'", kept, call);
}

/** A call whose stream went down with its machine. `partial`: what it had decided by then, if that was seen whole. */
export type Orphan = { readonly call: CallId; readonly handle: string | null; readonly partial: Outcome | null };

/** Calls that a machine before this one had open: nobody reads their streams any more. */
export function orphans(sql: Sql, epoch: number): readonly Orphan[] {
	return sql
		.exec<{ id: CallId; handle: string | null; partial: string | null }>(
			"SELECT id, handle, partial FROM calls WHERE state = 'dispatched' AND epoch < ? ORDER BY dispatched_ms, id",
			epoch,
		)
		.toArray()
		.map(({ id, handle, partial }) => ({ call: id, handle, partial: parsed(partial) }));
}

/** This machine reads the call's stream from now on. */
export function adopted(sql: Sql, call: CallId, epoch: number): void {
	sql.exec("UPDATE calls SET epoch = ? WHERE id = ?", epoch, call);
}

/** No round goes on, so nothing that a model said in one is needed again. */
export function forget(sql: Sql): void {
	sql.exec("UPDATE calls SET outcome = NULL WHERE outcome IS NOT NULL");
}

/** What the model said in a finished call of a round that goes on; null if it was not kept. */
export function outcomeOf(sql: Sql, call: CallId): Outcome | null {
	const [row] = sql.exec<{ outcome: string | null }>("SELECT outcome FROM calls WHERE id = ?", call).toArray();
	return parsed(row?.outcome ?? null);
}

/** Written by us, so the parse is trusted. */
function parsed(outcome: string | null): Outcome | null {
	if (outcome === null) return null;
	const value: unknown = JSON.parse(outcome);
	return value as Outcome;
}
