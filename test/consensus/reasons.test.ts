import { expect, test } from "vitest";
import { labelsOf } from "../../src/consensus/labels.ts";
import { promptFor } from "../prompts/shown.ts";
import { answered, type Scenario } from "./scenario.ts";
import { all } from "./outcome.ts";

/** What this seat (0-based) calls the answer of the agent at `author`, in the scenario's session. */
const label = (voter: number, author: number) => labelsOf(7, voter, 3).ofSeat[author] ?? "";

function voted(reason: string): Scenario {
	return answered({ agents: 3 })
		.replies("a", ["vote", { answer: label(0, 1), reason }])
		.votes("b", "a2.1")
		.votes("c", "a2.1");
}

test("P5: a reason names answers by their own names, whatever its voter calls them", () => {
	const [cast] = all(voted(`${label(0, 1)} beats ${label(0, 2)} and answer_9`), "vote.cast");
	expect(cast?.reason).toBe("a2.1 beats a3.1 and answer_9");
});

test("P5: the presenter reads a reason in the presenter's own labels", () => {
	const prompt = promptFor(voted(`${label(0, 1)} beats ${label(0, 2)}, not a9.9`), "b");
	const text = prompt.messages.map((message) => (message.role === "user" ? message.text : "")).join("\n");
	expect(text).toContain(`: ${label(1, 1)} beats ${label(1, 2)}, not a9.9`);
	expect(/\ba[123]\.1\b/.test(text)).toBe(false);
});
