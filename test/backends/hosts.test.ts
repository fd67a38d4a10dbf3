import { expect, test } from "vitest";
import { makeBackends } from "../../src/backends/backends.ts";
import { endpointOf } from "../../src/backends/endpoint.ts";
import { hostNamed, hosts, type BackendSpec, type Host } from "../../src/backends/hosts.ts";
import type { JsonObject } from "../../src/std/json.ts";

const deps = { fetch, now: Date.now };

function spec(backend: string, params: JsonObject = {}, model = "m"): BackendSpec {
	return { backend, model, params };
}

/** Where each host is, and the wire it speaks there. */
const places: Readonly<Record<string, readonly [url: string | null, wire: string, key: Host["key"]]>> = {
	anthropic: ["https://api.anthropic.com", "anthropic-messages", "needed"],
	openai: ["https://api.openai.com/v1", "openai-responses", "needed"],
	gemini: ["https://generativelanguage.googleapis.com", "gemini-generate", "needed"],
	xai: ["https://api.x.ai/v1", "openai-responses", "needed"],
	zai: ["https://api.z.ai/api/paas/v4", "openai-chat", "needed"],
	cerebras: ["https://api.cerebras.ai/v1", "openai-chat", "needed"],
	fireworks: ["https://api.fireworks.ai/inference/v1", "openai-chat", "needed"],
	groq: ["https://api.groq.com/openai/v1", "openai-chat", "needed"],
	openrouter: ["https://openrouter.ai/api/v1", "openai-chat", "needed"],
	together: ["https://api.together.xyz/v1", "openai-chat", "needed"],
	deepseek: ["https://api.deepseek.com", "openai-chat", "needed"],
	moonshot: ["https://api.moonshot.ai/v1", "openai-chat", "needed"],
	mistral: ["https://api.mistral.ai/v1", "openai-chat", "needed"],
	"azure-openai": [null, "openai-responses", "with its URL"],
	"workers-ai": [null, "openai-chat", "with its URL"],
	lmstudio: ["http://localhost:1234/v1", "openai-chat", "optional"],
	vllm: ["http://localhost:8000/v1", "openai-chat", "optional"],
	sglang: ["http://localhost:30000/v1", "openai-chat", "optional"],
	ollama: ["http://localhost:11434/v1", "openai-chat", "optional"],
	llamacpp: ["http://localhost:8080/v1", "openai-chat", "optional"],
	"openai-chat": [null, "openai-chat", "optional"],
	"openai-responses": [null, "openai-responses", "optional"],
	"anthropic-messages": [null, "anthropic-messages", "optional"],
};

test("the table has every host of the contract, in this order, at its address", () => {
	const listed = Object.entries<Host>(hosts).map(([name, { baseUrl, wire, key }]) => [name, [baseUrl, wire, key]]);
	expect(listed).toEqual(Object.entries(places));
});

