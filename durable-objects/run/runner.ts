import type { Command, Refusal } from "../../src/consensus/commands.ts";
import type { SessionEvent } from "../../src/consensus/events.ts";
import { plan } from "../../src/consensus/plan.ts";
import { assert } from "../../src/std/assert.ts";
import { applyAll } from "./applied.ts";
import { bootsMax } from "../store/boots.ts";
import { alarmClock, endingClock, flushClock } from "./clocks.ts";
import { dueIn, moved } from "../store/deadlines.ts";
import { dispatchDue, undispatched } from "./dispatch.ts";
import { makeDisk, unwritten, type Unwritten } from "./disk.ts";
import { internal } from "./endings.ts";
import type { Pending } from "../store/pending.ts";
import { dispatching, start } from "./perform.ts";
import { everyOrphan, isLoss, ladder, looping, openCalls, unwantedOrphans } from "./recovery.ts";
import { commandsOf, taken } from "./report.ts";
import { makeRoom } from "./room.ts";
import type { OpenCall, StorageState } from "../rpc.ts";
import type { Ending, Run, RunnerDeps } from "./run.ts";
import type { Store } from "../store/store.ts";

export type Runner = {
	/**
	 * Applies commands in one commit, then starts and stops calls as the plan says. The first refusal refuses all, and so does
	 * a disk that does not take the commit: then nothing has changed, and nothing starts.
	 */
	readonly submit: (...commands: readonly Command[]) => Refusal | Unwritten | null;
	/** After a boot: takes up what the machine before had open, or does without; a crash loop is suspended. */
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

/** Performs what a session's plan wants. The only place with I/O; what it holds in memory a crash may take. */
export function makeRunner(deps: RunnerDeps): Runner {
	const run = makeRun(deps);
	const { store, runtime } = deps;
	return {
		submit: (...commands) => submit(run, commands),
		resume: () => takeUp(run),
		alarm: () => alarmFired(run),
		sweep: () => sweep(run),
		rearm: () => arm(run, runtime.now()),
		stop: () => {
			for (const { model, handle } of everyOrphan(store.state(), store.orphans())) deps.giveUp(model, handle);
			for (const call of run.live.keys()) ended(run, call);
			run.endings.length = 0;
			run.alarm.arm([], { beating: false, nowMs: runtime.now() });
			run.stopped = true;
		},
		calls: () => [...run.live].map(([call, { agent, stage }]) => ({ call, agent, state: stage })),
		storage: run.disk.state,
	};
}

function makeRun(deps: RunnerDeps): Run {
	const { runtime, later } = deps;
	const pending: Pending = new Map();
	const live: Run["live"] = new Map();
	const endings: Ending[] = [];
	const run: Run = {
		deps,
		live,
		outcomes: new Map(),
		pending,
		points: new Map(),
		partials: new Map(),
		takenUp: new Map(),
		endings,
		held: new Set(),
		disk: makeDisk({ now: runtime.now, later, again: () => again(run) }),
		room: makeRoom(pending),
		flush: flushClock({ ...deps, now: runtime.now, flush: () => flushed(run) }),
		ending: endingClock({
			now: runtime.now,
			later,
			others: () => endings.length < live.size,
			end: () => settle(run, endings.splice(0)),
		}),
		alarm: alarmClock(deps.setAlarm, (error) => alarmLost(run, error)),
		stopped: false,
		resumed: false,
	};
	return run;
}

/** Also ends what is overdue: the alarm may be late, and nothing may start that its deadline would end at once. */
function submit(run: Run, commands: readonly Command[]): Refusal | Unwritten | null {
	const { deps } = run;
	if (run.stopped) return null;
	const nowMs = deps.runtime.now();
	const before = deps.store.state();
	// What came in time counts first, also where it had to wait.
	const due = run.endings.length > 0 ? [] : overdue(run, nowMs);
	const applied = applyAll(before, [...streamed(run.pending), ...commands, ...due]);
	if (!applied.ok) return applied.refusal;
	const { files } = applied;
	if (applied.events.some(({ type }) => mayFree.has(type))) run.held.clear();
	// What a lost call had written goes into the request of the next one, which finds it once the loss is in the log.
	const dispatch = applied.events.some(isLoss) ? undispatched : dispatchDue;
	const dispatched = dispatch(applied.state, dispatching(run, { files, nowMs }));
	const events = [...applied.events, ...dispatched.events];
	const { state, calls, requests } = dispatched;
	const unwanted = unwantedOrphans(before, deps.store.orphans, events);
	if (!committed(run, events, { state, files, nowMs })) {
		arm(run, nowMs);
		return unwritten;
	}
	run.pending.clear();
	run.room.emptied();
	run.flush.committed(nowMs);
	if (events.some(({ type }) => readAlong.has(type))) run.flush.begun();
	for (const event of events) if (event.type === "call.finished") ended(run, event.call);
	for (const { model, handle } of unwanted) deps.giveUp(model, handle);
	start(run, calls, { requests, over: (ending) => report(run, ending) });
	if (events.length > 0) deps.committed();
	arm(run, nowMs);
	goOn(run, events);
	return null;
}

/** What a loss, or a person's word, lets leave: in a commit that finds it in the log. */
function goOn(run: Run, events: readonly SessionEvent[]): void {
	if (events.some(isLoss)) submit(run, []);
	if (events.some(({ type }) => type === "session.resumed")) recover(run);
}

const readAlong: ReadonlySet<SessionEvent["type"]> = new Set(["turn.started", "presentation.started"]);

/** What an open call has not used is free again once it has ended. */
const mayFree: ReadonlySet<SessionEvent["type"]> = new Set(["call.finished", "budget.changed"]);

/** Whether nothing is left to be written. Without an event there may be a clock to follow, or a handle that waits. */
function committed(run: Run, events: Parameters<Store["commit"]>[0], change: Changed): boolean {
	const { deps, disk, outcomes, points, partials } = run;
	const wanted = plan(change.state).deadlines;
	const waits = points.size > 0 && disk.state().state === "failing";
	const setBack = moved(deps.store.running(), deps.store.deadlines(wanted, change.nowMs));
	if (events.length === 0 && !waits && !setBack) return true;
	const whole = { ...change, wanted, outcomes, points, partials };
	if (!disk.write(() => deps.store.commit(events, whole))) return false;
	points.clear();
	partials.clear();
	return true;
}

type Changed = Pick<Parameters<Store["commit"]>[1], "state" | "files" | "nowMs">;

function overdue({ deps: { store } }: Run, nowMs: number): readonly Command[] {
	return dueIn(store.running(), nowMs).map((key) => ({ type: "deadline.passed", key }));
}

/** While the disk takes nothing it is asked at its own pace, not at that of the streams. */
function flushed(run: Run): void {
	if (run.disk.state().state === "ok") submit(run, []);
}

function takeUp(run: Run): void {
	const { bootsInVain } = run.deps.store;
	if (bootsInVain >= bootsMax) {
		const suspended = submit(run, [{ type: "suspend", detail: looping(bootsInVain) }]);
		if (suspended?.code === "unwritten") return;
	}
	run.resumed = recover(run);
}

/**
 * P15: what becomes of the calls that a machine before this one had open. Nothing, as long as the session waits. Whether
 * it is written: nothing is taken up before.
 */
function recover(run: Run): boolean {
	const { deps } = run;
	const { store } = deps;
	const rungs = ladder(store.state(), store.orphans(), (model) => deps.resume(model) !== null);
	const refused = submit(
		run,
		rungs.map((rung) => taken(run, rung)),
	);
	if (refused !== null) return false;
	const open = new Set(openCalls(store.state()).map(({ id }) => id));
	// Another one of them may have ended all that it was wanted for.
	const resumed = rungs.flatMap((rung) => (rung.kind === "resume" && open.has(rung.call.id) ? [rung] : []));
	for (const { call, orphan } of resumed) run.takenUp.set(call.id, orphan);
	start(
		run,
		resumed.map(({ call }) => call),
		{ requests: new Map(), over: (ending) => report(run, ending) },
	);
	return true;
}

/** What open calls have brought since the last commit goes into this one. */
function streamed(pending: Pending): readonly Command[] {
	return [...pending].map(([call, pieces]) => ({ type: "call.streamed", call, pieces }));
}

function report(run: Run, ending: Ending): void {
	run.endings.push(ending);
	run.ending.soon();
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

function ended({ live, pending, partials, takenUp, room }: Run, call: Ending["call"]["id"]): void {
	const open = live.get(call);
	partials.delete(call);
	takenUp.delete(call);
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
	const beating = live.size > 0 || (failing && deps.store.running().size > 0);
	alarm.arm([...moments, ...deps.wakes()], { beating, nowMs });
}

function alarmFired(run: Run): void {
	const nowMs = run.deps.runtime.now();
	run.alarm.fired();
	// First of all: whatever goes wrong from here on, the object wakes again and tries again.
	run.alarm.arm(run.deps.wakes(), { beating: run.deps.store.running().size > 0, nowMs });
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
