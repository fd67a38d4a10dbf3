import { unreachable } from "../../src/std/assert.ts";
import type { Runtime } from "../../src/std/runtime.ts";
import * as rows from "./outbox-rows.ts";
import type { Deliveries } from "../rpc.ts";
import type { Database } from "../store/store.ts";

/** What is to be sent, as one try sees it. */
export type Delivery = {
	/** The same at every try: a target that has seen it has had this already. */
	readonly id: string;
	/** To whom, in the words of its kind of target. */
	readonly address: string;
	/** What shall stand there in the end. */
	readonly payload: string;
	/** Counts the payloads under one key: above 1 it is an edit, if `ref` names what is to be edited. */
	readonly revision: number;
	/** The target's own name for what an earlier revision became there; null where none has arrived. */
	readonly ref: string | null;
	/** Tries before this one whose end nobody saw or that failed: what they sent may have arrived all the same. */
	readonly tries: number;
};

/** What came of a try. Reasons are shown to people: no secrets, no addresses that may hold one. */
export type Delivered =
	| { readonly outcome: "sent"; readonly ref?: string }
	/** `afterMs`: what the target asked for; null where it did not say. */
	| { readonly outcome: "retry"; readonly afterMs: number | null; readonly reason: string }
	/**
	 * Nothing was sent, since the target takes no more at the moment: no try, and as good as new in `afterMs`. Everything of
	 * the target waits with it, unless it `holds` its own row alone: then others may overtake it.
	 */
	| { readonly outcome: "wait"; readonly afterMs: number; readonly reason: string; readonly holds?: "row" | "target" }
	/** Trying again would not help. */
	| { readonly outcome: "dead"; readonly reason: string };

/** Brings a delivery to one kind of target. Aborted once nobody waits for it any more. */
export type Deliver = (delivery: Delivery, signal: AbortSignal) => Promise<Delivered>;

export type OutboxDeps = Database & {
	readonly runtime: Pick<Runtime, "now" | "random">;
	/** Makes ids unlike those of any other outbox. */
	readonly name: string;
	/** Whether what was given up keeps its payload, so that it can be sent again, or not a word of it. */
	readonly dead: "kept" | "emptied";
	/** By kind of target. */
	readonly deliver: Readonly<Record<string, Deliver>>;
	/** Resolves after so long, or at once when the signal is aborted. */
	readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
	/** A try is over and written down: the alarm may have to be moved. */
	readonly settled: () => void;
	/** Told of our own faults; the row is tried again. */
	readonly crashed: (error: unknown) => void;
};

/** What leaves for third parties, as rows: at least once, the same id each time, each target one at a time. */
export type Outbox = {
	/** Belongs into the transaction of what causes it. Nothing leaves before `kick`. */
	readonly put: (outgoing: readonly rows.Outgoing[]) => void;
	/** Sends what is due, as far as there is room. Returns at once and never throws. */
	readonly kick: () => void;
	/** When the object has to wake for it (ms since the epoch): no moment once nothing is pending. */
	readonly wakes: () => readonly number[];
	/** Null where nothing is pending or dead. */
	readonly deliveries: () => Deliveries | null;
	/** Makes a dead one pending again; whether there was one. */
	readonly redeliver: (id: string) => boolean;
	/** Gives up every try without a word, and for good: the rows are gone. */
	readonly stop: () => void;
};

/**
 * At once, of all targets. Six connections of an object may wait for their headers, and model calls need them: a target
 * that never answers holds one of these for `tryTimeoutMs`, and only one, since each target gets one at a time.
 */
export const sendingMax = 2;
export const tryTimeoutMs = 15_000;
/** After this an unfinished try counts as lost with its machine. Longer than a try may take. */
export const leaseMs = 20_000;
export const triesMax = 10;
/** What still fails so long after it was put is dead. */
export const ageMaxMs = 24 * 60 * 60 * 1000;
/** Nobody who has to wait is asked more often. */
const waitMsMin = 250;
const reasonCharsMax = 200;

type Run = {
	readonly deps: OutboxDeps;
	/** By target. */
	readonly sending: Map<string, AbortController>;
	/** When the first pending row is due; `undefined` while it has to be read anew. */
	next: number | null | undefined;
	stopped: boolean;
};

/** An outbox on rows that may be there already. Its table is made with the first thing that is put. */
export function openOutbox(deps: OutboxDeps): Outbox {
	const run: Run = { deps, sending: new Map(), next: undefined, stopped: false };
	const { sql, runtime, name } = deps;
	tidy(deps);
	return {
		put: (outgoing) => {
			if (outgoing.length === 0) return;
			// Also where the transaction is rolled back: what is there is read again.
			run.next = undefined;
			rows.put(sql, outgoing, runtime.now());
			tidy(deps);
		},
		kick: () => kick(run),
		wakes: () => wakes(run),
		deliveries: () => {
			const { pending, dead: givenUp } = rows.standing(sql);
			if (pending === 0 && givenUp.length === 0) return null;
			return { pending, dead: givenUp.map(({ position, ...row }) => ({ id: idOf(name, position), ...row })) };
		},
		redeliver: (id) => {
			const position = positionIn(name, id);
			run.next = undefined;
			return position !== null && rows.revive(sql, position, runtime.now());
		},
		stop: () => {
			run.stopped = true;
			for (const controller of run.sending.values()) controller.abort("stopped");
		},
	};
}

/** Right after whatever may have given something up, and in its transaction. */
function tidy({ sql, dead: kept }: OutboxDeps): void {
	if (kept === "emptied") rows.emptyDead(sql);
}

