import { expect, test } from "vitest";
import type { Message, ToolCall, ToolResult, ToolSpec } from "../../../src/backends/backend.ts";
import { hosts } from "../../../src/backends/hosts.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../src/std/json.ts";
import { sentBody } from "../../support/sent-body.ts";
import { fed, streamed } from "./feed.ts";

/**
 * A turn that called a tool, in the call after it: what its reader yielded goes back to the byte, reasoning and all; a
 * turn of another model's is told anew in words that the host takes.
 */

const look: ToolSpec = { name: "look", description: "Looks.", parameters: { type: "object", properties: {} } };

type Turn = {
	readonly title: string;
	readonly backend: keyof typeof hosts;
	readonly model: string;
	readonly answer: Uint8Array;
	readonly expected: readonly JsonObject[];
};

const anthropicThinking = { type: "thinking", thinking: "Look up.", signature: "c2ln" };
const anthropicHidden = { type: "redacted_thinking", data: "aGlkZGVu" };
const anthropicUse = { type: "tool_use", id: "toolu_1", name: "look", input: { at: "sky", z: 1, a: [] } };

const responsesReasoning = {
	id: "rs_1",
	type: "reasoning",
	summary: [{ type: "summary_text", text: "Look up." }],
	encrypted_content: "ZW5j",
};
const responsesMessage = {
	id: "msg_1",
	type: "message",
	status: "completed",
	phase: "commentary",
	role: "assistant",
	content: [{ type: "output_text", text: "Looking.", annotations: [], logprobs: [] }],
};
const responsesSearch = {
	id: "ws_1",
	type: "web_search_call",
	status: "completed",
	action: { type: "search", query: "sky" },
};
const responsesCall = {
	id: "fc_1",
	type: "function_call",
	status: "completed",
	arguments: '{"at": "sky"}',
	call_id: "call_1",
	name: "look",
};

const chatCall = { id: "call_1", type: "function", function: { name: "look", arguments: '{"at": "sky"}' } };
const details: readonly JsonObject[] = [
	{ type: "reasoning.text", text: "Look up.", signature: "c2ln", format: "anthropic-claude-v1", index: 0 },
	{ type: "reasoning.encrypted", data: "ZW5j", id: "rs_1", format: "openai-responses-v1", index: 1 },
];

const geminiParts: readonly JsonObject[] = [
	{ text: "Look up.", thought: true },
	{ toolCall: { toolType: "GOOGLE_SEARCH_WEB", id: "t1", args: { queries: ["sky"] } }, thoughtSignature: "c2lnMQ==" },
	{ toolResponse: { toolType: "GOOGLE_SEARCH_WEB", id: "t1", response: { found: 1 } }, thoughtSignature: "c2lnMg==" },
	{ executableCode: { language: "PYTHON", code: "print(1)", id: "e1" }, thoughtSignature: "c2lnMw==" },
	{ codeExecutionResult: { outcome: "OUTCOME_OK", output: "1\n", id: "e1" }, mediaKind: "of tomorrow" },
	{ functionCall: { id: "f1", name: "look", args: { at: "sky", z: 1 } }, thoughtSignature: "c2lnNA==" },
	{ functionCall: { id: "f2", name: "look", args: {} } },
];

