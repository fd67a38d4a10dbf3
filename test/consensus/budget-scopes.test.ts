import { describe, expect, test } from "vitest";
import type { Bill } from "../../src/consensus/commands.ts";
import type { Worst } from "../../src/consensus/events.ts";
import { plan } from "../../src/consensus/plan.ts";
import type { Caps } from "../../src/consensus/team.ts";
import { answered, session, spec, type Options, type Scenario } from "./scenario.ts";

const caps = (more: Partial<Caps>): Caps => ({ usd: null, tokens: null, calls: null, ...more });
const used = (input: number, output = 0): Bill => ({
	usage: { input, output, cached: null, reasoning: null },
	costUsd: null,
});
const worst = (tokens: number, usd: number | null = 0): Worst => ({ tokens, usd });
/** Dispatches the call of this agent that is due, with what it may use at most. */
function asks(s: Scenario, who: string, most: Worst): Scenario {
	const call = plan(s.state).calls.find(({ agent, status }) => agent === who && status === "due");
	return call === undefined ? s : s.sends({ type: "call.dispatched", call: call.id, worst: most });
}
const open = (s: Scenario) => plan(s.state).calls.flatMap(({ status, agent }) => (status === "open" ? [agent] : []));
const two: Options = { agents: 2, protocol: { final: "reuse" } };
const left = (limit: string, winner: string, text: string) => [
	`limit.reached ${limit}`,
	`consensus.failed ${limit} ${winner} 0%`,
	`presentation.started ${winner === "a1.1" ? "a" : "b"} 1 reuse`,
	`final.text ${text}`,
	`turn.finished 1 no consensus: ${text}`,
];

describe("P9: a call leaves only if its worst case fits", () => {
	test.each<[string, Worst, boolean]>([
		["to the token", worst(60), true],
		["not with one more", worst(61), false],
	])("beside what is in flight: %s", (_, most, leaves) => {
		const s = asks(asks(session({ ...two, budget: { tokens: 100 } }), "a", worst(40)), "b", most);
		expect(open(s)).toEqual(leaves ? ["a", "b"] : ["a"]);
	});

	test.each<[string, number | null, boolean]>([
		["to the cent", 0.5, true],
		["not beyond", 0.500_001, false],
		["not without a price: nobody could say that it fits", null, false],
	])("under a cap in dollars: %s", (_, usd, leaves) => {
		const s = asks(asks(session({ ...two, budget: { usd: 1 } }), "a", worst(9, 0.5)), "b", worst(9, usd));
		expect(open(s)).toEqual(leaves ? ["a", "b"] : ["a"]);
	});

	test("a call without a price leaves where only tokens are capped", () => {
		expect(open(asks(session({ ...two, budget: { tokens: 100 } }), "a", worst(9, null)))).toEqual(["a"]);
	});

	test("one that waited leaves once those in flight have used less", () => {
		const waiting = asks(asks(session({ ...two, budget: { tokens: 100 } }), "a", worst(80)), "b", worst(80));
		const freed = waiting.answers("a", "A", used(10, 10));
		expect([open(waiting), open(asks(freed, "b", worst(80))), open(asks(freed, "b", worst(81)))]).toEqual([
			["a"],
			["b"],
			[],
		]);
	});

	spec([
		[
			"where nothing is in flight the best answer so far is the result",
			() =>
				asks(
					asks(session({ ...two, budget: { tokens: 100 } }), "a", worst(80))
						.answers("a", "A", used(30))
						.next(),
					"b",
					worst(71),
				),
			left("budget.tokens", "a1.1", "A"),
		],
		[
			"without an answer the turn fails, saying so",
			() => asks(session({ ...two, budget: { usd: 1 } }).next(), "a", worst(1, 1.01)),
			["limit.reached budget.usd", "turn.failed 1: a budget.usd, b budget.usd"],
		],
		[
			"a presenter that cannot be paid leaves its answer as it is",
			() => {
				const won = answered({ agents: 2, budget: { tokens: 100 } })
					.votes("a", "a1.1")
					.votes("b", "a1.1")
					.next();
				return asks(won, "a", worst(101));
			},
			[
				"limit.reached budget.tokens",
				"presentation.started a 2 reuse",
				"final.text A",
				"turn.finished 1 consensus: A",
			],
		],
	]);
});

