import { describe, expect, test } from "vitest";
import { plan } from "../../src/consensus/plan.ts";
import { answered, session, spec, type Scenario } from "./scenario.ts";

const tokens = (input: number | null, output: number | null) => ({
	usage: { input, output, cached: 1000, reasoning: 1000 },
});
const started = (s: Scenario) => s.events.filter(({ type }) => type === "call.started").length;
const wanted = (s: Scenario) => plan(s.state).calls.map(({ id, status }) => `${status} ${id}`);
const two = { agents: 2 } as const;
const reused = (limit: string) => [
	`consensus.failed ${limit} a1.1 0%`,
	"presentation.started a 1 reuse",
	"final.text A",
	"turn.finished 1 no consensus: A",
];

describe("P9: a budget stops a turn", () => {
	spec([
		[
			"P9: at `budget.calls` calls in flight still count, then the best so far is reused",
			() =>
				session({ ...two, budget: { calls: 2 } })
					.asks("a", "b")
					.next()
					.answers("a", "A")
					.answers("b", "B"),
			["answer.accepted a a1.1", "answer.accepted b a2.1", "seal.opened all", ...reused("budget.calls")],
		],
		[
			"P9: with one call more there is one more",
			() =>
				session({ ...two, budget: { calls: 3 } })
					.answers("a", "A")
					.answers("b", "B")
					.next()
					.votes("a", "a1.1"),
			["vote.cast a a1.1", ...reused("budget.calls")],
		],
		[
			"P9: the vote that completes the team within the budget makes a consensus, presented by reuse",
			() =>
				session({ ...two, budget: { calls: 4 } })
					.answers("a", "A")
					.answers("b", "B")
					.votes("a", "a1.1")
					.next()
					.votes("b", "a1.1"),
			[
				"vote.cast b a1.1",
				"consensus.reached all a1.1 100%",
				"presentation.started a 1 reuse",
				"final.text A",
				"turn.finished 1 consensus: A",
			],
		],
		[
			"P9: with one call more the winner presents",
			() =>
				session({ ...two, budget: { calls: 5 } })
					.answers("a", "A")
					.answers("b", "B")
					.votes("a", "a1.1")
					.next()
					.votes("b", "a1.1"),
			["vote.cast b a1.1", "consensus.reached all a1.1 100%", "presentation.started a 1 present"],
		],
		[
			"P9: at `budget.tokens`, input and output",
			() =>
				session({ ...two, budget: { tokens: 100 } })
					.answers("b", "B")
					.next()
					.answers("a", "A", tokens(60, 40)),
			[
				"answer.accepted a a1.1",
				"seal.opened all",
				"consensus.failed budget.tokens a2.1 0%",
				"presentation.started b 1 reuse",
				"final.text B",
				"turn.finished 1 no consensus: B",
			],
		],
		[
			"P9: below `budget.tokens` the turn goes on",
			() =>
				session({ ...two, budget: { tokens: 100 } })
					.answers("b", "B")
					.next()
					.answers("a", "A", tokens(60, 39)),
			[
				"answer.accepted a a1.1",
				"seal.opened all",
				"round.started a 2: a2.1 a1.1",
				"round.started b 2: a2.1 a1.1",
			],
		],
		[
			"P9: tokens that a provider did not report are not made up",
			() =>
				session({ ...two, budget: { tokens: 100 } })
					.answers("b", "B", { usage: null })
					.next()
					.answers("a", "A", tokens(null, 99)),
			[
				"answer.accepted a a1.1",
				"seal.opened all",
				"round.started a 2: a2.1 a1.1",
				"round.started b 2: a2.1 a1.1",
			],
		],
		[
			"P9: at `budget.usd`",
			() =>
				session({ ...two, budget: { usd: 0.5 } })
					.answers("a", "A", { costUsd: 0.25 })
					.next()
					.answers("b", "B", { costUsd: 0.25 }),
			["answer.accepted b a2.1", "seal.opened all", ...reused("budget.usd")],
		],
		[
			"P9: below `budget.usd` the turn goes on",
			() =>
				session({ ...two, budget: { usd: 0.5 } })
					.answers("a", "A", { costUsd: 0.25 })
					.next()
					.answers("b", "B", { costUsd: 0.24 }),
			[
				"answer.accepted b a2.1",
				"seal.opened all",
				"round.started a 2: a1.1 a2.1",
				"round.started b 2: a1.1 a2.1",
			],
		],
		[
			"P9, P10: a budget that is spent before anybody answered fails the turn, saying so",
			() =>
				session({ ...two, budget: { calls: 1 } })
					.next()
					.replies("a"),
			["agent.reminded a no_decision", "turn.failed 1: a budget.calls, b budget.calls"],
		],
		["P9: a budget of nothing pays for nothing", () => session({ ...two, budget: { calls: 0 } }).next(), []],
		[
			"P9: each turn has its own budget",
			() =>
				session({ agents: 1, budget: { calls: 1 } })
					.answers("a", "A")
					.next()
					.sends({ type: "message", text: "And?" })
					.answers("a", "B"),
			[
				"turn.started 2 And?",
				"attempt.started 1",
				"round.started a 1: -",
				"answer.accepted a a1.2",
				"consensus.reached alone a1.2 100%",
				"presentation.started a 1 reuse",
				"final.text B",
				"turn.finished 2 consensus: B",
			],
		],
		[
			"P9: a presentation that failed is not tried again beyond the budget",
			() => presenting(5).next().fails("presenter", { retryable: true }),
			["agent.failed a server", "presentation.started a 2 reuse", "final.text A", "turn.finished 1 consensus: A"],
		],
		[
			"P9, P15: a presentation that was lost is not paid again beyond the budget",
			() => presenting(5).asks("a").next().loses("a"),
			[
				"call lost t1.p1.x1",
				"presentation.started a 2 present",
				"presentation.started a 3 reuse",
				"final.text A",
				"turn.finished 1 consensus: A",
			],
		],
		[
			"P9, P15: a round's call that was lost is not paid again beyond the budget",
			() =>
				session({ ...two, budget: { calls: 2 } })
					.answers("a", "A")
					.next()
					.loses("b"),
			["call lost t1.a2.r1.c1.x1", ...reused("budget.calls")],
		],
	]);

	test.each<readonly [string, number, readonly string[]]>([
		[
			"P9: below the budget every agent's call is wanted",
			3,
			["open t1.a1.r1.c1.x1", "open t1.a2.r1.c1.x1", "due t1.a3.r1.c1.x1"],
		],
		[
			"P9: at the budget no call is wanted that is not under way",
			2,
			["open t1.a1.r1.c1.x1", "open t1.a2.r1.c1.x1"],
		],
	])("%s", (_, calls, expected) => {
		expect(wanted(session({ budget: { calls } }).asks("a", "b"))).toEqual(expected);
	});

	test.each([1, 2, 3, 4, 5, 6, 7])("P9: a budget of %i calls is never passed", (calls) => {
		const greedy = ["a", "b", "c", "a", "b", "c", "a", "b", "c"];
		const s = greedy.reduce(
			(now, agent) => (wanted(now).length === 0 ? now : eager(now, agent)),
			session({ budget: { calls } }),
		);
		expect(started(s)).toBe(calls);
	});
});

/** a won by two votes, with four calls spent of this many. */
function presenting(calls: number): Scenario {
	return answered({ ...two, budget: { calls } })
		.votes("a", "a1.1")
		.votes("b", "a1.1");
}

/** Whoever of the team has a call to make says something new; the named one first. */
function eager(s: Scenario, agent: string): Scenario {
	const next = plan(s.state).calls.find((call) => call.agent === agent) ?? plan(s.state).calls[0];
	const text = `${s.events.length}`;
	if (next?.purpose === "presentation") return s.presents(text);
	const who = next?.agent ?? agent;
	return next?.offers.includes("new_answer") === true ? s.answers(who, text) : s.replies(who);
}