const turns: readonly Turn[] = [
	{
		title: "Claude's thinking and its signature, what is hidden, between two calls of its own tools and ours",
		backend: "anthropic",
		model: "claude-opus-5",
		answer: streamed(
			{ type: "message_start", message: { id: "msg_1", type: "message", content: [], usage: {} } },
			...blocks(
				[anthropicThinking, [{ type: "signature_delta", signature: "c2ln" }]],
				[anthropicHidden, []],
				[{ type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "sky" } }, []],
				[
					{
						type: "web_search_tool_result",
						tool_use_id: "srvtoolu_1",
						content: [{ encrypted_content: "eA" }],
					},
					[],
				],
				[{ ...anthropicThinking, thinking: "And then." }, [{ type: "signature_delta", signature: "c2ln" }]],
				[{ type: "text", text: "Looking." }, []],
				[anthropicUse, []],
			),
			{ type: "message_delta", delta: { stop_reason: "tool_use" }, usage: { output_tokens: 9 } },
			{ type: "message_stop" },
		),
		expected: [
			anthropicThinking,
			anthropicHidden,
			{ type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "sky" } },
			{ type: "web_search_tool_result", tool_use_id: "srvtoolu_1", content: [{ encrypted_content: "eA" }] },
			{ ...anthropicThinking, thinking: "And then." },
			{ type: "text", text: "Looking." },
			anthropicUse,
		],
	},
	...(["openai", "xai"] as const).map((backend): Turn => ({
		title: `the encrypted reasoning of ${backend} before what it belongs to, and the phase of a message`,
		backend,
		model: "gpt-5.5",
		answer: streamed(
			...[responsesReasoning, responsesSearch, responsesMessage, responsesCall].map((item, index) => ({
				type: "response.output_item.done",
				output_index: index,
				item,
			})),
			{ type: "response.completed", response: { object: "response", status: "completed", output: [] } },
		),
		expected: [responsesReasoning, responsesSearch, responsesMessage, responsesCall],
	})),
	{
		title: "the reasoning_content of GLM, Kimi and DeepSeek",
		backend: "zai",
		model: "glm-5.2",
		answer: streamed(
			chunk({ role: "assistant", reasoning_content: "Look " }),
			chunk({ role: "assistant", reasoning_content: "up." }),
			chunk({ content: "Looking." }),
			chunk({ tool_calls: [{ index: 0, ...chatCall }] }),
			chunk({}, "tool_calls"),
			"data: [DONE]\n\n",
		),
		expected: [{ role: "assistant", content: "Looking.", reasoning_content: "Look up.", tool_calls: [chatCall] }],
	},
	{
		title: "the reasoning_details of OpenRouter, signed and encrypted",
		backend: "openrouter",
		model: "anthropic/claude-opus-5",
		answer: streamed(
			chunk({ role: "assistant", reasoning: "Look up.", reasoning_details: details.slice(0, 1) }),
			chunk({ reasoning_details: details.slice(1) }),
			chunk({ tool_calls: [{ index: 0, ...chatCall }] }),
			chunk({}, "tool_calls"),
			"data: [DONE]\n\n",
		),
		expected: [
			{
				role: "assistant",
				content: null,
				reasoning: "Look up.",
				reasoning_details: details,
				tool_calls: [chatCall],
			},
		],
	},
	{
		title: "the thought signature of Gemini behind a chat host",
		backend: "openai-chat",
		model: "gemini-3-flash-preview",
		answer: streamed(
			chunk({
				tool_calls: [{ index: 0, ...chatCall, extra_content: { google: { thought_signature: "c2ln" } } }],
			}),
			chunk({}, "tool_calls"),
			"data: [DONE]\n\n",
		),
		expected: [
			{
				role: "assistant",
				content: null,
				tool_calls: [{ ...chatCall, extra_content: { google: { thought_signature: "c2ln" } } }],
			},
		],
	},
	{
		title: "the parts of Gemini with their signatures, tools of Google's own among them",
		backend: "gemini",
		model: "gemini-3.1-pro-preview",
		answer: streamed(
			...geminiParts.map((part) => ({ candidates: [{ content: { role: "model", parts: [part] } }] })),
			{ candidates: [{ finishReason: "STOP" }], usageMetadata: { promptTokenCount: 1 } },
		),
		expected: geminiParts,
	},
];

test.each(turns)("$title: back as it came", async ({ backend, model, answer, expected }) => {
	const events = fed(hosts[backend].wire, answer);
	const echo = events.flatMap((event) => (event.type === "echo" ? [event.item] : []));
	const toolCalls = events.flatMap((event) => (event.type === "tool_call" ? [event.call] : []));
	const text = events.map((event) => (event.type === "text" ? event.text : "")).join("");
	const turn: Message = { role: "assistant", text, toolCalls, echo };
	const messages: readonly Message[] = [{ role: "user", text: "Why?" }, turn, resultsOf(toolCalls)];
	const params: JsonObject = backend === "openai-chat" ? { base_url: "https://hosts.invalid/v1" } : {};
	const body = await sentBody(backend, { model, params, tools: [look], messages, serverTools: ["web_search"] });
	expect(JSON.stringify(turnIn(body, expected.length))).toBe(JSON.stringify(expected));
});

const foreignCalls: readonly ToolCall[] = [
	{ id: "functions.look:0", name: "look", arguments: { at: "sky" } },
	{ id: "functions.look:1", name: "look", arguments: {} },
];
const foreign: readonly Message[] = [
	{ role: "user", text: "Why?" },
	{ role: "assistant", text: "Looking.", toolCalls: foreignCalls, echo: [] },
	resultsOf(foreignCalls),
];
const marked = { cache_control: { type: "ephemeral" } };
const firstCall = { functionCall: { name: "look", args: { at: "sky" } } };
const secondCall = { functionCall: { name: "look", args: {} } };
const response = { functionResponse: { name: "look", response: { output: "Blue." } } };

