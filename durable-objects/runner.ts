import { readOnce, type FileOf } from "../src/agent/attachments.ts";
import { modelCall, type CallResult, type Listener } from "../src/agent/model-call.ts";
import { promptOf } from "../src/agent/prompt-of.ts";
import { requestOf, type Outcome } from "../src/agent/request.ts";
import type { Backend, CallStage, ModelRequest, Resume, Usage } from "../src/backends/backend.ts";
import { retryDelayMs } from "../src/backends/retry.ts";
import type { Command, Refusal } from "../src/consensus/commands.ts";
import type { CallId } from "../src/consensus/events.ts";
import { plan, type WantedCall } from "../src/consensus/plan.ts";
import type { SessionState } from "../src/consensus/state.ts";
import { withDraft } from "../src/prompts/interrupted.ts";
import { assert } from "../src/std/assert.ts";
import type { Runtime } from "../src/std/runtime.ts";
import { applyAll } from "./applied.ts";
import { bootsMax } from "./boots.ts";
import type { Orphan } from "./calls.ts";
import { alarmClock, flushClock, type AlarmClock, type FlushClock } from "./clocks.ts";
import { brokenOff, fault, internal, unbilled } from "./endings.ts";
import { addPiece, type Pending } from "./pending.ts";
import { hearingPoints, type Points } from "./points.ts";
import {
	everyOrphan,
	ladder,
	looping,
	openCalls,
	reportOf,
	takingUp,
	unwantedOrphans,
	withoutProvider,
	type Rung,
} from "./recovery.ts";
import type { OpenCall } from "./rpc.ts";
import type { Store } from "./store.ts";

/** What a runner performs with. */
export type RunnerDeps = {
	readonly store: Store;
	readonly runtime: Runtime;
	readonly sessionId: string;
	readonly open: (spec: WantedCall["model"]) => Backend;
	/** What takes up a lost call of such a backend; null where none can be. */
	readonly resume: (spec: WantedCall["model"]) => Resume | null;
	/** Ends a lost call that nobody wants any more at its host. */
	readonly giveUp: (spec: WantedCall["model"], handle: string) => void;
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
	/** After a boot: takes up what the machine before had open, or does without; a crash loop is suspended. */
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
	/** Decisions that have come, of calls whose end has not; as far as the next commit has to write them. */
	readonly partials: Map<CallId, Outcome | null>;
	/** Calls that were taken up from a machine before. */
	readonly takenUp: Map<CallId, Orphan>;
	/** Calls that ended and are about to be reported: at most one for each open call. */
	readonly endings: Ending[];
	readonly flush: FlushClock;
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
	const run: Run = {
		deps,
		live: new Map(),
		outcomes: new Map(),
		pending: new Map(),
		points: new Map(),
		partials: new Map(),
		takenUp: new Map(),
		endings: [],
		flush,
		alarm: alarmClock(setAlarm),
		stopped: false,
	};
	return {
		submit: (...commands) => submit(run, commands),
		resume: () => {
			if (store.bootsInVain >= bootsMax) submit(run, [{ type: "suspend", detail: looping(store.bootsInVain) }]);
			recover(run);
		},
		alarm: () => alarmFired(run),
		rearm: () => arm(run, runtime.now()),
		stop: () => {
			for (const { model, handle } of everyOrphan(store.state(), store.orphans())) deps.giveUp(model, handle);
			for (const call of run.live.keys()) ended(run, call);
			run.endings.length = 0;
			run.stopped = true;
			setAlarm(null);
		},
		calls: () => [...run.live].map(([call, { agent, stage }]) => ({ call, agent, state: stage })),
	};
}

function submit(run: Run, commands: readonly Command[]): Refusal | null {
	const { deps, outcomes, points, partials } = run;
	if (run.stopped) return null;
	const nowMs = deps.runtime.now();
	const before = deps.store.state();
	const applied = applyAll(before, [...streamed(run.pending), ...commands]);
	if (!applied.ok) return applied.refusal;
	const dispatched = dispatchDue(deps.store, applied.state, nowMs);
	const events = [...applied.events, ...dispatched.events];
	const { state, calls } = dispatched;
	const { files } = applied;
	const unwanted = unwantedOrphans(before, deps.store.orphans, events);
	if (events.length > 0) {
		deps.store.commit(events, { state, wanted: plan(state).deadlines, outcomes, files, points, partials, nowMs });
		points.clear();
		partials.clear();
	}
	run.pending.clear();
	run.flush.committed(nowMs);
	for (const event of events) if (event.type === "call.finished") ended(run, event.call);
	for (const { model, handle } of unwanted) deps.giveUp(model, handle);
	const fileOf = readOnce(deps.store.fileOf);
	for (const call of calls) void start(run, call, fileOf);
	if (events.length > 0) deps.committed();
	arm(run, nowMs);
	if (events.some(({ type }) => type === "session.resumed")) recover(run);
	return null;
}

