import { afterAll, beforeEach, expect, test } from "vitest";
import type { Message, ModelRequest, ToolSpec } from "../../../src/backends/backend.ts";
import { makeBackends } from "../../../src/backends/backends.ts";
import type { JsonObject } from "../../../src/std/json.ts";
import { shownAnswers, startFakeProviders } from "../../support/fake-providers.ts";
import { collected, modelRequest } from "../../support/fake-request.ts";
import type { FakeRequest } from "../../support/fake-script.ts";

const seen: FakeRequest[] = [];
const fake = await startFakeProviders({
	brain: (request) => {
		seen.push(request);
		return [{ text: "ok" }];
	},
});
afterAll(fake.close);
beforeEach(() => void seen.splice(0));

const vote: ToolSpec = {
	name: "vote",
	description: "Casts a vote.",
	parameters: { type: "object", properties: { answer: { type: "string" } }, required: ["answer"] },
};
const look: ToolSpec = { name: "look", description: "Looks.", parameters: { type: "object", properties: {} } };

/** Two calls, one result that failed, and then a word from outside. */
const loop: readonly Message[] = [
	{ role: "user", text: "Which?" },
	{
		role: "assistant",
		text: "Let me see.",
		toolCalls: [
			{ id: "c1", name: "look", arguments: {} },
			{ id: "c2", name: "vote", arguments: { answer: "answer_1" } },
		],
		echo: [],
	},
	{
		role: "tool",
		results: [
			{ id: "c1", name: "look", text: "nothing", ok: true },
			{ id: "c2", name: "vote", text: "refused", ok: false },
		],
	},
	{ role: "user", text: "There is a new answer." },
];

async function sent(
	backend: string,
	request: ModelRequest,
	settings: Record<string, string> = {},
): Promise<{ path: string; body: JsonObject }> {
	const backends = makeBackends(
		{
			...fake.settings,
			XAI_API_KEY: "k",
			XAI_BASE_URL: `${fake.url}/v1`,
			GROQ_API_KEY: "k",
			GROQ_BASE_URL: `${fake.url}/openai/v1`,
			VLLM_BASE_URL: `${fake.url}/v1`,
			...settings,
		},
		{ fetch, now: Date.now },
	);
	const spec = { backend, model: request.model, params: request.params };
	expect(backends.problem(spec)).toBe(null);
	const before = fake.requests.length;
	await collected(backends.open(spec), request);
	expect(fake.requests.length).toBe(before + 1);
	const last = fake.requests.at(-1);
	return { path: last?.path ?? "", body: last?.body ?? {} };
}

const ephemeral = { type: "ephemeral" };
const marked = { cache_control: ephemeral };

test("Anthropic: a first request, with its cache breakpoints", async () => {
	expect(await sent("anthropic", modelRequest({ tools: [look, vote] }))).toEqual({
		path: "/v1/messages",
		body: {
			model: "model-1",
			max_tokens: 1000,
			stream: true,
			system: [{ type: "text", text: "Be brief.", ...marked }],
			tools: [
				{ name: "look", description: "Looks.", input_schema: look.parameters },
				{ name: "vote", description: "Casts a vote.", input_schema: vote.parameters },
			],
			tool_choice: { type: "auto" },
			messages: [{ role: "user", content: [{ type: "text", text: "What is 6 times 7?", ...marked }] }],
		},
	});
});

test("Anthropic: the results of a turn and the text after them are one user message", async () => {
	const { body } = await sent("anthropic", modelRequest({ system: "", messages: loop }));
	expect(body["messages"]).toEqual([
		{ role: "user", content: [{ type: "text", text: "Which?", ...marked }] },
		{
			role: "assistant",
			content: [
				{ type: "text", text: "Let me see." },
				{ type: "tool_use", id: "c1", name: "look", input: {} },
				{ type: "tool_use", id: "c2", name: "vote", input: { answer: "answer_1" } },
			],
		},
		{
			role: "user",
			content: [
				{ type: "tool_result", tool_use_id: "c1", content: "nothing" },
				{ type: "tool_result", tool_use_id: "c2", content: "refused", is_error: true },
				{ type: "text", text: "There is a new answer.", ...marked },
			],
		},
	]);
	expect(Object.keys(body).toSorted()).toEqual(["max_tokens", "messages", "model", "stream"]);
});

