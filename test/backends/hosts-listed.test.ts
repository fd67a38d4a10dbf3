import { expect, test } from "vitest";
import { BackendList } from "../../src/api/backend-list.ts";
import { makeBackends } from "../../src/backends/backends.ts";
import { hosts } from "../../src/backends/hosts.ts";
import { makeApi, send } from "../support/api.ts";

/** What most hosts are known for: it depends on the model, and they run no tools of their own. */
const served = {
	tools: "model",
	reasoning: "model",
	images: "model",
	files: false,
	image_output: false,
	web_search: false,
	code_execution: false,
	web_fetch: false,
	structured_output: "unknown",
	resume: false,
};
const able = { ...served, tools: true, reasoning: true, images: true };

async function listed(settings: Record<string, string>, ai = false) {
	const extra = { demo: { backend: async function* () {}, models: ["model-1"] } };
	const binding = ai ? { run: async () => new Response("") } : undefined;
	const backends = makeBackends(settings, { fetch, now: Date.now, extra, ai: binding });
	const { body } = await send(
		makeApi({ backends: { ...backends, priced: () => true, serverTools: [] } }),
		"/v1/backends",
	);
	const parsed = BackendList.parse(body);
	// A client's schema leaves nothing out of what is sent.
	expect(parsed).toEqual(body);
	// Where its key stands is not the host's: test/api/keys.test.ts.
	return new Map(parsed.backends.map(({ key: _key, ...backend }) => [backend.name, backend]));
}

test("every backend is listed once, the demo first", async () => {
	expect([...(await listed({})).keys()]).toEqual(["demo", ...Object.keys(hosts)]);
});

test.each<[title: string, settings: Record<string, string>, expected: object]>([
	["what needs no host has no wire", {}, { name: "demo", ready: true, model: null, why: null }],
	[
		"a host with its key is ready",
		{ ANTHROPIC_API_KEY: "k" },
		{
			name: "anthropic",
			ready: true,
			model: "claude-opus-5",
			why: null,
			wire: "anthropic-messages",
			default_model: "claude-opus-5",
			abilities: {
				...served,
				tools: true,
				images: true,
				files: true,
				web_search: "model",
				code_execution: "model",
				web_fetch: "model",
				structured_output: "model",
			},
			default_model_abilities: {
				...able,
				files: true,
				web_search: true,
				code_execution: true,
				web_fetch: true,
				structured_output: true,
			},
		},
	],
	[
		"a host without one says what it lacks",
		{},
		{
			name: "openai",
			ready: false,
			model: null,
			why: "openai needs a key: set OPENAI_API_KEY",
			wire: "openai-responses",
			default_model: "gpt-5.5",
			abilities: {
				...served,
				tools: true,
				files: "model",
				web_search: "model",
				code_execution: "model",
				structured_output: "model",
				resume: true,
			},
			default_model_abilities: {
				...able,
				files: true,
				web_search: true,
				code_execution: true,
				structured_output: true,
				resume: true,
			},
		},
	],
	[
		"a model that does not reason says so",
		{ MISTRAL_API_KEY: "k" },
		{
			name: "mistral",
			ready: true,
			model: "mistral-large-2512",
			why: null,
			wire: "openai-chat",
			default_model: "mistral-large-2512",
			abilities: { ...served, structured_output: true },
			default_model_abilities: { ...able, reasoning: false, structured_output: true },
		},
	],
	[
		"a wire without a host needs a URL",
		{},
		{
			name: "openai-responses",
			ready: false,
			model: null,
			why: "openai-responses needs a base_url (or the setting OPENAI_RESPONSES_BASE_URL)",
			wire: "openai-responses",
			default_model: "default",
			abilities: { ...served, files: "unknown" },
			default_model_abilities: { ...served, files: "unknown" },
		},
	],
])("%s", async (_, settings, expected) => {
	const { name } = expected as { name: string };
	expect((await listed(settings)).get(name)).toEqual(expected);
});

test("Workers AI by its binding is ready, with the first model of its team", async () => {
	expect((await listed({}, true)).get("workers-ai")).toEqual({
		name: "workers-ai",
		ready: true,
		model: "@cf/zai-org/glm-4.7-flash",
		why: null,
		wire: "openai-chat",
		default_model: "@cf/zai-org/glm-4.7-flash",
		abilities: { ...served, files: "unknown" },
		default_model_abilities: { ...able, images: false, files: "unknown" },
	});
});
