import { describe, expect, test } from "vitest";
import { needFaults } from "../../../src/api/need-faults.ts";
import { teamFrom } from "../../../src/api/team.ts";
import { abilitiesOf, hostAbilities } from "../../../src/backends/models/abilities-of.ts";
import { abilityNames, type Abilities, type AbilityName } from "../../../src/backends/models/abilities.ts";
import { serverToolNames } from "../../../src/backends/backend.ts";
import { makeBackends } from "../../../src/backends/backends.ts";
import { specOf } from "../../support/fake-hosts.ts";

const extra = { demo: { backend: async function* () {}, models: ["model-1"] } };
const settings = Object.fromEntries(
	["ANTHROPIC", "OPENAI", "GEMINI", "XAI", "GROQ", "ZAI", "OPENROUTER"].map((name) => [`${name}_API_KEY`, "k"]),
);
const backends = makeBackends(settings, { fetch, now: Date.now, extra });
const all: Abilities = {
	tools: true,
	reasoning: true,
	images: true,
	files: true,
	image_output: false,
	web_search: true,
	code_execution: true,
	web_fetch: true,
	structured_output: true,
	resume: false,
};

test.each<[backend: string, model: string, expected: Abilities]>([
	["anthropic", "claude-opus-5", all],
	["gemini", "gemini-3.1-pro-preview", { ...all, resume: true }],
	["openai", "gpt-5.5", { ...all, web_fetch: false, resume: true }],
	["xai", "grok-4.3", { ...all, files: false, web_fetch: false }],
])("%s %s can do what its host says and its row adds", (backend, model, expected) => {
	expect(abilitiesOf(backend, model)).toEqual(expected);
});

test.each<[title: string, backend: string, model: string, expected: Partial<Abilities>]>([
	["a row decides what its host leaves open", "zai", "glm-5.2", { images: false, reasoning: true }],
	["an unlisted model keeps it open", "zai", "glm-9", { images: "model", reasoning: "model", tools: "model" }],
	[
		"a model's row does not overrule its host",
		"openrouter",
		"openai/gpt-4",
		{ files: true, structured_output: "unknown" },
	],
	["a wire without a host knows no models", "openai-responses", "gpt-4", { images: "model", web_search: false }],
	["what is ours takes the team's tools alone", "demo", "model-1", { tools: true, reasoning: false, images: false }],
])("%s", (_, backend, model, expected) => {
	const abilities = abilitiesOf(backend, model);
	const told = abilityNames.filter((name) => name in expected).map((name) => [name, abilities[name]]);
	expect(Object.fromEntries(told)).toEqual(expected);
});

test.each<[backend: string, tool: AbilityName, expected: "model" | false]>([
	["anthropic", "web_fetch", "model"],
	["openai", "web_search", "model"],
	["openai", "web_fetch", false],
	["groq", "code_execution", false],
])("whether %s runs %s depends on the model: %s", (backend, tool, expected) => {
	expect(hostAbilities(backend)[tool]).toBe(expected);
});

