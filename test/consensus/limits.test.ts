import { describe, expect, test } from "vitest";
import { plan } from "../../src/consensus/plan.ts";
import { limitBounds, type LimitName } from "../../src/consensus/team.ts";
import { outcome } from "./outcome.ts";
import { answered, session, spec, type Options, type Row, type Scenario } from "./scenario.ts";

const usage = (input: number, output: number) => ({ usage: { input, output, cached: null, reasoning: null } });
const offers = (s: Scenario, agent: string) => plan(s.state).calls.find((call) => call.agent === agent)?.offers ?? null;
const both = ["new_answer", "vote"] as const;
const voteOnly = ["vote"] as const;

describe("P9: at its answer cap, or past 80 % of a turn's time or budget, an agent is offered `vote` only", () => {
	const cap = (answers_per_agent: number): Options => ({ limits: { answers_per_agent } });
	const attempt = (answers_per_attempt: number): Options => ({ limits: { answers_per_attempt } });
	const bill = { ...usage(60, 20), costUsd: 0.8 };

	test.each<readonly [string, () => Scenario, readonly string[]]>([
		["P9: before anything is shown, both are offered", () => session(), both],
		["P9: below `answers_per_agent` both are offered", () => answered(cap(2)), both],
		["P9: at `answers_per_agent` only the vote", () => answered(cap(1)), voteOnly],
		["P9: at `answers_per_agent` after an improvement", () => answered(cap(2)).answers("a", "A2"), voteOnly],
		["P9: below `answers_per_attempt` both are offered", () => answered(attempt(1)), both],
		[
			"P9: at `answers_per_attempt`, first answers not counted, only the vote",
			() => answered(attempt(1)).answers("b", "B2"),
			voteOnly,
		],
		["P9: `answers_per_attempt` 0 leaves the first answers only", () => answered(attempt(0)), voteOnly],
		["P9: past 80 % of the turn's time only the vote", () => answered().passes("turn_soft"), voteOnly],
		[
			"P9: an agent that has nothing to vote for may still answer past 80 %",
			() => session().passes("turn_soft"),
			both,
		],
		["P9: below 80 % of the calls both are offered", () => answered({ budget: { calls: 4 } }), both],
		["P9: at 80 % of the calls only the vote", () => answered({ budget: { calls: 5 } }).asks("b"), voteOnly],
		[
			"P9: below 80 % of the tokens both are offered",
			() =>
				session({ agents: 2, budget: { tokens: 101 } })
					.answers("a", "A", bill)
					.answers("b", "B"),
			both,
		],
		[
			"P9: at 80 % of the tokens only the vote",
			() =>
				session({ agents: 2, budget: { tokens: 100 } })
					.answers("a", "A", bill)
					.answers("b", "B"),
			voteOnly,
		],
		[
			"P9: below 80 % of the money both are offered",
			() =>
				session({ agents: 2, budget: { usd: 1.01 } })
					.answers("a", "A", bill)
					.answers("b", "B"),
			both,
		],
		[
			"P9: at 80 % of the money only the vote",
			() =>
				session({ agents: 2, budget: { usd: 1 } })
					.answers("a", "A", bill)
					.answers("b", "B"),
			voteOnly,
		],
	])("%s", (_, story, expected) => {
		expect(offers(story(), "a")).toEqual(expected);
	});

	spec([
		[
			"P9: a new answer in flight when the attempt reached its cap is refused without using up `enforcement_max`",
			() =>
				answered({ limits: { answers_per_attempt: 1, enforcement_max: 0 } })
					.asks("b")
					.answers("a", "A2")
					.next()
					.answers("b", "B2")
					.votes("b", "a1.2"),
			["answer.refused b cap", "agent.informed b: a1.2, notes 0", "vote.cast b a1.2"],
		],
		[
			"P9: after that only the vote is on offer",
			() => answered(attempt(1)).asks("b").answers("a", "A2").answers("b", "B2").next().answers("b", "B2"),
			["answer.refused b not_offered", "agent.reminded b not_offered"],
		],
		[
			"P9: a new answer in flight past 80 % of the time is accepted",
			() => answered().asks("b").passes("turn_soft").next().answers("b", "B2"),
			["answer.accepted b a2.2", "round.started b 3: a1.1 a3.1 a2.2"],
		],
	]);
});

