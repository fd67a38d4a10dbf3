import type { JsonObject } from "../std/json.ts";
import { assert } from "../std/assert.ts";
import type { Backend, ModelRequest } from "./backend.ts";
import type { Built } from "./built.ts";
import { calling } from "./call.ts";
import { makeSlots } from "./slots.ts";
import {
	endpointOf,
	hostNamed,
	hosts,
	isSetUp,
	type BackendSpec,
	type Endpoint,
	type Host,
	type HostWire,
	type Settings,
	type SpecProblem,
} from "./hosts.ts";
import { anthropicRequest } from "./wire/anthropic-messages-request.ts";
import { geminiRequest } from "./wire/gemini-generate-request.ts";
import { chatRequest } from "./wire/openai-chat-request.ts";
import { responsesRequest } from "./wire/openai-responses-request.ts";
import { readerFor } from "./wire/readers.ts";

export type Backends = {
	/** The spec must have no problem. `request.model` and `request.params` are what is sent. */
	readonly open: (spec: BackendSpec) => Backend;
	/** Why this spec cannot be used with these settings; null if it can. */
	readonly problem: (spec: BackendSpec) => SpecProblem | null;
	readonly names: () => readonly string[];
	/** One agent for each host that the settings make usable, with a model that suits. */
	readonly keyed: () => readonly { readonly backend: string; readonly model: string }[];
};

export type BackendsDeps = {
	readonly fetch: typeof fetch;
	readonly now: () => number;
	/** Backends that need no host: the demo, a script of a test. */
	readonly extra?: Readonly<Record<string, Backend>>;
	readonly limits?: Partial<typeof callLimits>;
};

/** `slotsMax` is Cloudflare's bound on connections that wait for headers. */
const callLimits = { slotsMax: 6, queueMax: 256, bodyBytesMax: 16 * 1024 * 1024, outputCharactersMax: 1_000_000 };

/** Every backend by its name, with one queue of calls between them. */
export function makeBackends(settings: Settings, deps: BackendsDeps): Backends {
	const limits = { ...callLimits, ...deps.limits };
	const slots = makeSlots(limits);
	const extra = new Map(Object.entries(deps.extra ?? {}));
	return {
		open: (spec) => {
			const own = extra.get(spec.backend);
			if (own !== undefined) return own;
			const found = resolved(spec, settings);
			assert("wire" in found, "a backend is opened only after its spec was found without a problem");
			const build = (request: ModelRequest): Promise<Built> => built(request, found);
			return calling({
				name: found.name,
				key: found.key,
				build,
				reader: () => readerFor(found.wire),
				slots,
				limits,
				fetch: deps.fetch,
				now: deps.now,
			});
		},
		problem: (spec) => {
			if (spec.model.trim() === "") return { path: "model", message: "a model is needed" };
			if (extra.has(spec.backend)) return null;
			const found = resolved(spec, settings);
			return "message" in found ? found : null;
		},
		names: () => [...extra.keys(), ...Object.keys(hosts)],
		keyed: () =>
			rows
				.filter(([name, host]) => isSetUp(name, host, settings))
				.map(([name, host]) => ({ backend: name, model: host.defaultModel })),
	};
}

/** What is wrong with an agent's params on this wire; null if they can be merged into its requests. */
export function paramsProblem(wire: HostWire, params: JsonObject): string | null {
	return badParam(wire, params)?.message ?? null;
}

const rows: readonly (readonly [string, Host])[] = Object.entries(hosts);

function resolved(spec: BackendSpec, settings: Settings): Endpoint | SpecProblem {
	const host = hostNamed(spec.backend);
	if (host === null) return { path: "backend", message: unknownBackend(spec.backend) };
	return badParam(host.wire, withoutBaseUrl(host, spec.params)) ?? endpointOf(host, spec, settings);
}

function unknownBackend(name: string): string {
	if (name === "workers-ai") return "workers-ai is not built yet";
	return `there is no backend of this name; there are ${Object.keys(hosts).join(", ")}`;
}

function withoutBaseUrl(host: Host, params: JsonObject): JsonObject {
	const { base_url: _, ...rest } = params;
	return host.baseUrl === null ? rest : params;
}

type WireTraits = {
	readonly build: (request: ModelRequest, endpoint: Endpoint) => Promise<Built>;
	/** Made by us from the team, the prompt and the protocol: nobody is ever forced to call a tool. */
	readonly reserved: readonly string[];
	/** May lower the team's limit on output, never raise it. */
	readonly tokens: readonly string[];
};

const wires: Record<HostWire, WireTraits> = {
	"anthropic-messages": { build: anthropicRequest, reserved: ["messages", "system"], tokens: ["max_tokens"] },
	"openai-responses": {
		build: responsesRequest,
		reserved: ["input", "instructions", "previous_response_id", "conversation", "background"],
		tokens: ["max_output_tokens"],
	},
	"openai-chat": {
		build: chatRequest,
		reserved: ["messages", "n", "stream_options"],
		tokens: ["max_tokens", "max_completion_tokens"],
	},
	"gemini-generate": {
		build: geminiRequest,
		reserved: ["contents", "systemInstruction", "toolConfig", "candidateCount", "generationConfig"],
		tokens: ["maxOutputTokens"],
	},
};

const reservedEverywhere = ["model", "messages", "tools", "tool_choice", "stream"];
const elsewhere: ReadonlyMap<string, string> = new Map([
	["base_url", "only openai-chat takes a base_url; for other hosts set NAME_BASE_URL"],
	["api_key", "keys come from settings, never from a team"],
	["api_key_env", "keys come from settings, never from a team"],
]);

function badParam(wire: HostWire, params: JsonObject): SpecProblem | null {
	const { reserved, tokens } = wires[wire];
	for (const [key, value] of Object.entries(params)) {
		const path = `params.${key}`;
		const message = elsewhere.get(key);
		if (message !== undefined) return { path, message };
		if (reservedEverywhere.includes(key) || reserved.includes(key))
			return { path, message: `${key} is set by the team itself and cannot be a param` };
		if (tokens.includes(key) && !isCount(value)) return { path, message: `${key} must be a whole number above 0` };
	}
	return null;
}

function isCount(value: unknown): value is number {
	return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}

/** Settings among the params steer the request; what is left of them is merged into its body. */
function built(request: ModelRequest, endpoint: Endpoint): Promise<Built> {
	const { build, tokens } = wires[endpoint.wire];
	const params = Object.fromEntries(
		Object.entries(request.params).filter(([key]) => key !== "base_url" && !tokens.includes(key)),
	);
	const asked = tokens.map((field) => request.params[field]).filter(isCount);
	const tokensField =
		"max_completion_tokens" in request.params ? "max_completion_tokens" : endpoint.quirks.tokensField;
	const outputTokensMax = Math.min(request.outputTokensMax, ...asked);
	return build({ ...request, params, outputTokensMax }, { ...endpoint, quirks: { ...endpoint.quirks, tokensField } });
}
