import { expect, test } from "vitest";
import { makeBackends, paramsProblem } from "../../src/backends/backends.ts";
import { endpointOf, hostNamed, hosts, type BackendSpec, type HostWire } from "../../src/backends/hosts.ts";
import type { JsonObject } from "../../src/std/json.ts";

const deps = { fetch, now: Date.now };

function spec(backend: string, params: JsonObject = {}, model = "m"): BackendSpec {
	return { backend, model, params };
}

test("the table has every host of the contract but workers-ai", () => {
	expect(Object.keys(hosts).toSorted()).toEqual([
		"anthropic",
		"cerebras",
		"deepseek",
		"fireworks",
		"gemini",
		"groq",
		"llamacpp",
		"lmstudio",
		"ollama",
		"openai",
		"openai-chat",
		"openrouter",
		"sglang",
		"together",
		"vllm",
		"xai",
		"zai",
	]);
});

test.each(Object.entries(hosts))(
	"%s has a URL (or takes one from params), a wire and a default model",
	(name, host) => {
		const url = host.baseUrl === null ? name : new URL(host.baseUrl).href.replace(/\/$/, "");
		expect({ url, model: host.defaultModel.trim().length > 0, wire: host.wire }).toEqual({
			url: host.baseUrl ?? "openai-chat",
			model: true,
			wire:
				{
					anthropic: "anthropic-messages",
					openai: "openai-responses",
					xai: "openai-responses",
					gemini: "gemini-generate",
				}[name] ?? "openai-chat",
		});
	},
);

test.each<[string, BackendSpec, Record<string, string>, string, string | null]>([
	["a host's own URL is the default", spec("openai"), { OPENAI_API_KEY: "k" }, "https://api.openai.com/v1", "k"],
	[
		"a setting overrides it, whatever it ends in",
		spec("openai"),
		{ OPENAI_API_KEY: "k", OPENAI_BASE_URL: "http://127.0.0.1:9/v1/" },
		"http://127.0.0.1:9/v1",
		"k",
	],
	[
		"Anthropic's base has no version",
		spec("anthropic"),
		{ ANTHROPIC_API_KEY: "k", ANTHROPIC_BASE_URL: "http://127.0.0.1:9" },
		"http://127.0.0.1:9",
		"k",
	],
	[
		"and may be given with one",
		spec("anthropic"),
		{ ANTHROPIC_API_KEY: "k", ANTHROPIC_BASE_URL: "http://127.0.0.1:9/v1/" },
		"http://127.0.0.1:9",
		"k",
	],
	[
		"Gemini's base has no version",
		spec("gemini"),
		{ GOOGLE_API_KEY: "g", GEMINI_BASE_URL: "http://127.0.0.1:9/" },
		"http://127.0.0.1:9",
		"g",
	],
	[
		"and may be given with one",
		spec("gemini"),
		{ GEMINI_API_KEY: "k", GOOGLE_API_KEY: "g", GEMINI_BASE_URL: "http://127.0.0.1:9/v1beta" },
		"http://127.0.0.1:9",
		"k",
	],
	["a local server needs no key", spec("ollama"), {}, "http://localhost:11434/v1", null],
	[
		"but is sent one that is set",
		spec("vllm"),
		{ VLLM_API_KEY: "k", VLLM_BASE_URL: "http://10.0.0.1:8000/v1" },
		"http://10.0.0.1:8000/v1",
		"k",
	],
	[
		"any compatible host goes by its base_url",
		spec("openai-chat", { base_url: "http://127.0.0.1:9/v1/" }),
		{},
		"http://127.0.0.1:9/v1",
		null,
	],
	[
		"or by the setting",
		spec("openai-chat"),
		{ OPENAI_CHAT_BASE_URL: "https://a.example/v1", OPENAI_CHAT_API_KEY: "k" },
		"https://a.example/v1",
		"k",
	],
	[
		"a team's base_url gets the key at the operator's own host",
		spec("openai-chat", { base_url: "https://a.example/v2" }),
		{ OPENAI_CHAT_BASE_URL: "https://a.example/v1", OPENAI_CHAT_API_KEY: "k" },
		"https://a.example/v2",
		"k",
	],
	[
		"and nowhere else",
		spec("openai-chat", { base_url: "https://b.example/v1" }),
		{ OPENAI_CHAT_BASE_URL: "https://a.example/v1", OPENAI_CHAT_API_KEY: "k" },
		"https://b.example/v1",
		null,
	],
	[
		"not even if the operator named no host",
		spec("openai-chat", { base_url: "https://b.example/v1" }),
		{ OPENAI_CHAT_API_KEY: "k" },
		"https://b.example/v1",
		null,
	],
])("%s", (_, chosen, settings, baseUrl, key) => {
	const host = hostNamed(chosen.backend) ?? hosts.openai;
	expect(endpointOf(host, chosen, settings)).toEqual({
		name: chosen.backend,
		baseUrl,
		key,
		wire: host.wire,
		quirks: host.quirks,
	});
});

