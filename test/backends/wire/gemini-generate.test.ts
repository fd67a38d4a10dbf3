import { expect, test } from "vitest";
import type { ModelEvent } from "../../../src/backends/backend.ts";
import { fed, recording } from "./feed.ts";

const recordings: readonly [string, string, readonly ModelEvent[]][] = [
	[
		"thoughts, two calls, one without id, one without arguments; signatures keep parts of their own",
		"thought-and-tools.sse",
		[
			{ type: "reasoning", text: "Zwei Flüsse. " },
			{ type: "reasoning", text: "Zwei Aufrufe." },
			{ type: "text", text: "Ich prüfe" },
			{ type: "text", text: " beide 🌊." },
			{ type: "tool_call", call: { id: "call_1", name: "river_level", arguments: { river: "Spree" } } },
			{ type: "tool_call", call: { id: "fc_2", name: "now", arguments: {} } },
			{ type: "echo", item: { text: "Zwei Flüsse. Zwei Aufrufe.", thought: true } },
			{ type: "echo", item: { text: "Ich prüfe beide 🌊." } },
			{
				type: "echo",
				item: { functionCall: { name: "river_level", args: { river: "Spree" } }, thoughtSignature: "c2ln" },
			},
			{ type: "echo", item: { functionCall: { id: "fc_2", name: "now", args: {} } } },
			{ type: "echo", item: { text: "", thoughtSignature: "ZW5k" } },
			{ type: "usage", usage: { input: 40, output: 31, cached: 16, reasoning: 11 } },
			{ type: "end", stop: "tools" },
		],
	],
	[
		"arguments in fragments",
		"partial-arguments.sse",
		[
			{
				type: "tool_call",
				call: {
					id: "call_1",
					name: "plan",
					arguments: { title: "High tide", days: [{ hour: 7 }, { hour: 19 }], "dry run": false, note: null },
				},
			},
			{
				type: "echo",
				item: {
					functionCall: {
						name: "plan",
						args: { title: "High tide", days: [{ hour: 7 }, { hour: 19 }], "dry run": false, note: null },
					},
					thoughtSignature: "c2ln",
				},
			},
			{ type: "end", stop: "tools" },
		],
	],
	[
		"a search repeated in several chunks is shown once",
		"search.sse",
		[
			{ type: "text", text: "2,962 m" },
			{ type: "server_tool", name: "google_search", arguments: { queries: ["Zugspitze"] } },
			{ type: "citation", url: "https://peaks.example/z", title: "Z" },
			{ type: "server_tool_result", name: "google_search", ok: true, text: "Z https://peaks.example/z" },
			{ type: "text", text: "." },
			{ type: "echo", item: { text: "2,962 m." } },
			{ type: "usage", usage: { input: 109, output: 5, cached: null, reasoning: null } },
			{ type: "end", stop: "end" },
		],
	],
	[
		"text may follow the first finishReason",
		"text-after-finish.sse",
		[
			{ type: "server_tool", name: "code_execution", arguments: { language: "PYTHON", code: "print(42)" } },
			{ type: "server_tool_result", name: "code_execution", ok: true, text: "42" },
			{ type: "text", text: "42" },
			{ type: "echo", item: { executableCode: { language: "PYTHON", code: "print(42)" } } },
			{ type: "echo", item: { codeExecutionResult: { outcome: "OUTCOME_OK", output: "42\n" } } },
			{ type: "echo", item: { text: "42" } },
			{ type: "end", stop: "end" },
		],
	],
	[
		"an error inside a stream says when to come back",
		"error-inside.sse",
		[
			{ type: "text", text: "So far" },
			{ type: "usage", usage: { input: 3, output: null, cached: null, reasoning: null } },
			{
				type: "failed",
				failure: {
					code: "rate_limited",
					retryable: true,
					retryAfterMs: 34400,
					message: "Resource has been exhausted",
				},
			},
			{ type: "end", stop: "error" },
		],
	],
	[
		"a blocked prompt is a refusal",
		"refusal.sse",
		[
			{ type: "usage", usage: { input: 4, output: null, cached: null, reasoning: null } },
			{ type: "end", stop: "refusal" },
		],
	],
	[
		"a call that the API could not read is worth another try",
		"malformed-call.sse",
		[
			{ type: "text", text: "Calling" },
			{ type: "echo", item: { text: "Calling" } },
			{
				type: "failed",
				failure: {
					code: "bad_stream",
					retryable: true,
					retryAfterMs: null,
					message: "MALFORMED_FUNCTION_CALL: print(now(",
				},
			},
			{ type: "end", stop: "error" },
		],
	],
	[
		"an answer at its limit",
		"length.sse",
		[
			{ type: "text", text: "Once upon" },
			{ type: "echo", item: { text: "Once upon" } },
			{ type: "end", stop: "length" },
		],
	],
	[
		"a body without finishReason is cut",
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
		"a list of chunks in one JSON body",
		"whole.json",
		[
			{ type: "text", text: "One " },
			{ type: "text", text: "array." },
			{ type: "echo", item: { text: "One array." } },
			{ type: "usage", usage: { input: 2, output: 3, cached: null, reasoning: null } },
			{ type: "end", stop: "end" },
		],
	],
	[
		"the reason in the details counts more than INVALID_ARGUMENT",
		"http-error.json",
		[
			{
				type: "failed",
				failure: {
					code: "auth",
					retryable: false,
					retryAfterMs: null,
					message: "API key not valid. Please pass a valid API key.",
				},
			},
			{ type: "end", stop: "error" },
		],
	],
];

test.each(recordings)("%s", (_, file, events) => {
	expect(fed("gemini-generate", recording(`gemini-generate/${file}`))).toEqual(events);
});

test.each(recordings)("cut into single bytes: %s", (_, file, events) => {
	expect(fed("gemini-generate", recording(`gemini-generate/${file}`), 1)).toEqual(events);
});
