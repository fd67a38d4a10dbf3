import { isDeepStrictEqual } from "node:util";
import type { Command } from "../../../src/consensus/commands.ts";
import type { CallId, SessionEvent, Worst } from "../../../src/consensus/events.ts";
import { brokenBy, type InvariantId } from "../../../src/consensus/invariants.ts";
import type { Plan, WantedCall } from "../../../src/consensus/plan.ts";
import { emptySession, type SessionState } from "../../../src/consensus/state.ts";
import { auditOf, type Audit } from "./audit.ts";
import { planHolds } from "./audit-rest.ts";
import { Breach, hold } from "./breach.ts";
import { chanceOf, type Chance } from "./chance.ts";
import type { Core } from "./core.ts";
import { courseOf, viewOf } from "./population.ts";
import { labelsHold } from "./labels-oracle.ts";
import { scenarioOf, type Scenario } from "./scenario.ts";

/** How a seed ended. `steps`: commands that were given. */
export type Outcome =
	| { readonly seed: number; readonly passed: true; readonly steps: number }
	| {
			readonly seed: number;
			readonly passed: false;
			readonly steps: number;
			readonly invariant: InvariantId;
			readonly detail: string;
	  };

/** A session that takes more commands than this does not come to rest: the longest ones take a few hundred. */
export const stepsMax = 6_000;

/** One seeded session against the core, from its opening to its rest or to the first invariant that breaks. */
export function runSeed(core: Core, seed: number, mode: { readonly faults: boolean }): Outcome {
	const chance = chanceOf(seed);
	const run = start(core, scenarioOf(chance), { chance, faults: mode.faults });
	try {
		labelsHold(core, run.scenario);
		live(run);
		return { seed, passed: true, steps: run.steps };
	} catch (error) {
		// Here it is decided what a broken invariant means: ours or the core's own, the seed has failed.
		const invariant = error instanceof Breach ? error.invariant : "I38";
		const detail = error instanceof Error ? error.message : String(error);
		return { seed, passed: false, steps: run.steps, invariant, detail };
	}
}

type Happening = {
	readonly atMs: number;
	readonly order: number;
	readonly command: Command;
	readonly call: CallId | null;
};

/** The simulated machine: its clock, what is to happen on it, and the log, which alone outlives it. */
type Run = {
	readonly core: Core;
	readonly scenario: Scenario;
	readonly chance: Chance;
	readonly faults: boolean;
	readonly audit: Audit;
	/** As it is read back: each event has been through JSON. */
	readonly log: SessionEvent[];
	/** Rows of deadlines: when each that was ever wanted falls due. They outlive the machine. */
	readonly rows: Map<string, number>;
	readonly passed: Set<string>;
	state: SessionState;
	/** What that state wants, asked for once. */
	plan: Plan;
	nowMs: number;
	steps: number;
	order: number;
	happenings: Happening[];
	streams: Set<CallId>;
	/** Open calls whose streams nobody reads since the last death. */
	orphans: Set<CallId>;
	dispatching: Set<CallId>;
	/** Calls that the budget lets leave only once another has ended. */
	readonly held: Set<CallId>;
};

function start(core: Core, scenario: Scenario, { chance, faults }: { chance: Chance; faults: boolean }): Run {
	const fresh = {
		state: emptySession,
		plan: core.plan(emptySession),
		nowMs: 0,
		steps: 0,
		order: 0,
		happenings: [],
		streams: new Set<CallId>(),
		orphans: new Set<CallId>(),
		dispatching: new Set<CallId>(),
	} as const;
	return {
		core,
		scenario,
		chance,
		faults,
		audit: auditOf(core),
		log: [],
		rows: new Map(),
		passed: new Set(),
		held: new Set(),
		...fresh,
		happenings: [],
	};
}

function live(run: Run): void {
	const { team, labelSeed, people } = run.scenario;
	give(run, { type: "open", team, seed: labelSeed, question: "And?" });
	for (const { atMs, command } of people) schedule(run, { atMs, command, call: null });
	for (;;) {
		hold(run.steps < stepsMax, "I23", `no rest after ${stepsMax} commands`);
		const next = soonest(run);
		if (next === null && run.audit.turn()?.waiting !== true) break;
		if (next === null) {
			give(run, wayOut(run));
			continue;
		}
		run.nowMs = Math.max(run.nowMs, next.atMs);
		if (next.call !== null && next.command.type === "call.dispatched") run.dispatching.delete(next.call);
		give(run, next.command);
		if (run.faults && run.chance.happens(0.03)) die(run);
	}
	hold(run.audit.turn() === null, "I23", "the session waits for nothing and does not end");
	replays(run);
}

