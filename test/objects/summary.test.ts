import { expect, test } from "vitest";
import type { CallId, SessionEvent } from "../../src/consensus/events.ts";
import type { AgentId } from "../../src/consensus/team.ts";
import type { Underway } from "../../durable-objects/rpc.ts";
import { accounted, emptyAccount, statusOf, summaryOf, underwayOf } from "../../durable-objects/summary.ts";
import { answered, session, type Scenario } from "../consensus/scenario.ts";

function summed({ events, state }: Scenario) {
	const account = events.map(billed).reduce((sum, event, i) => accounted(sum, event, i + 1), emptyAccount);
	if (state.status === "empty") throw new Error("the session is open");
	return { account, state, summary: summaryOf("s1", state, account) };
}

/** The scenario's agents are of the demo team, which costs nothing; these are of somebody who sends a bill. */
function billed(event: SessionEvent): SessionEvent {
	return event.type === "call.started" ? { ...event, provider: "openai" } : event;
}

const bill = (input: number | null, costUsd: number | null) => ({
	usage: { input, output: 2, cached: null, reasoning: 1 },
	costUsd,
});

test("a session that has just begun", () => {
	const { summary, state } = summed(session({ agents: 1 }));
	expect(summary).toEqual({
		id: "s1",
		status: "running",
		waiting_for: null,
		team: state.team,
		turns: [
			{
				question: "?",
				status: "running",
				answer: null,
				consensus: null,
				agreement: null,
				winner: null,
				dissent: null,
				tally: [],
				votes: [],
				attempts: 1,
				reasons: [],
			},
		],
		queued: [],
		usage: { input: 0, output: 0, cached: 0, reasoning: 0 },
		cost_usd: 0,
		last_seq: 4,
	});
});

test("a turn that is done: the result, with the votes that counted and the best minority answer", () => {
	const done = answered({ agents: 2, protocol: { final: "reuse" } })
		.votes("a", "a2.1", "B checks out.")
		.votes("b", "a2.1");
	const { turns, status } = summed(done).summary;
	expect([status, turns]).toEqual([
		"done",
		[
			{
				question: "?",
				status: "done",
				answer: "B",
				consensus: true,
				agreement: 1,
				winner: { agent: "b", answer: "a2.1" },
				dissent: { agent: "a", answer: "a1.1", text: "A", votes: 0, reasons: [] },
				tally: [
					{ answer: "a2.1", votes: 2, self_votes: 1, pooled: [] },
					{ answer: "a1.1", votes: 0, self_votes: 0, pooled: [] },
				],
				votes: [
					{ agent: "a", answer: "a2.1", reason: "B checks out." },
					{ agent: "b", answer: "a2.1", reason: "" },
				],
				attempts: 1,
				reasons: [],
			},
		],
	]);
});

test.each<[string, Scenario, string, readonly string[]]>([
	["runs", session({ agents: 1 }), "running", ["running"]],
	["is done", session({ agents: 1 }).answers("a", "A"), "done", ["done"]],
	["has failed", session({ agents: 1 }).fails("a"), "failed", ["failed"]],
	["was cancelled", session({ agents: 1 }).sends({ type: "cancel" }), "cancelled", ["cancelled"]],
	[
		"runs again",
		session({ agents: 1 }).fails("a").sends({ type: "message", text: "And now?" }),
		"running",
		["failed", "running"],
	],
	[
		"is done at last",
		session({ agents: 1 }).fails("a").sends({ type: "message", text: "And now?" }).answers("a", "A"),
		"done",
		["failed", "done"],
	],
])("a session that %s says so", (_, scenario, status, turns) => {
	const { state, account, summary } = summed(scenario);
	expect([statusOf(state, account), summary.turns.map((turn) => turn.status)]).toEqual([status, turns]);
});

test("messages that wait are shown, each turn's failure says why", () => {
	const waiting = session({ agents: 1 }).sends(
		{ type: "message", text: "And then?" },
		{ type: "message", text: "And then?" },
	);
	expect(summed(waiting).summary.queued).toEqual(["And then?", "And then?"]);
	expect(summed(session({ agents: 1 }).fails("a")).summary.turns[0]?.reasons).toEqual([
		{ agent: "a", code: "server", message: "It broke." },
	]);
});

test.each<[string, Scenario, number | null]>([
	[
		"the prices of its calls",
		session({ agents: 2 }).answers("a", "A", bill(5, 0.25)).answers("b", "B", bill(7, 0.5)),
		0.75,
	],
	[
		"unknown, once one price is",
		session({ agents: 2 }).answers("a", "A", bill(5, 0.25)).answers("b", "B", bill(null, null)),
		null,
	],
	[
		"unknown after a call that was lost, and may have been billed",
		session({ agents: 2 }).answers("a", "A", bill(5, 0.25)).loses("b"),
		null,
	],
])("what a session cost is %s", (_, scenario, cost) => {
	expect(summed(scenario).summary.cost_usd).toBe(cost);
});

test("tokens that a provider did not report count as nothing", () => {
	const { usage } = summed(
		session({ agents: 2 }).answers("a", "A", bill(5, 0)).answers("b", "B", bill(null, 0)),
	).summary;
	expect(usage).toEqual({ input: 5, output: 4, cached: 0, reasoning: 2 });
});

const host = {
	backend: "openai",
	model: "m",
	state: "open",
	requests_left: 0,
	tokens_left: null,
	resets_at: null,
} as const;
const slots = { max: 6, taken: 1, queued: 0 };
const underway = {
	calls: [{ call: "t1.a1.r1.c1.x1" as CallId, agent: "a" as AgentId, state: "waiting" }],
	pace: { waiting_for_headers: slots, hosts: [host] },
} as const;

test.each<[string, Scenario, Underway]>([
	["while a turn runs", session({ agents: 1 }), underway],
	[
		"and at rest nothing is under way, whoever was asked before",
		session({ agents: 1 }).answers("a", "A"),
		{ calls: [], pace: { waiting_for_headers: slots, hosts: [] } },
	],
])("what holds back its calls is shown %s", (_, { state }, expected) => {
	expect(underwayOf(state, underway)).toEqual(expected);
});