test.each<[string, BackendSpec, Record<string, string>, { path: string; message: string } | null]>([
	["a host whose key is set has no problem", spec("anthropic"), { ANTHROPIC_API_KEY: "k" }, null],
	["an extra backend needs no key", spec("demo"), {}, null],
	[
		"a missing key is named",
		spec("anthropic"),
		{},
		{ path: "backend", message: "anthropic needs a key: set ANTHROPIC_API_KEY" },
	],
	[
		"an empty key is a missing one",
		spec("xai"),
		{ XAI_API_KEY: "" },
		{ path: "backend", message: "xai needs a key: set XAI_API_KEY" },
	],
	[
		"Gemini's key has two names",
		spec("gemini"),
		{},
		{ path: "backend", message: "gemini needs a key: set GEMINI_API_KEY or GOOGLE_API_KEY" },
	],
	["workers-ai is not built", spec("workers-ai"), {}, { path: "backend", message: "workers-ai is not built yet" }],
	[
		"a name of the language is no backend",
		spec("constructor"),
		{},
		{ path: "backend", message: `there is no backend of this name; there are ${Object.keys(hosts).join(", ")}` },
	],
	[
		"a model is needed",
		spec("anthropic", {}, " "),
		{ ANTHROPIC_API_KEY: "k" },
		{ path: "model", message: "a model is needed" },
	],
	[
		"openai-chat without a URL",
		spec("openai-chat"),
		{},
		{ path: "params.base_url", message: "openai-chat needs a base_url (or the setting OPENAI_CHAT_BASE_URL)" },
	],
	[
		"a base_url with a password",
		spec("openai-chat", { base_url: "https://me:pw@a.example/v1" }),
		{},
		{ path: "params.base_url", message: "base_url must be an http(s) URL without credentials" },
	],
	[
		"a base_url that is no URL",
		spec("openai-chat", { base_url: 7 }),
		{},
		{ path: "params.base_url", message: "base_url must be an http(s) URL without credentials" },
	],
	[
		"a base_url of another protocol",
		spec("openai-chat", { base_url: "file:///etc/passwd" }),
		{},
		{ path: "params.base_url", message: "base_url must be an http(s) URL without credentials" },
	],
	[
		"a broken setting is named",
		spec("openai"),
		{ OPENAI_API_KEY: "k", OPENAI_BASE_URL: "nowhere" },
		{ path: "backend", message: "OPENAI_BASE_URL must be an http(s) URL without credentials" },
	],
	[
		"a base_url elsewhere",
		spec("openai", { base_url: "https://a.example" }),
		{ OPENAI_API_KEY: "k" },
		{ path: "params.base_url", message: "only openai-chat takes a base_url; for other hosts set NAME_BASE_URL" },
	],
	[
		"a param that the team sets",
		spec("openai", { tools: [] }),
		{ OPENAI_API_KEY: "k" },
		{ path: "params.tools", message: "tools is set by the team itself and cannot be a param" },
	],
])("%s", (_, chosen, settings, expected) => {
	const extra = { demo: async function* () {} };
	expect(makeBackends(settings, { ...deps, extra }).problem(chosen)).toEqual(expected);
});

test.each<[HostWire, JsonObject, string | null]>([
	["anthropic-messages", { temperature: 0.2, thinking: { type: "adaptive" }, max_tokens: 1 }, null],
	["anthropic-messages", { max_tokens: 0 }, "max_tokens must be a whole number above 0"],
	["anthropic-messages", { system: "x" }, "system is set by the team itself and cannot be a param"],
	[
		"anthropic-messages",
		{ tool_choice: { type: "any" } },
		"tool_choice is set by the team itself and cannot be a param",
	],
	["openai-responses", { reasoning: { effort: "low" }, include: [], store: true }, null],
	["openai-responses", { input: [] }, "input is set by the team itself and cannot be a param"],
	["openai-responses", { model: "x" }, "model is set by the team itself and cannot be a param"],
	["openai-chat", { stream: false }, "stream is set by the team itself and cannot be a param"],
	["openai-chat", { n: 2 }, "n is set by the team itself and cannot be a param"],
	["openai-chat", { max_completion_tokens: "9" }, "max_completion_tokens must be a whole number above 0"],
	["openai-chat", { api_key: "sk" }, "keys come from settings, never from a team"],
	["gemini-generate", { thinkingConfig: { thinkingLevel: "low" } }, null],
	["gemini-generate", { contents: [] }, "contents is set by the team itself and cannot be a param"],
])("%s takes or refuses %j", (wire, params, expected) => {
	expect(paramsProblem(wire, params)).toBe(expected);
});

test("hosts that are set up are offered with a model each, in the order of the table", () => {
	const settings = {
		OPENAI_API_KEY: "k",
		ANTHROPIC_API_KEY: "k",
		GOOGLE_API_KEY: "k",
		GROQ_API_KEY: "",
		VLLM_BASE_URL: "http://10.0.0.1:8000/v1",
		LMSTUDIO_API_KEY: "k",
	};
	expect(makeBackends(settings, deps).keyed()).toEqual([
		{ backend: "anthropic", model: hosts.anthropic.defaultModel },
		{ backend: "openai", model: hosts.openai.defaultModel },
		{ backend: "gemini", model: hosts.gemini.defaultModel },
		{ backend: "vllm", model: hosts.vllm.defaultModel },
	]);
});

test("without settings nothing is keyed, and every name is there", () => {
	const backends = makeBackends({}, { ...deps, extra: { demo: async function* () {} } });
	expect([backends.keyed(), backends.names()]).toEqual([[], ["demo", ...Object.keys(hosts)]]);
});
