import { readOnce, type FileOf } from "../src/agent/attachments.ts";
import { modelCall, type CallResult, type Listener } from "../src/agent/model-call.ts";
import { promptOf } from "../src/agent/prompt-of.ts";
import { requestOf, type Outcome } from "../src/agent/request.ts";
import type { Backend, CallStage, ModelRequest, Usage } from "../src/backends/backend.ts";
import { retryDelayMs } from "../src/backends/retry.ts";
import type { Command, Refusal } from "../src/consensus/commands.ts";
import type { CallId } from "../src/consensus/events.ts";
import { plan, type WantedCall } from "../src/consensus/plan.ts";
import type { SessionState } from "../src/consensus/state.ts";
import { assert } from "../src/std/assert.ts";
import type { Runtime } from "../src/std/runtime.ts";
import { applyAll } from "./applied.ts";
import { alarmClock, flushClock, type AlarmClock, type FlushClock } from "./clocks.ts";
import { dueIn, moved } from "./deadlines.ts";
import { makeDisk, unwritten, type Disk, type Unwritten } from "./disk.ts";
import { brokenOff, fault, internal, unbilled } from "./endings.ts";
import type { Pending } from "./pending.ts";
import { hearingPoints, type Points } from "./points.ts";
import { makeRoom, type Room } from "./room.ts";
import type { OpenCall, StorageState } from "./rpc.ts";
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
	/** Throws, or rejects, where it cannot be set. */
	readonly setAlarm: (dueMs: number | null) => void | Promise<void>;
	readonly later: (run: () => void, ms: number) => void;
	/** Told after every commit. */
	readonly committed: () => void;
	/** Whether somebody has still to be told of the last commit. */
	readonly waiting: () => boolean;
	/** Told of our own faults; the call that met one fails. */
	readonly crashed: (error: unknown) => void;
};

export type Runner = {
	/**
	 * Applies commands in one commit, then starts and stops calls as the plan says. The first refusal refuses all, and so does
	 * a disk that does not take the commit: then nothing has changed, and nothing starts.
	 */
	readonly submit: (...commands: readonly Command[]) => Refusal | Unwritten | null;
	/** After a boot: calls that the machine before had open are lost; everything else goes on. */
	readonly resume: () => void;
	/** A deadline may be due, or it is only the heartbeat. It may come late, twice, or for nothing. */
	readonly alarm: () => void;
	/** Does what the alarm would, where it is late or lost. */
	readonly sweep: () => void;
	/** What was waited for is done: the alarm may be let go. */
	readonly rearm: () => void;
	/** Stops every call without a word, and for good: the session is deleted. */
	readonly stop: () => void;
	/** The calls that are under way here, oldest first. */
	readonly calls: () => readonly OpenCall[];
	readonly storage: () => StorageState;
};

/** What a runner holds in memory, none of which a restart needs. */
type Run = {
	readonly deps: RunnerDeps;
	readonly live: Map<CallId, Live>;
	/** What models said in rounds that go on. */
	readonly outcomes: Map<CallId, Outcome>;
	readonly pending: Pending;
	readonly points: Points;
	/** Calls that ended and are about to be reported, or could not be yet: at most one for each open call. */
	readonly endings: Ending[];
	readonly disk: Disk;
	readonly room: Room;
	readonly flush: FlushClock;
	readonly alarm: AlarmClock;
	/** The session is deleted: a timer that still runs must not write. */
	stopped: boolean;
	/** What a boot has to report of the machine before is written. */
	resumed: boolean;
};

/** `stage` changes with the call, in memory only: who asks is told, nobody is waked. */
type Live = { readonly controller: AbortController; readonly agent: WantedCall["agent"]; stage: CallStage };

