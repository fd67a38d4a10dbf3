import { readOnce, type FileOf } from "../src/agent/attachments.ts";
import { modelCall, undecidable, unpresentable, type CallResult, type Listener } from "../src/agent/model-call.ts";
import { promptOf } from "../src/agent/prompt-of.ts";
import { requestOf, type Outcome } from "../src/agent/request.ts";
import type { Backend, CallStage, Failure, ModelRequest, Usage } from "../src/backends/backend.ts";
import { retryDelayMs } from "../src/backends/retry.ts";
import type { Command, Refusal } from "../src/consensus/commands.ts";
import type { CallId, SessionEvent } from "../src/consensus/events.ts";
import { plan, type WantedCall } from "../src/consensus/plan.ts";
import type { SessionState } from "../src/consensus/state.ts";
import { transition } from "../src/consensus/transition.ts";
import { assert } from "../src/std/assert.ts";
import type { Runtime } from "../src/std/runtime.ts";
import { alarmClock, endingClock, flushClock, type AlarmClock, type EndingClock, type FlushClock } from "./clocks.ts";
import { filesIn, type NumberedFile } from "./files.ts";
import { addPiece, type Pending } from "./pending.ts";
import { hearingPoints, type Points } from "./points.ts";
import type { OpenCall } from "./rpc.ts";
import type { Store } from "./store.ts";

/** What a runner performs with. */
export type RunnerDeps = {
	readonly store: Store;
	readonly runtime: Runtime;
	readonly sessionId: string;
	readonly open: (spec: WantedCall["model"]) => Backend;
	/** US dollars, or null where no price is known. */
	readonly priceOf: (spec: WantedCall["model"], usage: Usage) => number | null;
	/** US dollars that caches saved of it, or null where no price is known. */
	readonly savedOf: (spec: WantedCall["model"], usage: Usage) => number | null;
	readonly setAlarm: (dueMs: number | null) => void;
	readonly later: (run: () => void, ms: number) => void;
	/** Told after every commit. */
	readonly committed: () => void;
	/** Whether somebody has still to be told of the last commit. */
	readonly waiting: () => boolean;
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
	/** What was waited for is done: the alarm may be let go. */
	readonly rearm: () => void;
	/** Stops every call without a word, and for good: the session is deleted. */
	readonly stop: () => void;
	/** The calls that are under way here, oldest first. */
	readonly calls: () => readonly OpenCall[];
};

/** What a runner holds in memory, none of which a restart needs. */
type Run = {
	readonly deps: RunnerDeps;
	readonly live: Map<CallId, Live>;
	/** What models said in rounds that go on. */
	readonly outcomes: Map<CallId, Outcome>;
	readonly pending: Pending;
	readonly points: Points;
	/** Calls that ended and are about to be reported: at most one for each open call. */
	readonly endings: Ending[];
	readonly flush: FlushClock;
	readonly ending: EndingClock;
	readonly alarm: AlarmClock;
	/** The session is deleted: a timer that still runs must not write. */
	stopped: boolean;
};

/** `stage` changes with the call, in memory only: who asks is told, nobody is waked. */
type Live = { readonly controller: AbortController; readonly agent: WantedCall["agent"]; stage: CallStage };

/** Performs what a session's plan wants. The only place with I/O; what it holds in memory a crash may take. */
export function makeRunner(deps: RunnerDeps): Runner {
	const { store, runtime, setAlarm } = deps;
	const flush = flushClock({ now: runtime.now, later: deps.later, flush: () => void submit(run, []) });
	const live: Run["live"] = new Map();
	const endings: Ending[] = [];
	const ending = endingClock({
		now: runtime.now,
		later: deps.later,
		others: () => endings.length < live.size,
		end: () => settle(run, endings.splice(0)),
	});
	const run: Run = {
		deps,
		live,
		outcomes: new Map(),
		pending: new Map(),
		points: new Map(),
		endings,
		flush,
		ending,
		alarm: alarmClock(setAlarm),
		stopped: false,
	};
	return {
		submit: (...commands) => submit(run, commands),
		resume: () =>
			void submit(
				run,
				store.orphans().map((call): Command => ({ type: "call.lost", call })),
			),
		alarm: () => alarmFired(run),
		rearm: () => arm(run, runtime.now()),
		stop: () => {
			for (const call of run.live.keys()) ended(run, call);
			run.endings.length = 0;
			run.stopped = true;
			setAlarm(null);
		},
		calls: () => [...run.live].map(([call, { agent, stage }]) => ({ call, agent, state: stage })),
	};
}

