import type { JsonObject } from "../std/json.ts";
import type { WireName } from "./wire/wire.ts";

export type Settings = Readonly<Record<string, string | undefined>>;
/** What the choice of a backend needs to know of an agent. */
export type BackendSpec = { readonly backend: string; readonly model: string; readonly params: JsonObject };
/** `path` names the key of the agent that is at fault: `backend`, `model` or `params.KEY`. */
export type SpecProblem = { readonly path: string; readonly message: string };

/** The wires that a host of the table can speak today. */
export type HostWire = Exclude<WireName, "gemini-interactions">;

/** Where hosts of one wire differ in what they take. */
export type Quirks = {
	/** Chat Completions only: which field bounds the output. */
	readonly tokensField: "max_tokens" | "max_completion_tokens";
	/** Responses only: reasoning comes back encrypted, to be echoed, since nothing is stored there. */
	readonly encryptedReasoning: boolean;
};

export type Host = {
	/** Null: only a `base_url` tells. */
	readonly baseUrl: string | null;
	readonly wire: HostWire;
	readonly key: "needed" | "optional";
	readonly defaultModel: string;
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

const plain: Quirks = { tokensField: "max_tokens", encryptedReasoning: false };
const completion: Quirks = { ...plain, tokensField: "max_completion_tokens" };
const encrypted: Quirks = { ...plain, encryptedReasoning: true };

/** Every provider, one row each. Settings are named after the row: `openai` reads OPENAI_API_KEY and OPENAI_BASE_URL. */
export const hosts = {
	anthropic: {
		baseUrl: "https://api.anthropic.com",
		wire: "anthropic-messages",
		key: "needed",
		defaultModel: "claude-opus-5",
		quirks: plain,
	},
	openai: {
		baseUrl: "https://api.openai.com/v1",
		wire: "openai-responses",
		key: "needed",
		defaultModel: "gpt-5.5",
		quirks: encrypted,
	},
	gemini: {
		baseUrl: "https://generativelanguage.googleapis.com",
		wire: "gemini-generate",
		key: "needed",
		defaultModel: "gemini-3.1-pro-preview",
		quirks: plain,
	},
	xai: {
		baseUrl: "https://api.x.ai/v1",
		wire: "openai-responses",
		key: "needed",
		defaultModel: "grok-4.3",
		quirks: encrypted,
	},
	zai: {
		baseUrl: "https://api.z.ai/api/paas/v4",
		wire: "openai-chat",
		key: "needed",
		defaultModel: "glm-5.2",
		quirks: plain,
	},
	cerebras: {
		baseUrl: "https://api.cerebras.ai/v1",
		wire: "openai-chat",
		key: "needed",
		defaultModel: "gpt-oss-120b",
		quirks: completion,
	},
	fireworks: {
		baseUrl: "https://api.fireworks.ai/inference/v1",
		wire: "openai-chat",
		key: "needed",
		defaultModel: "accounts/fireworks/models/gpt-oss-120b",
		quirks: plain,
	},
	groq: {
		baseUrl: "https://api.groq.com/openai/v1",
		wire: "openai-chat",
		key: "needed",
		defaultModel: "openai/gpt-oss-120b",
		quirks: completion,
	},
	openrouter: {
		baseUrl: "https://openrouter.ai/api/v1",
		wire: "openai-chat",
		key: "needed",
		defaultModel: "openai/gpt-oss-120b",
		quirks: plain,
	},
	together: {
		baseUrl: "https://api.together.xyz/v1",
		wire: "openai-chat",
		key: "needed",
		defaultModel: "openai/gpt-oss-120b",
		quirks: plain,
	},
	deepseek: {
		baseUrl: "https://api.deepseek.com",
		wire: "openai-chat",
		key: "needed",
		defaultModel: "deepseek-v4-flash",
		quirks: plain,
	},
	// A local server answers with the model it has loaded; vLLM alone wants its very name.
	lmstudio: {
		baseUrl: "http://localhost:1234/v1",
		wire: "openai-chat",
		key: "optional",
		defaultModel: "local-model",
		quirks: plain,
	},
	vllm: {
		baseUrl: "http://localhost:8000/v1",
		wire: "openai-chat",
		key: "optional",
		defaultModel: "default",
		quirks: plain,
	},
	sglang: {
		baseUrl: "http://localhost:30000/v1",
		wire: "openai-chat",
		key: "optional",
		defaultModel: "default",
		quirks: plain,
	},
	ollama: {
		baseUrl: "http://localhost:11434/v1",
		wire: "openai-chat",
		key: "optional",
		defaultModel: "gpt-oss:20b",
		quirks: plain,
	},
	llamacpp: {
		baseUrl: "http://localhost:8080/v1",
		wire: "openai-chat",
		key: "optional",
		defaultModel: "default",
		quirks: plain,
	},
	"openai-chat": { baseUrl: null, wire: "openai-chat", key: "optional", defaultModel: "default", quirks: plain },
} as const satisfies Record<string, Host>;

/** The row of a backend; null for a name that is not in the table. */
export function hostNamed(name: string): Host | null {
	return Object.hasOwn(hosts, name) ? hosts[name as keyof typeof hosts] : null;
}

/** Base URL and key that the settings (and, for `openai-chat`, the params) give a host; or what is missing. */
export function endpointOf(host: Host, spec: BackendSpec, settings: Settings): Endpoint | SpecProblem {
	const { keySettings } = settingsOf(spec.backend);
	const baseUrl = baseUrlOf(host, spec, settings);
	if (typeof baseUrl !== "string") return baseUrl;
	const key = keySettings.map((name) => settings[name]).find((value) => value) ?? null;
	if (host.key === "needed" && key === null)
		return { path: "backend", message: `${spec.backend} needs a key: set ${keySettings.join(" or ")}` };
	return {
		name: spec.backend,
		baseUrl,
		key: isOperators(baseUrl, host, spec, settings) ? key : null,
		wire: host.wire,
		quirks: host.quirks,
	};
}

function baseUrlOf(host: Host, spec: BackendSpec, settings: Settings): string | SpecProblem {
	const { urlSetting } = settingsOf(spec.backend);
	const given = host.baseUrl === null ? spec.params["base_url"] : undefined;
	const url = given ?? (settings[urlSetting] || host.baseUrl);
	if (url === null)
		return { path: "params.base_url", message: `${spec.backend} needs a base_url (or the setting ${urlSetting})` };
	const trimmed = typeof url === "string" ? trimmedUrl(url, host.wire) : null;
	if (trimmed !== null) return trimmed;
	const [path, name] = given === undefined ? ["backend", urlSetting] : ["params.base_url", "base_url"];
	return { path, message: `${name} must be an http(s) URL without credentials` };
}

/** A team may name any base_url, so the key goes only to the origin that the operator chose for it. */
function isOperators(baseUrl: string, host: Host, spec: BackendSpec, settings: Settings): boolean {
	const configured = settings[settingsOf(spec.backend).urlSetting] || host.baseUrl;
	return configured !== null && URL.parse(configured)?.origin === URL.parse(baseUrl)?.origin;
}

/** Whether the settings show that somebody wants to use this host: its key is set, or the URL of a local server. */
export function isSetUp(name: string, host: Host, settings: Settings): boolean {
	if (host.baseUrl === null) return false;
	const { urlSetting, keySettings } = settingsOf(name);
	return host.key === "needed" ? keySettings.some((key) => settings[key]) : Boolean(settings[urlSetting]);
}

function settingsOf(name: string): { urlSetting: string; keySettings: readonly string[] } {
	const prefix = name.toUpperCase().replaceAll("-", "_");
	const keySettings = [`${prefix}_API_KEY`, ...(name === "gemini" ? ["GOOGLE_API_KEY"] : [])];
	return { urlSetting: `${prefix}_BASE_URL`, keySettings };
}

/** What people append to the base although the SDK of that wire adds it itself. */
const versionSuffix: Record<HostWire, RegExp | null> = {
	"anthropic-messages": /\/v1$/,
	"gemini-generate": /\/v1(beta)?$/,
	"openai-responses": null,
	"openai-chat": null,
};

function trimmedUrl(url: string, wire: HostWire): string | null {
	const parsed = URL.parse(url);
	if (parsed === null || !/^https?:$/.test(parsed.protocol) || parsed.username !== "" || parsed.password !== "")
		return null;
	const bare = url.replace(/\/+$/, "");
	return bare.replace(versionSuffix[wire] ?? /$^/, "");
}
