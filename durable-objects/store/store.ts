import type { Outcome } from "../../src/agent/request.ts";
import type { ResumePoint } from "../../src/backends/backend.ts";
import type { CallId, NewFile, SessionEvent } from "../../src/consensus/events.ts";
import type { Deadline, WantedCall } from "../../src/consensus/plan.ts";
import { reduce } from "../../src/consensus/reduce.ts";
import { emptySession, type SessionState } from "../../src/consensus/state.ts";
import { toldOf, type Told } from "../run/already-told.ts";
import { bootOf, bootSteps, firstBoot, startAfresh } from "./boots.ts";
import * as ledger from "./calls.ts";
import * as deadlines from "./deadlines.ts";
import { taken } from "../run/disk.ts";
import { draftOf } from "../run/draft.ts";
import { fileOf, keepFiles, type NumberedFile } from "./files.ts";
import { append, logSteps, wholeLog, type LogRow, type Sql } from "./log.ts";
import { migrate, type Parts } from "./migrations.ts";
import { accounted, emptyAccount, type Account } from "../show/summary.ts";

/** One session on disk: its log, its ledger of calls, its deadlines; and what they amount to, in memory. */
export type Store = {
	readonly state: () => SessionState;
	readonly account: () => Account;
	readonly running: () => deadlines.Running;
	/** The deadlines as they would run with these wanted; nothing is written. */
	readonly deadlines: (wanted: readonly Deadline[], nowMs: number) => deadlines.Running;
	/** Appends the events and all that hangs on them, in one transaction; in memory only once it is written. */
	readonly commit: (events: readonly SessionEvent[], change: Change) => void;
	/** What the last commit has added to the log. */
	readonly lastRows: () => readonly LogRow[];
	/** Calls that a machine before this one had open, and nobody has taken up. */
	readonly orphans: () => readonly ledger.Orphan[];
	/** What the log holds of a call that is open. */
	readonly toldOf: (call: Pick<WantedCall, "id" | "purpose">) => Told;
	/** What the call before this one had written when it was lost. */
	readonly draftOf: (call: Pick<WantedCall, "id" | "purpose" | "paid">) => string;
	/** How many times in a row this session was booted without a call that came to its end. */
	readonly bootsInVain: number;
	readonly outcomeOf: (call: CallId) => Outcome | null;
	/** A file that the log names; null for any other. */
	readonly fileOf: (file: string) => NewFile | null;
	/** Writes at once where a call can be taken up again. */
	readonly resumable: (call: CallId, point: ResumePoint) => void;
};

type Change = {
	readonly state: SessionState;
	readonly outcomes: Map<CallId, Outcome>;
	/** Files that these events name for the first time. */
	readonly files: readonly NumberedFile[];
	/** Where calls can be taken up again once these events are in the log. */
	readonly points: ReadonlyMap<CallId, ResumePoint>;
	/** What calls whose end has not been seen have decided; null: nothing any more. */
	readonly partials: ReadonlyMap<CallId, Outcome | null>;
	readonly nowMs: number;
	readonly wanted: readonly Deadline[];
};

/** Writes what else hangs on these events, in their transaction. */
export type Alongside = (events: readonly SessionEvent[], from: { firstSeq: number; at: string }) => void;

export type Database = { readonly sql: Sql; readonly transaction: (write: () => void) => void };

/** The tables that every session has. */
export const sessionTables: Parts = {
	log: logSteps,
	calls: ledger.callSteps,
	deadlines: deadlines.deadlineSteps,
	boots: bootSteps,
};

