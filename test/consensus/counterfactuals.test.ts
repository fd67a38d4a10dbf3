import { describe, expect, test } from "vitest";
import { counterfactualsOf, type WhatIf } from "../../src/consensus/counterfactuals.ts";
import { answered, session, type Scenario } from "./scenario.ts";

function whatIfs(s: Scenario) {
	const log = s.events.map((event, i) => ({ seq: i + 1, at: "2026-01-01T00:00:00.000Z", ...event }));
	return counterfactualsOf(log);
}

/** In short: who would have won, `=` where it is who has. */
const short = ({ what, winner, same, ...rest }: WhatIf) => {
	const which =
		"agent" in rest ? ` ${rest.agent} ${rest.agreement}` : "rule" in rest ? ` ${rest.rule} ${rest.spared}` : "";
	return `${what}${which}: ${winner}${same ? " =" : ""}`;
};
const told = (s: Scenario) => whatIfs(s).map(({ turn, winner, what_if }) => [turn, winner, ...what_if.map(short)]);

const three = { agents: 3 } as const;

describe("a decided turn is read under other rules", () => {
	test.each<[title: string, of: () => Scenario, readings: readonly (readonly (number | string)[])[]]>([
		[
			"without one of the two who agreed another answer would have won",
			() => answered(three).votes("a", "a2.1").votes("b", "a2.1").votes("c", "a3.1"),
			[
				[
					1,
					"a2.1",
					"without_agent a 0.5: a2.1 =",
					"without_agent b 0.5: a3.1",
					"without_agent c 1: a2.1 =",
					"latest_of_equals: a2.1 =",
					"self_votes_count: a2.1 =",
					"stop settled 1: a2.1 =",
					"stop agreed 1: a2.1 =",
				],
			],
		],
		[
			"of two equals the latest would have won, and a vote for oneself may turn it",
			() => answered({ agents: 2 }).votes("a", "a2.1").votes("b", "a1.1"),
			[
				[
					1,
					"a1.1",
					"without_agent a 0: a2.1",
					"without_agent b 0: a1.1 =",
					"latest_of_equals: a2.1",
					"self_votes_count: a1.1 =",
					"stop settled 0: a1.1 =",
					"stop agreed 1: a2.1",
				],
			],
		],
		[
			"two pairs of one vote each and another: the earlier pair has won, the later one is left without its rival",
			() => answered({ agents: 4 }).votes("a", "a1.1").votes("b", "a1.1").votes("c", "a3.1").votes("d", "a3.1"),
			[
				[
					1,
					"a1.1",
					"without_agent a 0.6666666666666666: a3.1",
					"without_agent b 0.6666666666666666: a3.1",
					"without_agent c 0.6666666666666666: a1.1 =",
					"without_agent d 0.6666666666666666: a1.1 =",
					"latest_of_equals: a3.1",
					"self_votes_count: a1.1 =",
					"stop settled 0: a1.1 =",
					"stop agreed 0: a1.1 =",
				],
			],
		],
		[
			"votes for oneself would have counted as much as others'",
			() => answered(three).votes("a", "a1.1").votes("b", "a3.1").votes("c", "a2.1"),
			[
				[
					1,
					"a2.1",
					"without_agent a 0.5: a2.1 =",
					"without_agent b 0.5: a1.1",
					"without_agent c 0.5: a1.1",
					"latest_of_equals: a3.1",
					"self_votes_count: a1.1",
					"stop settled 0: a2.1 =",
					"stop agreed 0: a2.1 =",
				],
			],
		],
		[
			"where the team stopped early nobody knows what all would have said",
			() =>
				answered({ ...three, protocol: { stop: "settled" } })
					.votes("a", "a2.1")
					.votes("b", "a2.1"),
			[
				[
					1,
					"a2.1",
					"without_agent a 0.5: a2.1 =",
					"without_agent b 0: a1.1",
					"without_agent c 1: a2.1 =",
					"latest_of_equals: a2.1 =",
					"self_votes_count: a2.1 =",
					"stop all 0: null",
					"stop agreed 0: a2.1 =",
				],
			],
		],
		[
			"votes that were voided count for nothing, and what was settled before them is where another rule would have ended",
			() =>
				answered(three)
					.votes("a", "a2.1")
					.votes("b", "a2.1")
					.answers("c", "C2")
					.votes("a", "a3.2")
					.votes("b", "a3.2")
					.votes("c", "a3.2"),
			[
				[
					1,
					"a3.2",
					"without_agent a 1: a3.2 =",
					"without_agent b 1: a3.2 =",
					"without_agent c 0: a1.1",
					"latest_of_equals: a3.2 =",
					"self_votes_count: a3.2 =",
					"stop settled 4: a2.1",
					"stop agreed 4: a2.1",
				],
			],
		],
		[
			"a person who cannot wait ends it under any rule, and before any vote the earliest has won, not the most alike",
			() =>
				session({ agents: 3, protocol: { start: "eager" } })
					.answers("a", "A")
					.answers("b", "B")
					.answers("c", "C")
					.sends({ type: "answer_now" }),
			[
				[
					1,
					"a1.1",
					"without_agent a 0: a2.1",
					"without_agent b 0: a1.1 =",
					"without_agent c 0: a1.1 =",
					"latest_of_equals: a3.1",
					"self_votes_count: a1.1 =",
					"stop settled 0: a1.1 =",
					"stop agreed 0: a1.1 =",
				],
			],
		],
		[
			"votes of the last full tally that have decided are the ones that are read",
			() =>
				answered(three).votes("a", "a2.1").votes("b", "a2.1").answers("c", "C2").sends({ type: "answer_now" }),
			[
				[
					1,
					"a2.1",
					"without_agent a 0.5: a2.1 =",
					"without_agent b 0: a1.1",
					"without_agent c 1: a2.1 =",
					"latest_of_equals: a2.1 =",
					"self_votes_count: a2.1 =",
					"stop settled 1: a2.1 =",
					"stop agreed 1: a2.1 =",
				],
			],
		],
		[
			"what was settled before a person ended it spares the calls after it",
			() => answered(three).votes("a", "a2.1").votes("b", "a2.1").asks("c").sends({ type: "answer_now" }),
			[
				[
					1,
					"a2.1",
					"without_agent a 0.5: a2.1 =",
					"without_agent b 0: a1.1",
					"without_agent c 1: a2.1 =",
					"latest_of_equals: a2.1 =",
					"self_votes_count: a2.1 =",
					"stop settled 1: a2.1 =",
					"stop agreed 1: a2.1 =",
				],
			],
		],
		[
			"an agent alone has nobody to be left out",
			() => session({ agents: 1 }).answers("a", "A"),
			[
				[
					1,
					"a1.1",
					"latest_of_equals: a1.1 =",
					"self_votes_count: a1.1 =",
					"stop settled 0: a1.1 =",
					"stop agreed 0: a1.1 =",
				],
			],
		],
	])("%s", (_, of, readings) => {
		expect(told(of())).toEqual(readings);
	});

	test("nothing is read from a turn that is not decided, or that has no answer", () => {
		expect([whatIfs(answered(three)), whatIfs(session(three))]).toEqual([[], []]);
	});
});
