import { assert } from "../std/assert.ts";
import { usableAbilities, type UsableAbilities } from "./abilities.ts";
import type { Backend, ModelRequest } from "./backend.ts";
import type { Built } from "./built.ts";
import { calling } from "./call.ts";
import { endpointOf, isSetUp } from "./endpoint.ts";
import {
	hostNamed,
	hosts,
	type BackendSpec,
	type Endpoint,
	type Host,
	type HostWire,
	type Settings,
	type SpecProblem,
} from "./hosts.ts";
import { makePace, type CallPace } from "./pace.ts";
import { pacedCalls, type PaceView } from "./paced.ts";
import { isCount, paramsProblem, tokensParams } from "./params.ts";
import { sleep } from "./sleep.ts";
import { makeSlots } from "./slots.ts";
import { anthropicRequest } from "./wire/anthropic-messages-request.ts";
import { geminiRequest } from "./wire/gemini-generate-request.ts";
import { chatRequest } from "./wire/openai-chat-request.ts";
import { responsesRequest } from "./wire/openai-responses-request.ts";
import { readerFor } from "./wire/readers.ts";
import { boundEndpoint, fetchThrough, workersAiTeam, type AiBinding } from "./workers-ai.ts";

export type Backends = {
	/** The spec must have no problem. `request.model` and `request.params` are what is sent. */
	readonly open: (spec: BackendSpec) => Backend;
	/** Why this spec cannot be used with these settings; null if it can. */
	readonly problem: (spec: BackendSpec) => SpecProblem | null;
	readonly names: () => readonly string[];
	/** One agent for each host that the settings make usable; failing that, three of Workers AI where it is bound. */
	readonly keyed: () => readonly { readonly backend: string; readonly model: string }[];
	/** What is known of a backend; `host` is null for one that needs none. Null for a name that is not there. */
	readonly about: (name: string) => About | null;
	/** What holds back the calls that were opened here. */
	readonly pace: () => PaceView;
};

type About = {
	readonly defaultModel: string;
	readonly host: { readonly wire: HostWire; readonly abilities: UsableAbilities } | null;
};

export type BackendsDeps = {
	readonly fetch: typeof fetch;
	readonly now: () => number;
	/** Backends that need no host: the demo, a script of a test. */
	readonly extra?: Readonly<Record<string, OwnBackend>>;
	/** Workers AI, where a deployment has bound it. */
	readonly ai?: AiBinding | undefined;
	readonly limits?: Partial<typeof callLimits>;
	/** Shared with others who hold the same keys; without it nobody else is taken into account. */
	readonly pace?: CallPace;
};

/** One that has only the models it names, and takes no params. */
export type OwnBackend = { readonly backend: Backend; readonly models: readonly string[] };

/** `slotsMax` is Cloudflare's bound on connections that wait for headers. */
const callLimits = { slotsMax: 6, queueMax: 256, bodyBytesMax: 16 * 1024 * 1024, outputCharactersMax: 1_000_000 };

/** Every backend by its name, with one queue of calls between them. */
export function makeBackends(settings: Settings, deps: BackendsDeps): Backends {
	const limits = { ...callLimits, ...deps.limits };
	const slots = makeSlots(limits);
	const paced = pacedCalls(deps.pace ?? makePace({ now: deps.now, random: () => 0, sleep }));
	const extra = new Map(Object.entries(deps.extra ?? {}));
	return {
		open: (spec) => {
			const own = extra.get(spec.backend);
			if (own !== undefined) return own.backend;
			const found = reached(spec, settings, deps);
			assert("endpoint" in found, "a backend is opened only after its spec was found without a problem");
			const { endpoint, fetch } = found;
			return calling({
				name: endpoint.name,
				key: endpoint.key,
				build: (request) => built(request, endpoint),
				reader: () => readerFor(endpoint.wire),
				admit: paced.admitAt(endpoint),
				slots,
				limits,
				fetch,
				now: deps.now,
			});
		},
		problem: (spec) => {
			if (spec.model.trim() === "") return { path: "model", message: "a model is needed" };
			const own = extra.get(spec.backend);
			if (own !== undefined) return ownProblem(own, spec);
			const found = reached(spec, settings, deps);
			return "message" in found ? found : null;
		},
		names: () => [...extra.keys(), ...Object.keys(hosts)],
		keyed: () => keyedModels(settings, deps),
		about: (name) => {
			const own = extra.get(name);
			if (own !== undefined) return { defaultModel: own.models[0] ?? "", host: null };
			const host = hostNamed(name);
			if (host === null) return null;
			const { wire, defaultModel, abilities } = host;
			return { defaultModel, host: { wire, abilities: usableAbilities(abilities) } };
		},
		pace: () => ({ waiting_for_headers: slots.state(), hosts: paced.hosts() }),
	};
}

function ownProblem({ models }: OwnBackend, { backend, model, params }: BackendSpec): SpecProblem | null {
	const [param] = Object.keys(params);
	if (!models.includes(model)) return { path: "model", message: `${backend} has the models ${models.join(", ")}` };
	return param === undefined ? null : { path: `params.${param}`, message: `${backend} takes no params` };
}

const rows: readonly (readonly [string, Host])[] = Object.entries(hosts);

type Reached = { readonly endpoint: Endpoint; readonly fetch: typeof fetch };

function reached(spec: BackendSpec, settings: Settings, { ai, fetch }: BackendsDeps): Reached | SpecProblem {
	const host = hostNamed(spec.backend);
	if (host === null)
		return {
			path: "backend",
			message: `there is no backend of this name; there are ${Object.keys(hosts).join(", ")}`,
		};
	const fault = paramsProblem(host, spec);
	if (fault !== null) return fault;
	// An account that the settings name goes before the binding, which is that of the deployment.
	if (spec.backend === boundEndpoint.name && ai !== undefined && !isSetUp(spec.backend, host, settings))
		return { endpoint: boundEndpoint, fetch: fetchThrough(ai) };
	const endpoint = endpointOf(host, spec, settings);
	return "message" in endpoint ? endpoint : { endpoint, fetch };
}

function keyedModels(settings: Settings, { ai }: BackendsDeps): readonly { backend: string; model: string }[] {
	const models = rows
		.filter(([name, host]) => isSetUp(name, host, settings))
		.map(([backend, host]) => ({ backend, model: host.defaultModel }));
	if (models.length > 0 || ai === undefined) return models;
	return workersAiTeam.map((model) => ({ backend: boundEndpoint.name, model }));
}

const builders: Record<HostWire, (request: ModelRequest, endpoint: Endpoint) => Promise<Built>> = {
	"anthropic-messages": anthropicRequest,
	"openai-responses": responsesRequest,
	"openai-chat": chatRequest,
	"gemini-generate": geminiRequest,
};

/** Settings among the params steer the request; what is left of them is merged into its body. */
function built(request: ModelRequest, endpoint: Endpoint): Promise<Built> {
	const tokens = tokensParams[endpoint.wire];
	const params = Object.fromEntries(
		Object.entries(request.params).filter(([key]) => key !== "base_url" && !tokens.includes(key)),
	);
	const asked = tokens.map((field) => request.params[field]).filter(isCount);
	const tokensField =
		"max_completion_tokens" in request.params ? "max_completion_tokens" : endpoint.quirks.tokensField;
	const outputTokensMax = Math.min(request.outputTokensMax, ...asked);
	const quirks = { ...endpoint.quirks, tokensField };
	return builders[endpoint.wire]({ ...request, params, outputTokensMax }, { ...endpoint, quirks });
}
