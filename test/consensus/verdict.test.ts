import { describe, expect, test } from "vitest";
import { outcome } from "./outcome.ts";
import { agentId, answered, session, spec, type Options, type Scenario } from "./scenario.ts";

const settledBy = (agents: number, more: Options["protocol"] = {}) =>
	answered({ agents, protocol: { stop: "settled", final: "reuse", ...more } });
const agreeing = (agree: number, options: Options = {}): Options => ({
	...options,
	protocol: { stop: "agreed", agree, final: "reuse", ...options.protocol },
});
/** a has spent both its rounds on answers, b has voted, c is about to. */
const exhausted = (quorum: number) =>
	answered({ protocol: { stop: "settled", final: "reuse", quorum }, limits: { rounds_per_agent: 2 } })
		.answers("a", "A2")
		.replies("b")
		.votes("b", "a1.2")
		.replies("c");
/** Of five, a to d have answered one after the other, and a and b have voted for a1.1. */
const eager = () => {
	const s = session({ agents: 5, protocol: { start: "eager", stop: "settled", final: "reuse" } });
	const answers = s.answers("a", "A").answers("b", "B").answers("c", "C").answers("d", "D");
	return ["a", "b", "c"]
		.reduce((now, agent) => now.replies(agent), answers)
		.votes("a", "a1.1")
		.votes("b", "a1.1");
};
const judge = { backend: "demo", model: "judge", params: {} };
const drop = (agent: string) => ({ type: "drop_agent", agent: agentId(agent) }) as const;
/** The verdict and what it stopped, without its presentation. */
const closing = (s: Scenario) => s.told.filter((line) => !/^(final|presentation|turn)/.test(line));

describe("P8: deliberation ends when every live agent holds a counted vote", () => {
	spec([
		[
			"P8: not before the last vote",
			() => answered().votes("a", "a1.1").next().votes("b", "a1.1"),
			["vote.cast b a1.1"],
		],
		[
			"P8: at the last vote, and the winner presents",
			() => answered().votes("a", "a1.1").votes("b", "a1.1").next().votes("c", "a2.1"),
			["vote.cast c a2.1", "consensus.reached all a1.1 67%", "presentation.started a 1 present"],
		],
		[
			"P8: a quarantined agent is not waited for",
			() => answered().votes("a", "a1.1").votes("b", "a1.1").next().fails("c"),
			[
				"agent.failed c server",
				"agent.quarantined c server",
				"consensus.reached all a1.1 67%",
				"presentation.started a 1 present",
			],
		],
		[
			"P8: agreement is the winner's share of the agents that started, not of those left",
			() =>
				answered({ agents: 5 })
					.sends(drop("d"), drop("e"))
					.votes("a", "a1.1")
					.votes("b", "a1.1")
					.next()
					.votes("c", "a1.1"),
			["vote.cast c a1.1", "consensus.reached all a1.1 60%", "presentation.started a 1 present"],
		],
		[
			"P8: a split is no consensus, and the winner presents all the same",
			() => answered().votes("a", "a1.1").votes("b", "a2.1").next().votes("c", "a3.1"),
			["vote.cast c a3.1", "consensus.failed split a1.1 33%", "presentation.started a 1 present"],
		],
		[
			"P8: without any vote it is `no_votes`",
			() => answered({ agents: 2 }).sends(drop("a")).next().sends(drop("b")),
			[
				"agent.quarantined b dropped",
				"consensus.failed no_votes a1.1 0%",
				"presentation.started a 1 reuse",
				"final.text A",
				"turn.finished 1 no consensus: A",
			],
		],
		[
			"P14: a lone survivor of several is not a team of one",
			() => session().fails("b").fails("c").answers("a", "A").next().votes("a", "a1.1"),
			["vote.cast a a1.1", "consensus.failed split a1.1 33%", "presentation.started a 1 present"],
		],
	]);
});

