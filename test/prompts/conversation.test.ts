import { expect, test } from "vitest";
import { conversationCharsMax, taskMessage } from "../../src/prompts/blocks.ts";
import { session } from "../consensus/scenario.ts";

/** The task of a turn after these earlier ones; each is `chars` long, question and answer together. */
function taskAfter(...chars: readonly number[]): string {
	const { state } = session();
	if (state.status === "empty" || state.current === null) throw new Error("no turn is running");
	const past = chars.map((length, i) => ({ question: `Q${i}`, attachments: [], answer: "x".repeat(length - 2) }));
	const message = taskMessage({ ...state, past }, state.current);
	return message.role === "user" ? message.text : "";
}

const kept = (...chars: readonly number[]) => taskAfter(...chars).match(/Q\d/g) ?? [];

test("earlier turns stand before the question, up to a limit, the oldest dropped first", () => {
	expect(kept(10, 10)).toEqual(["Q0", "Q1"]);
	expect(kept(10, conversationCharsMax - 10)).toEqual(["Q0", "Q1"]);
	expect(kept(11, conversationCharsMax - 10)).toEqual(["Q1"]);
	expect(kept(10, conversationCharsMax + 1)).toEqual([]);
});