test("every host has a default model", () => {
	const without = Object.entries<Host>(hosts).filter(([, { defaultModel }]) => defaultModel.trim() === "");
	expect(without).toEqual([]);
});

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
	[
		"nor to an origin that only looks like it",
		spec("openai-responses", { base_url: "https://a.example.b.example/v1" }),
		{ OPENAI_RESPONSES_BASE_URL: "https://a.example/v1", OPENAI_RESPONSES_API_KEY: "k" },
		"https://a.example.b.example/v1",
		null,
	],
	[
		"any Responses host goes by its base_url",
		spec("openai-responses", { base_url: "http://127.0.0.1:9/v1/" }),
		{},
		"http://127.0.0.1:9/v1",
		null,
	],
	[
		"any Messages host, too, with or without a version",
		spec("anthropic-messages", { base_url: "https://a.example/api/anthropic/v1" }),
		{ ANTHROPIC_MESSAGES_BASE_URL: "https://a.example/api/anthropic", ANTHROPIC_MESSAGES_API_KEY: "k" },
		"https://a.example/api/anthropic",
		"k",
	],
	[
		"Azure is at an account's own address",
		spec("azure-openai"),
		{ AZURE_OPENAI_BASE_URL: "https://me.openai.azure.com/openai/v1/", AZURE_OPENAI_API_KEY: "k" },
		"https://me.openai.azure.com/openai/v1",
		"k",
	],
	[
		"so is Workers AI",
		spec("workers-ai"),
		{ WORKERS_AI_BASE_URL: "https://api.cloudflare.com/client/v4/accounts/7/ai/v1", WORKERS_AI_API_KEY: "k" },
		"https://api.cloudflare.com/client/v4/accounts/7/ai/v1",
		"k",
	],
	[
		"any address may be AI Gateway's",
		spec("anthropic"),
		{ ANTHROPIC_BASE_URL: "https://gateway.ai.cloudflare.com/v1/7/g/anthropic", ANTHROPIC_API_KEY: "k" },
		"https://gateway.ai.cloudflare.com/v1/7/g/anthropic",
		"k",
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
	["a backend of our own needs no key", { ...spec("demo"), model: "model-1" }, {}, null],
	[
		"it has the models it has",
		{ ...spec("demo"), model: "model-2" },
		{},
		{ path: "model", message: "demo has the models model-1" },
	],
	[
		"and takes no params",
		{ ...spec("demo", { temperature: 1 }), model: "model-1" },
		{},
		{ path: "params.temperature", message: "demo takes no params" },
	],
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
	[
		"Workers AI without a binding",
		spec("workers-ai"),
		{ WORKERS_AI_API_KEY: "k" },
		{
			path: "backend",
			message:
				"workers-ai needs the address and a key of your account: set WORKERS_AI_BASE_URL and WORKERS_AI_API_KEY",
		},
	],
	[
		"Azure with an address alone",
		spec("azure-openai"),
		{ AZURE_OPENAI_BASE_URL: "https://me.openai.azure.com/openai/v1" },
		{ path: "backend", message: "azure-openai needs a key: set AZURE_OPENAI_API_KEY" },
	],
	[
		"a base_url for Azure",
		spec("azure-openai", { base_url: "https://me.openai.azure.com/openai/v1" }),
		{ AZURE_OPENAI_API_KEY: "k" },
		{
			path: "params.base_url",
			message:
				"only openai-chat, openai-responses and anthropic-messages take a base_url; for other hosts set NAME_BASE_URL",
		},
	],
	[
		"anthropic-messages without a URL",
		spec("anthropic-messages"),
		{},
		{
			path: "params.base_url",
			message: "anthropic-messages needs a base_url (or the setting ANTHROPIC_MESSAGES_BASE_URL)",
		},
	],
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
		{
			path: "params.base_url",
			message:
				"only openai-chat, openai-responses and anthropic-messages take a base_url; for other hosts set NAME_BASE_URL",
		},
	],
	[
		"a param that the team sets",
		spec("openai", { tools: [] }),
		{ OPENAI_API_KEY: "k" },
		{ path: "params.tools", message: "tools is set by the team itself and cannot be a param" },
	],
])("%s", (_, chosen, settings, expected) => {
	const extra = { demo: { backend: async function* () {}, models: ["model-1"] } };
	expect(makeBackends(settings, { ...deps, extra }).problem(chosen)).toEqual(expected);
});

test("hosts that are set up are offered with a model each, in the order of the table", () => {
	const settings = {
		OPENAI_API_KEY: "k",
		ANTHROPIC_API_KEY: "k",
		GOOGLE_API_KEY: "k",
		GROQ_API_KEY: "",
		VLLM_BASE_URL: "http://10.0.0.1:8000/v1",
		LMSTUDIO_API_KEY: "k",
		AZURE_OPENAI_API_KEY: "k",
		WORKERS_AI_API_KEY: "k",
		WORKERS_AI_BASE_URL: "https://api.cloudflare.com/client/v4/accounts/7/ai/v1",
		OPENAI_RESPONSES_BASE_URL: "https://a.example/v1",
		OPENAI_RESPONSES_API_KEY: "k",
	};
	expect(makeBackends(settings, deps).keyed()).toEqual([
		{ backend: "anthropic", model: hosts.anthropic.defaultModel },
		{ backend: "openai", model: hosts.openai.defaultModel },
		{ backend: "gemini", model: hosts.gemini.defaultModel },
		{ backend: "workers-ai", model: hosts["workers-ai"].defaultModel },
		{ backend: "vllm", model: hosts.vllm.defaultModel },
	]);
});

test("without settings nothing is keyed, and every name is there", () => {
	const backends = makeBackends(
		{},
		{ ...deps, extra: { demo: { backend: async function* () {}, models: ["model-1"] } } },
	);
	expect([backends.keyed(), backends.names()]).toEqual([[], ["demo", ...Object.keys(hosts)]]);
});
