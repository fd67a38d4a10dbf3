import { expect, test } from "vitest";
import { answerText, helpText } from "../../../src/backends/demo/answer-text.ts";
import { decide, ownOf, type Decision } from "../../../src/backends/demo/decide.ts";
import { methods } from "../../../src/backends/demo/methods.ts";
import { promptIn } from "../../../src/backends/demo/prompt.ts";
import { answerBlock, asking, demoRequest, type Offer } from "./request.ts";
import type { Message } from "../../../src/backends/backend.ts";

const both: readonly Offer[] = ["new_answer", "vote"];
const models = [...methods.keys()] as const;
const [precedence = "", rewriting = "", leftToRight = ""] = models;

/** What this model answers to a question on its own. */
function answerOf(model: string, question: string): string {
	const method = methods.get(model);
	return method === undefined ? "" : answerText(method.solve(question), method.name);
}

function decisionOf(model: string, messages: readonly Message[], offers: readonly Offer[]): Decision | null {
	const prompt = promptIn(demoRequest(model, messages, offers));
	const method = methods.get(model);
	return method === undefined ? null : decide(prompt, ownOf(method.solve(prompt.question), method.name));
}

const sum = "2+3*4";
const [byPrecedence, byRewriting, byKeys] = [
	answerOf(precedence, sum),
	answerOf(rewriting, sum),
	answerOf(leftToRight, sum),
];
const vote = (label: string, reason: string): Decision => ({ type: "vote", label, reason });
const agreed = "Two or more independent methods agree on 14; mine gives 20.";
const help: Decision = { type: "answer", content: helpText };

test.each<
	[
		rule: string,
		model: string,
		given: readonly [messages: readonly Message[], offers: readonly Offer[]],
		decision: Decision,
	]
>([
	["nothing shown: its own answer", precedence, [[asking(sum)], both], { type: "answer", content: byPrecedence }],
	[
		"nothing shown: its own answer, though wrong by its method",
		leftToRight,
		[[asking(sum)], both],
		{ type: "answer", content: byKeys },
	],
	[
		"its own result is not among those shown: its own answer",
		leftToRight,
		[[asking(sum, [byPrecedence])], both],
		{ type: "answer", content: byKeys },
	],
	[
		"not even where two others agree already",
		leftToRight,
		[[asking(sum, [byPrecedence, byRewriting])], both],
		{ type: "answer", content: byKeys },
	],
	[
		"two other methods agree on another value: it gives way",
		leftToRight,
		[[asking(sum, [byKeys, byRewriting, byPrecedence])], both],
		vote("answer_2", agreed),
	],
	[
		"one other method alone does not move it",
		leftToRight,
		[[asking(sum, [byPrecedence, byKeys])], both],
		vote("answer_2", "My own method gives 20 too."),
	],
	[
		"the same method twice is one method",
		leftToRight,
		[[asking(sum, [byKeys, byPrecedence, `${byPrecedence}\n`])], both],
		vote("answer_1", "My own method gives 20 too."),
	],
	[
		"its own value stands: it votes for that",
		precedence,
		[[asking(sum, [byKeys, byRewriting, byPrecedence])], both],
		vote("answer_2", "My own method gives 14 too."),
	],
	[
		"and so does the other that is right, for the same answer",
		rewriting,
		[[asking(sum, [byKeys, byRewriting, byPrecedence])], both],
		vote("answer_2", "My own method gives 14 too."),
	],
	[
		"whatever the labels",
		rewriting,
		[[asking(sum, [byPrecedence, byKeys, byRewriting])], both],
		vote("answer_3", "My own method gives 14 too."),
	],
	[
		"all values differ: each votes for its own",
		leftToRight,
		[[asking(sum, [byKeys, byPrecedence, "Result: 15\nMethod: a guess"])], both],
		vote("answer_1", "My own method gives 20 too."),
	],
	[
		"an update makes the difference",
		leftToRight,
		[
			[
				asking(sum, [byKeys, byPrecedence]),
				{
					role: "tool",
					results: [{ id: "1", name: "vote", text: answerBlock("answer_3", byRewriting), ok: false }],
				},
			],
			both,
		],
		vote("answer_3", agreed),
	],
	[
		"the latest text of a label counts",
		precedence,
		[[asking(sum, [byKeys]), { role: "user", text: answerBlock("answer_1", byRewriting) }], both],
		vote("answer_1", "My own method gives 14 too."),
	],
	[
		"answers of other models count as methods of their own",
		leftToRight,
		[[asking(sum, [byKeys, "It is **14**.", "I get 14"])], both],
		vote("answer_3", agreed),
	],
	[
		"only votes on offer: the majority of methods",
		leftToRight,
		[[asking(sum, [byRewriting, byPrecedence])], ["vote"]],
		vote("answer_1", agreed),
	],
	[
		"only votes on offer, nothing confirmed: the first, saying so",
		leftToRight,
		[[asking(sum, [byRewriting])], ["vote"]],
		vote("answer_1", "I could not confirm this: my own method gives 20."),
	],
	[
		"only answers on offer: its own",
		precedence,
		[[asking(sum, [byPrecedence])], ["new_answer"]],
		{ type: "answer", content: byPrecedence },
	],
	[
		"an exact result before a rounded one",
		precedence,
		[[asking("2^100", [answerOf(precedence, "2^100"), answerOf(rewriting, "2^100")])], both],
		vote("answer_2", "My own method gives ≈ 1.26765060023e+30 too."),
	],
	[
		"an exact result before a rounded one, though it shows less working",
		precedence,
		[
			[asking("1/3", ["Result: ≈ 0.333333333333\nWorking: a\nMethod: m", "Result: 0.333333333333\nMethod: n"])],
			both,
		],
		vote("answer_2", "My own method gives ≈ 0.333333333333 too."),
	],
	[
		"the one that shows more working",
		precedence,
		[[asking("6*7", ["Result: 42\nA", "Result: 42\nWorking: a", "Result: 42\nB\nWorking: a\nWorking: b"])], both],
		vote("answer_3", "My own method gives 42 too."),
	],
	[
		"its own method is none of the others, whatever it is said to give",
		leftToRight,
		[[asking(sum, [byKeys, byPrecedence, byKeys.replace("20", "14")])], both],
		vote("answer_1", "My own method gives 20 too."),
	],
	[
		"no result is a result too",
		precedence,
		[[asking("1/0", [answerOf(rewriting, "1/0")])], both],
		vote("answer_1", "My own method gives none (division by zero) too."),
	],
	["nothing to compute: it says so", precedence, [[asking("Who wrote Hamlet?")], both], help],
	[
		"and then votes for those words",
		leftToRight,
		[[asking("Who wrote Hamlet?", [helpText])], both],
		vote("answer_1", "The demo team only calculates; this says so and what to do about it."),
	],
	[
		"but rather for a real answer",
		precedence,
		[[asking("Who wrote Hamlet?", [helpText, "Shakespeare."])], both],
		vote("answer_2", "I can only calculate and could not confirm this answer."),
	],
	[
		"and for the one that more agree on",
		precedence,
		[[asking("How many legs has a spider?", ["It has 6.", "It has 8.", "Eight, that is 8."])], both],
		vote("answer_3", "I can only calculate and could not confirm this answer."),
	],
])("%s", (_, model, [messages, offers], decision) => {
	expect(decisionOf(model, messages, offers)).toEqual(decision);
});