/** P9: what waits for money, or for a person, waits for good: somebody comes back in the end. */
function wayOut({ chance }: Run): Command {
	const unlimited = { usd: null, tokens: null, calls: null };
	const scant = { ...unlimited, session: { ...unlimited, calls: chance.between(1, 20) } };
	return chance.pick<Command>([
		{ type: "cancel" },
		{ type: "budget", budget: unlimited },
		{ type: "budget", budget: scant },
		{ type: "resume" },
	]);
}

/** Gives one command, holds what follows against every invariant, then starts what is wanted now. */
function give(run: Run, command: Command): void {
	run.steps++;
	const open = openCall(run, command);
	const before = run.state;
	const outcome = run.core.transition(run.state, command);
	if (!outcome.ok) {
		hold(
			refusalRight(run, command, outcome.refusal.code),
			"I34",
			`${command.type} is refused: ${outcome.refusal.code}`,
		);
		return;
	}
	holdBack(run, command, { open, events: outcome.events });
	hold(
		open || outcome.events.length === 0,
		"I37",
		`${command.type} of a closed call brings ${outcome.events[0]?.type}`,
	);
	run.state = outcome.state;
	run.plan = run.core.plan(outcome.state);
	run.log.push(...outcome.events);
	run.audit.watch(command, outcome.events);
	const broken = brokenBy(run.state);
	hold(broken === null, broken ?? "I38", "seen in the state");
	if (run.chance.happens(0.01)) replays(run);
	if (outcome.events.length > 0 || before === run.state) pursue(run, command);
}

/** P9: a call that may not leave waits for one that is in flight. */
function holdBack(
	run: Run,
	command: Command,
	{ open, events }: { open: boolean; events: readonly SessionEvent[] },
): void {
	if (events.some(({ type }) => type === "call.finished" || type === "budget.changed")) run.held.clear();
	if (command.type !== "call.dispatched" || !open || events.length > 0) return;
	// With nothing in flight it asks again and again, and the session never rests.
	if ((run.audit.turn()?.calls.size ?? 0) > 0) run.held.add(command.call);
}

/** Where something is capped, a call says what it may use at most: mostly, it uses less. */
function worstOf({ chance, ...run }: Run): { readonly worst?: Worst } {
	const { budget } = teamOf({ chance, ...run });
	const capped = [budget, budget.session, budget.agent].some((caps) => (caps?.tokens ?? caps?.usd ?? null) !== null);
	if (!capped) return {};
	const usd = chance.happens(0.01) ? null : chance.between(0, 8) / 128;
	return { worst: { tokens: chance.between(0, 900), usd } };
}

/** Whether this is anything but a late report. A dispatch counts as open where the plan still wants it. */
function openCall(run: Run, command: Command): boolean {
	if (!("call" in command)) return true;
	const { calls } = run.plan;
	const turn = run.audit.turn();
	// What waits wants nothing, but hears of what it has under way.
	if (turn?.waiting === true && command.type !== "call.dispatched") return turn.calls.has(command.call);
	const status = command.type === "call.dispatched" ? "due" : "open";
	return calls.some((call) => call.id === command.call && call.status === status);
}

function refusalRight(run: Run, command: Command, code: string): boolean {
	const turn = run.audit.turn();
	const queued = run.state.status === "open" ? run.state.queue.length : 0;
	if (code === "queue_full")
		return (command.type === "message" && queued === 8) || (command.type === "note" && turn?.notes === 32);
	if (code === "unknown_agent")
		return command.type === "drop_agent" && turn?.seats.every(({ agent }) => agent !== command.agent) === true;
	return code === "no_turn" && turn === null;
}

/** The runner's work: stop what is no longer wanted, dispatch what is, keep the rows of the deadlines. */
function pursue(run: Run, command: Command): void {
	const { calls, deadlines } = run.plan;
	planHolds({ turn: run.audit.turn(), team: teamOf(run) }, { calls, deadlines });
	if (run.audit.turn()?.waiting === true) return forgetTime(run);
	for (const { key, afterMs } of deadlines) if (!run.rows.has(key)) run.rows.set(key, run.nowMs + afterMs);
	for (const call of calls) begin(run, call, command);
	recover(run, calls);
	drop(run, new Set(calls.map(({ id }) => id)));
}

function begin(run: Run, call: WantedCall, command: Command): void {
	if (call.status === "open" && command.type === "call.dispatched" && command.call === call.id) follow(run, call);
	if (mayLeave(run, call)) dispatch(run, call.id);
}

function mayLeave({ passed, dispatching, held }: Run, { status, gate, id }: WantedCall): boolean {
	if (status !== "due" || dispatching.has(id) || held.has(id)) return false;
	return gate === null || passed.has(gate);
}

/** Nothing runs while a session waits: its deadlines start anew, and what was to be dispatched is asked for again. */
function forgetTime(run: Run): void {
	run.rows.clear();
	run.passed.clear();
	run.dispatching.clear();
	run.happenings = run.happenings.filter(({ command }) => command.type !== "call.dispatched");
}