function submit(run: Run, commands: readonly Command[]): Refusal | null {
	const { deps, outcomes, points } = run;
	if (run.stopped) return null;
	const nowMs = deps.runtime.now();
	const applied = applyAll(deps.store.state(), [...streamed(run.pending), ...commands]);
	if (!applied.ok) return applied.refusal;
	const dispatched = dispatchDue(deps.store, applied.state, nowMs);
	const events = [...applied.events, ...dispatched.events];
	const { state, calls } = dispatched;
	const { files } = applied;
	if (events.length > 0) {
		deps.store.commit(events, { state, wanted: plan(state).deadlines, outcomes, files, points, nowMs });
		points.clear();
	}
	run.pending.clear();
	run.flush.committed(nowMs);
	for (const event of events) if (event.type === "call.finished") ended(run, event.call);
	const fileOf = readOnce(deps.store.fileOf);
	for (const call of calls) void start(run, call, fileOf);
	if (events.length > 0) deps.committed();
	arm(run, nowMs);
	return null;
}

/** What open calls have brought since the last commit goes into this one. */
function streamed(pending: Pending): readonly Command[] {
	return [...pending].map(([call, pieces]) => ({ type: "call.streamed", call, pieces }));
}

/** Calls that are due now are logged as dispatched in the same commit, before their requests leave. */
function dispatchDue(store: Store, before: SessionState, nowMs: number) {
	const { calls, deadlines } = plan(before);
	const running = store.deadlines(deadlines, nowMs);
	const due = calls.filter(
		({ status, gate }) => status === "due" && (gate === null || (running.get(gate) ?? nowMs) <= nowMs),
	);
	const applied = applyAll(
		before,
		due.map(({ id }) => ({ type: "call.dispatched", call: id })),
	);
	assert(applied.ok, "a wanted call can be dispatched");
	// The core may let fewer leave than were wanted: each dispatch changes what the budget still allows (P9).
	const started = new Set(applied.events.flatMap((event) => (event.type === "call.started" ? [event.call] : [])));
	return { state: applied.state, events: applied.events, calls: due.filter(({ id }) => started.has(id)) };
}

async function start(run: Run, call: WantedCall, fileOf: FileOf): Promise<void> {
	const { deps, live } = run;
	const controller = new AbortController();
	// A backend that has no host tells nothing: it computes at once.
	live.set(call.id, { controller, agent: call.agent, stage: "streaming" });
	try {
		const performing = { signal: controller.signal, listener: listenerOf(run, call.id) };
		const result = await modelCall(deps.open(call.model), requestFor(run, call, fileOf), performing);
		if (live.get(call.id)?.controller === controller) report(run, { call, result });
	} catch (error) {
		deps.crashed(error);
		if (live.get(call.id)?.controller === controller) report(run, { call, result: internal });
	}
}

function requestFor({ deps, outcomes }: Run, call: WantedCall, fileOf: FileOf): ModelRequest {
	const state = deps.store.state();
	assert(state.status === "open" && state.current !== null, "a call belongs to a turn that runs");
	const { model, tools, resume } = call;
	const settings = { ...model, tools, resume, limits: state.team.limits, cacheKey: deps.sessionId };
	return requestOf(
		promptOf(state, state.current, call),
		settings,
		(id) => outcomes.get(id) ?? deps.store.outcomeOf(id),
		fileOf,
	);
}

function listenerOf({ deps, live, pending, points, flush, ending }: Run, call: CallId): Listener {
	const hear = hearingPoints(points, call, deps.store.resumable);
	return {
		pieces: (pieces) => {
			if (!live.has(call)) return;
			for (const piece of pieces) addPiece(pending, call, piece);
			flush.soon();
			ending.heard();
		},
		handle: (handle, cursor) => {
			if (live.has(call)) hear({ handle, cursor });
		},
		reached: (stage) => {
			const open = live.get(call);
			if (open !== undefined) open.stage = stage;
		},
	};
}

type Ending = { readonly call: WantedCall; readonly result: CallResult };

function report(run: Run, ending: Ending): void {
	run.endings.push(ending);
	run.ending.soon();
}

