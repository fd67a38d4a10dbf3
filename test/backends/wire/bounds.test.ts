import { expect, test } from "vitest";
import type { ModelEvent } from "../../../src/backends/backend.ts";
import { serverToolsMax } from "../../../src/backends/wire/anthropic-blocks.ts";
import { extrasMax } from "../../../src/backends/wire/chat-extras.ts";
import { groundingMax } from "../../../src/backends/wire/gemini-grounding.ts";
import { toolResultCharsMax } from "../../../src/backends/wire/reading.ts";
import { outputItemsMax } from "../../../src/backends/wire/response-output.ts";
import { resultDepthMax, resultText } from "../../../src/backends/wire/result-text.ts";
import type { Json } from "../../../src/std/json.ts";
import { fed, streamed } from "./feed.ts";

const times = <T>(count: number, make: (index: number) => T): T[] =>
	Array.from({ length: count }, (_, index) => make(index));

const resultsIn = (events: readonly ModelEvent[]) =>
	events.flatMap((event) => (event.type === "server_tool_result" ? [event] : []));

test("what a tool came to is shown up to its length, then cut", () => {
	const shown = (text: string): string | undefined =>
		resultsIn(
			fed(
				"gemini-generate",
				streamed({ candidates: [{ content: { parts: [{ codeExecutionResult: { output: text } }] } }] }),
			),
		)[0]?.text;
	expect(shown("x".repeat(toolResultCharsMax))).toBe("x".repeat(toolResultCharsMax));
	expect(shown("x".repeat(toolResultCharsMax + 1))).toBe(`${"x".repeat(toolResultCharsMax - 1)}…`);
});

test("no half of a character is left where it is cut", () => {
	const text = `${"x".repeat(toolResultCharsMax - 2)}🌊🌊`;
	const content = { type: "text", text };
	const block = { type: "mcp_tool_result", tool_use_id: "m", content: [content] };
	const [result] = resultsIn(
		fed(
			"anthropic-messages",
			streamed(
				{ type: "content_block_start", index: 0, content_block: block },
				{ type: "content_block_stop", index: 0 },
				{
					type: "message_stop",
				},
			),
		),
	);
	expect(result?.text.isWellFormed()).toBe(true);
});

test.each<[number, string]>([
	[serverToolsMax, "asked"],
	[serverToolsMax + 1, "mcp"],
])("the names of %i tools of the provider: the result of the last is called %s", (count, name) => {
	const content = [
		...times(count, (index) => ({ type: "mcp_tool_use", id: `m${index}`, name: "asked", input: {} })),
		{ type: "mcp_tool_result", tool_use_id: `m${count - 1}`, content: "done" },
	];
	expect(resultsIn(fed("anthropic-messages", streamed(JSON.stringify({ type: "message", content }))))).toEqual([
		{ type: "server_tool_result", name, ok: true, text: "done" },
	]);
});

const citationsIn = (events: readonly ModelEvent[]): number => events.filter(({ type }) => type === "citation").length;

test.each<[number, number]>([
	[extrasMax, extrasMax],
	[extrasMax + 1, extrasMax],
])("of %i sources of a chat answer %i are told", (count, expected) => {
	const citations = times(count, (index) => `https://a.example/${index}`);
	expect(citationsIn(fed("openai-chat", streamed({ choices: [], citations })))).toBe(expected);
});

test.each<[number, number]>([
	[groundingMax, groundingMax],
	[groundingMax + 1, groundingMax],
])("of %i sources of Google's %i are told", (count, expected) => {
	const groundingChunks = times(count, (index) => ({ web: { uri: `https://a.example/${index}` } }));
	const payload = { candidates: [{ groundingMetadata: { groundingChunks } }] };
	expect(citationsIn(fed("gemini-generate", streamed(payload)))).toBe(expected);
});

test.each<[number, string]>([
	[outputItemsMax, "end"],
	[outputItemsMax + 1, "error"],
])("an answer of %i items: %s", (count, stop) => {
	const items = times(count, (index) => ({
		type: "response.output_item.done",
		output_index: index,
		item: { type: "unheard", id: `i${index}` },
	}));
	const events = fed("openai-responses", streamed(...items, { type: "response.completed", response: {} }));
	expect(events.at(-1)).toEqual({ type: "end", stop });
});

const inside = (levels: number): Json => (levels === 0 ? "deep" : { content: inside(levels - 1) });

test.each<[string, Json | undefined, string]>([
	["nothing", undefined, ""],
	["text", " a \n", "a"],
	[
		"sources, a line each",
		[
			{ title: "A", url: "https://a" },
			{ uri: "https://b", content: "long" },
		],
		"A https://a\nhttps://b",
	],
	["what a program printed", { stdout: "1\n", stderr: "bad\n", return_code: 2 }, "1\nbad\nexit code 2"],
	["what a shell printed", [{ stdout: "1", stderr: "", outcome: { type: "exit", exit_code: 3 } }], "1\nexit code 3"],
	["an error", { type: "x_error", error_code: "unavailable", error_message: "No" }, "unavailable\nNo"],
	["tools that were found", { tool_references: [{ type: "tool_reference", tool_name: "t", name: "t" }] }, "t"],
	["a picture is shown elsewhere", [{ type: "image", url: "data:image/png;base64,AA" }], ""],
	["as deep as it may lie", inside(resultDepthMax), "deep"],
	["deeper", inside(resultDepthMax + 1), ""],
])("the text of a result: %s", (_, value, expected) => {
	expect(resultText(value)).toBe(expected);
});
