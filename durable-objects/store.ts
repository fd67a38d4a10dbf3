import type { Outcome } from "../src/agent/request.ts";
import type { ResumePoint } from "../src/backends/backend.ts";
import type { CallId, NewFile, SessionEvent } from "../src/consensus/events.ts";
import type { Deadline } from "../src/consensus/plan.ts";
import { reduce } from "../src/consensus/reduce.ts";
import { emptySession, type SessionState } from "../src/consensus/state.ts";
import * as ledger from "./calls.ts";
import * as deadlines from "./deadlines.ts";
import { fileOf, keepFiles, type NumberedFile } from "./files.ts";
import { append, logSteps, wholeLog, type LogRow, type Sql } from "./log.ts";
import { migrate, type Parts } from "./migrations.ts";
import { accounted, emptyAccount, type Account } from "./summary.ts";

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
	readonly orphans: () => readonly CallId[];
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
	readonly nowMs: number;
	readonly wanted: readonly Deadline[];
};

/** Writes what else hangs on these events, in their transaction. */
export type Alongside = (events: readonly SessionEvent[], from: { firstSeq: number; at: string }) => void;

export type Database = { readonly sql: Sql; readonly transaction: (write: () => void) => void };

const boots: readonly string[] = ["CREATE TABLE boots (epoch INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL)"];
const tables: Parts = { log: logSteps, calls: ledger.callSteps, deadlines: deadlines.deadlineSteps, boots };

/** Reads what there is: the log reduced, the deadlines that run. An object that was never opened has no tables. */
export function openStore({ sql, transaction }: Database, nowMs: number, alongside: Alongside = () => {}): Store {
	const known = sql.exec<{ n: number }>("SELECT COUNT(*) AS n FROM sqlite_master WHERE name = 'log'").one().n === 1;
	if (known) migrate(sql, tables);
	let [state, account] = known ? replayed(sql) : [emptySession, emptyAccount];
	let running: deadlines.Running = known ? deadlines.load(sql) : new Map<string, number>();
	let rows: readonly LogRow[] = [];
	/** Whether the ledger may hold something that a model said. */
	let kept = known;
	const epoch = known ? boot(sql, state, nowMs) : 0;

	return {
		state: () => state,
		account: () => account,
		running: () => running,
		deadlines: (wanted, atMs) => deadlines.following(running, wanted, atMs),
		lastRows: () => rows,
		orphans: () => (known ? ledger.orphans(sql, epoch) : []),
		outcomeOf: (call) => ledger.outcomeOf(sql, call),
		fileOf: (file) => (hasFiles(state) ? fileOf(sql, file) : null),
		resumable: (call, point) => ledger.resumable(sql, call, point),
		commit,
	};

	function commit(events: readonly SessionEvent[], change: Change): void {
		const next = deadlines.following(running, change.wanted, change.nowMs);
		const first = account.lastSeq + 1;
		const rest = change.state.status === "open" && change.state.current === null;
		const at = new Date(change.nowMs).toISOString();
		let added: readonly LogRow[] = [];
		transaction(() => {
			if (state.status === "empty") migrate(sql, tables);
			added = append(sql, events, { lastSeq: account.lastSeq, at, rest });
			for (const event of events) entered(event, change);
			keepFiles(sql, change.files);
			for (const [call, point] of change.points) ledger.resumable(sql, call, point);
			deadlines.save(sql, running, next);
			alongside(events, { firstSeq: first, at });
			if (rest && kept) ledger.forget(sql);
		});
		if (rest) kept = false;
		account = events.reduce((sum, event, i) => accounted(sum, event, first + i), account);
		[state, running, rows] = [change.state, next, added];
	}

	function entered(event: SessionEvent, { state: after, outcomes, nowMs: atMs }: Change): void {
		if (event.type === "call.started") ledger.opened(sql, event, { epoch, nowMs: atMs });
		if (event.type !== "call.finished") return;
		for (const call of outcomes.keys()) if (!goesOn(after, call)) outcomes.delete(call);
		const outcome = outcomes.get(event.call) ?? null;
		kept ||= outcome !== null;
		ledger.closed(sql, event, { outcome, nowMs: atMs });
	}
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

function replayed(sql: Sql): [SessionState, Account] {
	let state: SessionState = emptySession;
	let account = emptyAccount;
	for (const event of wholeLog(sql)) {
		state = reduce(state, event);
		account = accounted(account, event, event.seq);
	}
	return [state, account];
}

/** A new epoch, so that calls of older ones are known to be orphans. A session at rest has none to tell apart. */
function boot(sql: Sql, state: SessionState, nowMs: number): number {
	const { epoch } = sql.exec<{ epoch: number }>("SELECT COALESCE(MAX(epoch), 0) AS epoch FROM boots").one();
	if (state.status === "empty" || state.current === null) return epoch;
	sql.exec("INSERT INTO boots (epoch, at_ms) VALUES (?, ?)", epoch + 1, nowMs);
	return epoch + 1;
}
