import { expect, test } from "vitest";
import type { Bill, Command, DeadlineKind, ModelReply } from "../../src/consensus/commands.ts";
import type { AnswerId, CallId, SessionEvent } from "../../src/consensus/events.ts";
import { labelsOf } from "../../src/consensus/labels.ts";
import { plan, type WantedCall } from "../../src/consensus/plan.ts";
import { emptySession, type SessionState } from "../../src/consensus/state.ts";
import type { AgentId, AgentSpec, Budget, Limits, LimitName, Protocol, Team } from "../../src/consensus/team.ts";
import { limitBounds, protocolDefaults } from "../../src/consensus/team.ts";
import { transition } from "../../src/consensus/transition.ts";
import { told } from "./told.ts";

/**
 * A session driven through its only door, a sentence per step: `session().answers("a", "x").votes("b", "a1.1")`.
 * A step of an agent dispatches its call where none is open. Each step gives a new scenario; nothing is shared.
 */
export type Scenario = {
	readonly state: SessionState;
	/** Everything that happened. */
	readonly events: readonly SessionEvent[];
	/** What happened since the last `next()`, told in short; dispatches and regular ends of calls are left out. */
	readonly told: readonly string[];
	/** From here on `told` tells. */
	readonly next: () => Scenario;
	readonly sends: (...commands: readonly Command[]) => Scenario;
	/** Dispatches the calls of these agents (or of the "judge") that are due. */
	readonly asks: (...who: readonly string[]) => Scenario;
	readonly answers: (agent: string, content: string, bill?: Partial<Bill>) => Scenario;
	/** Votes for an answer by its id, under the label that denotes its author to this voter. */
	readonly votes: (agent: string, answer: string, reason?: string) => Scenario;
	/** Any reply at all. */
	readonly replies: (
		who: string,
		...toolCalls: readonly [name: string, args: ModelReply["toolCalls"][number]["arguments"]][]
	) => Scenario;
	/** A reply that is not finished, with these calls in it. */
	readonly pauses: (
		who: string,
		...toolCalls: readonly [name: string, args: ModelReply["toolCalls"][number]["arguments"]][]
	) => Scenario;
	readonly presents: (text: string) => Scenario;
	readonly streams: (agent: string, text: string) => Scenario;
	readonly fails: (who: string, failure?: Partial<Failure>) => Scenario;
	readonly loses: (who: string) => Scenario;
	/** Lets a deadline of this kind pass; `agent` where there are several. */
	readonly passes: (kind: DeadlineKind, agent?: string) => Scenario;
};

export type Failure = {
	readonly code: string;
	readonly retryable: boolean;
	readonly begun: boolean;
	readonly retryInMs: number;
};
export type Options = {
	readonly agents?: number;
	readonly seed?: number;
	readonly protocol?: Partial<Protocol>;
	readonly limits?: Partial<Limits>;
	readonly budget?: Partial<Budget>;
	/** Agents that have a fallback: `a`'s is the model `spare-a`. */
	readonly spared?: readonly string[];
	/** What is different about every agent. */
	readonly member?: Partial<AgentSpec>;
};
/** A row of a spec table: a sentence of the specification, a story, and what is told of it. */
export type Row = readonly [sentence: string, story: () => Scenario, told: readonly string[]];

/** A session that has just been opened with the question `?`, by agents `a`, `b`, `c`, ... on seats 1, 2, 3, ... */
export function session(options: Options = {}): Scenario {
	const open = { type: "open", team: teamOf(options), seed: options.seed ?? 7, question: "?" } as const;
	return scenario({ state: emptySession, events: [], mark: 0, refusals: [] }).sends(open);
}

/** Runs a spec table: the whole sequence of what is told must be the row's. */
export function spec(rows: readonly Row[]): void {
	test.each(rows.map((row) => [...row] as const))("%s", (_, story, expected) => {
		expect(story().told).toEqual(expected);
	});
}

/** The one answer every agent gives first: `a` says "A", `b` says "B", ... */
export function answered(options: Options = {}): Scenario {
	return agentNames(options.agents ?? 3).reduce(
		(s, agent) => s.answers(agent, agent.toUpperCase()),
		session(options),
	);
}

export function teamOf({ agents = 3, protocol = {}, limits = {}, budget = {}, ...rest }: Options): Team {
	return {
		name: "team",
		description: "",
		preset: "balanced",
		agents: agentNames(agents).map((id) => agentOf(id, rest)),
		protocol: { ...protocolDefaults, ...protocol },
		limits: { ...defaultLimits, ...limits },
		budget: { usd: null, tokens: null, calls: null, ...budget },
	};
}

const alphabet = "abcdefghijklmnop";
const agentNames = (count: number) => alphabet.slice(0, count).split("");
const names = Object.keys(limitBounds) as LimitName[];
const defaultLimits = Object.fromEntries(names.map((name) => [name, limitBounds[name].default])) as Limits;
const agentOf = (id: string, { spared = [], member = {} }: Options): AgentSpec => {
	const rest = {
		backend: "demo",
		model: `model-${id}`,
		system: "",
		params: {},
		tools: [],
		resume: true,
		fallback: spared.includes(id) ? { backend: "demo", model: `spare-${id}`, params: {} } : null,
	};
	return { id: id as AgentId, ...rest, ...member };
};

