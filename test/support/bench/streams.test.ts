import { expect, test } from "vitest";
import { readerFor } from "../../../src/backends/wire/readers.ts";
import type { WireName } from "../../../src/backends/wire/wire.ts";
import { medianTimes, ratioOf } from "./side-by-side.ts";
import { makeStreams } from "./streams.ts";

const shown = JSON.stringify(
	'<answer label="answer_3">Plan 2: begin.</answer> <answer label="answer_4">Plan 1: begin.</answer>',
);

test.each<[wire: WireName, path: string]>([
	["anthropic-messages", "/v1/messages"],
	["openai-responses", "/v1/responses"],
	["openai-chat", "/v1/chat/completions"],
	["gemini-generate", "/v1beta/models/m2:streamGenerateContent?alt=sse"],
	["gemini-interactions", "/v1beta/interactions"],
])("on %s the first stream answers after 198 pieces of text, the second votes for the first agent", (wire, path) => {
	const streamsOf = makeStreams();
	const read = (body: string) => {
		const events = streamsOf(path, body) ?? [];
		const reader = readerFor(wire);
		// One by one: what comes together may be told of together.
		const brought = [...events.flatMap((event) => [...reader.push(event)]), ...reader.end()];
		const calls = brought.flatMap((event) => (event.type === "tool_call" ? [event.call] : []));
		return {
			enough: events.length >= 200,
			texts: brought.filter(({ type }) => type === "text").length,
			calls: calls.map(({ name, arguments: given }) => [name, given]),
		};
	};
	expect([read('{"model":"m2"}'), read(`{"model":"m2","text":${shown}}`)]).toEqual([
		{ enough: true, texts: 198, calls: [["new_answer", { content: "Plan 2: begin with step 2." }]] },
		{ enough: true, texts: 198, calls: [["vote", { answer: "answer_4", reason: "It is complete." }]] },
	]);
});

test("a path of no wire has no stream", () => {
	expect(makeStreams()("/v1/models", "{}")).toEqual(null);
});

test("tasks take turns", async () => {
	const order: string[] = [];
	const task = (name: string) => async () => void order.push(name);
	await medianTimes([task("a"), task("b")], 2);
	expect(order).toEqual(["a", "b", "a", "b"]);
});

test("a ratio is of what all turns after the warm-up took by the clock", async () => {
	let nowMs = 0;
	const taking = (ms: number) => async () => void (nowMs += ms);
	const cold = { left: 2 };
	const one = async () => void (nowMs += cold.left-- > 0 ? 1000 : 3);
	expect(await ratioOf([one, taking(2)], { warmUp: 2, measured: 4, clock: () => nowMs })).toBe(1.5);
});