/** Reads what there is: the log reduced, the deadlines that run. An object that was never opened has no tables. */
export function openStore({ sql, transaction }: Database, nowMs: number, alongside: Alongside = () => {}): Store {
	const known = isOpened(sql);
	if (known) migrate(sql, sessionTables);
	const { epoch, inVain, write: writeBoot } = known ? bootOf(sql, nowMs) : firstBoot;
	/** A disk that takes nothing still lets the session be read; no call leaves before its epoch is written. */
	let booted = writeBoot === null || taken(writeBoot);
	let [state, account, lastAtMs] = known ? replayed(sql) : [emptySession, emptyAccount, 0];
	// It starts nothing, so that it was read is all there was to do.
	if (inVain > 0 && waits(state)) taken(() => startAfresh(sql));
	let running: deadlines.Running = known ? deadlines.load(sql) : new Map<string, number>();
	let rows: readonly LogRow[] = [];
	/** Whether the ledger may hold something that a model said. */
	let kept = known;

	return {
		state: () => state,
		account: () => account,
		running: () => running,
		deadlines: (wanted, atMs) => deadlines.following(running, wanted, atMs),
		lastRows: () => rows,
		bootsInVain: inVain,
		draftOf: (call) => draftOf(sql, call),
		toldOf: (call) => toldOf(wholeLog(sql), call),
		orphans: () => (epoch > 0 ? ledger.orphans(sql, epoch) : []),
		outcomeOf: (call) => ledger.outcomeOf(sql, call),
		fileOf: (file) => (hasFiles(state) ? fileOf(sql, file) : null),
		resumable: (call, point) => ledger.resumable(sql, call, point),
		commit,
	};

	function commit(events: readonly SessionEvent[], change: Change): void {
		const next = deadlines.following(running, change.wanted, change.nowMs);
		// A clock that was set back must not make the log go back: what comes later is not earlier.
		const atMs = Math.max(lastAtMs, change.nowMs);
		const first = account.lastSeq + 1;
		const rest = change.state.status === "open" && change.state.current === null;
		const at = new Date(atMs).toISOString();
		let added: readonly LogRow[] = [];
		transaction(() => {
			if (state.status === "empty") migrate(sql, sessionTables);
			if (!booted) writeBoot?.();
			added = append(sql, events, { lastSeq: account.lastSeq, at, rest });
			for (const event of events) entered(event, change);
			keepFiles(sql, change.files);
			for (const [call, point] of change.points) ledger.resumable(sql, call, point);
			for (const [call, partial] of change.partials) ledger.partly(sql, call, partial);
			deadlines.save(sql, running, next);
			alongside(events, { firstSeq: first, at });
			if (rest && kept) ledger.forget(sql);
		});
		booted = true;
		lastAtMs = atMs;
		if (rest) kept = false;
		for (const call of change.outcomes.keys()) if (!goesOn(change.state, call)) change.outcomes.delete(call);
		account = events.reduce((sum, event, i) => accounted(sum, event, first + i), account);
		[state, running, rows] = [change.state, next, added];
	}

	function entered(event: SessionEvent, { state: after, outcomes, nowMs: atMs }: Change): void {
		if (event.type === "call.started") ledger.opened(sql, event, { epoch, nowMs: atMs });
		if (event.type === "call.resumed") ledger.adopted(sql, event.call, epoch);
		if (epoch > 0 && (event.type === "session.resumed" || event.type === "turn.started")) startAfresh(sql);
		if (event.type !== "call.finished") return;
		const outcome = goesOn(after, event.call) ? (outcomes.get(event.call) ?? null) : null;
		kept ||= outcome !== null;
		ledger.closed(sql, event, { outcome, nowMs: atMs });
	}
}

/** Whether a session was ever opened here; one that was not has no tables. */
export function isOpened(sql: Sql): boolean {
	return sql.exec<{ n: number }>("SELECT COUNT(*) AS n FROM sqlite_master WHERE name = 'log'").one().n === 1;
}

function waits(state: SessionState): boolean {
	return state.status === "open" && state.current !== null && state.current.waiting !== null;
}

/** Only then is there a table for them. */
function hasFiles(state: SessionState): boolean {
	return state.status === "open" && state.files.count > 0;
}

/** Whether a round still needs what this call said. */
function goesOn(state: SessionState, call: CallId): boolean {
	if (state.status === "empty" || state.current === null) return false;
	return state.current.seats.some(
		({ activity }) =>
			activity.status === "thinking" && activity.round.exchanges.some((exchange) => exchange.call === call),
	);
}

function replayed(sql: Sql): [SessionState, Account, number] {
	let state: SessionState = emptySession;
	let account = emptyAccount;
	let at: string | null = null;
	for (const event of wholeLog(sql)) {
		state = reduce(state, event);
		account = accounted(account, event, event.seq);
		at = event.at;
	}
	return [state, account, at === null ? 0 : Date.parse(at)];
}