describe("a need that is known to be lacking is refused, and says what would do", () => {
	test.each<[backend: string, model: string, needs: readonly AbilityName[], message: string | null]>([
		["anthropic", "claude-opus-5", ["tools", "images", "files", "web_search", "structured_output"], null],
		[
			"gemini",
			"gemini-2.5-pro",
			["images", "web_search"],
			"web_search is not on offer for gemini-2.5-pro at gemini: before Gemini 3 it cannot stand beside the team's own tools; use gemini-3.1-pro-preview, for instance",
		],
		["gemini", "gemini-3.5-flash", ["web_search"], null],
		[
			"gemini",
			"gemini-2.5-pro",
			["structured_output"],
			"gemini-2.5-pro at gemini keeps to no JSON Schema beside tools: before Gemini 3 it cannot stand beside the team's own tools; use gemini-3.1-pro-preview, for instance",
		],
		["openai", "gpt-4", ["images"], "gpt-4 at openai takes no images; use gpt-5.5, for instance"],
		[
			"groq",
			"llama-3.3-70b-versatile",
			["web_search"],
			"web_search is not on offer at groq; use anthropic (claude-opus-5), openai (gpt-5.5), gemini (gemini-3.1-pro-preview), xai (grok-4.3), for instance",
		],
		[
			"groq",
			"openai/gpt-oss-120b",
			["structured_output"],
			"openai/gpt-oss-120b at groq keeps to no JSON Schema beside tools: Groq takes a schema neither with tools nor for a streamed answer; use anthropic (claude-opus-5), openai (gpt-5.5), gemini (gemini-3.1-pro-preview), xai (grok-4.3), for instance",
		],
		[
			"xai",
			"grok-4.3",
			["files"],
			"grok-4.3 at xai takes no files; use anthropic (claude-opus-5), openai (gpt-5.5), gemini (gemini-3.1-pro-preview), openrouter (openai/gpt-oss-120b), for instance",
		],
		[
			"groq",
			"llama-3.3-70b-versatile",
			["reasoning"],
			"llama-3.3-70b-versatile at groq does not reason; use openai/gpt-oss-120b, for instance",
		],
		[
			"anthropic",
			"claude-opus-5",
			["resume"],
			"a call of claude-opus-5 at anthropic cannot be resumed; use openai (gpt-5.5), gemini (gemini-3.1-pro-preview), for instance",
		],
		[
			"anthropic",
			"claude-opus-5",
			["image_output"],
			"claude-opus-5 at anthropic cannot be asked for images; no backend can do this",
		],
		["zai", "glm-9", ["images"], null],
		["openrouter", "openai/gpt-oss-120b", ["structured_output"], null],
		["demo", "model-1", ["tools"], null],
		[
			"demo",
			"model-1",
			["images"],
			"model-1 at demo takes no images; use anthropic (claude-opus-5), openai (gpt-5.5), gemini (gemini-3.1-pro-preview), xai (grok-4.3), for instance",
		],
	])("%s %s for %j", (backend, model, needs, message) => {
		const expected = message === null ? null : { path: "model", message };
		expect(backends.problem(specOf(backend, {}, model), needs)).toEqual(expected);
	});

	test("a model that cannot be called at all is refused for that first", () => {
		const expected = { path: "backend", message: "mistral needs a key: set MISTRAL_API_KEY" };
		expect(backends.problem(specOf("mistral", {}, "codestral-latest"), ["images"])).toEqual(expected);
	});
});

describe("what an agent's tools need", () => {
	const port = { ...backends, priced: () => true, serverTools: serverToolNames };
	const why =
		"web_search is not on offer for gemini-2.5-pro at gemini: before Gemini 3 it cannot stand beside the team's own tools; use gemini-3.1-pro-preview, for instance";
	const flux =
		"black-forest-labs/flux.2-pro at openrouter takes no tools, and an agent answers and votes with them; use openai/gpt-oss-120b, for instance";
	const agent = (id: string, backend: string, model: string, tools: readonly string[] = []) => ({
		id,
		backend,
		model,
		tools,
	});

	test.each<[title: string, agents: readonly object[], errors: readonly object[]]>([
		[
			"is refused by its place in the list",
			[
				agent("a", "openai", "gpt-5.5", ["web_search"]),
				agent("b", "gemini", "gemini-2.5-pro", ["code_execution", "web_search"]),
			],
			[
				{ path: "agents.1.tools.0", message: why.replace("web_search", "code_execution") },
				{ path: "agents.1.tools.1", message: why },
			],
		],
		[
			"is the team's own tools before all",
			[agent("a", "openrouter", "black-forest-labs/flux.2-pro")],
			[{ path: "agents.0.model", message: flux }],
		],
		[
			"is not asked of a model that cannot be called",
			[agent("a", "mistral", "m", ["web_search"])],
			[{ path: "agents.0.backend", message: "mistral needs a key: set MISTRAL_API_KEY" }],
		],
	])("%s", (_, agents, errors) => {
		expect(teamFrom({ agents }, port)).toEqual({ ok: false, errors });
	});

	test("a team whose models have them is saved", () => {
		const agents = [agent("a", "openai", "gpt-5.5", ["web_search", "code_execution"]), agent("b", "groq", "any")];
		expect(teamFrom({ agents }, port).ok).toBe(true);
	});

	test("a fallback needs them, too, under its own path", () => {
		const fallback = (backend: string, model: string) => ({
			...specOf("openai", {}, "gpt-5.5"),
			tools: ["web_search"],
			fallback: specOf(backend, {}, model),
		});
		expect([
			needFaults(fallback("gemini", "gemini-2.5-pro"), port),
			needFaults(fallback("openrouter", "black-forest-labs/flux.2-pro"), port).slice(0, 1),
			needFaults(fallback("mistral", "m"), port),
			needFaults(fallback("anthropic", "claude-opus-5"), port),
		]).toEqual([
			[{ path: "tools.0", message: `its fallback: ${why}` }],
			[{ path: "fallback.model", message: flux }],
			[],
			[],
		]);
	});
});
