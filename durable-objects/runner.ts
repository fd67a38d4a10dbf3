import { modelCall, unpresentable, type CallResult } from "../src/agent/model-call.ts";
import { promptOf } from "../src/agent/prompt-of.ts";
import { requestOf, type Outcome } from "../src/agent/request.ts";
import type { Backend, Usage } from "../src/backends/backend.ts";
import { retryDelayMs } from "../src/backends/retry.ts";
import type { Command, Refusal, StreamPiece } from "../src/consensus/commands.ts";
import type { CallId, SessionEvent } from "../src/consensus/events.ts";
import { plan, type WantedCall } from "../src/consensus/plan.ts";
import type { SessionState } from "../src/consensus/state.ts";
import { transition } from "../src/consensus/transition.ts";
import { assert } from "../src/std/assert.ts";
import type { Runtime } from "../src/std/runtime.ts";
import { addPiece, type Pending } from "./pending.ts";
import type { Store } from "./store.ts";

/** While a call is open the object wakes at least this often: it keeps it alive with no client, and after a crash. */
export const heartbeatMs = 25_000;

/** Text of all open calls is committed together this often; the interval widens while commits come late. */
const flushMs = { first: 50, least: 200, most: 1000 } as const;

export type RunnerDeps = {
	readonly store: Store;
	readonly runtime: Runtime;
	readonly sessionId: string;
	readonly open: (spec: WantedCall["model"]) => Backend;
	/** US dollars, or null where no price is known. */
	readonly priceOf: (spec: WantedCall["model"], usage: Usage) => number | null;
	readonly setAlarm: (dueMs: number | null) => void;
	readonly later: (run: () => void, ms: number) => void;
	/** Told after every commit. */
	readonly committed: () => void;
	/** Told of our own faults; the call that met one fails. */
	readonly crashed: (error: unknown) => void;
};

export type Runner = {
	/** Applies commands in one commit, then starts and stops calls as the plan says. The first refusal refuses all. */
	readonly submit: (...commands: readonly Command[]) => Refusal | null;
	/** After a boot: calls that the machine before had open are lost; everything else goes on. */
	readonly resume: () => void;
	/** A deadline may be due, or it is only the heartbeat. */
	readonly alarm: () => void;
	/** Stops every call without a word: the session is deleted. */
	readonly stop: () => void;
};