/** An ending that cannot be taken is a fault of ours: its call fails, and the others count. */
function settle(run: Run, endings: readonly Ending[]): void {
	if (endings.length === 0) return;
	try {
		submit(
			run,
			endings.flatMap((ending) => commandsOf(run, ending)),
		);
	} catch (error) {
		if (endings.length > 1) return endings.forEach((ending) => settle(run, [ending]));
		run.deps.crashed(error);
		// What it brought may be the very thing that cannot be written.
		for (const { call } of endings) run.pending.delete(call.id);
		submit(
			run,
			endings.flatMap(({ call }) => commandsOf(run, { call, result: internal })),
		);
	}
}

function commandsOf(run: Run, { call, result }: Ending): readonly Command[] {
	const { id, model, purpose } = call;
	if (result.kind === "silent") return [];
	const costUsd = result.usage === null ? unbilled(result) : run.deps.priceOf(model, result.usage);
	const savedUsd = result.usage === null ? null : run.deps.savedOf(model, result.usage);
	const bill = { usage: result.usage, costUsd, savedUsd };
	const broken = result.kind === "ended" ? brokenOff(purpose, result) : null;
	if (result.kind === "ended" && broken === null) {
		const { text, toolCalls } = result.outcome;
		const by = { backend: model.backend, model: model.model };
		if (purpose === "round") run.outcomes.set(id, { ...result.outcome, by });
		return [{ type: "call.ended", call: id, reply: { text, toolCalls, paused: result.stop === "pause" }, bill }];
	}
	const failure = broken ?? (result.kind === "failed" ? result.failure : fault);
	const begun = result.kind === "ended" || result.begun;
	const retryInMs = retryDelayMs({ failure, tryNumber: call.paid, random: run.deps.runtime.random() });
	const { code, message, retryable } = failure;
	return [{ type: "call.failed", call: id, code, message, retryable, begun, retryInMs, bill }];
}

/** Why a reply that came to its end is none, for what it was wanted for. */
function brokenOff(
	purpose: WantedCall["purpose"],
	{ stop, outcome }: CallResult & { readonly kind: "ended" },
): Failure | null {
	if (purpose === "presentation") return unpresentable(stop, outcome.text);
	return purpose === "round" ? undecidable(stop, outcome.toolCalls) : null;
}

/** A request that was refused before anything came of it costs nothing; of any other without usage nobody can say. */
function unbilled(result: CallResult): 0 | null {
	return result.kind === "failed" && !result.begun && refusals.has(result.failure.code) ? 0 : null;
}

const refusals: ReadonlySet<Failure["code"]> = new Set([
	"rate_limited",
	"overloaded",
	"server",
	"network",
	"auth",
	"bad_request",
	"not_found",
	"quota",
]);

function ended({ live, pending }: Run, call: CallId): void {
	const open = live.get(call);
	live.delete(call);
	pending.delete(call);
	// A reason spares the making of an exception with its stack.
	open?.controller.abort("ended");
}

/** Wakes the object for the next deadline, and regularly as long as there is something to do or to tell. */
function arm({ alarm, deps, live }: Run, nowMs: number): void {
	alarm.arm(deps.store.running().values(), { beating: live.size > 0 || deps.waiting(), nowMs });
}

function alarmFired(run: Run): void {
	const nowMs = run.deps.runtime.now();
	run.alarm.fired();
	// First of all: whatever goes wrong from here on, the object wakes again and tries again.
	run.alarm.arm([], { beating: run.deps.store.running().size > 0, nowMs });
	const due = [...run.deps.store.running()].filter(([, dueMs]) => dueMs <= nowMs);
	submit(
		run,
		due.map(([key]): Command => ({ type: "deadline.passed", key })),
	);
}

type Applied =
	| { ok: true; state: SessionState; events: readonly SessionEvent[]; files: readonly NumberedFile[] }
	| { ok: false; refusal: Refusal };

function applyAll(before: SessionState, commands: readonly Command[]): Applied {
	const events: SessionEvent[] = [];
	const files: NumberedFile[] = [];
	let state = before;
	for (const command of commands) {
		const step = transition(state, command);
		if (!step.ok) return step;
		state = step.state;
		events.push(...step.events);
		files.push(...filesIn(command, step.events));
	}
	return { ok: true, state, events, files };
}

const fault: Failure = {
	code: "server",
	retryable: false,
	retryAfterMs: null,
	message: "A fault of ours ended this call.",
};
const internal: CallResult = { kind: "failed", failure: fault, begun: true, usage: null };
