import { assert } from "../std/assert.ts";
import type { RecentNames } from "../std/recent-names.ts";
import { abilitiesOf, hostAbilities } from "./models/abilities-of.ts";
import type { Abilities, AbilityName } from "./models/abilities.ts";
import type { Backend, ModelRequest, Resume } from "./backend.ts";
import type { Built } from "./call/built.ts";
import { abandoning, calling, resuming, type Wiring } from "./call/call.ts";
import { makeDeadlineTimer } from "./call/deadline-timer.ts";
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
import { needProblem } from "./models/needs.ts";
import { makeLeading } from "./pace/lead.ts";
import { makeRefusedModes, type ResumableMode } from "./call/modes.ts";
import { isCount, paramsProblem, tokensParams } from "./params.ts";
import { resumableMode } from "./call/resumable-modes.ts";
import { makePace, type CallPace } from "./pace/pace.ts";
import { pacedCalls, type PaceView } from "./pace/paced.ts";
import { sleep } from "./sleep.ts";
import { makeSlots } from "./pace/slots.ts";
import { anthropicRequest } from "./wire/anthropic-messages-request.ts";
import { geminiRequest } from "./wire/gemini-generate-request.ts";
import { chatRequest } from "./wire/openai-chat-request.ts";
import { responsesRequest } from "./wire/openai-responses-request.ts";
import { readerFor } from "./wire/readers.ts";
import { boundEndpoint, fetchThrough, workersAiTeam, type AiBinding } from "./workers-ai.ts";

export type Backends = {
	/** The spec must have no problem. `request.model` and `request.params` are what is sent. */
	readonly open: (spec: BackendSpec) => Backend;
	/** What takes up a lost call of such a backend; null where none can be. */
	readonly resume: (spec: BackendSpec) => Resume | null;
	/** Ends the answer of a lost call at its host, where nobody wants it any more. Nobody waits for that. */
	readonly giveUp: (spec: BackendSpec, handle: string) => void;
	/** Why this spec cannot be used with these settings, or not for all of `needs` (by default none); null if it can. */
	readonly problem: (spec: BackendSpec, needs?: readonly AbilityName[]) => SpecProblem | null;
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
	/** `abilities`: those of the host; `abilitiesOf`: those of one of its models. */
	readonly host: {
		readonly wire: HostWire;
		readonly abilities: Abilities;
		readonly abilitiesOf: (model: string) => Abilities;
	} | null;
};

