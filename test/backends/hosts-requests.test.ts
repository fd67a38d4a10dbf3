import { afterAll, expect, test } from "vitest";
import type { ToolSpec } from "../../src/backends/backend.ts";
import { makeBackends } from "../../src/backends/backends.ts";
import type { JsonObject } from "../../src/std/json.ts";
import { settingsAt, specOf } from "../support/fake-hosts.ts";
import { startFakeProviders } from "../support/fake-providers.ts";
import { collected, modelRequest } from "../support/fake-request.ts";

/** Where hosts and models of one wire want a request to differ. */

const fake = await startFakeProviders({ brain: () => [{ text: "ok" }] });
afterAll(fake.close);

const look: ToolSpec = { name: "look", description: "Looks.", parameters: { type: "object", properties: {} } };

type Asked = { readonly model?: string; readonly params?: JsonObject; readonly settings?: Record<string, string> };

async function sent(backend: string, { model = "any", params = {}, settings = {} }: Asked = {}) {
	const backends = makeBackends({ ...settingsAt(fake.url), ...settings }, { fetch, now: Date.now });
	const spec = specOf(backend, params, model);
	expect(backends.problem(spec)).toBe(null);
	const events = await collected(backends.open(spec), modelRequest({ model, params, tools: [look] }));
	expect(events.at(-1)).toEqual({ type: "end", stop: "end" });
	const last = fake.requests.at(-1);
	return { path: last?.path ?? "", body: last?.body ?? {}, headers: last?.headers ?? {} };
}

const encrypted = ["reasoning.encrypted_content"];

test.each<[backend: string, model: string, include: readonly string[] | undefined]>([
	["openai", "gpt-5.5", encrypted],
	["openai", "gpt-6", encrypted],
	["openai", "o3-mini", encrypted],
	["openai", "gpt-4.1", undefined],
	["openai", "omni", undefined],
	["azure-openai", "gpt-5.5", encrypted],
	["azure-openai", "my-deployment", undefined],
	["openai-responses", "gpt-5.5", encrypted],
	["openai-responses", "local-model", undefined],
	["xai", "grok-4.3", encrypted],
	["xai", "anything", encrypted],
])("%s %s: encrypted reasoning is asked for where there is some", async (backend, model, include) => {
	const { body } = await sent(backend, { model });
	expect(body["include"]).toEqual(include);
});

const sources = "web_search_call.action.sources";

test.each<[title: string, model: string, asked: readonly string[], include: readonly string[]]>([
	["stands beside what we need ourselves", "gpt-5.5", [sources], [...encrypted, sources]],
	["is not said twice", "gpt-5.5", [...encrypted, sources], [...encrypted, sources]],
	["is nothing at all where it is empty, for a server that refuses ours", "gpt-5.5", [], []],
	["is enough where we need nothing", "gpt-4.1", [sources], [sources]],
])("what a param wants included %s", async (_, model, asked, include) => {
	const { body } = await sent("openai", { model, params: { include: asked } });
	expect(body["include"]).toEqual(include);
});

test.each<[title: string, backend: string, asked: Asked, keys: readonly string[], expected: JsonObject]>([
	[
		"Mistral is not asked to count, which it refuses and does anyway",
		"mistral",
		{},
		["stream_options", "max_tokens", "reasoning_format"],
		{ max_tokens: 1000 },
	],
	[
		"others are",
		"moonshot",
		{},
		["stream_options", "max_tokens", "reasoning_format"],
		{ stream_options: { include_usage: true }, max_tokens: 1000 },
	],
	[
		"Groq keeps Qwen's reasoning out of the text",
		"groq",
		{ model: "qwen/qwen3-32b" },
		["reasoning_format"],
		{ reasoning_format: "parsed" },
	],
	[
		"unless the team wants it otherwise",
		"groq",
		{ model: "qwen/qwen3-32b", params: { reasoning_format: "hidden" } },
		["reasoning_format"],
		{ reasoning_format: "hidden" },
	],
	[
		"a model that refuses the setting is not sent it",
		"groq",
		{ model: "llama-3.1-8b-instant" },
		["reasoning_format"],
		{},
	],
	["nor one that does not need it", "groq", { model: "openai/gpt-oss-120b" }, ["reasoning_format"], {}],
	[
		"GLM's thinking is passed on",
		"zai",
		{ params: { thinking: { type: "enabled", clear_thinking: false } } },
		["thinking"],
		{ thinking: { type: "enabled", clear_thinking: false } },
	],
	[
		"Claude thinks beside tools that it is never forced to call",
		"anthropic",
		{ model: "claude-opus-4-5", params: { thinking: { type: "enabled", budget_tokens: 2048 } } },
		["thinking", "tool_choice", "temperature"],
		{ thinking: { type: "enabled", budget_tokens: 2048 }, tool_choice: { type: "auto" } },
	],
])("%s", async (_, backend, asked, keys, expected) => {
	const { body } = await sent(backend, asked);
	expect(Object.fromEntries(keys.filter((key) => key in body).map((key) => [key, body[key]]))).toEqual(expected);
});

test.each<[backend: string, path: string, headers: object]>([
	["moonshot", "/v1/chat/completions", { authorization: "Bearer key-of-moonshot" }],
	["mistral", "/v1/chat/completions", { authorization: "Bearer key-of-mistral" }],
	["workers-ai", "/v1/chat/completions", { authorization: "Bearer key-of-workers-ai" }],
	["azure-openai", "/v1/responses", { "api-key": "key-of-azure-openai" }],
	["openai-responses", "/v1/responses", { authorization: "Bearer key-of-openai-responses" }],
	["anthropic-messages", "/v1/messages", { "x-api-key": "key-of-anthropic-messages" }],
])("%s posts to %s with its key in the host's own header", async (backend, path, headers) => {
	const came = await sent(backend);
	expect({ path: came.path, headers: keyHeaders(came.headers) }).toEqual({ path, headers });
});

test.each(["openai-chat", "openai-responses", "anthropic-messages"])(
	"%s sends no key to an address that only the team names",
	async (backend) => {
		const here = fake.url.replace("127.0.0.1", "localhost");
		const { headers } = await sent(backend, { params: { base_url: `${here}/deep/v1` } });
		expect(keyHeaders(headers)).toEqual({});
	},
);

test("one address reached as OpenAI and as Azure with one key gets it in the header of each", async () => {
	const settings = { OPENAI_API_KEY: "shared", AZURE_OPENAI_API_KEY: "shared" };
	const headers: object[] = [];
	for (const backend of ["openai", "azure-openai", "openai"])
		headers.push(keyHeaders((await sent(backend, { settings })).headers));
	const bearer = { authorization: "Bearer shared" };
	expect(headers).toEqual([bearer, { "api-key": "shared" }, bearer]);
});

function keyHeaders(headers: Readonly<Record<string, unknown>>): object {
	const named = ["authorization", "x-api-key", "api-key", "x-goog-api-key"].filter((name) => name in headers);
	return Object.fromEntries(named.map((name) => [name, headers[name]]));
}
