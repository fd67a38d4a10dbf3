import { describe, expect, test } from "vitest";
import { outcome } from "./outcome.ts";
import { session, type Options, type Scenario } from "./scenario.ts";

type Ballot = {
	/** First answers in the order of their acceptance: `a:X b:Y`. */
	readonly answers: string;
	/** In the order of their casting: `a:a2.1`. */
	readonly votes: string;
	readonly options?: Options;
};

const pairs = (text: string) => text.split(" ").map((pair) => pair.split(":"));

function held({ answers, votes, options = {} }: Ballot): Scenario {
	const sides = pairs(answers);
	const opened = sides.reduce(
		(s, [agent = "", text = ""]) => s.answers(agent, text),
		session({ agents: sides.length, ...options }),
	);
	return pairs(votes).reduce((s, [agent = "", answer = ""]) => s.votes(agent, answer), opened);
}

/** `answer votes/self_votes+pooled`, the winner first. */
function rows(s: Scenario): string {
	return outcome(s)
		.tally.map(
			({ answer, votes, self_votes, pooled }) =>
				`${answer} ${votes}/${self_votes}${pooled.map((id) => `+${id}`).join("")}`,
		)
		.join(", ");
}

describe("P8: the winner", () => {
	test.each<readonly [string, Ballot, string]>([
		[
			"P8: most votes win",
			{ answers: "a:A b:B c:C", votes: "a:a2.1 b:a2.1 c:a2.1" },
			"a2.1 3/1, a1.1 0/0, a3.1 0/0",
		],
		[
			"P8: support from others than its authors comes before all support",
			{ answers: "a:A b:B c:C d:D", votes: "a:a1.1 b:a1.1 c:a2.1 d:a2.1" },
			"a2.1 2/0, a1.1 2/1, a3.1 0/0, a4.1 0/0",
		],
		[
			"P8: then all support: between equals of others' support an own vote counts",
			{ answers: "a:A b:B c:C", votes: "a:a2.1 b:a2.1 c:a1.1" },
			"a2.1 2/1, a1.1 1/0, a3.1 0/0",
		],
		[
			"P8: a pool gains one for each further author",
			{ answers: "a:A b:B c:B d:D", votes: "a:a2.1 b:a1.1 c:a1.1 d:a2.1" },
			"a2.1 2/0+a3.1, a1.1 2/0, a4.1 0/0",
		],
		[
			"P8: a pool of three gains two",
			{ answers: "a:A b:B c:B d:B e:E", votes: "a:a1.1 b:a1.1 c:a1.1 d:a2.1 e:a2.1" },
			"a2.1 2/1+a3.1+a4.1, a1.1 3/1, a5.1 0/0",
		],
		[
			"P8: then the sealed order",
			{ answers: "a:A b:B c:C", votes: "a:a2.1 b:a3.1 c:a1.1" },
			"a1.1 1/0, a2.1 1/0, a3.1 1/0",
		],
		[
			"P8: never the order of registration",
			{ answers: "c:C b:B a:A", votes: "a:a2.1 b:a3.1 c:a1.1" },
			"a3.1 1/0, a2.1 1/0, a1.1 1/0",
		],
		["P8: own votes alone are a tie too", { answers: "b:B a:A", votes: "a:a1.1 b:a2.1" }, "a2.1 1/1, a1.1 1/1"],
	])("%s", (_, ballot, expected) => {
		expect(rows(held(ballot))).toBe(expected);
	});

	test("P8: the sealed order goes by the current version: an answer improved later stands later", () => {
		const s = session({ agents: 2 })
			.answers("a", "A")
			.answers("b", "B")
			.answers("a", "A2")
			.votes("a", "a2.1")
			.votes("b", "a2.1")
			.votes("b", "a1.2");
		expect(rows(s)).toBe("a2.1 1/0, a1.2 1/0");
	});
});

describe("P8: it is consensus only if the winner's support is at least the quorum", () => {
	test.each<readonly [string, Ballot, readonly [string, string, number]]>([
		[
			"P8: the default quorum is more than half: two of three",
			{ answers: "a:A b:B c:C", votes: "a:a1.1 b:a1.1 c:a3.1" },
			["consensus.reached", "a1.1", 2 / 3],
		],
		[
			"P8: two of four are a split",
			{ answers: "a:A b:B c:C d:D", votes: "a:a2.1 b:a1.1 c:a1.1 d:a2.1" },
			["split", "a1.1", 0.5],
		],
		[
			"P8: three of four are consensus",
			{ answers: "a:A b:B c:C d:D", votes: "a:a1.1 b:a1.1 c:a1.1 d:a2.1" },
			["consensus.reached", "a1.1", 0.75],
		],
		["P8: one of two is a split", { answers: "a:A b:B", votes: "a:a1.1 b:a2.1" }, ["split", "a1.1", 0.5]],
		[
			"P8: both of two are consensus",
			{ answers: "a:A b:B", votes: "a:a2.1 b:a2.1" },
			["consensus.reached", "a2.1", 1],
		],
		[
			"P8: a quorum of one is met by an own vote",
			{ answers: "a:A b:B", votes: "a:a1.1 b:a2.1", options: { protocol: { quorum: 1 } } },
			["consensus.reached", "a1.1", 0.5],
		],
		[
			"P8: at the quorum it is consensus",
			{ answers: "a:A b:B c:C d:D", votes: "a:a1.1 b:a1.1 c:a1.1 d:a2.1", options: { protocol: { quorum: 3 } } },
			["consensus.reached", "a1.1", 0.75],
		],
		[
			"P8: one below the quorum it is a split",
			{ answers: "a:A b:B c:C d:D", votes: "a:a1.1 b:a1.1 c:a1.1 d:a2.1", options: { protocol: { quorum: 4 } } },
			["split", "a1.1", 0.75],
		],
		[
			"P8: support is counted in agents: what a pool gains for a further author is no second voice",
			{ answers: "a:A b:A c:C d:D", votes: "a:a1.1 b:a1.1 c:a3.1 d:a4.1" },
			["split", "a1.1", 0.5],
		],
	])("%s", (_, ballot, expected) => {
		const verdict = outcome(held(ballot));
		const kind = verdict.type === "consensus.failed" ? verdict.reason : verdict.type;
		const winner = verdict.type === "consensus.failed" ? verdict.best : verdict.answer;
		expect([kind, winner, verdict.agreement]).toEqual(expected);
	});
});
