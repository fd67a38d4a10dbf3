import { describe, expect, test } from "vitest";
import { answerCharsMax, reasonCharsMax } from "../../src/consensus/ballot.ts";
import { answered, session, spec, type Scenario } from "./scenario.ts";

const capped = { limits: { answers_per_agent: 1 } };
const none = (s: Scenario, times: number) =>
	Array.from({ length: times }).reduce<Scenario>((now) => now.replies("a"), s);
const givenUp = ["agent.failed a no_decision", "agent.quarantined a no_decision"];

describe("P1: a round ends in exactly one of two tool calls", () => {
	spec([
		["P1: a first answer ends the round", () => session().next().answers("a", "A"), ["answer.accepted a a1.1"]],
		["P1: a vote ends the round", () => answered().next().votes("a", "a2.1"), ["vote.cast a a2.1"]],
		[
			"P1: a later answer ends the round and starts the next one",
			() => answered().next().answers("a", "A2"),
			["answer.accepted a a1.2", "round.started a 3: a2.1 a3.1 a1.2"],
		],
		[
			"P1: a reply without a tool call is neither: the agent is told so",
			() => session().next().replies("a"),
			["agent.reminded a no_decision"],
		],
		[
			"P1: a new answer and a vote together are refused",
			() =>
				answered()
					.next()
					.replies("a", ["new_answer", { content: "A2" }], ["vote", { answer: "answer_1" }]),
			["answer.refused a ambiguous", "agent.reminded a ambiguous"],
		],
		[
			"P1: a vote and a new answer together are refused",
			() =>
				answered()
					.next()
					.replies("a", ["vote", { answer: "answer_1" }], ["new_answer", { content: "A2" }]),
			["vote.refused a ambiguous", "agent.reminded a ambiguous"],
		],
		[
			"P1: two votes are refused, even for the same label",
			() =>
				answered()
					.next()
					.replies("a", ["vote", { answer: "answer_1" }], ["vote", { answer: "answer_1" }]),
			["vote.refused a ambiguous", "agent.reminded a ambiguous"],
		],
		[
			"P1: two new answers are refused",
			() =>
				session()
					.next()
					.replies("a", ["new_answer", { content: "A" }], ["new_answer", { content: "A2" }]),
			["answer.refused a ambiguous", "agent.reminded a ambiguous"],
		],
		[
			"P1: a tool that does not exist is refused",
			() =>
				session()
					.next()
					.replies("a", ["submit", { content: "A" }]),
			["tool.called a submit", "tool.returned a submit", "agent.reminded a unknown_tool"],
		],
		[
			"P1: a tool that does not exist spoils a decision beside it",
			() =>
				session()
					.next()
					.replies("a", ["new_answer", { content: "A" }], ["submit", {}]),
			["tool.called a submit", "tool.returned a submit", "agent.reminded a unknown_tool"],
		],
		[
			"P1: a new answer where only a vote is on offer is refused",
			() => answered(capped).next().answers("a", "A2"),
			["answer.refused a not_offered", "agent.reminded a not_offered"],
		],
		[
			"P1: a vote for a label outside the set is refused",
			() =>
				answered()
					.next()
					.replies("a", ["vote", { answer: "answer_4", reason: "" }]),
			["vote.refused a unknown_label", "agent.reminded a unknown_label"],
		],
		[
			"P1: a vote for the label of an agent that has no answer is refused",
			() => session().answers("a", "A").answers("b", "B").passes("seal").next().votes("a", "a3.1"),
			["vote.refused a unknown_label", "agent.reminded a unknown_label"],
		],
		[
			"P1: a vote before anything is shown has nothing behind its label",
			() => session().answers("b", "B").next().votes("a", "a2.1"),
			["vote.refused a unknown_label", "agent.reminded a unknown_label"],
		],
	]);

	test.each<readonly [string, string, Parameters<Scenario["replies"]>[1], string]>([
		["P1: an answer needs content", "answer", ["new_answer", {}], "bad_arguments"],
		["P1: an empty answer is none", "answer", ["new_answer", { content: "" }], "bad_arguments"],
		["P1: an answer of white space is none", "answer", ["new_answer", { content: " \n\u00a0" }], "bad_arguments"],
		["P1: an answer is a string", "answer", ["new_answer", { content: 42 }], "bad_arguments"],
		[
			"P1: arguments that could not be parsed are no answer",
			"answer",
			["new_answer", { __unparsed: "{conte" }],
			"bad_arguments",
		],
		["P1: a vote needs a label", "vote", ["vote", { reason: "best" }], "bad_arguments"],
		["P1: a label is a string", "vote", ["vote", { answer: 1, reason: "best" }], "bad_arguments"],
		["P1: a label is spelt as it was given", "vote", ["vote", { answer: "ANSWER_1" }], "unknown_label"],
		[
			"P9: an answer of one character more than the limit is refused",
			"answer",
			["new_answer", { content: "x".repeat(answerCharsMax + 1) }],
			"too_long",
		],
	])("%s", (_, kind, call, reason) => {
		expect(answered().next().replies("a", call).told).toEqual([
			`${kind}.refused a ${reason}`,
			`agent.reminded a ${reason}`,
		]);
	});

	test("P9: an answer as long as the limit is accepted", () => {
		const content = "x".repeat(answerCharsMax);
		expect(session().answers("a", content).events.at(-1)).toEqual({
			type: "answer.accepted",
			agent: "a",
			answer: "a1.1",
			text: content,
		});
	});

	test.each<readonly [string, Readonly<Record<string, string>>, string]>([
		["P1: a vote carries its reason", { reason: "It is right." }, "It is right."],
		["P1: a vote without a reason is still a vote", {}, ""],
		[
			"P1: a reason as long as the limit is kept",
			{ reason: "x".repeat(reasonCharsMax) },
			"x".repeat(reasonCharsMax),
		],
		[
			"P1: a reason longer than the limit is cut",
			{ reason: "x".repeat(reasonCharsMax + 1) },
			"x".repeat(reasonCharsMax),
		],
	])("%s", (_, reason, kept) => {
		const { events } = answered({ agents: 2, seed: 1 }).replies("a", ["vote", { answer: "answer_1", ...reason }]);
		const cast = events.flatMap((event) => (event.type === "vote.cast" ? [event.reason] : []));
		expect(cast).toEqual([kept]);
	});
});

describe("P1: asked again at most `enforcement_max` times, then the round fails", () => {
	spec([
		[
			"P1: at `enforcement_max` the agent is still asked",
			() => none(session().next(), 2),
			["agent.reminded a no_decision", "agent.reminded a no_decision"],
		],
		["P1: one more and the round fails", () => none(none(session(), 2).next(), 1), givenUp],
		[
			"P1: `enforcement_max` 0 asks once only",
			() => none(session({ limits: { enforcement_max: 0 } }).next(), 1),
			givenUp,
		],
		[
			"P1: a decision after the last reminder stands",
			() => none(session(), 2).next().answers("a", "A"),
			["answer.accepted a a1.1"],
		],
		[
			"P1: every kind of refusal draws on the same bound",
			() =>
				answered()
					.replies("a")
					.replies("a", ["vote", { answer: "answer_9" }])
					.next()
					.replies("a", ["submit", {}]),
			["tool.called a submit", "tool.returned a submit", ...givenUp],
		],
		[
			"P1: each round has its own bound",
			() => none(none(session(), 2).answers("a", "A").answers("b", "B").answers("c", "C").next(), 2),
			["agent.reminded a no_decision", "agent.reminded a no_decision"],
		],
	]);
});
