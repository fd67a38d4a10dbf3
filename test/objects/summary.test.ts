import { expect, test } from "vitest";
import type { CallId, SessionEvent } from "../../src/consensus/events.ts";
import type { AgentId } from "../../src/consensus/team.ts";
import type { Underway } from "../../durable-objects/rpc.ts";
import { accounted, emptyAccount, statusOf, summaryOf, underwayOf } from "../../durable-objects/show/summary.ts";
import { png } from "../support/attachments.ts";
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
		usage: { input: 0, output: 0, cached: 0, reasoning: 0, written: 0 },
		cache: { share: null, saved_usd: 0 },
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
	["waits", session({ agents: 1 }).sends({ type: "suspend", detail: "It crashed." }), "waiting", ["running"]],
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

test("a session that waits says for what, and nothing once it goes on", () => {
	const waiting = session({ agents: 1 }).sends({ type: "suspend", detail: "It crashed." });
	const ended = [waiting.sends({ type: "resume" }), waiting.sends({ type: "cancel" })];
	expect([waiting, ...ended].map((scenario) => summed(scenario).summary.waiting_for)).toEqual([
		"suspended",
		null,
		null,
	]);
});

test("a turn is shown with what was sent along, a message that waits by its words", () => {
	const attachments = [png()];
	const scenario = session({ agents: 1 }).sends(
		{ type: "cancel" },
		{ type: "message", text: "This?", attachments },
		{ type: "message", text: "And this?", attachments },
	);
	const { turns, queued } = summed(scenario).summary;
	expect([turns.map((turn) => turn.attachments), queued]).toEqual([
		[undefined, [{ file: "f1", name: "a.png", media_type: "image/png", bytes: 12 }]],
		["And this?"],
	]);
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
	expect(usage).toEqual({ input: 5, output: 4, cached: 0, reasoning: 2, written: 0 });
});

const cachedBill = (counted: { input: number; cached: number; written?: number }, savedUsd?: number | null) => ({
	usage: { output: 1, reasoning: 0, ...counted },
	costUsd: 1,
	...(savedUsd === undefined ? {} : { savedUsd }),
});
const two = (a: ReturnType<typeof cachedBill>, b: ReturnType<typeof cachedBill>) =>
	session({ agents: 2 }).answers("a", "A", a).answers("b", "B", b);

test.each<[string, Scenario, { share: number | null; saved_usd: number | null }, number]>([
	["nothing yet", session({ agents: 1 }), { share: null, saved_usd: 0 }, 0],
	[
		"the part of all input that came from caches, and the sum of what that saved",
		two(cachedBill({ input: 100, cached: 0, written: 90 }, -0.25), cachedBill({ input: 300, cached: 100 }, 0.75)),
		{ share: 0.25, saved_usd: 0.5 },
		90,
	],
	[
		"money unknown once a cache was read at a price that nobody knows",
		two(cachedBill({ input: 100, cached: 50 }, null), cachedBill({ input: 100, cached: 50 }, 0.75)),
		{ share: 0.5, saved_usd: null },
		0,
	],
	[
		"or written to",
		two(cachedBill({ input: 100, cached: 0, written: 10 }, null), cachedBill({ input: 100, cached: 0 }, 0)),
		{ share: 0, saved_usd: null },
		10,
	],
	[
		"not by a call that used none, whatever its price",
		two(cachedBill({ input: 100, cached: 0 }, null), cachedBill({ input: 100, cached: 50 }, 0.75)),
		{ share: 0.25, saved_usd: 0.75 },
		0,
	],
	[
		"unknown as well where an older release kept the log",
		two(cachedBill({ input: 100, cached: 50 }), cachedBill({ input: 100, cached: 0 })),
		{ share: 0.25, saved_usd: null },
		0,
	],
])("what caches did for a session: %s", (_, scenario, cache, written) => {
	const { summary } = summed(scenario);
	expect([summary.cache, summary.usage.written]).toEqual([cache, written]);
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