/** Performs what a session's plan wants. The only place with I/O, and it holds no state that the log does not. */
export function makeRunner(deps: RunnerDeps): Runner {
	const { store, runtime } = deps;
	const live = new Map<CallId, AbortController>();
	const outcomes = new Map<CallId, Outcome>();
	const pending: Pending = new Map();
	const flush = { scheduled: false, dueMs: 0, intervalMs: flushMs.least as number, lastMs: 0 };
	const alarm: { armedMs: number | null } = { armedMs: null };

	return { submit, resume, alarm: alarmFired, stop };

	function submit(...commands: readonly Command[]): Refusal | null {
		const nowMs = runtime.now();
		const applied = applyAll(store.state(), [...streamed(), ...commands]);
		if (!applied.ok) return applied.refusal;
		const dispatched = dispatchDue(applied.state, nowMs);
		const events = [...applied.events, ...dispatched.events];
		const { state } = dispatched;
		if (events.length > 0) store.commit(events, { state, wanted: plan(state).deadlines, outcomes, nowMs });
		pending.clear();
		flush.lastMs = nowMs;
		for (const event of events) if (event.type === "call.finished") ended(event.call);
		for (const call of dispatched.calls) void start(call);
		arm(nowMs);
		if (events.length > 0) deps.committed();
		return null;
	}

	/** What open calls have brought since the last commit goes into this one. */
	function streamed(): readonly Command[] {
		return [...pending].map(([call, pieces]) => ({ type: "call.streamed", call, pieces }));
	}

	/** Calls that are due now are logged as dispatched in the same commit, before their requests leave. */
	function dispatchDue(before: SessionState, nowMs: number): { state: SessionState; events: readonly SessionEvent[]; calls: readonly WantedCall[] } {
		const { calls, deadlines } = plan(before);
		const running = store.deadlines(deadlines, nowMs);
		const due = calls.filter(({ status, gate }) => status === "due" && (gate === null || (running.get(gate) ?? nowMs) <= nowMs));
		const applied = applyAll(before, due.map(({ id }) => ({ type: "call.dispatched", call: id })));
		assert(applied.ok, "a wanted call can be dispatched");
		return { state: applied.state, events: applied.events, calls: due };
	}

	async function start(call: WantedCall): Promise<void> {
		const controller = new AbortController();
		live.set(call.id, controller);
		try {
			const result = await modelCall(deps.open(call.model), requestFor(call), { signal: controller.signal, listener: listenerOf(call.id) });
			if (live.get(call.id) === controller) report(call, result);
		} catch (error) {
			deps.crashed(error);
			if (live.get(call.id) === controller) report(call, internal);
		}
	}

	function requestFor(call: WantedCall) {
		const state = store.state();
		assert(state.status === "open" && state.current !== null, "a call belongs to a turn that runs");
		const { model, params } = call.model;
		const settings = { model, params, limits: state.team.limits, cacheKey: deps.sessionId };
		return requestOf(promptOf(state, state.current, call), settings, (id) => outcomes.get(id) ?? store.outcomeOf(id));
	}

	function listenerOf(call: CallId) {
		return {
			pieces: (pieces: readonly StreamPiece[]) => {
				if (!live.has(call)) return;
				for (const piece of pieces) addPiece(pending, call, piece);
				scheduleFlush();
			},
			handle: (handle: string, cursor: string | null) => {
				if (live.has(call)) store.resumable(call, { handle, cursor });
			},
		};
	}

	function report(call: WantedCall, result: CallResult): void {
		const { id, model, purpose } = call;
		if (result.kind === "silent") return;
		const bill = { usage: result.usage, costUsd: result.usage === null ? null : deps.priceOf(model, result.usage) };
		const broken = result.kind === "ended" && purpose === "presentation" ? unpresentable(result.stop) : null;
		if (result.kind === "ended" && broken === null) {
			if (purpose === "round") outcomes.set(id, result.outcome);
			submit({ type: "call.ended", call: id, reply: result.outcome, bill });
			return;
		}
		const failure = broken ?? (result.kind === "failed" ? result.failure : unknownFailure);
		const begun = result.kind === "ended" || result.begun;
		const retryInMs = retryDelayMs({ failure, tryNumber: call.paid, random: runtime.random() });
		const { code, message, retryable } = failure;
		submit({ type: "call.failed", call: id, code, message, retryable, begun, retryInMs, bill });
	}

	function ended(call: CallId): void {
		const controller = live.get(call);
		live.delete(call);
		pending.delete(call);
		controller?.abort();
	}

	function scheduleFlush(): void {
		if (flush.scheduled) return;
		const nowMs = runtime.now();
		const waitMs = Math.max(flushMs.first, flush.lastMs + flush.intervalMs - nowMs);
		flush.scheduled = true;
		flush.dueMs = nowMs + waitMs;
		deps.later(flushed, waitMs);
	}

	/** A timer that comes late means a busy machine: flush less often, since writes while streaming cost the most. */
	function flushed(): void {
		flush.scheduled = false;
		const lateMs = runtime.now() - flush.dueMs;
		flush.intervalMs = lateMs > 40 ? Math.min(flushMs.most, flush.intervalMs * 2) : Math.max(flushMs.least, flush.intervalMs * 0.8);
		if (pending.size > 0) submit();
	}

	function resume(): void {
		const lost = store.orphans();
		submit(...lost.map((call): Command => ({ type: "call.lost", call })));
	}

	function alarmFired(): void {
		alarm.armedMs = null;
		const nowMs = runtime.now();
		const due = [...store.running()].filter(([, dueMs]) => dueMs <= nowMs).map(([key]) => key);
		submit(...due.map((key): Command => ({ type: "deadline.passed", key })));
	}

	/** An alarm that comes too early does no harm, so it is only moved when it would come too late. */
	function arm(nowMs: number): void {
		const moments = [...store.running().values(), ...(live.size > 0 ? [nowMs + heartbeatMs] : [])];
		if (moments.length === 0) {
			if (alarm.armedMs !== null) deps.setAlarm(null);
			alarm.armedMs = null;
			return;
		}
		const next = Math.min(...moments);
		if (alarm.armedMs !== null && alarm.armedMs <= next) return;
		alarm.armedMs = next;
		deps.setAlarm(next);
	}

	function stop(): void {
		for (const call of live.keys()) ended(call);
		deps.setAlarm(null);
	}
}

type Applied = { ok: true; state: SessionState; events: readonly SessionEvent[] } | { ok: false; refusal: Refusal };

function applyAll(before: SessionState, commands: readonly Command[]): Applied {
	const events: SessionEvent[] = [];
	let state = before;
	for (const command of commands) {
		const step = transition(state, command);
		if (!step.ok) return step;
		state = step.state;
		events.push(...step.events);
	}
	return { ok: true, state, events };
}

const unknownFailure = { code: "server", retryable: false, retryAfterMs: null, message: "The call failed." } as const;
const internal: CallResult = {
	kind: "failed",
	failure: { code: "server", retryable: false, retryAfterMs: null, message: "A fault of ours ended this call." },
	begun: true,
	usage: null,
};