/** Performs what a session's plan wants. The only place with I/O; what it holds in memory a crash may take. */
export function makeRunner(deps: RunnerDeps): Runner {
	const { runtime, later } = deps;
	const pending: Pending = new Map();
	const disk = makeDisk({ now: runtime.now, later, again: () => again(run) });
	const run: Run = {
		deps,
		live: new Map(),
		outcomes: new Map(),
		pending,
		points: new Map(),
		endings: [],
		disk,
		room: makeRoom(pending),
		flush: flushClock({ now: runtime.now, later, flush: () => flushed(run) }),
		alarm: alarmClock(deps.setAlarm, (error) => alarmLost(run, error)),
		stopped: false,
		resumed: false,
	};
	return {
		submit: (...commands) => submit(run, commands),
		resume: () => takeUp(run),
		alarm: () => alarmFired(run),
		sweep: () => sweep(run),
		rearm: () => arm(run, runtime.now()),
		stop: () => {
			for (const call of run.live.keys()) ended(run, call);
			run.endings.length = 0;
			run.alarm.arm([], { beating: false, nowMs: runtime.now() });
			run.stopped = true;
		},
		calls: () => [...run.live].map(([call, { agent, stage }]) => ({ call, agent, state: stage })),
		storage: disk.state,
	};
}

function takeUp(run: Run): void {
	const lost = run.deps.store.orphans().map((call): Command => ({ type: "call.lost", call }));
	run.resumed = submit(run, lost) === null;
}

/** Also ends what is overdue: the alarm may be late, and nothing may start that its deadline would end at once. */
function submit(run: Run, commands: readonly Command[]): Refusal | Unwritten | null {
	const { deps, outcomes, points } = run;
	if (run.stopped) return null;
	const nowMs = deps.runtime.now();
	// What came in time counts first, also where it had to wait.
	const due = run.endings.length > 0 ? [] : overdue(run, nowMs);
	const applied = applyAll(deps.store.state(), [...streamed(run.pending), ...commands, ...due]);
	if (!applied.ok) return applied.refusal;
	const dispatched = dispatchDue(deps.store, applied.state, nowMs);
	const events = [...applied.events, ...dispatched.events];
	const { state, calls } = dispatched;
	const { files } = applied;
	if (!committed(run, events, { state, wanted: plan(state).deadlines, outcomes, files, points, nowMs })) {
		arm(run, nowMs);
		return unwritten;
	}
	run.pending.clear();
	run.room.emptied();
	run.flush.committed(nowMs);
	for (const event of events) if (event.type === "call.finished") ended(run, event.call);
	const fileOf = readOnce(deps.store.fileOf);
	for (const call of calls) void start(run, call, fileOf);
	arm(run, nowMs);
	if (events.length > 0) deps.committed();
	return null;
}

/** Whether nothing is left to be written. Without an event there may be a clock to follow, or a handle that waits. */
function committed({ deps: { store }, disk, points }: Run, events: Events, change: Change): boolean {
	const waits = points.size > 0 && disk.state().state === "failing";
	const setBack = moved(store.running(), store.deadlines(change.wanted, change.nowMs));
	if (events.length === 0 && !waits && !setBack) return true;
	if (!disk.write(() => store.commit(events, change))) return false;
	points.clear();
	return true;
}

type Events = Parameters<Store["commit"]>[0];
type Change = Parameters<Store["commit"]>[1];

function overdue({ deps: { store } }: Run, nowMs: number): readonly Command[] {
	return dueIn(store.running(), nowMs).map((key) => ({ type: "deadline.passed", key }));
}