test.each<readonly [title: string, backend: string, model: string, field: string, expected: Json]>([
	[
		"Claude, with ids of the only kind it takes",
		"anthropic",
		"claude-opus-5",
		"messages",
		[
			{ role: "user", content: [{ type: "text", text: "Why?", ...marked }] },
			{
				role: "assistant",
				content: [
					{ type: "text", text: "Looking." },
					{ type: "tool_use", id: "functions_look_0", name: "look", input: { at: "sky" } },
					{ type: "tool_use", id: "functions_look_1", name: "look", input: {} },
				],
			},
			{
				role: "user",
				content: [
					{ type: "tool_result", tool_use_id: "functions_look_0", content: "Blue." },
					{ type: "tool_result", tool_use_id: "functions_look_1", content: "Blue.", ...marked },
				],
			},
		],
	],
	[
		"OpenAI, without any reasoning",
		"openai",
		"gpt-5.5",
		"input",
		[
			{ role: "user", content: "Why?" },
			{ role: "assistant", content: "Looking." },
			{ type: "function_call", call_id: "functions.look:0", name: "look", arguments: '{"at":"sky"}' },
			{ type: "function_call", call_id: "functions.look:1", name: "look", arguments: "{}" },
			{ type: "function_call_output", call_id: "functions.look:0", output: "Blue." },
			{ type: "function_call_output", call_id: "functions.look:1", output: "Blue." },
		],
	],
	[
		"a chat host",
		"groq",
		"openai/gpt-oss-120b",
		"messages",
		[
			{ role: "user", content: "Why?" },
			{
				role: "assistant",
				content: "Looking.",
				tool_calls: [
					{
						id: "functions.look:0",
						type: "function",
						function: { name: "look", arguments: '{"at":"sky"}' },
					},
					{ id: "functions.look:1", type: "function", function: { name: "look", arguments: "{}" } },
				],
			},
			{ role: "tool", tool_call_id: "functions.look:0", content: "Blue." },
			{ role: "tool", tool_call_id: "functions.look:1", content: "Blue." },
		],
	],
	[
		"Gemini 3, which wants the first call of a turn signed",
		"gemini",
		"gemini-3-flash-preview",
		"contents",
		[
			{ role: "user", parts: [{ text: "Why?" }] },
			{
				role: "model",
				parts: [
					{ text: "Looking." },
					{ ...firstCall, thoughtSignature: "skip_thought_signature_validator" },
					secondCall,
				],
			},
			{ role: "user", parts: [response, response] },
		],
	],
	[
		"an older Gemini, which wants nothing signed",
		"gemini",
		"gemini-2.5-flash",
		"contents",
		[
			{ role: "user", parts: [{ text: "Why?" }] },
			{ role: "model", parts: [{ text: "Looking." }, firstCall, secondCall] },
			{ role: "user", parts: [response, response] },
		],
	],
])("another model's turn is told to %s", async (_, backend, model, field, expected) => {
	const body = await sentBody(backend, { system: "", model, tools: [look], messages: foreign });
	expect(body[field]).toEqual(expected);
});

test("Gemini: a turn of its own is not signed anew, though its signature is lost", async () => {
	const turn: Message = { role: "assistant", text: "", toolCalls: [], echo: [secondCall] };
	const messages: readonly Message[] = [{ role: "user", text: "Why?" }, turn];
	const body = await sentBody("gemini", { model: "gemini-3-flash-preview", messages });
	expect(turnIn(body, 1)).toEqual([secondCall]);
});

/** The assistant's turn in a body of any wire: content blocks, items, messages or parts. */
function turnIn({ messages, input, contents }: JsonObject, length: number): readonly Json[] {
	const list = [messages, input, contents].find(Array.isArray) ?? [];
	const whole = list.find((message: Json) => isJsonObject(message) && isOfModel(message));
	const parts: Json = isJsonObject(whole) ? (whole["parts"] ?? whole["content"] ?? null) : null;
	if (input === undefined && Array.isArray(parts)) return parts;
	const start = list.findIndex(
		(item: Json) => isJsonObject(item) && item["role"] !== "system" && item["role"] !== "user",
	);
	return list.slice(start, start + length);
}

function isOfModel({ role }: JsonObject): boolean {
	return role === "assistant" || role === "model";
}

function resultsOf(calls: readonly ToolCall[]): Message {
	const results = calls.map(({ id, name }): ToolResult => ({ id, name, text: "Blue.", ok: true }));
	return { role: "tool", results };
}

/** Anthropic's content blocks, each begun, added to and ended. */
function blocks(...all: readonly (readonly [block: JsonObject, deltas: readonly JsonObject[]])[]): JsonObject[] {
	return all.flatMap(([block, deltas], index) => [
		{
			type: "content_block_start",
			index,
			content_block: "signature" in block ? { ...block, signature: "" } : block,
		},
		...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
		{ type: "content_block_stop", index },
	]);
}

function chunk(delta: JsonObject, finish: string | null = null): JsonObject {
	return { object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason: finish }] };
}
