import type { JsonObject } from "../std/json.ts";
import type { HostAbilities } from "./models/abilities.ts";
import type { WireName } from "./wire/wire.ts";

export type Settings = Readonly<Record<string, string | undefined>>;
/** What the choice of a backend needs to know of an agent. */
export type BackendSpec = { readonly backend: string; readonly model: string; readonly params: JsonObject };
/** `path` names the key of the agent that is at fault: `backend`, `model` or `params.KEY`. */
export type SpecProblem = { readonly path: string; readonly message: string };

/** The wires that a host of the table can speak today. */
export type HostWire = Exclude<WireName, "gemini-interactions">;

/** Where hosts of one wire differ in what they take. Patterns say for which of their models. */
export type Quirks = {
	/** Chat Completions only: which field bounds the output. */
	readonly tokensField: "max_tokens" | "max_completion_tokens";
	/** Chat Completions only: Mistral counts tokens unasked and refuses to be asked. */
	readonly usageAsked: boolean;
	/** Chat Completions only: without tools these put their reasoning into the text unless `reasoning_format` forbids it. */
	readonly parsedReasoning: RegExp | null;
	/** Responses only: reasoning comes back encrypted, to be echoed, since nothing is stored there. */
	readonly encryptedReasoning: RegExp | null;
	/** These answer a `temperature` with an error. */
	readonly fixedTemperature: RegExp | null;
	/** A param that models without reasoning answer with an error, where that is known of the host. */
	readonly effortRefused: "reasoning" | "reasoning_effort" | null;
	readonly keyHeader: "usual" | "api-key";
	/** Responses only: these find a cached prefix again only where a breakpoint ended it, and take breakpoints of ours. */
	readonly cacheBreakpoints: RegExp | null;
	/** What is written to the cache can be read once the answer has begun, so calls with one prefix follow a first one. */
	readonly cacheLead: boolean;
	/** Chat Completions only: calls with the same value of this header are sent to the server that has their prefix. */
	readonly affinityHeader: "x-session-affinity" | "x-session-id" | null;
};

export type Host = {
	/** Null: an account's own address (`key: "with its URL"`), or one that only a `base_url` tells. */
	readonly baseUrl: string | null;
	readonly wire: HostWire;
	readonly key: "needed" | "optional" | "with its URL";
	readonly defaultModel: string;
	readonly abilities: HostAbilities;
	readonly quirks: Quirks;
};

/** One host as a request meets it. `key` is null where none is sent. */
export type Endpoint = {
	readonly name: string;
	readonly baseUrl: string;
	readonly key: string | null;
	readonly wire: HostWire;
	readonly quirks: Quirks;
};

/** The row of a backend; null for a name that is not in the table. */
export function hostNamed(name: string): Host | null {
	return Object.hasOwn(hosts, name) ? hosts[name as keyof typeof hosts] : null;
}

const plain: Quirks = {
	tokensField: "max_tokens",
	usageAsked: true,
	parsedReasoning: null,
	encryptedReasoning: null,
	fixedTemperature: null,
	effortRefused: null,
	keyHeader: "usual",
	cacheBreakpoints: null,
	cacheLead: false,
	affinityHeader: null,
};
const anthropic: Quirks = { ...plain, cacheLead: true };
const completion: Quirks = { ...plain, tokensField: "max_completion_tokens" };

// Asked for encrypted reasoning, a model that does not reason answers with an error.
const openaiReasoning = /^(gpt-[56]|o\d)/;
const openai: Quirks = {
	...plain,
	encryptedReasoning: openaiReasoning,
	fixedTemperature: openaiReasoning,
	effortRefused: "reasoning",
};

/** Pictures that a model makes by itself are shown, but no request of ours asks for one. */
const served: HostAbilities = {
	tools: "model",
	reasoning: "model",
	images: "model",
	files: false,
	image_output: false,
	structured_output: "unknown",
	resume: false,
};
/** A server that people start themselves, with any model; each of these keeps an answer to a schema. */
const local: HostAbilities = { ...served, structured_output: true };
/** Nothing but its wire is known of it. */
const bare: HostAbilities = { ...served, files: "unknown" };