test("an echo is sent as it came, and the caller's own is left alone", async () => {
	const echo = [
		{ type: "thinking", thinking: "hm", signature: "s" },
		{ type: "text", text: "Well." },
	];
	const turns: readonly Message[] = [
		{ role: "user", text: "Q" },
		{ role: "assistant", text: "x", toolCalls: [], echo },
		{ role: "assistant", text: "more", toolCalls: [], echo: [] },
		{ role: "user", text: "Go on." },
	];
	const { body } = await sent("anthropic", modelRequest({ messages: turns }));
	expect(body["messages"]).toEqual([
		{ role: "user", content: [{ type: "text", text: "Q", ...marked }] },
		{ role: "assistant", content: [...echo, { type: "text", text: "more" }] },
		{ role: "user", content: [{ type: "text", text: "Go on.", ...marked }] },
	]);
	expect(echo.length).toBe(2);
});

const responsesTool = {
	type: "function",
	name: "vote",
	description: "Casts a vote.",
	parameters: vote.parameters,
	strict: false,
};

test.each(["openai", "xai"])(
	"Responses (%s): nothing stored, reasoning encrypted, calls matched by call_id",
	async (backend) => {
		expect(await sent(backend, modelRequest({ model: "gpt-5.5", tools: [vote], messages: loop }))).toEqual({
			path: "/v1/responses",
			body: {
				model: "gpt-5.5",
				instructions: "Be brief.",
				input: [
					{ role: "user", content: "Which?" },
					{ role: "assistant", content: "Let me see." },
					{ type: "function_call", call_id: "c1", name: "look", arguments: "{}" },
					{ type: "function_call", call_id: "c2", name: "vote", arguments: '{"answer":"answer_1"}' },
					{ type: "function_call_output", call_id: "c1", output: "nothing" },
					{ type: "function_call_output", call_id: "c2", output: "refused" },
					{ role: "user", content: "There is a new answer." },
				],
				tools: [responsesTool],
				tool_choice: "auto",
				max_output_tokens: 1000,
				prompt_cache_key: "session-1",
				store: false,
				include: ["reasoning.encrypted_content"],
				stream: true,
			},
		});
	},
);

test("Chat Completions: the system prompt first, results by their ids, usage asked for", async () => {
	expect(await sent("vllm", modelRequest({ tools: [vote], messages: loop }))).toEqual({
		path: "/v1/chat/completions",
		body: {
			model: "model-1",
			messages: [
				{ role: "system", content: "Be brief." },
				{ role: "user", content: "Which?" },
				{
					role: "assistant",
					content: "Let me see.",
					tool_calls: [
						{ id: "c1", type: "function", function: { name: "look", arguments: "{}" } },
						{ id: "c2", type: "function", function: { name: "vote", arguments: '{"answer":"answer_1"}' } },
					],
				},
				{ role: "tool", tool_call_id: "c1", content: "nothing" },
				{ role: "tool", tool_call_id: "c2", content: "refused" },
				{ role: "user", content: "There is a new answer." },
			],
			tools: [
				{
					type: "function",
					function: { name: "vote", description: "Casts a vote.", parameters: vote.parameters },
				},
			],
			tool_choice: "auto",
			max_tokens: 1000,
			stream: true,
			stream_options: { include_usage: true },
		},
	});
	expect(fake.requests.at(-1)?.headers["authorization"]).toBe(undefined);
});

test("Gemini: a rebuilt turn has no ids, a failed result is an error", async () => {
	expect(await sent("gemini", modelRequest({ tools: [vote], messages: loop }))).toEqual({
		path: "/v1beta/models/model-1:streamGenerateContent",
		body: {
			contents: [
				{ role: "user", parts: [{ text: "Which?" }] },
				{
					role: "model",
					parts: [
						{ text: "Let me see." },
						{ functionCall: { name: "look", args: {} } },
						{ functionCall: { name: "vote", args: { answer: "answer_1" } } },
					],
				},
				{
					role: "user",
					parts: [
						{ functionResponse: { name: "look", response: { output: "nothing" } } },
						{ functionResponse: { name: "vote", response: { error: "refused" } } },
					],
				},
				{ role: "user", parts: [{ text: "There is a new answer." }] },
			],
			systemInstruction: { role: "user", parts: [{ text: "Be brief." }] },
			tools: [
				{
					functionDeclarations: [
						{ name: "vote", description: "Casts a vote.", parametersJsonSchema: vote.parameters },
					],
				},
			],
			toolConfig: { functionCallingConfig: { mode: "AUTO" } },
			generationConfig: { maxOutputTokens: 1000 },
		},
	});
});