describe("P8: `settled`: the outstanding agents, if they all voted, could not change the winner", () => {
	test.each<readonly [string, () => Scenario, readonly string[]]>([
		[
			"P8: three of five settle it",
			() => settledBy(5).votes("a", "a2.1").votes("c", "a2.1").next().votes("d", "a2.1"),
			["vote.cast d a2.1", "consensus.reached settled a2.1 60%"],
		],
		[
			"P8: two of five do not",
			() => settledBy(5).votes("a", "a2.1").next().votes("c", "a2.1"),
			["vote.cast c a2.1"],
		],
		[
			"P8: three of five do not where two more votes and an own one of the leader's could turn it",
			() => settledBy(5).votes("a", "a1.1").votes("b", "a1.1").next().votes("c", "a2.1"),
			["vote.cast c a2.1"],
		],
		[
			"P8: two votes from others of four settle nothing while a rival could gain two",
			() => settledBy(4).votes("a", "a4.1").next().votes("b", "a4.1"),
			["vote.cast b a4.1"],
		],
		[
			"P8: two of three settle it: one vote more could not overtake",
			() => settledBy(3).votes("b", "a1.1").next().votes("c", "a1.1"),
			["vote.cast c a1.1", "consensus.reached settled a1.1 67%"],
		],
		[
			"P8: a rival that could only draw level, and stands later in sealed order, cannot change the winner",
			() => settledBy(2, { quorum: 1 }).next().votes("b", "a1.1"),
			["vote.cast b a1.1", "consensus.reached settled a1.1 50%"],
		],
		[
			"P8: a rival that could draw level, and stands earlier in sealed order, can",
			() => settledBy(2, { quorum: 1 }).next().votes("a", "a2.1"),
			["vote.cast a a2.1"],
		],
		[
			"P8: a rival that could draw level can, where a judge would break the tie",
			() => settledBy(2, { quorum: 1, judge }).next().votes("b", "a1.1"),
			["vote.cast b a1.1"],
		],
		[
			"P8: whether the winner has the quorum is settled too",
			() => settledBy(2).next().votes("b", "a1.1"),
			["vote.cast b a1.1"],
		],
		[
			"P8: a tie that a judge would break is not settled",
			() => settledBy(3, { quorum: 1, judge }).votes("b", "a1.1").next().votes("a", "a2.1"),
			["vote.cast a a2.1"],
		],
		[
			"P8: `stop: all` goes on where it is settled",
			() => answered({ agents: 5 }).votes("a", "a2.1").votes("c", "a2.1").next().votes("d", "a2.1"),
			["vote.cast d a2.1"],
		],
		[
			"P8: calls of those not waited for are aborted",
			() => settledBy(3).asks("a").votes("b", "a1.1").next().votes("c", "a1.1"),
			["vote.cast c a1.1", "call aborted t1.a1.r2.c1.x1", "consensus.reached settled a1.1 67%"],
		],
		[
			"P4, P8: an eager team settles nothing while somebody has yet to answer",
			() => eager().asks("e").next().votes("c", "a1.1"),
			["vote.cast c a1.1"],
		],
		[
			"P4, P8: an eager team does not wait for the first answer of one that has failed",
			() => eager().votes("c", "a1.1").next().fails("e"),
			["agent.failed e server", "agent.quarantined e server", "consensus.reached settled a1.1 60%"],
		],
		[
			"P9: where nobody has a round left, a winner below the quorum is what the limit has left, not a settled one",
			() => exhausted(3).next().votes("c", "a1.2"),
			["vote.cast c a1.2", "consensus.failed rounds_per_agent a2.1 0%"],
		],
		[
			"P8: where nobody has a round left, a winner with the quorum is settled",
			() => exhausted(2).next().votes("c", "a1.2"),
			["vote.cast c a1.2", "consensus.reached settled a1.2 67%"],
		],
	])("%s", (_, story, expected) => {
		expect(closing(story())).toEqual(expected);
	});
});

