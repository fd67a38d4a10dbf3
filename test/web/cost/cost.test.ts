import { expect, test } from "vitest";
import { gaugesOf } from "../../../src/web/cost/budgets.ts";
import { cachedText, sumOf } from "../../../src/web/cost/sums.ts";
import { receiptOf } from "../../../src/consensus/receipt.ts";
import { logged, round, team, type Bare } from "../state/logged.ts";

const call = (agent: string, id: string, provider = "openai"): Bare => ({
	type: "call.started",
	call: id,
	purpose: "round",
	agent,
	provider,
	model: "x",
	paid: 1,
	offers: ["new_answer", "vote"],
});
const ended = (id: string, cost_usd: number | null): Bare => ({
	type: "call.finished",
	call: id,
	outcome: "ok",
	usage: { input: 100, output: 20, cached: 40, reasoning: 0 },
	cost_usd,
	took_ms: 1500,
});
const log = (budget: object, ...events: readonly Bare[]) =>
	logged([
		{
			type: "session.created",
			team: { ...team, budget: { usd: null, tokens: null, calls: null, ...budget } },
			seed: 1,
		},
		{ type: "turn.started", turn: 1, question: "Why?" },
		{ type: "attempt.started", attempt: 1 },
		...events,
	]);
const spent = [round("a"), call("a", "c1"), ended("c1", 0.5)];

test.each<[string, object, readonly unknown[]]>([
	["nothing is capped, so there is nothing to show", {}, []],
	[
		"a turn's dollars, tokens, calls and seconds by the clock",
		{ usd: 2, tokens: 240, calls: 4, seconds: 8 },
		[
			{ scope: "Turn", unit: "usd", spent: 0.5, cap: 2, share: 0.25 },
			{ scope: "Turn", unit: "tokens", spent: 120, cap: 240, share: 0.5 },
			{ scope: "Turn", unit: "calls", spent: 1, cap: 4, share: 0.25 },
			{ scope: "Turn", unit: "seconds", spent: 4, cap: 8, share: 0.5 },
		],
	],
	[
		"each agent's own and the session's, in seconds of their calls",
		{ agent: { usd: null, tokens: null, calls: 2 }, session: { usd: null, tokens: null, calls: null, seconds: 3 } },
		[
			{ scope: "a", unit: "calls", spent: 1, cap: 2, share: 0.5 },
			{ scope: "b", unit: "calls", spent: 0, cap: 2, share: 0 },
			{ scope: "Session", unit: "seconds", spent: 1.5, cap: 3, share: 0.5 },
		],
	],
])("%s", (_, budget, expected) => expect(gaugesOf(log(budget, ...spent))).toEqual(expected));

test("a turn that is over keeps what it has spent", () => {
	const over: Bare = { type: "session.cancelled", turn: 1 };
	expect(
		gaugesOf(log({ calls: 2, seconds: 8 }, ...spent, over)).map(({ unit, spent: used }) => [unit, used]),
	).toEqual([
		["calls", 1],
		["seconds", 4],
	]);
});

test("a budget that was changed is the one that holds", () => {
	const raised: Bare = { type: "budget.changed", budget: { usd: null, tokens: null, calls: 10 } };
	expect(gaugesOf(log({ calls: 2 }, ...spent, raised)).map(({ cap }) => cap)).toEqual([10]);
});

test.each<[string, readonly Bare[], object]>([
	[
		"calls add up",
		[...spent, round("b"), call("b", "c2"), ended("c2", 0.25)],
		{ calls: 2, input: 200, output: 40, cached: 80, cost_usd: 0.75 },
	],
	[
		"an unknown price makes the sum unknown",
		[...spent, round("b"), call("b", "c2"), ended("c2", null)],
		{ calls: 2, input: 200, output: 40, cached: 80, cost_usd: null },
	],
	[
		"the demo's calls have no price and cost nothing",
		[round("a"), call("a", "c1", "demo"), ended("c1", null)],
		{ calls: 1, input: 100, output: 20, cached: 40, cost_usd: 0 },
	],
	[
		"an open call has not cost anything yet",
		[round("a"), call("a", "c1")],
		{ calls: 1, input: 0, output: 0, cached: 0, cost_usd: 0 },
	],
])("%s", (_, events, expected) => expect(sumOf(receiptOf(log({}, ...events)).calls)).toEqual(expected));

test("the share of caches is told in percent, where there was input", () => {
	expect([cachedText({ input: 3, cached: 1 }), cachedText({ input: 0, cached: 0 })]).toEqual(["33 %", "–"]);
});
