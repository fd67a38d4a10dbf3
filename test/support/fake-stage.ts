import type { Backend, ModelRequest } from "../../src/backends/backend.ts";
import { makeBackends, type BackendsDeps } from "../../src/backends/backends.ts";
import { startFakeProviders, type FakeOptions, type FakeProviders } from "./fake-providers.ts";
import { modelRequest } from "./fake-request.ts";
import type { Brain, Step } from "./fake-script.ts";

export type FakeStage = {
	readonly fake: FakeProviders;
	/** What `makeBackends` needs to take the fake for each of `wireHosts`. */
	readonly settings: FakeProviders["settings"];
	/** A model that follows this script, as a request to it. */
	readonly scripted: (script: readonly Step[] | Brain, changes?: Partial<ModelRequest>) => ModelRequest;
	/** One of `wireHosts` at the fake. */
	readonly backend: (name: string, limits?: BackendsDeps["limits"]) => Backend;
};

/** A host for each wire. */
export const wireHosts = ["anthropic", "openai", "groq", "gemini"];

/** Fake providers that play another script for each model; a model without one is a mistake of the test. */
export async function fakeStage(options: Pick<FakeOptions, "limits"> = {}): Promise<FakeStage> {
	const scripts = new Map<string, Brain>();
	const fake = await startFakeProviders({
		...options,
		brain: (request) => {
			const script = scripts.get(request.model);
			if (script === undefined) throw new Error(`no script for ${request.model}`);
			return script(request);
		},
	});
	const settings = { ...fake.settings, GROQ_API_KEY: "fake-groq-key", GROQ_BASE_URL: `${fake.url}/v1` };
	return {
		fake,
		settings,
		scripted: (script, changes = {}) => {
			const model = `scripted-${scripts.size + 1}`;
			scripts.set(model, typeof script === "function" ? script : () => script);
			return modelRequest({ model, ...changes });
		},
		backend: (name, limits = {}) =>
			makeBackends(settings, { fetch, now: Date.now, limits }).open({ backend: name, model: "any", params: {} }),
	};
}