describe("P9: rounds", () => {
	const rounds = (rounds_per_agent: number, more: Options["limits"] = {}): Options => ({
		limits: { rounds_per_agent, ...more },
		protocol: { final: "reuse" },
	});

	spec([
		[
			"P9: at `rounds_per_agent` no round is left to vote in, and the sealed order decides",
			() =>
				session({ agents: 2, ...rounds(1) })
					.answers("a", "A")
					.next()
					.answers("b", "B"),
			[
				"answer.accepted b a2.1",
				"seal.opened all",
				"consensus.failed rounds_per_agent a1.1 0%",
				"presentation.started a 1 reuse",
				"final.text A",
				"turn.finished 1 no consensus: A",
			],
		],
		[
			"P9: one round more and there is",
			() =>
				session({ agents: 2, ...rounds(2) })
					.answers("a", "A")
					.answers("b", "B")
					.next()
					.votes("a", "a1.1"),
			["vote.cast a a1.1"],
		],
		[
			"P9: those who have a round left are waited for",
			() => answered(rounds(2)).answers("a", "A2").next().votes("b", "a1.1").votes("b", "a1.2"),
			["vote.refused b unseen", "agent.informed b: a1.2, notes 0", "vote.cast b a1.2"],
		],
		[
			"P9: a vote round whose vote was voided does not count",
			() =>
				answered(rounds(2)).votes("b", "a1.1").answers("a", "A2").votes("b", "a1.2").next().answers("c", "C2"),
			["answer.accepted c a3.2", "votes.voided b:a1.2 by a3.2", "round.started b 4: a2.1 a1.2 a3.2"],
		],
		[
			"P9: a vote that was unseen does not count: the same round goes on",
			() => answered(rounds(2)).asks("b").answers("a", "A2").votes("b", "a1.1").next().votes("b", "a1.2"),
			["vote.cast b a1.2"],
		],
		[
			"P9: a round that ended in an answer counts",
			() =>
				answered({ agents: 3, ...rounds(3) })
					.answers("a", "A2")
					.next()
					.answers("a", "A3"),
			["answer.accepted a a1.3"],
		],
		[
			"P2, P9: a vote-only round whose vote was suspended again does not count either",
			() =>
				answered({ agents: 4, limits: { rounds_per_agent: 2 }, protocol: { invalidation: "affected" } })
					.votes("a", "a2.1")
					.answers("c", "C2")
					.votes("a", "a2.1")
					.next()
					.answers("d", "D2"),
			["answer.accepted d a4.2", "votes.suspended a:a2.1 by a4.2", "round.started a 4 vote-only: a2.1 a4.2"],
		],
	]);
});

