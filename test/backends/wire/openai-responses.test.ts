import { expect, test } from "vitest";
import type { ModelEvent } from "../../../src/backends/backend.ts";
import { fed, recording } from "./feed.ts";

const recordings: readonly [string, string, readonly ModelEvent[]][] = [
	[
		"a reasoning summary, encrypted reasoning, two calls, one without arguments",
		"reasoning-and-tools.sse",
		[
			{ type: "reasoning", text: "Both " },
			{ type: "reasoning", text: "at once." },
			{
				type: "echo",
				item: {
					id: "rs_1",
					type: "reasoning",
					summary: [{ type: "summary_text", text: "Both at once." }],
					encrypted_content: "Z0FBQQ==",
				},
			},
			{ type: "tool_call", call: { id: "call_a", name: "river_level", arguments: { river: "Spree" } } },
			{
				type: "echo",
				item: {
					id: "fc_1",
					type: "function_call",
					status: "completed",
					arguments: '{"river":"Spree"}',
					call_id: "call_a",
					name: "river_level",
				},
			},
			{ type: "tool_call", call: { id: "call_b", name: "now", arguments: {} } },
			{
				type: "echo",
				item: {
					id: "fc_2",
					type: "function_call",
					status: "completed",
					arguments: "",
					call_id: "call_b",
					name: "now",
				},
			},
			{ type: "usage", usage: { input: 210, output: 64, cached: 128, reasoning: 40 } },
			{ type: "end", stop: "tools" },
		],
	],
	[
		"items are told apart by their place when a proxy changes their ids",
		"search-and-rotating-ids.sse",
		[
			{ type: "server_tool", name: "web_search", arguments: { type: "search", query: "Zugspitze" } },
			{
				type: "echo",
				item: {
					id: "ws_1",
					type: "web_search_call",
					status: "completed",
					action: { type: "search", query: "Zugspitze" },
				},
			},
			{ type: "text", text: "2,962 m" },
			{ type: "citation", url: "https://peaks.example/z", title: "Z" },
			{ type: "text", text: " ⛰" },
			{
				type: "echo",
				item: {
					id: "msg_9",
					type: "message",
					role: "assistant",
					status: "completed",
					content: [
						{
							type: "output_text",
							text: "2,962 m ⛰",
							annotations: [
								{
									type: "url_citation",
									url: "https://peaks.example/z",
									title: "Z",
									start_index: 0,
									end_index: 7,
								},
							],
						},
					],
				},
			},
			{ type: "usage", usage: { input: 210, output: 64, cached: 128, reasoning: 40 } },
			{ type: "end", stop: "end" },
		],
	],
	[
		"the reason of response.failed counts more than that of the error before it",
		"failed-after-error.sse",
		[
			{ type: "text", text: "So far" },
			{ type: "usage", usage: { input: 5, output: 2, cached: null, reasoning: null } },
			{
				type: "failed",
				failure: {
					code: "rate_limited",
					retryable: true,
					retryAfterMs: null,
					message: "Limit 30000, requested 41000 tokens per min",
				},
			},
			{ type: "end", stop: "error" },
		],
	],
	[
		"a refusal is text, and said once",
		"refusal.sse",
		[
			{ type: "text", text: "I cannot help." },
			{
				type: "echo",
				item: {
					id: "msg_1",
					type: "message",
					role: "assistant",
					status: "completed",
					content: [{ type: "refusal", refusal: "I cannot help." }],
				},
			},
			{ type: "end", stop: "refusal" },
		],
	],
	[
		"a call cut by the limit has its arguments as received",
		"length.sse",
		[
			{
				type: "tool_call",
				call: { id: "call_a", name: "river_level", arguments: { __unparsed: '{"river":"Sp' } },
			},
			{
				type: "echo",
				item: {
					id: "fc_1",
					type: "function_call",
					status: "incomplete",
					arguments: '{"river":"Sp',
					call_id: "call_a",
					name: "river_level",
				},
			},
			{ type: "end", stop: "length" },
		],
	],
	[
		"a background response names where to take it up again",
		"background-cut.sse",
		[
			{ type: "handle", handle: "resp_1", cursor: "0" },
			{ type: "text", text: "1" },
			{ type: "text", text: "2" },
			{ type: "handle", handle: "resp_1", cursor: "32" },
			{ type: "text", text: "3" },
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
		"xAI's own tools come as custom calls; a custom call of OpenAI's is ours to run",
		"provider-tools.sse",
		[
			{ type: "server_tool", name: "x_search", arguments: { query: "rivers" } },
			{
				type: "echo",
				item: {
					id: "ctc_7_xs_call_1",
					type: "custom_tool_call",
					status: "completed",
					call_id: "xs_call_1",
					name: "x_search",
					input: '{"query":"rivers"}',
				},
			},
			{ type: "server_tool", name: "code_interpreter", arguments: { code: "print(2)" } },
			{
				type: "echo",
				item: { id: "ci_1", type: "code_interpreter_call", status: "completed", code: "print(2)" },
			},
			{ type: "tool_call", call: { id: "call_q", name: "write_sql", arguments: { __unparsed: "SELECT 1" } } },
			{
				type: "echo",
				item: {
					id: "ct_1",
					type: "custom_tool_call",
					status: "completed",
					call_id: "call_q",
					name: "write_sql",
					input: "SELECT 1",
				},
			},
			{ type: "end", stop: "tools" },
		],
	],
	[
		"a reply that was not streamed",
		"whole.json",
		[
			{ type: "reasoning", text: "Both at once." },
			{
				type: "echo",
				item: {
					id: "rs_1",
					type: "reasoning",
					summary: [{ type: "summary_text", text: "Both at once." }],
					encrypted_content: "Z0FBQQ==",
				},
			},
			{ type: "text", text: "2,962 m ⛰" },
			{ type: "citation", url: "https://peaks.example/z", title: "Z" },
			{
				type: "echo",
				item: {
					id: "msg_9",
					type: "message",
					role: "assistant",
					status: "completed",
					content: [
						{
							type: "output_text",
							text: "2,962 m ⛰",
							annotations: [
								{
									type: "url_citation",
									url: "https://peaks.example/z",
									title: "Z",
									start_index: 0,
									end_index: 7,
								},
							],
						},
					],
				},
			},
			{ type: "tool_call", call: { id: "call_a", name: "river_level", arguments: { river: "Spree" } } },
			{
				type: "echo",
				item: {
					id: "fc_1",
					type: "function_call",
					status: "completed",
					arguments: '{"river":"Spree"}',
					call_id: "call_a",
					name: "river_level",
				},
			},
			{ type: "usage", usage: { input: 210, output: 64, cached: 128, reasoning: 40 } },
			{ type: "end", stop: "tools" },
		],
	],
	[
		"an HTTP error, its key not shown",
		"http-error.json",
		[
			{
				type: "failed",
				failure: {
					code: "auth",
					retryable: false,
					retryAfterMs: null,
					message: "Incorrect API key provided: [redacted]",
				},
			},
			{ type: "end", stop: "error" },
		],
	],
];

test.each(recordings)("%s", (_, file, events) => {
	expect(fed("openai-responses", recording(`openai-responses/${file}`))).toEqual(events);
});

test.each(recordings)("cut into single bytes: %s", (_, file, events) => {
	expect(fed("openai-responses", recording(`openai-responses/${file}`), 1)).toEqual(events);
});
