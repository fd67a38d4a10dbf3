import { expect, test } from "vitest";
import { emptyView, type View } from "../../../src/api/view.ts";
import type { AnswerId, Dissent } from "../../../src/consensus/events.ts";
import type { AgentId } from "../../../src/consensus/team.ts";
import { secondOf } from "../../../src/web/room/answer/second-of.ts";

const dissent = (text: string, votes: number): Dissent => ({
	agent: "b" as AgentId,
	answer: "a2.1" as AnswerId,
	text,
	votes,
	reasons: [],
});
const view = (second: Dissent | null, final: string): View => ({
	...emptyView,
	outcome: { status: "consensus", winner: "a1.1" as AnswerId, agreement: 1 },
	accepted: [{ agent: "a" as AgentId, answer: "a1.1" as AnswerId, text: "Forty\ntwo." }],
	dissent: second,
	final,
});

test.each<[string, Dissent | null, "dissent" | "runner-up" | null]>([
	["an answer that somebody voted for is a dissent", dissent("Something else.", 1), "dissent"],
	["so it is if it says the same", dissent("Forty two.", 1), "dissent"],
	["one that nobody voted for came second", dissent("Something else.", 0), "runner-up"],
	["one that nobody voted for and says what the winner says is nothing", dissent(" Forty  two.", 0), null],
	["so it is if it says what was presented", dissent("It is 42.", 0), null],
	["where all answers are the winner's there is none", null, null],
])("%s", (_, second, expected) => {
	expect(secondOf(view(second, "It is 42."))?.as ?? null).toBe(expected);
});