/** Every provider, one row each. Settings are named after the row: `openai` reads OPENAI_API_KEY and OPENAI_BASE_URL. */
export const hosts = {
	anthropic: {
		baseUrl: "https://api.anthropic.com",
		wire: "anthropic-messages",
		key: "needed",
		defaultModel: "claude-opus-5",
		abilities: { ...served, tools: true, images: true, files: true, structured_output: "model" },
		quirks: anthropic,
	},
	openai: {
		baseUrl: "https://api.openai.com/v1",
		wire: "openai-responses",
		key: "needed",
		defaultModel: "gpt-5.5",
		abilities: { ...served, tools: true, files: "model", structured_output: "model", resume: true },
		quirks: { ...openai, cacheBreakpoints: /^gpt-(5\.([6-9]|\d\d)|[6-9])/ },
	},
	gemini: {
		baseUrl: "https://generativelanguage.googleapis.com",
		wire: "gemini-generate",
		key: "needed",
		defaultModel: "gemini-3.1-pro-preview",
		abilities: { ...served, images: true, files: "model", structured_output: "model", resume: true },
		quirks: plain,
	},
	xai: {
		baseUrl: "https://api.x.ai/v1",
		wire: "openai-responses",
		key: "needed",
		defaultModel: "grok-4.3",
		abilities: { ...served, tools: true, structured_output: true },
		quirks: { ...plain, encryptedReasoning: /^/ },
	},
	zai: {
		baseUrl: "https://api.z.ai/api/paas/v4",
		wire: "openai-chat",
		key: "needed",
		defaultModel: "glm-5.2",
		abilities: { ...served, structured_output: false },
		quirks: plain,
	},
	cerebras: {
		baseUrl: "https://api.cerebras.ai/v1",
		wire: "openai-chat",
		key: "needed",
		defaultModel: "gpt-oss-120b",
		abilities: served,
		quirks: completion,
	},
	fireworks: {
		baseUrl: "https://api.fireworks.ai/inference/v1",
		wire: "openai-chat",
		key: "needed",
		defaultModel: "accounts/fireworks/models/gpt-oss-120b",
		abilities: { ...served, files: "unknown", structured_output: true },
		quirks: { ...plain, affinityHeader: "x-session-affinity" },
	},
	groq: {
		baseUrl: "https://api.groq.com/openai/v1",
		wire: "openai-chat",
		key: "needed",
		defaultModel: "openai/gpt-oss-120b",
		abilities: { ...served, structured_output: false },
		quirks: { ...completion, parsedReasoning: /^qwen\/qwen3/, effortRefused: "reasoning_effort" },
	},
	openrouter: {
		baseUrl: "https://openrouter.ai/api/v1",
		wire: "openai-chat",
		key: "needed",
		defaultModel: "openai/gpt-oss-120b",
		abilities: { ...served, files: true },
		quirks: { ...plain, affinityHeader: "x-session-id" },
	},
	together: {
		baseUrl: "https://api.together.xyz/v1",
		wire: "openai-chat",
		key: "needed",
		defaultModel: "openai/gpt-oss-120b",
		abilities: { ...served, files: "unknown" },
		quirks: plain,
	},
	deepseek: {
		baseUrl: "https://api.deepseek.com",
		wire: "openai-chat",
		key: "needed",
		defaultModel: "deepseek-v4-flash",
		abilities: { ...served, structured_output: false },
		quirks: plain,
	},
	moonshot: {
		baseUrl: "https://api.moonshot.ai/v1",
		wire: "openai-chat",
		key: "needed",
		defaultModel: "kimi-k3",
		abilities: served,
		// The temperature follows from whether it thinks; any other is refused.
		quirks: { ...plain, fixedTemperature: /^kimi-k2\.[56]/ },
	},
	mistral: {
		baseUrl: "https://api.mistral.ai/v1",
		wire: "openai-chat",
		key: "needed",
		defaultModel: "mistral-large-2512",
		abilities: { ...served, structured_output: true },
		quirks: { ...plain, usageAsked: false },
	},
	// Its models are deployments, which people tend to name after the model.
	"azure-openai": {
		baseUrl: null,
		wire: "openai-responses",
		key: "with its URL",
		defaultModel: "gpt-5.5",
		abilities: { ...served, files: "model", structured_output: "model" },
		quirks: { ...openai, keyHeader: "api-key" },
	},
	"workers-ai": {
		baseUrl: null,
		wire: "openai-chat",
		key: "with its URL",
		defaultModel: "@cf/zai-org/glm-4.7-flash",
		abilities: { ...served, files: "unknown" },
		quirks: { ...plain, affinityHeader: "x-session-affinity" },
	},
	// A local server answers with the model it has loaded; vLLM alone wants its very name.
	lmstudio: {
		baseUrl: "http://localhost:1234/v1",
		wire: "openai-chat",
		key: "optional",
		defaultModel: "local-model",
		abilities: { ...local, files: "unknown" },
		quirks: plain,
	},
	vllm: {
		baseUrl: "http://localhost:8000/v1",
		wire: "openai-chat",
		key: "optional",
		defaultModel: "default",
		abilities: local,
		quirks: plain,
	},
	sglang: {
		baseUrl: "http://localhost:30000/v1",
		wire: "openai-chat",
		key: "optional",
		defaultModel: "default",
		abilities: { ...local, files: "unknown" },
		quirks: plain,
	},
	ollama: {
		baseUrl: "http://localhost:11434/v1",
		wire: "openai-chat",
		key: "optional",
		defaultModel: "gpt-oss:20b",
		abilities: local,
		quirks: plain,
	},
	llamacpp: {
		baseUrl: "http://localhost:8080/v1",
		wire: "openai-chat",
		key: "optional",
		defaultModel: "default",
		abilities: local,
		quirks: plain,
	},
	// Any host that speaks one of these wires.
	"openai-chat": {
		baseUrl: null,
		wire: "openai-chat",
		key: "optional",
		defaultModel: "default",
		abilities: bare,
		quirks: plain,
	},
	"openai-responses": {
		baseUrl: null,
		wire: "openai-responses",
		key: "optional",
		defaultModel: "default",
		abilities: bare,
		quirks: { ...plain, encryptedReasoning: openaiReasoning },
	},
	"anthropic-messages": {
		baseUrl: null,
		wire: "anthropic-messages",
		key: "optional",
		defaultModel: "default",
		abilities: bare,
		quirks: anthropic,
	},
} as const satisfies Record<string, Host>;
