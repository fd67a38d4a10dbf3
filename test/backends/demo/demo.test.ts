import { expect, test } from "vitest";
import type { Message, ModelEvent } from "../../../src/backends/backend.ts";
import { demoBackend, demoModels } from "../../../src/backends/demo/demo.ts";
import { asking, demoRequest, type Offer } from "./request.ts";
import { answerText } from "../../../src/backends/demo/answer-text.ts";
import { methods } from "../../../src/backends/demo/methods.ts";

const both: readonly Offer[] = ["new_answer", "vote"];
const nothingCounted: ModelEvent = {
	type: "usage",
	usage: { input: null, output: null, cached: null, reasoning: null },
};
const contentOf = (model: string, question: string) => {
	const method = methods.get(model);
	return method === undefined ? "" : answerText(method.solve(question), method.name);
};

type Heard = {
	readonly reasoning: string;
	readonly text: string;
	readonly rest: readonly ModelEvent[];
	readonly slept: readonly number[];
	readonly pieces: readonly string[];
};

async function hear(model: string, messages: readonly Message[], offers: readonly Offer[]): Promise<Heard> {
	const slept: number[] = [];
	const backend = demoBackend({ sleep: async (ms) => void slept.push(ms) });
	const events: ModelEvent[] = [];
	for await (const batch of backend(demoRequest(model, messages, offers), new AbortController().signal))
		events.push(...batch);
	const said = (type: "text" | "reasoning") => events.flatMap((event) => (event.type === type ? [event.text] : []));
	const rest = events.filter((event) => event.type !== "text" && event.type !== "reasoning");
	return {
		reasoning: said("reasoning").join(""),
		text: said("text").join(""),
		rest,
		slept,
		pieces: [...said("reasoning"), ...said("text")],
	};
}

test("the models are named by their methods", () => {
	expect(demoModels).toEqual(["demo-precedence", "demo-rewriting", "demo-left-to-right"]);
});

test.each<[model: string, reasoning: string]>([
	[
		"demo-precedence",
		"Demo team, precedence climbing on floats with an error bound:\n17 × 23 = 391\n391 + 4 = 395\ngives 395.",
	],
	["demo-rewriting", "Demo team, term rewriting on exact fractions:\n17×23+4 = 391+4\n= 395\ngives 395."],
	[
		"demo-left-to-right",
		"Demo team, keyed in from left to right, as on a pocket calculator:\nkey in 17 × 23: 391\nkey in 391 + 4: 395\ngives 395.",
	],
])("%s thinks aloud, says its result and answers", async (model, reasoning) => {
	const question = "What is 17*23+4?";
	const heard = await hear(model, [asking(question)], both);
	expect({ reasoning: heard.reasoning, text: heard.text, rest: heard.rest }).toEqual({
		reasoning,
		text: "Result: 395",
		rest: [
			{
				type: "tool_call",
				call: { id: "demo_1", name: "new_answer", arguments: { content: contentOf(model, question) } },
			},
			nothingCounted,
			{ type: "end", stop: "tools" },
		],
	});
});

test("a vote is one call of the tool with its reason", async () => {
	const answer = contentOf("demo-rewriting", "6*7");
	const heard = await hear("demo-precedence", [asking("6*7", [answer])], ["vote"]);
	const reason = "My own method gives 42 too.";
	expect(heard.text).toBe(`I vote for answer_1. ${reason}`);
	expect(heard.rest).toEqual([
		{ type: "tool_call", call: { id: "demo_1", name: "vote", arguments: { answer: "answer_1", reason } } },
		nothingCounted,
		{ type: "end", stop: "tools" },
	]);
});

test("a presenter writes text and calls nothing", async () => {
	const heard = await hear("demo-left-to-right", [asking("6*7", [contentOf("demo-rewriting", "6*7")])], []);
	expect({ reasoning: heard.reasoning, text: heard.text, rest: heard.rest }).toEqual({
		reasoning: "",
		text: "**42**\n- 6×7 = 42\nComputed by the built-in demo team; no AI model was asked.",
		rest: [nothingCounted, { type: "end", stop: "end" }],
	});
});

test.each<[question: string]>([["2+3*4"], ["1/0"], ["Who wrote Hamlet?"], ["1+".repeat(999) + "1"]])(
	"%.20s comes in pieces of a few words, over one to two seconds in all",
	async (question) => {
		for (const model of demoModels) {
			const { slept, pieces } = await hear(model, [asking(question)], both);
			const totalMs = slept.reduce((total, ms) => total + ms, 0);
			expect(Math.round(totalMs / 500)).toBeGreaterThanOrEqual(2);
			expect(Math.round(totalMs / 500)).toBeLessThanOrEqual(4);
			expect(slept.length).toBe(pieces.length);
			expect(Math.max(...pieces.map((piece) => piece.trim().split(/\s+/).length))).toBeLessThanOrEqual(8);
		}
	},
);

test.each<[words: number, pieces: number]>([
	[4, 1],
	[5, 2],
	[160, 40],
	[161, 33],
	[5_000, 40],
])("%i words are said in %i pieces", async (words, pieces) => {
	const said = Array.from({ length: words }, (_, i) => `w${i}x`.replace(/\d/g, "o"));
	const heard = await hear("demo-precedence", [asking("Who?", [said.join(" ")])], []);
	expect([heard.text, heard.pieces.length]).toEqual([said.join(" "), pieces]);
});

test("the same request brings the same events", async () => {
	const messages = [asking("2+3*4", ["Result: 14", "I get 14", "Result: 20"])];
	expect(await hear("demo-left-to-right", messages, both)).toEqual(await hear("demo-left-to-right", messages, both));
});

test("a model it does not have is not found", async () => {
	expect((await hear("demo-guess", [asking("1+1")], both)).rest).toEqual([
		{
			type: "failed",
			failure: {
				code: "not_found",
				retryable: false,
				retryAfterMs: null,
				message:
					"the demo team has no model demo-guess; it has demo-precedence, demo-rewriting, demo-left-to-right",
			},
		},
		{ type: "end", stop: "error" },
	]);
});

test.each<[how: string, settle: (signal: AbortSignal) => Promise<void>]>([
	["resolves", async () => undefined],
	["rejects", async (signal) => signal.throwIfAborted()],
])("aborted in its third sleep, which %s, it ends at once and silently", async (_, settle) => {
	const stop = new AbortController();
	let sleeps = 0;
	const backend = demoBackend({
		sleep: (_ms, signal) => {
			sleeps += 1;
			if (sleeps === 3) stop.abort();
			return settle(signal);
		},
	});
	const events: ModelEvent[] = [];
	for await (const batch of backend(demoRequest("demo-precedence", [asking("17*23+4")], both), stop.signal))
		events.push(...batch);
	expect(events.map((event) => event.type)).toEqual(["reasoning", "reasoning", "reasoning"]);
});

test("aborted before it began it yields nothing", async () => {
	const events: ModelEvent[] = [];
	const backend = demoBackend({ sleep: async () => undefined });
	for await (const batch of backend(demoRequest("demo-precedence", [asking("1+1")], both), AbortSignal.abort()))
		events.push(...batch);
	expect(events).toEqual([]);
});