describe("P9: an agent's own budget", () => {
	const own = (more: Partial<Caps>): Options => ({
		agents: 3,
		protocol: { final: "reuse" },
		budget: { agent: caps(more) },
	});
	spec([
		[
			"an agent without means retires: its answer stays, the others go on",
			() => {
				const s = answered(own({ calls: 1 })).next();
				return asks(s, "a", worst(1));
			},
			["limit.reached budget.agent.calls of a", "agent.quarantined a budget.agent.calls"],
		],
		[
			"its vote stands",
			() =>
				["c", "b"].reduce(
					(s, who) => asks(s, who, worst(1)),
					answered({ ...own({ calls: 2 }), agents: 3 })
						.votes("b", "a1.1")
						.answers("c", "New")
						.next(),
				),
			[
				"limit.reached budget.agent.calls of c",
				"agent.quarantined c budget.agent.calls",
				"limit.reached budget.agent.calls of b",
				"agent.quarantined b budget.agent.calls",
			],
		],
		[
			"it does not wait for others in flight: they cannot make room for it",
			() => asks(asks(session(own({ tokens: 50 })), "a", worst(50)).next(), "b", worst(51)),
			["limit.reached budget.agent.tokens of b", "agent.quarantined b budget.agent.tokens"],
		],
	]);

	test("all without means and without an answer: the turn fails, saying for each why", () => {
		const s = ["a", "b", "c"].reduce((now, who) => asks(now, who, worst(51)), session(own({ tokens: 50 })));
		expect(s.told.at(-1)).toBe(
			"turn.failed 1: a budget.agent.tokens, b budget.agent.tokens, c budget.agent.tokens",
		);
		const failed = s.events.at(-1);
		expect(failed?.type === "turn.failed" && failed.reasons[0]?.message).toBe(
			"The limit budget.agent.tokens was reached.",
		);
	});

	test.each<[string, number, readonly string[]]>([
		["below 80 % of it both are offered", 79, ["new_answer", "vote"]],
		["at 80 % of it only the vote", 80, ["vote"]],
	])("%s", (_, tokens, offers) => {
		const s = session(own({ tokens: 100 }))
			.answers("a", "A", used(tokens))
			.answers("b", "B")
			.answers("c", "C");
		const offered = plan(s.state).calls.map(({ agent, offers: each }) => [agent, each]);
		expect(offered).toEqual([
			["a", offers],
			["b", ["new_answer", "vote"]],
			["c", ["new_answer", "vote"]],
		]);
	});

	test("the time of its calls counts, and each turn begins anew", () => {
		const alone = session({ agents: 1, budget: { agent: caps({ seconds: 10 }) } });
		const slow = alone.replies("a").sends();
		const timed = (s: Scenario, tookMs: number) => {
			const asked = asks(s, "a", worst(1));
			const call = plan(asked.state).calls[0]?.id ?? ("" as never);
			const reply = { text: "", toolCalls: [], paused: false };
			return asked.sends({ type: "call.ended", call, reply, bill: { usage: null, costUsd: 0, tookMs } });
		};
		expect(open(asks(timed(slow, 9_999), "a", worst(1)))).toEqual(["a"]);
		const over = asks(timed(slow, 10_000).next(), "a", worst(1));
		expect(over.told).toEqual([
			"limit.reached budget.agent.seconds of a",
			"agent.quarantined a budget.agent.seconds",
			"turn.failed 1: a budget.agent.seconds",
		]);
		expect(open(asks(over.sends({ type: "message", text: "Again?" }), "a", worst(1)))).toEqual(["a"]);
	});
});

