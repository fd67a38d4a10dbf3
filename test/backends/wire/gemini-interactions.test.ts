import { expect, test } from "vitest";
import type { ModelEvent } from "../../../src/backends/backend.ts";
import { fed, recording } from "./feed.ts";

const recordings: readonly [string, string, readonly ModelEvent[]][] = [
	[
		"thought summary and signature, two calls, one without arguments; a stored interaction can be taken up again",
		"thought-and-tools.sse",
		[
			{ type: "handle", handle: "v1_a", cursor: null },
			{ type: "reasoning", text: "Zwei Flüsse." },
			{
				type: "echo",
				item: { type: "thought", signature: "c2ln", summary: [{ type: "text", text: "Zwei Flüsse." }] },
			},
			{ type: "handle", handle: "v1_a", cursor: "ev_4" },
			{ type: "text", text: "Ich prüfe" },
			{ type: "text", text: " beide 🌊." },
			{ type: "echo", item: { type: "model_output", content: [{ type: "text", text: "Ich prüfe beide 🌊." }] } },
			{ type: "tool_call", call: { id: "fc_1", name: "river_level", arguments: { river: "Spree" } } },
			{
				type: "echo",
				item: { type: "function_call", id: "fc_1", name: "river_level", arguments: { river: "Spree" } },
			},
			{ type: "tool_call", call: { id: "fc_2", name: "now", arguments: {} } },
			{ type: "echo", item: { type: "function_call", id: "fc_2", name: "now", arguments: {} } },
			{ type: "usage", usage: { input: 156, output: 152, cached: 64, reasoning: 118 } },
			{ type: "end", stop: "tools" },
		],
	],
	[
		"a search by the provider is shown, and what it fed back counts as input",
		"search.sse",
		[
			{ type: "server_tool", name: "google_search", arguments: { queries: ["Zugspitze"] } },
			{
				type: "echo",
				item: { type: "google_search_call", id: "s1", signature: "", arguments: { queries: ["Zugspitze"] } },
			},
			{ type: "text", text: "2,962 m" },
			{ type: "citation", url: "https://peaks.example/z", title: "Z" },
			{
				type: "echo",
				item: {
					type: "model_output",
					content: [
						{
							type: "text",
							text: "2,962 m",
							annotations: [{ type: "url_citation", url: "https://peaks.example/z", title: "Z" }],
						},
					],
				},
			},
			{ type: "usage", usage: { input: 220, output: 9, cached: 0, reasoning: 0 } },
			{ type: "end", stop: "end" },
		],
	],
	[
		"an answer at its limit",
		"length.sse",
		[
			{ type: "text", text: "Once upon" },
			{ type: "echo", item: { type: "model_output", content: [{ type: "text", text: "Once upon" }] } },
			{ type: "end", stop: "length" },
		],
	],
	[
		"an error inside a stream",
		"error-inside.sse",
		[
			{ type: "text", text: "So far" },
			{
				type: "failed",
				failure: {
					code: "overloaded",
					retryable: true,
					retryAfterMs: null,
					message: "The model is overloaded.",
				},
			},
			{ type: "end", stop: "error" },
		],
	],
	[
		"a body without interaction.completed is cut",
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
		"a reply that was not streamed",
		"whole.json",
		[
			{ type: "reasoning", text: "Easy." },
			{ type: "echo", item: { type: "thought", signature: "c2ln", summary: [{ type: "text", text: "Easy." }] } },
			{ type: "text", text: "Four." },
			{ type: "echo", item: { type: "model_output", content: [{ type: "text", text: "Four." }] } },
			{ type: "usage", usage: { input: 3, output: 2, cached: null, reasoning: null } },
			{ type: "end", stop: "end" },
		],
	],
];

test.each(recordings)("%s", (_, file, events) => {
	expect(fed("gemini-interactions", recording(`gemini-interactions/${file}`))).toEqual(events);
});

test.each(recordings)("cut into single bytes: %s", (_, file, events) => {
	expect(fed("gemini-interactions", recording(`gemini-interactions/${file}`), 1)).toEqual(events);
});