/** P15: what becomes of the calls that a machine before this one had open. Nothing, as long as the session waits. */
function recover(run: Run): void {
	const { deps } = run;
	const { store } = deps;
	const rungs = ladder(store.state(), store.orphans(), (model) => deps.resume(model) !== null);
	submit(
		run,
		rungs.map((rung) => taken(run, rung)),
	);
	const fileOf = readOnce(store.fileOf);
	const open = new Set(openCalls(store.state()).map(({ id }) => id));
	for (const rung of rungs) {
		// Another one of them may have ended all that it was wanted for.
		if (rung.kind !== "resume" || !open.has(rung.call.id)) continue;
		run.takenUp.set(rung.call.id, rung.orphan);
		void start(run, rung.call, fileOf);
	}
}

/** A rung as a report. What was said is kept: the round may go on. */
function taken({ outcomes }: Run, rung: Rung): Command {
	if (rung.kind === "accept") outcomes.set(rung.call.id, spoken(rung.call, rung.partial));
	return reportOf(rung);
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
		const { signal } = controller;
		const request = requestFor(run, call, fileOf);
		const orphan = run.takenUp.get(call.id);
		const result = await (orphan === undefined
			? modelCall(deps.open(call.model), request, { signal, listener: listenerOf(run, call.id) })
			: takingUp(deps, { call, orphan }, { request, signal, listener: listenerOf(run, call.id) }));
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
		withDraft(promptOf(state, state.current, call), deps.store.draftOf(call)),
		settings,
		(id) => outcomes.get(id) ?? deps.store.outcomeOf(id),
		fileOf,
	);
}

function listenerOf({ deps, live, pending, points, partials, flush }: Run, call: CallId): Listener {
	const hear = hearingPoints(points, call, deps.store.resumable);
	return {
		pieces: (pieces) => {
			if (!live.has(call)) return;
			for (const piece of pieces) addPiece(pending, call, piece);
			flush.soon();
		},
		handle: (handle, cursor) => {
			if (live.has(call)) hear({ handle, cursor });
		},
		decided: (soFar) => {
			if (live.has(call)) partials.set(call, soFar);
		},
		reached: (stage) => {
			const open = live.get(call);
			if (open !== undefined) open.stage = stage;
		},
	};
}

type Ending = { readonly call: WantedCall; readonly result: CallResult };

/** Calls that end together share one commit: each is a write that the disk has to confirm. */
function report(run: Run, ending: Ending): void {
	run.endings.push(ending);
	if (run.endings.length === 1) run.deps.later(() => settle(run, run.endings.splice(0)), 0);
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
	run.partials.delete(id);
	const costUsd = result.usage === null ? unbilled(result) : run.deps.priceOf(model, result.usage);
	const savedUsd = result.usage === null ? null : run.deps.savedOf(model, result.usage);
	const bill = { usage: result.usage, costUsd, savedUsd };
	const broken = result.kind === "ended" ? brokenOff(purpose, result) : null;
	if (result.kind === "ended" && broken === null) {
		const { text, toolCalls } = result.outcome;
		if (purpose === "round") run.outcomes.set(id, spoken(call, result.outcome));
		return [{ type: "call.ended", call: id, reply: { text, toolCalls, paused: result.stop === "pause" }, bill }];
	}
	const fallen = fallenFrom(run, { call, result });
	if (fallen !== null) return [taken(run, fallen)];
	const failure = broken ?? (result.kind === "failed" ? result.failure : fault);
	const begun = result.kind === "ended" || result.begun;
	const retryInMs = retryDelayMs({ failure, tryNumber: call.paid, random: run.deps.runtime.random() });
	const { code, message, retryable } = failure;
	return [{ type: "call.failed", call: id, code, message, retryable, begun, retryInMs, bill }];
}

/** P15: the rung below, where a call could not be taken up after all. */
function fallenFrom({ takenUp }: Run, { call, result }: Ending): Rung | null {
	const orphan = takenUp.get(call.id);
	if (orphan === undefined || result.kind !== "failed") return null;
	return result.begun && orphan.partial === null ? null : withoutProvider(call, orphan);
}

function spoken({ model: { backend, model } }: WantedCall, outcome: Outcome): Outcome {
	return { ...outcome, by: { backend, model } };
}

function ended({ live, pending, partials, takenUp }: Run, call: CallId): void {
	const open = live.get(call);
	partials.delete(call);
	takenUp.delete(call);
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