export type BackendsDeps = {
	readonly fetch: typeof fetch;
	readonly now: () => number;
	/** Backends that need no host: the demo, a script of a test. */
	readonly extra?: Readonly<Record<string, OwnBackend>>;
	/** Workers AI, where a deployment has bound it. */
	readonly ai?: AiBinding | undefined;
	readonly limits?: Partial<typeof callLimits>;
	/** What outlives these backends; without it they remember for themselves. */
	readonly refusedModes?: RecentNames;
	/** Takes work that nobody waits for, and sees to it that it is not cut off; without it, it runs as it may. */
	readonly aside?: (work: Promise<void>) => void;
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
	const timer = makeDeadlineTimer(deps.now);
	const leading = makeLeading({ now: deps.now, later });
	const paced = pacedCalls(deps.pace ?? makePace({ now: deps.now, random: () => 0, sleep }));
	const extra = new Map(Object.entries(deps.extra ?? {}));
	const { now, refusedModes = makeRefusedModes(), aside = () => {} } = deps;
	const wired = (spec: BackendSpec): { readonly wiring: Wiring; readonly endpoint: Endpoint } => {
		const found = reached(spec, settings, deps);
		assert("endpoint" in found, "a backend is opened only after its spec was found without a problem");
		const { endpoint, fetch, resumable } = found;
		const { name, key, wire } = endpoint;
		const plain = { build: (request: ModelRequest) => built(request, endpoint), reader: () => readerFor(wire) };
		const admit = paced.admitAt(endpoint);
		const wiring = { name, key, admit, plain, resumable, refusedModes, aside, slots, limits, fetch, now, timer };
		return { wiring, endpoint };
	};
	return {
		open: (spec) => {
			const own = extra.get(spec.backend);
			if (own !== undefined) return own.backend;
			const { wiring, endpoint } = wired(spec);
			const call = calling(wiring);
			return endpoint.quirks.cacheLead ? leading(call, endpoint) : call;
		},
		resume: (spec) => (extra.has(spec.backend) ? null : resuming(wired(spec).wiring)),
		giveUp: (spec, handle) => {
			if (!extra.has(spec.backend)) abandoning(wired(spec).wiring, handle);
		},
		problem: (spec, needs = []) => {
			if (spec.model.trim() === "") return { path: "model", message: "a model is needed" };
			const own = extra.get(spec.backend);
			const found = own === undefined ? reached(spec, settings, deps) : ownProblem(own, spec);
			return found !== null && "message" in found ? found : needProblem(spec, needs);
		},
		names: () => [...extra.keys(), ...Object.keys(hosts)],
		keyed: () => keyedModels(settings, deps),
		about: (name) => {
			const own = extra.get(name);
			if (own !== undefined) return { defaultModel: own.models[0] ?? "", host: null };
			const host = hostNamed(name);
			if (host === null) return null;
			const { wire, defaultModel } = host;
			const ofModel = (model: string) => abilitiesOf(name, model);
			return { defaultModel, host: { wire, abilities: hostAbilities(name), abilitiesOf: ofModel } };
		},
		pace: () => ({ waiting_for_headers: slots.state(), hosts: paced.hosts() }),
	};
}

function later(run: () => void, ms: number): () => void {
	const timer = setTimeout(run, ms);
	return () => clearTimeout(timer);
}

function ownProblem({ models }: OwnBackend, { backend, model, params }: BackendSpec): SpecProblem | null {
	const [param] = Object.keys(params);
	if (!models.includes(model)) return { path: "model", message: `${backend} has the models ${models.join(", ")}` };
	return param === undefined ? null : { path: `params.${param}`, message: `${backend} takes no params` };
}

const rows: readonly (readonly [string, Host])[] = Object.entries(hosts);

type Reached = {
	readonly endpoint: Endpoint;
	readonly fetch: typeof fetch;
	readonly resumable: ResumableMode | null;
};

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
		return { endpoint: boundEndpoint, fetch: fetchThrough(ai), resumable: null };
	const endpoint = endpointOf(host, spec, settings);
	return "message" in endpoint ? endpoint : { endpoint, fetch, resumable: resumableAt(host, endpoint) };
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

function built(request: ModelRequest, endpoint: Endpoint): Promise<Built> {
	return builders[endpoint.wire](...steered(request, endpoint));
}

function resumableAt(host: Host, endpoint: Endpoint): ResumableMode | null {
	const mode = resumableMode(host, endpoint);
	if (mode === null) return null;
	const asSent = (request: ModelRequest): ModelRequest => steered(request, endpoint)[0];
	return {
		...mode,
		speaks: (request) => mode.speaks(asSent(request)),
		build: (request) => mode.build(asSent(request)),
	};
}

/** Settings among the params steer the request; what is left of them is merged into its body. */
function steered(request: ModelRequest, endpoint: Endpoint): [ModelRequest, Endpoint] {
	const tokens = tokensParams[endpoint.wire];
	const params = Object.fromEntries(
		Object.entries(request.params).filter(([key]) => key !== "base_url" && !tokens.includes(key)),
	);
	const asked = tokens.map((field) => request.params[field]).filter(isCount);
	const tokensField =
		"max_completion_tokens" in request.params ? "max_completion_tokens" : endpoint.quirks.tokensField;
	const outputTokensMax = Math.min(request.outputTokensMax, ...asked);
	const quirks = { ...endpoint.quirks, tokensField };
	return [
		{ ...request, params, outputTokensMax },
		{ ...endpoint, quirks },
	];
}