/** P15: open calls whose streams went down with a machine are taken up again where their provider has them, else lost. */
function recover(run: Run, calls: readonly WantedCall[]): void {
	for (const call of calls) {
		if (call.status !== "open" || run.streams.has(call.id) || !run.orphans.delete(call.id)) continue;
		if (run.chance.happens(0.5)) return give(run, { type: "call.lost", call: call.id });
		give(run, { type: "call.resumed", call: call.id });
		follow(run, call);
	}
}

const teamOf = ({ state, scenario }: Run) => (state.status === "open" ? state.team : scenario.team);

/** Reports of calls that nobody waits for any more are mostly aborted; some come all the same. */
function drop(run: Run, wanted: ReadonlySet<CallId>): void {
	for (const id of run.streams) {
		if (wanted.has(id)) continue;
		run.streams.delete(id);
		if (!run.chance.happens(0.2)) run.happenings = run.happenings.filter(({ call }) => call !== id);
	}
}

function dispatch(run: Run, call: CallId): void {
	run.dispatching.add(call);
	const command: Command = { type: "call.dispatched", call, ...worstOf(run) };
	schedule(run, { atMs: run.nowMs + run.chance.between(0, 50), command, call });
}

/** The request has left: its view is that of this moment. */
function follow(run: Run, call: WantedCall): void {
	const { state, scenario, chance, core } = run;
	if (state.status === "empty" || state.current === null) return;
	const seat = state.current.seats.findIndex(({ agent }) => agent === call.agent);
	const temper = scenario.tempers[Math.max(0, seat)];
	if (temper === undefined) return;
	run.streams.add(call.id);
	const course = courseOf(viewOf(core, state, call), call, { temper, answersMax: scenario.answersMax, chance });
	for (const { afterMs, command } of course) schedule(run, { atMs: run.nowMs + afterMs, command, call: call.id });
}

function schedule(run: Run, happening: Omit<Happening, "order">): void {
	run.happenings.push({ ...happening, order: run.order++ });
}

/** Takes the next thing in simulated time: a report, a request of a person or a deadline that is still wanted. */
function soonest(run: Run): Pick<Happening, "atMs" | "command" | "call"> | null {
	let first: Happening | null = null;
	for (const happening of run.happenings) {
		if (
			first === null ||
			happening.atMs < first.atMs ||
			(happening.atMs === first.atMs && happening.order < first.order)
		)
			first = happening;
	}
	const deadline = soonestDeadline(run);
	if (deadline !== null && (first === null || deadline.atMs < first.atMs)) {
		run.passed.add(deadline.key);
		return { atMs: deadline.atMs, command: { type: "deadline.passed", key: deadline.key }, call: null };
	}
	run.happenings = run.happenings.filter((happening) => happening !== first);
	return first;
}

function soonestDeadline(run: Run): { key: string; atMs: number } | null {
	let first: { key: string; atMs: number } | null = null;
	for (const { key } of run.plan.deadlines) {
		const atMs = run.rows.get(key) ?? run.nowMs;
		if (!run.passed.has(key) && (first === null || atMs < first.atMs)) first = { key, atMs };
	}
	return first;
}

/** The machine is gone. What the next one knows is the log; each open call has lost its stream. */
function die(run: Run): void {
	const lost = [...run.streams];
	run.happenings = run.happenings.filter(({ call }) => call === null);
	run.streams = new Set();
	run.dispatching = new Set();
	run.state = replays(run);
	run.plan = run.core.plan(run.state);
	const open = [...(run.audit.turn()?.calls.keys() ?? [])];
	hold(
		open.every((id) => lost.includes(id) || run.orphans.has(id)),
		"I31",
		"a call is open that was never dispatched",
	);
	run.orphans = new Set(open);
	// Whoever resumes what does not wait changes nothing.
	if (run.chance.happens(0.05)) give(run, { type: "resume" });
	if (run.chance.happens(0.15)) suspend(run);
	pursue(run, { type: "deadline.passed", key: "boot" });
}

/** One crash too many: somebody has to let it go on, or to cancel the turn. */
function suspend(run: Run): void {
	for (let times = run.chance.between(1, 2); times > 0; times--)
		give(run, { type: "suspend", detail: "It crashed." });
	const command = { type: run.chance.happens(0.8) ? "resume" : "cancel" } as const;
	schedule(run, { atMs: run.nowMs + run.chance.between(0, 500_000), command, call: null });
}

/** P15: gives the state that the log alone gives. */
function replays(run: Run): SessionState {
	// As a database gives it back: through JSON.
	const replayed = run.core.stateOf(JSON.parse(JSON.stringify(run.log)) as SessionEvent[]);
	hold(isDeepStrictEqual(replayed, run.state), "I33", "the log gives another state");
	return replayed;
}