/** Half of the step for certain, half by chance: targets that failed together are not asked together again. */
export function backoffMs(tries: number, random: number): number {
	const stepMs = Math.min(backoffMsMax, 1000 * 4 ** Math.min(tries - 1, 16));
	return Math.round(stepMs / 2 + (stepMs / 2) * random);
}

const backoffMsMax = 6 * 60 * 60 * 1000;

function nextDue(run: Run): number | null {
	if (run.next === undefined) run.next = rows.nextDue(run.deps.sql);
	return run.next;
}

/** What is due but not sent waits for one that is: should that be lost, nobody may wait longer than its lease. */
function wakes(run: Run): readonly number[] {
	const next = run.stopped ? null : nextDue(run);
	if (next === null) return [];
	const nowMs = run.deps.runtime.now();
	return [next > nowMs ? next : nowMs + leaseMs];
}

function kick(run: Run): void {
	const { deps, sending } = run;
	const nowMs = deps.runtime.now();
	if (run.stopped || (nextDue(run) ?? Number.POSITIVE_INFINITY) > nowMs) return;
	for (const row of rows.heads(deps.sql, nowMs)) {
		if (sending.size >= sendingMax) return;
		if (!sending.has(targetOf(row))) void send(run, row);
	}
}

async function send(run: Run, row: rows.Row): Promise<void> {
	const { deps, sending } = run;
	const controller = new AbortController();
	sending.set(targetOf(row), controller);
	try {
		run.next = undefined;
		// Counted before it leaves: one that kills its machine each time must not be tried for ever.
		rows.claim(deps.sql, row.position, deps.runtime.now() + leaseMs);
		const delivered = await tried(deps, row, controller.signal);
		if (!run.stopped) deps.transaction(() => settled(deps, row, delivered));
	} catch (error) {
		// It could not be written down: the alarm is armed for its lease.
		return deps.crashed(error);
	} finally {
		run.next = undefined;
		sending.delete(targetOf(row));
		controller.abort("over");
	}
	if (run.stopped) return;
	try {
		kick(run);
		deps.settled();
	} catch (error) {
		// Nobody waits for this: what cannot be read now is read at the next alarm.
		deps.crashed(error);
	}
}

async function tried({ deliver, name, sleep, crashed }: OutboxDeps, row: rows.Row, signal: AbortSignal) {
	const perform = deliver[row.kind];
	if (perform === undefined) return dead(`nothing here delivers to a target of kind \`${row.kind}\``);
	if (row.tries >= triesMax) return dead(`no try of ${triesMax} came to its end`);
	const { address, payload, revision, ref, tries, position } = row;
	try {
		return await Promise.race([
			perform({ id: idOf(name, position), address, payload, revision, ref, tries }, signal),
			sleep(tryTimeoutMs, signal).then(() => failed(`no answer within ${tryTimeoutMs / 1000} s`)),
		]);
	} catch (error) {
		crashed(error);
		return failed("a fault of ours ended the try");
	}
}

function settled(deps: OutboxDeps, row: rows.Row, delivered: Delivered): void {
	settle(deps, row, delivered);
	tidy(deps);
}

function settle({ sql, runtime }: OutboxDeps, row: rows.Row, delivered: Delivered): void {
	const nowMs = runtime.now();
	switch (delivered.outcome) {
		case "sent":
			return rows.sent(sql, row, { ref: delivered.ref ?? null, nowMs });
		case "dead":
			return rows.dead(sql, row, { reason: bounded(delivered.reason), dueMs: nowMs, nowMs });
		case "wait": {
			const dueMs = nowMs + Math.max(waitMsMin, delivered.afterMs);
			const reason = bounded(delivered.reason);
			const holds = delivered.holds ?? "target";
			if (dueMs - row.created_ms <= ageMaxMs) return rows.waits(sql, row, { reason, dueMs, nowMs, holds });
			return rows.dead(sql, row, { reason: `${reason}; given up after a day`, dueMs, nowMs });
		}
		case "retry":
			return again(sql, row, { delivered, nowMs, random: runtime.random() });
		default:
			return unreachable(delivered);
	}
}

type Again = {
	readonly delivered: Delivered & { readonly outcome: "retry" };
	readonly nowMs: number;
	readonly random: number;
};

function again(sql: Database["sql"], row: rows.Row, { delivered, nowMs, random }: Again): void {
	const tries = row.tries + 1;
	const { afterMs } = delivered;
	const dueMs = nowMs + Math.max(afterMs ?? 0, backoffMs(tries, random));
	const reason = bounded(delivered.reason);
	// What its target asked for holds for the target; else an edit that cannot be made is no reason to keep the answer back.
	const alone = afterMs === null && row.spacing_ms > 0;
	if (tries < triesMax && dueMs - row.created_ms <= ageMaxMs)
		return (alone ? rows.laterAlone : rows.later)(sql, row, { reason, dueMs });
	return rows.dead(sql, row, { reason: `${reason}; given up at try ${tries}`, dueMs: alone ? nowMs : dueMs, nowMs });
}

function dead(reason: string): Delivered {
	return { outcome: "dead", reason };
}

function failed(reason: string): Delivered {
	return { outcome: "retry", afterMs: null, reason };
}

function bounded(reason: string): string {
	return reason.slice(0, reasonCharsMax);
}

function targetOf({ kind, address }: rows.Row): string {
	return `${kind} ${address}`;
}

function idOf(name: string, position: number): string {
	return `msg_${name}_${position}`;
}

function positionIn(name: string, id: string): number | null {
	const prefix = `msg_${name}_`;
	const rest = id.startsWith(prefix) ? id.slice(prefix.length) : "";
	return /^[1-9]\d{0,14}$/.test(rest) ? Number(rest) : null;
}
