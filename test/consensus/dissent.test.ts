import { expect, test } from "vitest";
import type { Dissent } from "../../src/consensus/events.ts";
import { all } from "./outcome.ts";
import { answered, session, type Scenario } from "./scenario.ts";

const reuse = { protocol: { final: "reuse" } } as const;
const dissentOf = (s: Scenario) => all(s, "turn.finished").map(({ dissent }) => dissent);
const of = (agent: string, text: string, rest: Pick<Dissent, "votes" | "reasons">) => ({
	agent,
	answer: `a${"abcd".indexOf(agent) + 1}.1`,
	text,
	...rest,
});

test.each<readonly [string, () => Scenario, unknown]>([
	[
		"P11: the best minority answer is kept, with the reasons of those who voted for it",
		() =>
			answered({ agents: 4, ...reuse })
				.votes("a", "a1.1", "r1")
				.votes("b", "a1.1", "r2")
				.votes("c", "a1.1", "r3")
				.votes("d", "a4.1", "I doubt it."),
		of("d", "D", { votes: 1, reasons: ["I doubt it."] }),
	],
	[
		"P11: without a vote for another answer it is the earliest of the others",
		() => answered(reuse).votes("a", "a1.1").votes("b", "a1.1").votes("c", "a1.1"),
		of("b", "B", { votes: 0, reasons: [] }),
	],
	[
		"P11: where everybody gave the same answer there is none",
		() =>
			session({ agents: 2, ...reuse })
				.answers("a", "A")
				.answers("b", "A")
				.votes("a", "a1.1")
				.votes("b", "a1.1"),
		null,
	],
	[
		"P11: a pool dissents as one",
		() =>
			session({ agents: 4, ...reuse })
				.answers("a", "A")
				.answers("b", "B")
				.answers("c", "B")
				.answers("d", "D")
				.votes("a", "a1.1")
				.votes("b", "a1.1")
				.votes("d", "a1.1")
				.votes("c", "a2.1", "Still B."),
		of("b", "B", { votes: 1, reasons: ["Still B."] }),
	],
	["P11: a team of one has no dissent", () => session({ agents: 1 }).answers("a", "A"), null],
	[
		"P11, P9: at a limit the dissent follows the votes that decided",
		() => answered(reuse).votes("a", "a1.1", "r1").votes("b", "a3.1", "r2").passes("turn"),
		of("a", "A", { votes: 1, reasons: ["r1"] }),
	],
])("%s", (_, story, expected) => {
	expect(dissentOf(story())).toEqual([expected]);
});

test("P11: the result carries the tally and each vote's reason", () => {
	const s = answered(reuse).votes("a", "a1.1", "clear").votes("b", "a1.1", "checked").votes("c", "a3.1", "mine");
	expect(all(s, "turn.finished")).toEqual([
		{
			type: "turn.finished",
			turn: 1,
			answer: "A",
			consensus: true,
			agreement: 2 / 3,
			winner: { agent: "a", answer: "a1.1" },
			tally: [
				{ answer: "a1.1", votes: 2, self_votes: 1, pooled: [] },
				{ answer: "a3.1", votes: 1, self_votes: 1, pooled: [] },
				{ answer: "a2.1", votes: 0, self_votes: 0, pooled: [] },
			],
			votes: [
				{ agent: "a", answer: "a1.1", reason: "clear" },
				{ agent: "b", answer: "a1.1", reason: "checked" },
				{ agent: "c", answer: "a3.1", reason: "mine" },
			],
			dissent: { agent: "c", answer: "a3.1", text: "C", votes: 1, reasons: ["mine"] },
		},
	]);
});
