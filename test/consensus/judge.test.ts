import { describe, expect, test } from "vitest";
import { labelsOf } from "../../src/consensus/labels.ts";
import { all } from "./outcome.ts";
import { answered, session, type Options, type Scenario } from "./scenario.ts";

const judge = { backend: "demo", model: "judge", params: {} };
const judged = (more: Options["protocol"] = {}) =>
	answered({ agents: 2, protocol: { judge, final: "reuse", ...more } });
/** The verdict and what it stopped, without its presentation. */
const closing = (s: Scenario) => s.told.filter((line) => !/^(final|presentation|turn)/.test(line));

describe("P8: then the judge, if there is one", () => {
	const tie = (s: Scenario) => s.votes("a", "a2.1").next().votes("b", "a1.1");
	const asked = ["vote.cast b a1.1", "judge.asked a1.1 a2.1"];

	test.each<readonly [string, () => Scenario, readonly string[]]>([
		["P8: a tie goes to the judge", () => tie(judged()), asked],
		[
			"P8: without a judge the sealed order decides",
			() => tie(judged({ judge: null })),
			["vote.cast b a1.1", "consensus.failed split a1.1 50%"],
		],
		[
			"P8: what is no tie does not go to the judge",
			() => judged().votes("a", "a2.1").next().votes("b", "a2.1"),
			["vote.cast b a2.1", "consensus.reached all a2.1 100%"],
		],
		[
			"P8: the judge's ruling decides",
			() => tie(judged()).next().votes("judge", "a2.1"),
			["judge.ruled a2.1", "consensus.failed split a2.1 50%"],
		],
		[
			"P8: a ruling for the first",
			() => tie(judged()).next().votes("judge", "a1.1"),
			["judge.ruled a1.1", "consensus.failed split a1.1 50%"],
		],
		[
			"P8: a ruling makes no quorum, but a quorum met stands",
			() =>
				tie(judged({ quorum: 1 }))
					.next()
					.votes("judge", "a2.1"),
			["judge.ruled a2.1", "consensus.reached all a2.1 50%"],
		],
		[
			"P8: if the judge fails, the next rule decides",
			() => tie(judged()).next().fails("judge", { retryable: true }),
			["judge.failed server", "consensus.failed split a1.1 50%"],
		],
		[
			"P8: a judge that says nothing has failed",
			() => tie(judged()).next().replies("judge"),
			["judge.failed no_decision", "consensus.failed split a1.1 50%"],
		],
		[
			"P8: a judge with two votes has failed",
			() =>
				tie(judged())
					.next()
					.replies("judge", ["vote", { answer: "answer_1" }], ["vote", { answer: "answer_2" }]),
			["judge.failed no_decision", "consensus.failed split a1.1 50%"],
		],
		[
			"P8: a judge that names no answer has failed",
			() =>
				tie(judged())
					.next()
					.replies("judge", ["vote", { answer: "answer_3" }]),
			["judge.failed no_decision", "consensus.failed split a1.1 50%"],
		],
		[
			"P8: a judge that takes longer than `round_seconds` has failed",
			() => tie(judged()).asks("judge").next().passes("judge"),
			["call aborted t1.j.x1", "judge.failed round_timeout", "consensus.failed split a1.1 50%"],
		],
		[
			"P8, P9: a judge that the budget cannot pay is not asked",
			() => tie(answered({ agents: 2, protocol: { judge, final: "reuse" }, budget: { calls: 4 } })),
			["vote.cast b a1.1", "consensus.failed split a1.1 50%"],
		],
		[
			"P15: a judge's call that was lost is paid once more",
			() => tie(judged()).asks("judge").next().loses("judge").votes("judge", "a2.1"),
			["call lost t1.j.x1", "judge.ruled a2.1", "consensus.failed split a2.1 50%"],
		],
		[
			"P15: lost twice, the judge has failed",
			() => tie(judged()).loses("judge").next().loses("judge"),
			["call lost t1.j.x2", "judge.failed lost", "consensus.failed split a1.1 50%"],
		],
		[
			"P15, P9: a judge's call that was lost is not paid again beyond the budget",
			() =>
				tie(answered({ agents: 2, protocol: { judge, final: "reuse" }, budget: { calls: 5 } }))
					.asks("judge")
					.next()
					.loses("judge"),
			["call lost t1.j.x1", "judge.failed budget.calls", "consensus.failed split a1.1 50%"],
		],
	])("%s", (_, story, expected) => {
		expect(closing(story())).toEqual(expected);
	});

	test("P8: a ruling keeps its reason", () => {
		const ruled = (call: Parameters<Scenario["replies"]>[1]) =>
			all(tie(judged()).replies("judge", call), "judge.ruled");
		const answer = labelsOf(7, 2, 2).ofSeat[1] ?? "";
		expect([ruled(["vote", { answer, reason: "Clearer." }]), ruled(["vote", { answer }])]).toEqual([
			[{ type: "judge.ruled", answer: "a2.1", reason: "Clearer." }],
			[{ type: "judge.ruled", answer: "a2.1", reason: "" }],
		]);
	});

	test("P8: equal support from others is no tie where all support differs", () => {
		const s = answered({ protocol: { judge } }).votes("a", "a2.1").votes("b", "a2.1");
		expect(closing(s.next().votes("c", "a1.1"))).toEqual(["vote.cast c a1.1", "consensus.reached all a2.1 67%"]);
	});

	test("P8: calls of those whom an agreed tie does not wait for are aborted before the judge is asked", () => {
		const pair = session({ agents: 5, protocol: { judge, stop: "agreed", agree: 0.4 } })
			.answers("a", "A")
			.answers("b", "A");
		const s = pair.answers("c", "C").answers("d", "C").asks("e").next().passes("seal");
		expect(s.told).toEqual(["seal.opened deadline", "call aborted t1.a5.r1.c1.x1", "judge.asked a1.1 a3.1"]);
	});

	test("P8: only the pools that are tied for the first place go to the judge", () => {
		const s = answered({ agents: 5, protocol: { judge } })
			.votes("a", "a2.1")
			.votes("b", "a1.1")
			.votes("c", "a2.1")
			.votes("d", "a1.1");
		expect(s.next().votes("e", "a5.1").told).toEqual(["vote.cast e a5.1", "judge.asked a1.1 a2.1"]);
	});
});
