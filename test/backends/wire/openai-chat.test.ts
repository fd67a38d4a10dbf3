import { expect, test } from "vitest";
import type { ModelEvent } from "../../../src/backends/backend.ts";
import { fed, recording } from "./feed.ts";

const recordings: readonly [string, string, readonly ModelEvent[]][] = [
	[
		"reasoning, two calls with interleaved fragments and nulls; a zeroed second account does not count",
		"reasoning-and-tools.sse",
		[
			{ type: "reasoning", text: "Two " },
			{ type: "reasoning", text: "calls." },
			{ type: "text", text: "Ich prüfe 🌊" },
			{ type: "tool_call", call: { id: "call_a", name: "river_level", arguments: { river: "Spree" } } },
			{ type: "tool_call", call: { id: "call_b", name: "now", arguments: {} } },
			{
				type: "echo",
				item: {
					role: "assistant",
					content: "Ich prüfe 🌊",
					reasoning_content: "Two calls.",
					tool_calls: [
						{
							id: "call_a",
							type: "function",
							function: { name: "river_level", arguments: '{"river":"Spree"}' },
						},
						{ id: "call_b", type: "function", function: { name: "now", arguments: "{}" } },
					],
				},
			},
			{ type: "usage", usage: { input: 50, output: 30, cached: 32, reasoning: 12 } },
			{ type: "end", stop: "tools" },
		],
	],
	[
		"reasoning under three names counts once and is echoed whole",
		"reasoning-details.sse",
		[
			{ type: "reasoning", text: "Hm" },
			{ type: "reasoning", text: "m." },
			{ type: "text", text: "Five." },
			{
				type: "echo",
				item: {
					role: "assistant",
					content: "Five.",
					reasoning: "Hmm.",
					reasoning_details: [
						{ type: "reasoning.text", text: "Hmm.", index: 0, format: "a", signature: "c2ln" },
						{ type: "reasoning.encrypted", data: "ZQ==", index: 1 },
					],
				},
			},
			{ type: "usage", usage: { input: 9, output: 6, cached: null, reasoning: null } },
			{ type: "end", stop: "end" },
		],
	],
	[
		"reasoning tokens counted beside the completion are added",
		"reasoning-beside.sse",
		[
			{ type: "reasoning", text: "Easy." },
			{ type: "text", text: "4" },
			{ type: "echo", item: { role: "assistant", content: "4", reasoning_content: "Easy." } },
			{ type: "usage", usage: { input: 10, output: 8, cached: null, reasoning: 7 } },
			{ type: "end", stop: "end" },
		],
	],
	[
		"an error in a chunk keeps the text so far and the usage after it",
		"error-inside.sse",
		[
			{ type: "text", text: "So " },
			{ type: "text", text: "far" },
			{ type: "usage", usage: { input: 7, output: 2, cached: null, reasoning: null } },
			{
				type: "failed",
				failure: { code: "server", retryable: true, retryAfterMs: null, message: "Upstream idle" },
			},
			{ type: "end", stop: "error" },
		],
	],
	[
		"a line that says error",
		"error-line.sse",
		[
			{ type: "text", text: "So far" },
			{
				type: "failed",
				failure: { code: "server", retryable: true, retryAfterMs: null, message: "failed to decode" },
			},
			{ type: "end", stop: "error" },
		],
	],
	[
		"a refusal is text",
		"refusal.sse",
		[
			{ type: "text", text: "I can" },
			{ type: "text", text: "not." },
			{ type: "echo", item: { role: "assistant", content: null, refusal: "I cannot." } },
			{ type: "end", stop: "refusal" },
		],
	],
	[
		"a call cut by the limit has its arguments as received",
		"length.sse",
		[
			{
				type: "tool_call",
				call: { id: "call_a", name: "river_level", arguments: { __unparsed: '{"river":"S' } },
			},
			{
				type: "echo",
				item: {
					role: "assistant",
					content: null,
					tool_calls: [
						{
							id: "call_a",
							type: "function",
							function: { name: "river_level", arguments: '{"__unparsed":"{\\"river\\":\\"S"}' },
						},
					],
				},
			},
			{ type: "end", stop: "length" },
		],
	],
	[
		"a body that ends inside a chunk",
		"cut.sse",
		[
			{ type: "text", text: "Half" },
			{
				type: "failed",
				failure: {
					code: "bad_stream",
					retryable: true,
					retryAfterMs: null,
					message: "the response ended too early",
				},
			},
			{ type: "end", stop: "cut" },
		],
	],
	[
		"a finish_reason ends the answer where [DONE] is missing",
		"no-done.sse",
		[
			{ type: "text", text: "All." },
			{ type: "echo", item: { role: "assistant", content: "All." } },
			{ type: "end", stop: "end" },
		],
	],
	[
		"a reply that was not streamed",
		"whole.json",
		[
			{ type: "reasoning", text: "Why not." },
			{ type: "text", text: "Asking." },
			{ type: "tool_call", call: { id: "call_a", name: "now", arguments: {} } },
			{
				type: "echo",
				item: {
					role: "assistant",
					content: "Asking.",
					reasoning: "Why not.",
					tool_calls: [{ id: "call_a", type: "function", function: { name: "now", arguments: "{}" } }],
				},
			},
			{ type: "usage", usage: { input: 5, output: 4, cached: null, reasoning: null } },
			{ type: "end", stop: "tools" },
		],
	],
	[
		"an HTTP error without an error object",
		"http-error.json",
		[
			{
				type: "failed",
				failure: {
					code: "not_found",
					retryable: false,
					retryAfterMs: null,
					message: "The model `nope` does not exist.",
				},
			},
			{ type: "end", stop: "error" },
		],
	],
];

test.each(recordings)("%s", (_, file, events) => {
	expect(fed("openai-chat", recording(`openai-chat/${file}`))).toEqual(events);
});

test.each(recordings)("cut into single bytes: %s", (_, file, events) => {
	expect(fed("openai-chat", recording(`openai-chat/${file}`), 1)).toEqual(events);
});
