import { assert } from "../std/assert.ts";
import type { JsonObject } from "../std/json.ts";
import { hosts, type Endpoint } from "./hosts.ts";

/** What is used of a Worker's `AI` binding. With `returnRawResponse` it answers as an HTTP host does, errors included. */
export type AiBinding = {
	readonly run: (model: string, inputs: JsonObject, options: RawRun) => Promise<Response>;
};
type RawRun = {
	readonly returnRawResponse: true;
	readonly extraHeaders: Readonly<Record<string, string>>;
	readonly signal?: AbortSignal;
};

/** Three models of different makers that take tools: the team of a deployment that has the binding and no key. */
export const workersAiTeam: readonly string[] = [
	hosts["workers-ai"].defaultModel,
	"@cf/google/gemma-4-26b-a4b-it",
	"@cf/nvidia/nemotron-3-120b-a12b",
];

/** Where a call by the binding is addressed to: no network is asked for this name. */
export const boundEndpoint: Endpoint = {
	name: "workers-ai",
	baseUrl: "https://workers-ai.invalid/v1",
	key: null,
	wire: hosts["workers-ai"].wire,
	quirks: hosts["workers-ai"].quirks,
};

const { affinityHeader } = hosts["workers-ai"].quirks;

/** The binding as a `fetch` of Chat Completions, so that calls by it are built, timed and read like all others. */
export function fetchThrough(ai: AiBinding): typeof fetch {
	return async (_, init) => {
		assert(typeof init?.body === "string", "a call carries its body as text");
		const { model, ...inputs } = JSON.parse(init.body) as JsonObject & { readonly model: string };
		const affinity = new Headers(init.headers).get(affinityHeader);
		const extraHeaders = affinity === null ? {} : { [affinityHeader]: affinity };
		return ai.run(model, inputs, {
			returnRawResponse: true,
			extraHeaders,
			...(init.signal ? { signal: init.signal } : {}),
		});
	};
}