type Tape = {
	readonly state: SessionState;
	readonly events: readonly SessionEvent[];
	readonly mark: number;
	readonly refusals: readonly { readonly after: number; readonly code: string }[];
};

const free: Bill = { usage: null, costUsd: null };

function scenario(tape: Tape): Scenario {
	const { state, events } = tape;
	const sends = (...commands: readonly Command[]) => scenario(commands.reduce(sent, tape));
	const ends = (who: string, end: (call: CallId) => Command): Scenario => {
		const asked = scenario(tape).asks(who);
		return asked.sends(end(callOf(asked.state, who).id));
	};
	const replies = (who: string, reply: Partial<ModelReply>, bill: Partial<Bill> = {}) =>
		ends(who, (call) => ({
			type: "call.ended",
			call,
			reply: { text: "", toolCalls: [], paused: false, ...reply },
			bill: { ...free, ...bill },
		}));
	const tool = (name: string, args: ModelReply["toolCalls"][number]["arguments"]) => ({
		toolCalls: [{ name, arguments: args }],
	});
	return {
		state,
		events,
		told: lines(tape),
		next: () => scenario({ ...tape, mark: events.length, refusals: [] }),
		sends,
		asks: (...who) => scenario(who.reduce(dispatched, tape)),
		answers: (agent, content, bill) => replies(agent, tool("new_answer", { content }), bill),
		votes: (agent, answer, reason = "") =>
			replies(agent, tool("vote", { answer: labelOf(drawn(state), agent, answer), reason })),
		replies: (who, ...calls) =>
			replies(who, { toolCalls: calls.map(([name, args]) => ({ name, arguments: args })) }),
		pauses: (who, ...calls) =>
			replies(who, {
				text: "Well,",
				toolCalls: calls.map(([name, args]) => ({ name, arguments: args })),
				paused: true,
			}),
		presents: (text) => replies("presenter", { text }),
		streams: (agent, text) =>
			ends(agent, (call) => ({ type: "call.streamed", call, pieces: [{ kind: "text", text }] })),
		fails: (who, failure) =>
			ends(who, (call) => ({
				type: "call.failed",
				call,
				message: "It broke.",
				bill: free,
				...outage,
				...failure,
			})),
		loses: (who) => ends(who, (call) => ({ type: "call.lost", call })),
		passes: (kind, agent) => sends({ type: "deadline.passed", key: deadlineOf(state, kind, agent) }),
	};
}

const outage: Failure = { code: "server", retryable: false, begun: false, retryInMs: 500 };

function sent(tape: Tape, command: Command): Tape {
	const next = transition(tape.state, command);
	if (next.ok) return { ...tape, state: next.state, events: [...tape.events, ...next.events] };
	return { ...tape, refusals: [...tape.refusals, { after: tape.events.length, code: next.refusal.code }] };
}

function dispatched(tape: Tape, who: string): Tape {
	const call = callOf(tape.state, who);
	return call.status === "open" ? tape : sent(tape, { type: "call.dispatched", call: call.id });
}

function callOf(state: SessionState, who: string): WantedCall {
	const call = plan(state).calls.find(
		({ agent, purpose }) => agent === who || (purpose !== "round" && whoIs[purpose] === who),
	);
	if (call === undefined) throw new Error(`no call of ${who} is wanted`);
	return call;
}

const whoIs = { judge: "judge", presentation: "presenter" };

function deadlineOf(state: SessionState, kind: DeadlineKind, agent: string | undefined): string {
	const seat = agent === undefined ? "" : `.a${alphabet.indexOf(agent) + 1}.`;
	const deadline = plan(state).deadlines.find((wanted) => wanted.kind === kind && wanted.key.includes(seat));
	if (deadline === undefined) throw new Error(`no deadline "${kind}" runs`);
	return deadline.key;
}

function drawn(state: SessionState): { seed: number; seats: number } {
	if (state.status === "empty") throw new Error("the session is not open");
	return { seed: state.seed, seats: state.team.agents.length };
}

/** Agents by their letter; anybody else is the judge, who comes after the last seat. */
function labelOf({ seed, seats }: { seed: number; seats: number }, agent: string, answer: string): string {
	const voter = agent.length === 1 ? alphabet.indexOf(agent) : seats;
	const author = Number(/^a(\d+)\./.exec(answer)?.[1]) - 1;
	return labelsOf(seed, voter, seats).ofSeat[author] ?? "";
}

function lines({ events, mark, refusals }: Tape): readonly string[] {
	const happened = events.slice(mark).map((event, i) => ({ at: mark + i + 1, line: told(event) }));
	const refused = refusals.map(({ after, code }) => ({ at: after + 0.5, line: `refused ${code}` }));
	return [...happened, ...refused]
		.toSorted((a, b) => a.at - b.at)
		.flatMap(({ line }) => (line === null ? [] : [line]));
}

export const answerId = (id: string) => id as AnswerId;
export const agentId = (id: string) => id as AgentId;
