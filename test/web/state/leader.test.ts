import { expect, test } from "vitest";
import { emptyPageSession, pageSessionAfter } from "../../../src/web/state/page-session.ts";
import { logged, opened, type Bare } from "./logged.ts";

const answers = (agent: string, answer: string): Bare => ({ type: "answer.accepted", agent, answer, text: answer });
const votes = (agent: string, answer: string): Bare => ({ type: "vote.cast", agent, answer, reason: "" });
const voided = (by: string, ...all: readonly [string, string][]): Bare => ({
	type: "votes.voided",
	votes: all.map(([agent, answer]) => ({ agent, answer })),
	by,
});
const decided: Bare = { type: "consensus.reached", answer: "a1.1", tally: [], votes: [], agreement: 1, stop: "all" };
const two = [answers("a", "a1.1"), answers("b", "a2.1")];

test.each<[string, readonly Bare[], string | null]>([
	["nothing is read before there is an answer", [], null],
	["the first answer is read while nobody has voted", two, "a1.1"],
	["an answer with more support replaces it", [...two, votes("a", "a2.1")], "a2.1"],
	["one with as much does not", [...two, votes("a", "a2.1"), votes("b", "a1.1")], "a2.1"],
	["one's own vote does not count for more than another's", [...two, votes("a", "a2.1"), votes("a", "a1.1")], "a1.1"],
	[
		"when all votes fall it stays",
		[...two, votes("a", "a2.1"), answers("a", "a1.2"), voided("a1.2", ["a", "a2.1"])],
		"a2.1",
	],
	[
		"its author's better answer takes its place when the votes fall",
		[
			...two,
			votes("a", "a2.1"),
			votes("b", "a2.1"),
			answers("b", "a2.2"),
			voided("a2.2", ["a", "a2.1"], ["b", "a2.1"]),
		],
		"a2.2",
	],
	["the verdict has the last word", [...two, votes("a", "a2.1"), decided], "a1.1"],
	["a new attempt begins without one", [...two, votes("a", "a2.1"), { type: "attempt.started", attempt: 2 }], null],
])("%s", (_, events, leader) => {
	expect(pageSessionAfter(emptyPageSession, logged([...opened, ...events])).leader).toBe(leader);
});
