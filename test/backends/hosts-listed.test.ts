import { expect, test } from "vitest";
import { BackendList } from "../../src/api/contract.ts";
import { makeBackends } from "../../src/backends/backends.ts";
import { hosts } from "../../src/backends/hosts.ts";
import { makeApi, send } from "../support/api.ts";

const notBuilt = { images: "not_built", web_search: "not_built", structured_output: "not_built" };

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
	return new Map(parsed.backends.map((backend) => [backend.name, backend]));
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
			abilities: { tools: true, reasoning: "model", ...notBuilt, resume: false },
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
			abilities: { tools: true, reasoning: "model", ...notBuilt, resume: "not_built" },
		},
	],
	[
		"a host that nobody has looked up says so",
		{ MISTRAL_API_KEY: "k" },
		{
			name: "mistral",
			ready: true,
			model: "mistral-large-2512",
			why: null,
			wire: "openai-chat",
			default_model: "mistral-large-2512",
			abilities: { tools: "unknown", reasoning: "unknown", ...notBuilt, resume: "not_built" },
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
			abilities: { tools: "model", reasoning: "model", ...notBuilt, resume: "not_built" },
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
		abilities: { tools: "model", reasoning: "model", ...notBuilt, resume: false },
	});
});