/** While the disk takes nothing it is asked at its own pace, not at that of the streams. */
function flushed(run: Run): void {
	if (run.disk.state().state === "ok") submit(run, []);
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

function listenerOf({ deps, live, room, points, flush, disk }: Run, call: CallId): Listener {
	const write = (...point: Parameters<Store["resumable"]>) => disk.write(() => deps.store.resumable(...point));
	const hear = hearingPoints(points, call, write);
	return {
		pieces: (pieces) => {
			if (!live.has(call)) return;
			for (const piece of pieces) room.take(call, piece);
			flush.soon();
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

/** Calls that end together share one commit: each is a write that the disk has to confirm. */
function report(run: Run, ending: Ending): void {
	run.endings.push(ending);
	if (run.endings.length === 1) run.deps.later(() => settle(run, run.endings.splice(0)), 0);
}

/** An ending that cannot be taken is a fault of ours: its call fails, and the others count. */
function settle(run: Run, endings: readonly Ending[]): void {
	if (endings.length === 0) return;
	try {
		const refused = submit(
			run,
			endings.flatMap((ending) => commandsOf(run, ending)),
		);
		// They are paid for: they wait until the disk takes them.
		if (refused?.code === "unwritten") run.endings.push(...endings);
	} catch (error) {
		if (endings.length > 1) return endings.forEach((ending) => settle(run, [ending]));
		run.deps.crashed(error);
		for (const ending of endings) replace(run, ending);
	}
}

/** What it brought may be the very thing that cannot be written. If nothing can be, it is the disk after all. */
function replace(run: Run, ending: Ending): void {
	run.pending.delete(ending.call.id);
	try {
		submit(run, commandsOf(run, { call: ending.call, result: internal }));
	} catch (error) {
		run.endings.push(ending);
		run.disk.failed(error);
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

function ended({ live, pending, room }: Run, call: CallId): void {
	const open = live.get(call);
	live.delete(call);
	pending.delete(call);
	room.ended(call);
	// A reason spares the making of an exception with its stack.
	open?.controller.abort("ended");
}

/** Wakes the object for the next deadline, and regularly as long as there is something to do or to tell. */
function arm({ alarm, deps, live, disk }: Run, nowMs: number): void {
	const failing = disk.state().state === "failing";
	// What is due can only wait for the disk: its own moment would wake the object for nothing, again and again.
	const moments = [...deps.store.running().values()].filter((dueMs) => !failing || dueMs > nowMs);
	const beating = live.size > 0 || deps.waiting() || (failing && deps.store.running().size > 0);
	alarm.arm(moments, { beating, nowMs });
}

function alarmFired(run: Run): void {
	const nowMs = run.deps.runtime.now();
	run.alarm.fired();
	// First of all: whatever goes wrong from here on, the object wakes again and tries again.
	run.alarm.arm([], { beating: run.deps.store.running().size > 0, nowMs });
	again(run);
}

/** Writes nothing where nothing is due: text that waits goes on waiting for its flush. */
function sweep(run: Run): void {
	const { store, runtime } = run.deps;
	const nowMs = runtime.now();
	const running = store.running();
	const setBack = moved(running, store.deadlines(plan(store.state()).deadlines, nowMs));
	if (setBack || dueIn(running, nowMs).length > 0) submit(run, []);
	else if (!run.stopped) arm(run, nowMs);
}

/** Tries what waits: a boot's report, then what was paid for, then what is due. */
function again(run: Run): void {
	if (run.stopped) return;
	if (!run.resumed) takeUp(run);
	if (run.resumed) settle(run, run.endings.splice(0));
	if (!run.resumed || run.endings.length > 0 || submit(run, [])?.code === "unwritten") return giveUp(run);
	run.disk.nothingWaits();
}

/** A call whose time is up is ended also where that cannot be written: it may cost no more. The log is told later. */
function giveUp(run: Run): void {
	const { deps, live } = run;
	const applied = applyAll(deps.store.state(), overdue(run, deps.runtime.now()));
	assert(applied.ok, "a deadline is never refused");
	for (const event of applied.events)
		if (event.type === "call.finished") live.get(event.call)?.controller.abort("ended");
}

/** An alarm is a row too. */
function alarmLost(run: Run, error: unknown): void {
	if (run.stopped) return;
	run.deps.crashed(error);
	run.disk.failed(error);
}
