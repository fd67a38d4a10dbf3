import { expect, test } from "vitest";
import type { ModelEvent } from "../../../src/backends/backend.ts";
import { fed, recording } from "./feed.ts";

const recordings: readonly [string, string, readonly ModelEvent[]][] = [
	[
		"thinking and signature, redacted thinking, two calls, one without arguments; input counts what the cache wrote and gave",
		"thinking-and-tools.sse",
		[
			{ type: "usage", usage: { input: 1320, output: 1, cached: 1000, reasoning: null, written: 300 } },
			{ type: "reasoning", text: "Two rivers, " },
			{ type: "reasoning", text: "two calls." },
			{ type: "echo", item: { type: "thinking", thinking: "Two rivers, two calls.", signature: "c2ln" } },
			{ type: "echo", item: { type: "redacted_thinking", data: "b3BhcXVl" } },
			{ type: "text", text: "Ich prüfe" },
			{ type: "text", text: " beide 🌊." },
			{ type: "echo", item: { type: "text", text: "Ich prüfe beide 🌊." } },
			{ type: "tool_call", call: { id: "toolu_1", name: "river_level", arguments: { river: "Spree" } } },
			{ type: "echo", item: { type: "tool_use", id: "toolu_1", name: "river_level", input: { river: "Spree" } } },
			{ type: "tool_call", call: { id: "toolu_2", name: "now", arguments: {} } },
			{ type: "echo", item: { type: "tool_use", id: "toolu_2", name: "now", input: {} } },
			{ type: "usage", usage: { input: 1320, output: 88, cached: 1000, reasoning: 31, written: 300 } },
			{ type: "end", stop: "tools" },
		],
	],
	[
		"a search by the provider is shown and echoed, not to be run; a paused turn",
		"search-and-citation.sse",
		[
			{ type: "usage", usage: { input: 20, output: 1, cached: 0, reasoning: null, written: 0 } },
			{ type: "server_tool", name: "web_search", arguments: { query: "height of Zugspitze" } },
			{
				type: "echo",
				item: {
					type: "server_tool_use",
					id: "srvtoolu_1",
					name: "web_search",
					input: { query: "height of Zugspitze" },
				},
			},
			{
				type: "server_tool_result",
				name: "web_search",
				ok: true,
				text: "Zugspitze https://peaks.example/zugspitze",
			},
			{
				type: "echo",
				item: {
					type: "web_search_tool_result",
					tool_use_id: "srvtoolu_1",
					content: [
						{
							type: "web_search_result",
							title: "Zugspitze",
							url: "https://peaks.example/zugspitze",
							encrypted_content: "ZW5j",
						},
					],
				},
			},
			{ type: "text", text: "2,962 m" },
			{ type: "citation", url: "https://peaks.example/zugspitze", title: "Zugspitze" },
			{
				type: "echo",
				item: {
					type: "text",
					text: "2,962 m",
					citations: [
						{
							type: "web_search_result_location",
							url: "https://peaks.example/zugspitze",
							title: "Zugspitze",
							cited_text: "2,962",
							encrypted_index: "aWR4",
						},
					],
				},
			},
			{ type: "usage", usage: { input: 2400, output: 45, cached: 0, reasoning: null, written: 0 } },
			{ type: "end", stop: "pause" },
		],
	],
	[
		"a second message_start voids the first answer, the call it had begun included",
		"restarted.sse",
		[
			{ type: "usage", usage: { input: 20, output: 1, cached: 0, reasoning: null, written: 0 } },
			{ type: "text", text: "Perhaps 4" },
			{ type: "restart" },
			{ type: "usage", usage: { input: 20, output: 1, cached: 0, reasoning: null, written: 0 } },
			{ type: "text", text: "It is 5." },
			{ type: "echo", item: { type: "text", text: "It is 5." } },
			{ type: "usage", usage: { input: 20, output: 9, cached: 0, reasoning: null, written: 0 } },
			{ type: "end", stop: "end" },
		],
	],
	[
		"an error after a 200 keeps the text so far",
		"error-inside.sse",
		[
			{ type: "usage", usage: { input: 20, output: 1, cached: 0, reasoning: null, written: 0 } },
			{ type: "text", text: "The first" },
			{ type: "usage", usage: { input: 20, output: 1, cached: 0, reasoning: null, written: 0 } },
			{
				type: "failed",
				failure: { code: "overloaded", retryable: true, retryAfterMs: null, message: "Overloaded" },
			},
			{ type: "end", stop: "error" },
		],
	],
	[
		"a refusal is no failure",
		"refusal.sse",
		[
			{ type: "usage", usage: { input: 20, output: 1, cached: 0, reasoning: null, written: 0 } },
			{ type: "usage", usage: { input: 20, output: 4, cached: 0, reasoning: null, written: 0 } },
			{ type: "end", stop: "refusal" },
		],
	],
	[
		"an answer at its limit",
		"length.sse",
		[
			{ type: "usage", usage: { input: 20, output: 1, cached: 0, reasoning: null, written: 0 } },
			{ type: "text", text: "Once upon" },
			{ type: "echo", item: { type: "text", text: "Once upon" } },
			{ type: "usage", usage: { input: 20, output: 2, cached: 0, reasoning: null, written: 0 } },
			{ type: "end", stop: "length" },
		],
	],
	[
		"a body that ends inside an event",
		"cut.sse",
		[
			{ type: "usage", usage: { input: 20, output: 1, cached: 0, reasoning: null, written: 0 } },
			{ type: "text", text: "Half" },
			{ type: "usage", usage: { input: 20, output: 1, cached: 0, reasoning: null, written: 0 } },
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
		"a reply that was not streamed",
		"whole.json",
		[
			{ type: "text", text: "Seven." },
			{ type: "echo", item: { type: "text", text: "Seven." } },
			{ type: "tool_call", call: { id: "toolu_9", name: "vote", arguments: { answer: "answer_2" } } },
			{ type: "echo", item: { type: "tool_use", id: "toolu_9", name: "vote", input: { answer: "answer_2" } } },
			{ type: "usage", usage: { input: 12, output: 7, cached: null, reasoning: null } },
			{ type: "end", stop: "tools" },
		],
	],
	[
		"an HTTP error",
		"http-error.json",
		[
			{
				type: "failed",
				failure: {
					code: "rate_limited",
					retryable: true,
					retryAfterMs: null,
					message: "This request would exceed your rate limit",
				},
			},
			{ type: "end", stop: "error" },
		],
	],
];

test.each(recordings)("%s", (_, file, events) => {
	expect(fed("anthropic-messages", recording(`anthropic-messages/${file}`))).toEqual(events);
});

test.each(recordings)("cut into single bytes: %s", (_, file, events) => {
	expect(fed("anthropic-messages", recording(`anthropic-messages/${file}`), 1)).toEqual(events);
});