describe("P9: at a limit, if fewer votes stand than the quorum, the last complete tally over still-current answers decides, else sealed order", () => {
	const five = () => answered({ agents: 5 });
	const suspending = () => answered({ agents: 5, protocol: { invalidation: "affected" } });
	const complete = (s: Scenario) => s.votes("a", "a3.1").votes("b", "a3.1").votes("d", "a2.1");
	const atLimit = (s: Scenario) => s.next().passes("turn").told;
	const ending = (winner: string, agreement: string, agent: string, text: string) => [
		`consensus.failed turn_seconds ${winner} ${agreement}`,
		`presentation.started ${agent} 1 reuse`,
		`final.text ${text}`,
		`turn.finished 1 no consensus: ${text}`,
	];

	test.each<readonly [string, () => Scenario, readonly string[]]>([
		["P9: without a vote the sealed order decides", () => five(), ending("a1.1", "0%", "a", "A")],
		[
			"P9: fewer votes than the quorum do not",
			() => five().votes("a", "a3.1").votes("b", "a3.1"),
			ending("a1.1", "0%", "a", "A"),
		],
		["P9: as many as the quorum do", () => complete(five()), ending("a3.1", "40%", "c", "C")],
		[
			"P9: a complete tally that was voided is kept",
			() => complete(five()).answers("e", "E2"),
			ending("a3.1", "40%", "c", "C"),
		],
		[
			"P9: over answers that are still current",
			() => complete(five()).answers("c", "C2"),
			ending("a2.1", "20%", "b", "B"),
		],
		[
			"P9: an incomplete tally that was voided is not kept",
			() => five().votes("a", "a3.1").votes("b", "a3.1").answers("e", "E2"),
			ending("a1.1", "0%", "a", "A"),
		],
		[
			"P9: an incomplete tally does not replace a complete one",
			() => complete(five()).answers("e", "E2").votes("a", "a2.1").answers("d", "D2"),
			ending("a3.1", "40%", "c", "C"),
		],
		[
			"P9: the last complete tally replaces the one before",
			() =>
				complete(five())
					.answers("e", "E2")
					.votes("a", "a2.1")
					.votes("b", "a2.1")
					.replies("c")
					.votes("c", "a2.1")
					.answers("d", "D2"),
			ending("a2.1", "60%", "b", "B"),
		],
		[
			"P9: votes that stand in quorum go before the last tally",
			() =>
				complete(five())
					.answers("e", "E2")
					.votes("a", "a2.1")
					.votes("b", "a2.1")
					.replies("c")
					.votes("c", "a1.1"),
			ending("a2.1", "40%", "b", "B"),
		],
		[
			"P2, P9: a complete tally that was suspended is kept",
			() => complete(suspending()).answers("e", "E2"),
			ending("a3.1", "40%", "c", "C"),
		],
		[
			"P2, P9: partly voided, partly suspended",
			() => complete(suspending()).answers("c", "C2"),
			ending("a2.1", "20%", "b", "B"),
		],
	])("%s", (_, story, expected) => {
		expect(atLimit(story())).toEqual(expected);
	});

	test("P9: votes of the last tally for answers that are not current decide nothing", () => {
		const { votes } = outcome(complete(five()).answers("c", "C2").passes("turn"));
		expect(votes).toEqual([{ agent: "d", answer: "a2.1", reason: "" }]);
	});

	test("P9: the verdict names the reason, the limit and the votes that decided", () => {
		expect(outcome(complete(five()).answers("e", "E2").passes("turn"))).toEqual({
			type: "consensus.failed",
			reason: "limit",
			limit: "turn_seconds",
			best: "a3.1",
			tally: [
				{ answer: "a3.1", votes: 2, self_votes: 0, pooled: [] },
				{ answer: "a2.1", votes: 1, self_votes: 0, pooled: [] },
				{ answer: "a1.1", votes: 0, self_votes: 0, pooled: [] },
				{ answer: "a4.1", votes: 0, self_votes: 0, pooled: [] },
				{ answer: "a5.2", votes: 0, self_votes: 0, pooled: [] },
			],
			votes: [
				{ agent: "a", answer: "a3.1", reason: "" },
				{ agent: "b", answer: "a3.1", reason: "" },
				{ agent: "d", answer: "a2.1", reason: "" },
			],
			agreement: 0.4,
		});
	});
});

describe("P9: time", () => {
	spec([
		[
			"P9: 80 % of the turn's time is said once",
			() => session().next().passes("turn_soft"),
			["limit.near turn_seconds"],
		],
		[
			"P9: at `turn_seconds` every call is aborted",
			() => answered().asks("a", "b").next().passes("turn"),
			[
				"call aborted t1.a1.r2.c1.x1",
				"call aborted t1.a2.r2.c1.x1",
				"consensus.failed turn_seconds a1.1 0%",
				"presentation.started a 1 reuse",
				"final.text A",
				"turn.finished 1 no consensus: A",
			],
		],
		[
			"P9, P10: at `turn_seconds` without any answer the turn fails",
			() => session().asks("a").next().passes("turn"),
			["call aborted t1.a1.r1.c1.x1", "turn.failed 1: a turn_seconds, b turn_seconds, c turn_seconds"],
		],
		[
			"P9: a deadline that runs no longer ends nothing",
			() => answered().next().sends({ type: "deadline.passed", key: "seal:t1" }),
			[],
		],
		[
			"P9: a deadline of another turn ends nothing",
			() => answered().next().sends({ type: "deadline.passed", key: "turn:t2" }),
			[],
		],
	] satisfies readonly Row[]);
});

describe("P9: each limit has a default and a hard maximum", () => {
	test("P9: the defaults are the contract's", () => {
		const names = Object.keys(limitBounds) as LimitName[];
		expect(Object.fromEntries(names.map((name) => [name, limitBounds[name].default]))).toEqual({
			answers_per_agent: 3,
			answers_per_attempt: 12,
			rounds_per_agent: 6,
			enforcement_max: 2,
			tool_calls_per_round: 40,
			output_tokens_per_call: 16_000,
			first_byte_seconds: 60,
			stall_seconds: 60,
			seal_seconds: 60,
			round_seconds: 300,
			turn_seconds: 900,
			retries: 3,
		});
	});

	test.each(Object.entries(limitBounds))(
		"P9: the default of %s lies between its bounds",
		(_, { default: usual, min, max }) => {
			expect([min, usual, max].toSorted((a, b) => a - b)).toEqual([min, usual, max]);
		},
	);
});
