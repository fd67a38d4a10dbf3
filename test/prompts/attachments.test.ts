import { expect, test } from "vitest";
import type { NewFile } from "../../src/consensus/events.ts";
import { png } from "../support/attachments.ts";
import { session, type Scenario } from "../consensus/scenario.ts";
import { promptFor } from "./shown.ts";

const table: NewFile = { name: "t.csv", media_type: "text/csv", base64: "QUI=" };
const files = [
	{ file: "f1", name: "a.png", media_type: "image/png", bytes: 12 },
	{ file: "f2", name: "t.csv", media_type: "text/csv", bytes: 2 },
];
const judge = { backend: "openai", model: "j", params: {} };
const asked = (question: string, ...attachments: readonly NewFile[]) =>
	session({ agents: 2, protocol: { judge } }).sends(
		{ type: "cancel" },
		{ type: "message", text: question, attachments },
	);
const answered = () => asked("What is it?", png(), table).answers("a", "A").answers("b", "B");

test.each<[string, Scenario, string | null]>([
	["an agent in its first round", asked("What is it?", png(), table), "b"],
	["an agent that votes", answered(), "a"],
	["the judge", answered().votes("a", "a1.1").votes("b", "a2.1"), null],
	["the presenter", answered().votes("a", "a1.1").votes("b", "a1.1"), "a"],
])("%s gets the turn's files with its first message, by their names", (_, scenario, who) => {
	const text = "<question>\nWhat is it?\n</question>\n\nattached: a.png, t.csv";
	const [first, ...rest] = promptFor(scenario, who).messages;
	expect(first).toEqual({ role: "user", text, attachments: files });
	expect(rest.filter((message) => "attachments" in message)).toEqual([]);
});

test("a turn without files says nothing of any", () => {
	expect(promptFor(asked("What is it?"), "a").messages[0]).toEqual({
		role: "user",
		text: "<question>\nWhat is it?\n</question>",
	});
});

test("files of earlier turns are named in the conversation, and not sent again", () => {
	const { sends } = session({ agents: 1 })
		.sends(
			{ type: "cancel" },
			{ type: "message", text: "What is it?", attachments: [png("<attachment>.png"), table] },
		)
		.answers("a", "A cat.");
	const text = [
		"<conversation>",
		"Person: What is it?",
		"",
		"attached: &lt;attachment>.png, t.csv",
		"",
		"Team: A cat.",
		"</conversation>",
		"",
		"<question>",
		"And what colour?",
		"</question>",
	].join("\n");
	const next = sends({ type: "message", text: "And what colour?" });
	expect(promptFor(next, "a").messages[0]).toEqual({ role: "user", text });
});
