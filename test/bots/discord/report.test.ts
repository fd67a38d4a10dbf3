import { expect, test } from "vitest";
import { reasonsOf } from "../../../bots/discord/report.ts";
import type { Turn } from "../../../bots/turn.ts";
import type { Session } from "../../../src/api/contract.ts";

/** Only what is read of them. */
const session = { team: { agents: ["a", "b", "c"].map((id) => ({ id })) } } as unknown as Session;
const split = {
	question: "What now?",
	answer: "This.",
	status: "done",
	consensus: false,
	agreement: 2 / 3,
	votes: [
		{ agent: "a", answer: "a1.2", reason: "mine\nis *best*" },
		{ agent: "b", answer: "a1.2", reason: "so it is" },
		{ agent: "c", answer: "a3.1", reason: "mine" },
	],
	dissent: { agent: "c", answer: "a3.1", text: "That.", votes: 1, reasons: ["mine"] },
	reasons: [],
} as unknown as Turn;
const turnWith = (changes: object): Turn => ({ ...split, ...changes });
const runnerUp = { agent: "b", answer: "a2.1", text: "This.", votes: 0, reasons: [] };

test.each<[what: string, turn: Turn, lines: readonly string[]]>([
	[
		"names whose answer a vote is for, and who differs",
		split,
		[
			String.raw`- **a** votes for its own answer: mine is \*best\*`,
			"- **b** votes for a: so it is",
			"- **c** votes for its own answer: mine",
			"**Dissent** of c, 1 vote:",
			"> That.",
		],
	],
	[
		"takes an answer without a vote for no dissent",
		turnWith({ votes: split.votes.slice(1, 2), dissent: runnerUp }),
		["- **b** votes for a: so it is", "Nobody differs."],
	],
	[
		"waits for votes while the team is at work",
		turnWith({ status: "running", votes: [] }),
		["No vote is counted yet."],
	],
	["waits for none after the end", turnWith({ votes: [] }), ["No vote was counted."]],
])("what is told of the reasons %s", (_, turn, lines) => {
	expect(reasonsOf(session, turn).split("\n")).toEqual(lines);
});
