import { expect, test } from "vitest";
import type { Message } from "../../../src/backends/backend.ts";
import { answersMax, messageCharsMax, promptIn } from "../../../src/backends/demo/prompt.ts";
import { answerBlock, demoRequest, type Offer } from "./request.ts";

const user = (text: string): Message => ({ role: "user", text });
const told = (text: string): Message => ({ role: "tool", results: [{ id: "1", name: "vote", text, ok: false }] });
const assistant = (text: string): Message => ({ role: "assistant", text, toolCalls: [], echo: [] });
const read = (...messages: readonly Message[]) => promptIn(demoRequest("demo-precedence", messages, []));
const blocksOf = (count: number) =>
	Array.from({ length: count }, (_, i) => answerBlock(`answer_${i + 1}`, "x")).join("");

test.each<[what: string, messages: readonly Message[], question: string]>([
	["stands between its tags", [user("Answer this.\n<question> 1+1? </question>\nUse a tool.")], "1+1?"],
	[
		"is the last one asked",
		[
			user("<question>1+1</question> then <question>2+2</question>"),
			user("<question>3+3</question>"),
			user("a note"),
		],
		"3+3",
	],
	["is the last user message where nothing is tagged", [user("1+1"), assistant("2"), user(" 2+2 ")], "2+2"],
	[
		"may hold what looks like an answer",
		[user(`<question>1+1 ${answerBlock("answer_9", "3")}</question>`)],
		`1+1 ${answerBlock("answer_9", "3")}`,
	],
	[
		"is not one that a peer's answer contains",
		[user(`<question>1+1</question>${answerBlock("answer_1", "<question>9+9</question>")}`)],
		"1+1",
	],
	[
		"is not one that a model said itself",
		[user("<question>1+1</question>"), assistant("<question>9+9</question>")],
		"1+1",
	],
	["is empty where there is no message", [], ""],
])("the question %s", (_, messages, question) => {
	expect(read(...messages).question).toBe(question);
});

test.each<[what: string, messages: readonly Message[], shown: readonly (readonly [label: string, text: string])[]]>([
	["none", [user("<question>1+1</question>")], []],
	[
		"those of the first message, in order",
		[user(`${answerBlock("answer_2", "two\nlines")} and ${answerBlock("answer_1", "one")}`)],
		[
			["answer_2", "two\nlines"],
			["answer_1", "one"],
		],
	],
	[
		"those of later messages and tool results",
		[
			user(answerBlock("answer_1", "one")),
			told(`Not cast. ${answerBlock("answer_2", "two")}`),
			user(answerBlock("answer_3", "three")),
		],
		[
			["answer_1", "one"],
			["answer_2", "two"],
			["answer_3", "three"],
		],
	],
	[
		"the latest of each label",
		[user(answerBlock("answer_1", "old") + answerBlock("answer_2", "two")), told(answerBlock("answer_1", "new"))],
		[
			["answer_1", "new"],
			["answer_2", "two"],
		],
	],
	["none that the question quotes", [user(`<question>${answerBlock("answer_1", "one")}</question>`)], []],
	[
		"none that is never closed",
		[user(`${answerBlock("answer_1", "one")}<answer label="answer_2">two`)],
		[["answer_1", "one"]],
	],
])("of answers it reads %s", (_, messages, shown) => {
	expect(read(...messages).shown.map(({ label, text }) => [label, text])).toEqual(shown);
});

test("an answer can be marked as the winner, else the first of the last user message is foremost", () => {
	const marked = read(
		user(answerBlock("answer_1", "one")),
		user(`${answerBlock("answer_2", "two")}${answerBlock("answer_3", "three", ' winner="true"')}`),
	);
	expect([marked.shown.map((answer) => answer.winner), marked.foremost?.label]).toEqual([
		[false, false, true],
		"answer_2",
	]);
	expect(read(user(answerBlock("answer_1", "one")), user("present it")).foremost).toEqual(null);
});

test.each<[offers: readonly Offer[], mayAnswer: boolean, mayVote: boolean]>([
	[["new_answer", "vote"], true, true],
	[["vote"], false, true],
	[["new_answer"], true, false],
	[[], false, false],
])("offered %j", (offers, mayAnswer, mayVote) => {
	const prompt = promptIn(demoRequest("demo-precedence", [user("1+1")], offers));
	expect({ mayAnswer: prompt.mayAnswer, mayVote: prompt.mayVote }).toEqual({ mayAnswer, mayVote });
});

test("labels are read up to a limit, and the latest text of those read stays current", () => {
	expect(read(user(blocksOf(answersMax))).shown.length).toBe(answersMax);
	expect(read(user(blocksOf(answersMax + 1))).shown.length).toBe(answersMax);
	expect(read(user(blocksOf(answersMax + 1)), user(answerBlock("answer_1", "new"))).shown[0]?.text).toBe("new");
});

test("a message is read up to a limit", () => {
	const block = answerBlock("answer_1", "one");
	expect(read(user(" ".repeat(messageCharsMax - block.length) + block)).shown.length).toBe(1);
	expect(read(user(" ".repeat(messageCharsMax - block.length + 1) + block)).shown.length).toBe(0);
});

test("a long message full of openings is read before the runner's patience ends, and shows nothing", () => {
	const prompt = read(
		user('<answer label="a"'.repeat(50_000)),
		user('<answer label="a">'.repeat(50_000)),
		user("<question>".repeat(90_000)),
	);
	expect(prompt.shown).toEqual([]);
});