test.each<[string, string, JsonObject, JsonObject]>([
	[
		"Anthropic's params stand in its body",
		"anthropic",
		{ temperature: 0.5, thinking: { type: "adaptive" } },
		{ max_tokens: 1000, temperature: 0.5, thinking: { type: "adaptive" } },
	],
	["a lower bound on the output holds", "anthropic", { max_tokens: 10 }, { max_tokens: 10 }],
	["a higher one does not", "anthropic", { max_tokens: 1001 }, { max_tokens: 1000 }],
	[
		"params win over what a host is sent by default",
		"openai",
		{ include: [], max_output_tokens: 20 },
		{ include: [], max_output_tokens: 20 },
	],
	[
		"a host's own name for the bound",
		"groq",
		{ reasoning_format: "parsed" },
		{ max_completion_tokens: 1000, reasoning_format: "parsed" },
	],
	[
		"a bound by its other name",
		"vllm",
		{ max_completion_tokens: 30, seed: 1 },
		{ max_completion_tokens: 30, seed: 1 },
	],
	[
		"Gemini's params go where they belong",
		"gemini",
		{ temperature: 0, maxOutputTokens: 5, serviceTier: "flex" },
		{ generationConfig: { maxOutputTokens: 5, temperature: 0 }, serviceTier: "flex" },
	],
])("%s", async (_, backend, params, expected) => {
	const { body } = await sent(backend, modelRequest({ params }));
	const bounds = ["max_tokens", "max_completion_tokens", "max_output_tokens", "generationConfig"];
	const keys = [...Object.keys(expected), ...bounds].filter((key) => key in body);
	expect(Object.fromEntries(keys.map((key) => [key, body[key]]))).toEqual(expected);
});

test("base_url is where it is sent, not what is sent", async () => {
	const { path, body } = await sent("openai-chat", modelRequest({ params: { base_url: `${fake.url}/deep/v1/` } }));
	expect([path, "base_url" in body]).toEqual(["/deep/v1/chat/completions", false]);
});

test.each<[string, string, string]>([
	["anthropic", "x-api-key", "fake-anthropic-key"],
	["openai", "authorization", "Bearer fake-openai-key"],
	["gemini", "x-goog-api-key", "fake-gemini-key"],
])("%s sends its key in %s", async (backend, header, value) => {
	await sent(backend, modelRequest());
	expect(fake.requests.at(-1)?.headers[header]).toBe(value);
});

test.each(["anthropic", "openai", "groq"])("%s: nothing of the machine we run on is told", async (name) => {
	await sent(name, modelRequest());
	const told = Object.keys(fake.requests.at(-1)?.headers ?? {});
	expect(told.filter((header) => header.startsWith("x-stainless-"))).toEqual([]);
});

test.each<[string, string]>([
	["anthropic", "anthropic-messages"],
	["openai", "openai-responses"],
	["vllm", "openai-chat"],
	["gemini", "gemini-generate"],
])("the fake behind %s shows its brain the same request on every wire", async (backend, wire) => {
	await sent(backend, modelRequest({ model: "model-seen", tools: [vote], messages: loop }));
	const [{ signal: _, id: _id, ...request } = { signal: null, id: "" }] = seen;
	expect(request).toEqual({
		wire,
		background: false,
		model: "model-seen",
		system: "Be brief.",
		userTexts: ["Which?", "There is a new answer."],
		messages: [
			{ role: "user", text: "Which?" },
			{ role: "assistant", text: "Let me see." },
			{ role: "tool", text: "nothing" },
			{ role: "tool", text: "refused" },
			{ role: "user", text: "There is a new answer." },
		],
		tools: [{ name: "vote", parameters: vote.parameters }],
		attempt: 1,
	});
});

test("a request that comes again is the next attempt of the same", async () => {
	await sent("vllm", modelRequest({ model: "model-again" }));
	await sent("vllm", modelRequest({ model: "model-again" }));
	expect(seen.map((request) => request.attempt)).toEqual([1, 2]);
});

test("the answers that a prompt shows are found with their labels", () => {
	expect(
		shownAnswers('Q\n<answer label="answer_2">one\ntwo</answer> and <answer label="answer_1"></answer>'),
	).toEqual([
		{ label: "answer_2", text: "one\ntwo" },
		{ label: "answer_1", text: "" },
	]);
});

test("Chat: two messages of the person in a row are sent as one, as strict templates want it", async () => {
	const messages: readonly Message[] = [
		{ role: "user", text: "The task." },
		{ role: "user", text: "The situation." },
		{ role: "assistant", text: "Well.", toolCalls: [], echo: [] },
		{ role: "user", text: "Decide." },
	];
	const { body } = await sent("groq", modelRequest({ system: "", messages }));
	expect(body["messages"]).toEqual([
		{ role: "user", content: "The task.\n\nThe situation." },
		{ role: "assistant", content: "Well." },
		{ role: "user", content: "Decide." },
	]);
});