test("all three say the same where there is nothing to compute", () => {
	expect(models.map((model) => decisionOf(model, [asking("Who wrote Hamlet?")], both))).toEqual([help, help, help]);
});

test.each<[question: string, result: string]>([
	["What is 17*23+4?", "395"],
	["2+3*4", "14"],
	["How many days from 3 March to 1 June 2026?", "90 days"],
	["100 F in C", "≈ 37.7777777778 °C"],
	["5/0", "none (division by zero)"],
])("%s: all three vote for one answer, in whatever order they see them", (question, result) => {
	const answers = models.map((model) => answerOf(model, question));
	const orders = [
		[0, 1, 2],
		[2, 0, 1],
		[1, 2, 0],
		[2, 1, 0],
	].map((order) => order.map((i) => answers[i] ?? ""));
	const chosen = models.flatMap((model) =>
		orders.map((order) => {
			const decision = decisionOf(model, [asking(question, order)], both);
			return decision?.type === "vote" ? order[Number(decision.label.slice("answer_".length)) - 1] : decision;
		}),
	);
	expect(new Set(chosen).size).toBe(1);
	expect(String(chosen[0]).split("\n")[0]).toBe(`Result: ${result}`);
});

test.each<[what: string, messages: readonly Message[], text: string]>([
	[
		"the marked winner",
		[
			asking(sum),
			{
				role: "user",
				text: `${answerBlock("answer_1", byKeys)}${answerBlock("answer_2", byRewriting)}${answerBlock("answer_3", byPrecedence, ' winner="true"')}`,
			},
		],
		"**14**\n- 3 × 4 = 12\n- 2 + 12 = 14\n2 of the 3 answers give this result.\nComputed by the built-in demo team; no AI model was asked.",
	],
	[
		"else the first answer of the last message",
		[asking(sum, [byPrecedence]), { role: "user", text: `The winner: ${answerBlock("answer_2", byKeys)}` }],
		"**20**\n- key in 2 + 3: 5\n- key in 5 × 4: 20\n1 of the 2 answers give this result.\nComputed by the built-in demo team; no AI model was asked.",
	],
	[
		"a single answer without a word on agreement",
		[asking("6*7", [answerOf(rewriting, "6*7")])],
		"**42**\n- 6×7 = 42\nComputed by the built-in demo team; no AI model was asked.",
	],
	["the explanation as it is", [asking("Who wrote Hamlet?", [helpText])], helpText],
	["its own words where no answer is shown", [asking("Who wrote Hamlet?")], helpText],
	[
		"its own result where no answer is shown",
		[asking("6*7")],
		"**42**\n- 6 × 7 = 42\nComputed by the built-in demo team; no AI model was asked.",
	],
])("as presenter it presents %s", (_, messages, text) => {
	expect(decisionOf(precedence, messages, [])).toEqual({ type: "present", text });
});