describe("P9: what nobody knows is counted at its worst", () => {
	const budget = { tokens: 100, usd: 1 };
	const after = (end: (s: Scenario) => Scenario) => {
		const s = end(asks(session({ ...two, budget }), "a", worst(60, 0.6)));
		const turn = s.state.status === "open" ? s.state.current : null;
		return turn === null ? null : [turn.spend.tokens, turn.spend.usd];
	};
	const fails = (bill: Bill) => (s: Scenario) => {
		const call = plan(s.state).calls.find(({ status }) => status === "open")?.id ?? ("" as never);
		const failure = { code: "server", message: "", retryable: true, begun: true, retryInMs: 0 };
		return s.sends({ type: "call.failed", call, ...failure, bill });
	};
	test.each<[string, (s: Scenario) => Scenario, readonly [number, number]]>([
		["a call that was lost with its machine", (s) => s.loses("a"), [60, 0.6]],
		["a call that was stopped", (s) => s.sends({ type: "drop_agent", agent: "a" as never }), [60, 0.6]],
		["one that failed without a count", fails({ usage: null, costUsd: null }), [60, 0.6]],
		[
			"one of which only a part was counted",
			fails({ ...used(10), usage: { input: 10, output: null, cached: null, reasoning: null } }),
			[60, 0.6],
		],
		["but not one that its provider refused", fails({ usage: null, costUsd: 0 }), [0, 0]],
		["nor one that was counted", fails({ ...used(10, 5), costUsd: 0.25 }), [15, 0.25]],
		["also where it used more", fails({ ...used(90, 5), costUsd: 0.75 }), [95, 0.75]],
	])("%s", (_, end, expected) => expect(after(end)).toEqual(expected));
});

describe("P9: the turn's own seconds", () => {
	spec([
		[
			"end it as its time does",
			() =>
				answered({ agents: 2, budget: { seconds: 30 } })
					.next()
					.passes("budget"),
			left("budget.seconds", "a1.1", "A"),
		],
		[
			"without an answer it fails, saying so",
			() =>
				session({ agents: 1, budget: { seconds: 30 } })
					.next()
					.passes("budget"),
			["limit.reached budget.seconds", "turn.failed 1: a budget.seconds"],
		],
	]);
	const deadlines = (options: Options) =>
		plan(session(options).state).deadlines.flatMap(({ key, afterMs }) =>
			key.includes("round") ? [] : [`${key} ${afterMs}`],
		);
	test.each<[string, number | null, readonly string[]]>([
		["none: the turn has its limit", null, ["soft:t1 720000", "turn:t1 900000"]],
		["fewer than the limit", 30, ["soft:t1.30 24000", "turn:t1 900000", "budget:t1.30 30000"]],
		["as many as the limit: that one governs", 900, ["soft:t1 720000", "turn:t1 900000"]],
	])("%s", (_, seconds, expected) => expect(deadlines({ agents: 1, budget: { seconds } })).toEqual(expected));
});

describe("P9: a session's budget", () => {
	const twice = (more: Partial<Caps>): Scenario =>
		session({ agents: 1, budget: { session: caps(more) } })
			.answers("a", "A", used(60))
			.next()
			.sends({ type: "message", text: "And?" });
	const waits = (cap: string) => `session.waiting budget: The session has used up budget.session.${cap}.`;
	const started = ["turn.started 2 And?", "attempt.started 1"];
	const enough = (tokens: number | null) =>
		({ type: "budget", budget: { ...caps({}), session: tokens === null ? null : caps({ tokens }) } }) as const;
	spec([
		["where it is used up, the next turn waits", () => twice({ tokens: 60 }), [...started, waits("tokens")]],
		["with a token left it begins", () => twice({ tokens: 61 }), [...started, "round.started a 1: -"]],
		["calls of all turns count", () => twice({ calls: 1 }), [...started, waits("calls")]],
		[
			"it goes on when the budget is raised",
			() => twice({ tokens: 60 }).next().sends(enough(61)),
			["budget.changed", "session.resumed", "round.started a 1: -"],
		],
		[
			"not if it is no larger than what was spent",
			() => twice({ tokens: 60 }).next().sends(enough(60)),
			["budget.changed"],
		],
		[
			"or when there is none any more",
			() => twice({ tokens: 60 }).next().sends(enough(null)),
			["budget.changed", "session.resumed", "round.started a 1: -"],
		],
		[
			"or ends when it is cancelled",
			() => twice({ tokens: 60 }).next().sends({ type: "cancel" }),
			["session.cancelled 2"],
		],
		[
			"resumed without a budget it waits again",
			() => twice({ tokens: 60 }).next().sends({ type: "resume" }),
			["session.resumed", waits("tokens")],
		],
		[
			"it waits as well where not even the first call fits",
			() => asks(twice({ tokens: 100 }).next(), "a", worst(41)),
			[waits("tokens")],
		],
		[
			"in the middle of a turn it ends that turn",
			() =>
				asks(
					session({ ...two, budget: { session: caps({ tokens: 100 }) } })
						.answers("a", "A", used(60))
						.next(),
					"b",
					worst(41),
				),
			left("budget.session.tokens", "a1.1", "A"),
		],
	]);
});