describe("P8: `agreed`: one pool holds at least the share `protocol.agree` of the agents that started", () => {
	const said = (texts: string, options: Options): Scenario =>
		texts
			.split("")
			.reduce(
				(s, text, i) => s.next().answers("abcdefgh".charAt(i), text),
				session({ agents: texts.length, ...options }),
			);
	const opened = (texts: string, options: Options) => closing(said(texts, options)).slice(1, 3);

	test.each<readonly [string, () => readonly string[], readonly string[]]>([
		[
			"P8: its authors count: agreed when the seal opens, without a vote",
			() => opened("AAAB", agreeing(0.75)),
			["seal.opened all", "consensus.reached agreed a1.1 75%"],
		],
		[
			"P8: below the share the team goes on",
			() => opened("AABB", agreeing(0.75)),
			["seal.opened all", "round.started a 2: a1.1 a3.1"],
		],
		[
			"P8: one agent below the share",
			() => opened("AAAB", agreeing(0.76)),
			["seal.opened all", "round.started a 2: a1.1 a4.1"],
		],
		[
			"P8: `stop: settled` counts no authors",
			() => opened("AAAB", agreeing(0.75, { protocol: { stop: "settled" } })),
			["seal.opened all", "round.started a 2: a1.1 a4.1"],
		],
		["P8: unanimous", () => opened("AAA", agreeing(1)), ["seal.opened all", "consensus.reached agreed a1.1 100%"]],
		[
			"P8: agreed below the quorum is no consensus",
			() => opened("AABC", agreeing(0.5)),
			["seal.opened all", "consensus.failed no_votes a1.1 50%"],
		],
		[
			"P8: agreed later, by votes",
			() => closing(said("ABCD", agreeing(0.75)).votes("b", "a1.1").next().votes("c", "a1.1")),
			["vote.cast c a1.1", "consensus.reached agreed a1.1 75%"],
		],
		[
			"P8: an author who voted for another answer is no supporter of its own",
			() => closing(said("ABCD", agreeing(0.75)).votes("a", "a2.1").votes("b", "a1.1").next().votes("c", "a1.1")),
			["vote.cast c a1.1"],
		],
		[
			"P8: `agreed` includes `settled`",
			() => closing(said("ABCDE", agreeing(1)).votes("a", "a2.1").votes("c", "a2.1").next().votes("d", "a2.1")),
			["vote.cast d a2.1", "consensus.reached settled a2.1 60%"],
		],
		[
			"P8: agreed before the seal opens changes nothing: a late agent still counts",
			() =>
				closing(
					session({ agents: 4, ...agreeing(0.5) })
						.answers("a", "A")
						.next()
						.answers("b", "A"),
				),
			["answer.accepted b a2.1"],
		],
		[
			"P8: agreed when `seal_seconds` opens the seal",
			() =>
				closing(
					session({ agents: 4, ...agreeing(0.75) })
						.answers("a", "A")
						.answers("b", "A")
						.answers("c", "A")
						.asks("d")
						.next()
						.passes("seal"),
				),
			["seal.opened deadline", "call aborted t1.a4.r1.c1.x1", "consensus.reached agreed a1.1 75%"],
		],
	])("%s", (_, lines, expected) => {
		expect(lines()).toEqual(expected);
	});

	test("P8: agreed at the seal, the tally says that nobody has voted", () => {
		expect(outcome(said("AAAB", agreeing(0.75)))).toEqual({
			type: "consensus.reached",
			answer: "a1.1",
			tally: [
				{ answer: "a1.1", votes: 0, self_votes: 0, pooled: ["a2.1", "a3.1"] },
				{ answer: "a4.1", votes: 0, self_votes: 0, pooled: [] },
			],
			votes: [],
			agreement: 0.75,
			stop: "agreed",
		});
	});
});
