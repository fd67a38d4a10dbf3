import { describe, expect, test } from "vitest";
import { answered, answerId, session, spec, type Scenario } from "./scenario.ts";
import { outcome } from "./outcome.ts";

/** a and b answer these; c says "C". */
const said = (first: string, second: string): Scenario =>
	session().answers("a", first).answers("b", second).answers("c", "C");
const shownTo = (s: Scenario) =>
	s.events.flatMap((event) => (event.type === "round.started" && event.round === 2 ? [event.shown] : []));
const apart = ["a1.1", "a2.1", "a3.1"].map(answerId);
const together = ["a1.1", "a3.1"].map(answerId);

describe("P6: identical current answers form one pool, shown once", () => {
	test.each<readonly [string, string, string, readonly string[]]>([
		["the same text", "Paris", "Paris", together],
		["other white space between words", "Paris,  France", "Paris,\n\tFrance", together],
		["white space around it", "  Paris\n", "Paris", together],
		["a no-break space", "Paris,\u00a0France", "Paris, France", together],
		["Windows line ends", "Paris\r\nFrance", "Paris\nFrance", together],
		["composed and decomposed letters", "Caf\u00e9", "Cafe\u0301", together],
		["another word", "Paris", "Rome", apart],
		["another case", "Paris", "paris", apart],
		["another number", "1.5", "15", apart],
		["a superscript, which is another number", "x\u00b2", "x2", apart],
		["a space where there was none", "ice cream", "icecream", apart],
		["a negation", "It is safe.", "It is not safe.", apart],
	])("P6: %s", (_, first, second, shown) => {
		expect(shownTo(said(first, second))).toEqual([shown, shown, shown]);
	});

	spec([
		[
			"P6: a vote for what is shown is a vote for the whole pool",
			() => said("A", "A").next().votes("c", "a1.1"),
			["vote.cast c a1.1"],
		],
		[
			"P6: the other members of a pool are not shown, so no label denotes them",
			() => said("A", "A").next().votes("c", "a2.1"),
			["vote.refused c unknown_label", "agent.reminded c unknown_label"],
		],
		[
			"P6: when the member shown is superseded, the other is shown in its place",
			() => said("A", "A").asks("c").answers("a", "A2").next().votes("c", "a3.1").votes("c", "a2.1"),
			["vote.refused c unseen", "agent.informed c: a2.1 a1.2, notes 0", "vote.cast c a2.1"],
		],
		[
			"P6: a pool exists of current answers only",
			() => said("A", "A").next().answers("a", "A2").votes("b", "a2.1").votes("a", "a1.2"),
			[
				"answer.accepted a a1.2",
				"round.started a 3: a2.1 a3.1 a1.2",
				"vote.refused b unseen",
				"agent.informed b: a2.1 a1.2, notes 0",
				"vote.cast a a1.2",
			],
		],
	]);

	test("P6, P2: the label of an author who has joined another's pool stands for nothing any more", () => {
		const overtaken = answered().asks("a", "c").answers("b", "New").replies("c");
		const joined = overtaken.answers("a", "New").next().votes("c", "a1.1").votes("c", "a2.2");
		expect(joined.told).toEqual([
			"vote.refused c unknown_label",
			"agent.reminded c unknown_label",
			"vote.cast c a2.2",
		]);
	});

	test("P6: votes for a pool add up, its members named once", () => {
		const { tally } = outcome(said("A", "A").votes("a", "a1.1").votes("b", "a1.1").votes("c", "a1.1"));
		expect(tally).toEqual([
			{ answer: "a1.1", votes: 3, self_votes: 2, pooled: ["a2.1"] },
			{ answer: "a3.1", votes: 0, self_votes: 0, pooled: [] },
		]);
	});
});
