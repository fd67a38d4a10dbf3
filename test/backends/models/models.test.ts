import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { hosts } from "../../../src/backends/hosts.ts";
import table from "../../../src/backends/models/model-table.json" with { type: "json" };
import { modelTraits, traitsOf, type ModelTable } from "../../../src/backends/models/models.ts";
import { modelRows } from "../../support/update-models.ts";

const rows: ModelTable["rows"] = table.rows;
const groups = Object.entries(rows).flatMap(([backend, byTraits]) =>
	Object.entries(byTraits).map(([traits, names]): [string, string, readonly string[]] => [backend, traits, names]),
);

describe("the table of models", () => {
	test("says where it is from, and of what day", () => {
		expect(
			[table.source, table.date].map((text) =>
				/^@earendil-works\/pi-ai \d+\.\d+\.\d+$|^\d{4}-\d\d-\d\d$/.test(text),
			),
		).toEqual([true, true]);
	});

	test("has the hosts with a catalogue of their own, and no other", () => {
		const withKey = Object.entries(hosts).flatMap(([name, { key }]) => (key === "needed" ? [name] : []));
		expect(Object.keys(rows)).toEqual([...withKey, "workers-ai"]);
	});

	test.each(groups)("%s: %s are known traits in their order, of names in theirs", (_, traits, names) => {
		const known: readonly string[] = modelTraits;
		expect(known.filter((trait) => traits.split(" ").includes(trait)).join(" ")).toBe(traits);
		expect(names.length).toBeGreaterThan(0);
		expect(names.filter((name) => !/^[a-z0-9@~][a-z0-9@~/._:-]*$/.test(name) || name.endsWith(":batch"))).toEqual(
			[],
		);
		expect(names).toEqual([...new Set(names)].toSorted());
	});

	test.each(Object.keys(rows))("%s: no name stands for two kinds of models", (backend) => {
		const names = Object.values(rows[backend] ?? {}).flat();
		expect(names.length).toBe(new Set(names).size);
	});

	test("is small enough to be read before the first response", () => {
		expect(gzipSync(JSON.stringify(table)).length).toBeLessThan(12_000);
	});
});

const claude = ["tools", "reasoning", "images", "files", "structured_output"];

test.each<[backend: string, model: string, traits: readonly string[] | null]>([
	["anthropic", "claude-opus-4-6", claude],
	["anthropic", "claude-haiku-4-5-20251001", [...claude, "budget_only"]],
	["anthropic", "claude-opus-5", [...claude, "fixed_temperature", "adaptive_only"]],
	["anthropic", "Claude-Opus-5 ", [...claude, "fixed_temperature", "adaptive_only"]],
	["anthropic", "claude-fable-5", [...claude, "fixed_temperature", "adaptive_only", "always_thinking"]],
	["anthropic", "claude-opus-50", null],
	["openai", "gpt-4", ["tools"]],
	["openai", "gpt-4-0613", ["tools"]],
	["openai", "gpt-4o", ["tools", "images", "files", "structured_output"]],
	["openai", "gpt-4o-2024-05-13", ["tools", "images", "files"]],
	["openai", "o3-mini", ["tools", "reasoning", "structured_output"]],
	["openai", "gpt-5.5-2026-04-23", claude],
	["openai", "gpt-5.5-nano", null],
	["gemini", "gemini-2.5-pro", ["tools", "reasoning", "images", "files"]],
	["gemini", "gemini-3.1-pro-preview", claude],
	["gemini", "gemma-4-31b-it", ["tools", "reasoning", "images"]],
	["zai", "glm-5.2", ["tools", "reasoning"]],
	["groq", "llama-3.3-70b-versatile", ["tools"]],
	["groq", "openai/gpt-oss-120b", ["tools", "reasoning"]],
	["together", "Qwen/Qwen3.5-9B", ["tools", "reasoning", "images"]],
	["openrouter", "x-ai/grok-4.3", ["tools", "reasoning", "images"]],
	["openrouter", "recraft/recraft-v4", ["images"]],
	["openrouter", "jaredpalmer/kev-4b", []],
	["workers-ai", "@cf/zai-org/glm-4.7-flash", ["tools", "reasoning"]],
	["azure-openai", "gpt-4", null],
	["constructor", "gpt-4", null],
	["openai", "constructor", null],
	["openai", "", null],
])("%s %s is known for %j", (backend, model, traits) => {
	const found = traitsOf(backend, model);
	expect(found && [...found]).toEqual(traits);
});

const chat = { type: "chat", input: ["text"], reasoning: false } as const;
const seeing = { ...chat, input: ["text", "image"] };

test.each<[title: string, backend: string, listed: Parameters<typeof modelRows>[1], expected: object]>([
	[
		"names stand by their traits, in order",
		"groq",
		[
			{ ...chat, id: "B" },
			{ ...seeing, id: "a" },
			{ ...chat, id: "a/b" },
		],
		{
			tools: ["a/b", "b"],
			"tools images": ["a"],
		},
	],
	[
		"a snapshot like its model is left out",
		"groq",
		[
			{ ...chat, id: "m-20260101" },
			{ ...chat, id: "m" },
		],
		{ tools: ["m"] },
	],
	[
		"a snapshot unlike its model is kept",
		"groq",
		[
			{ ...seeing, id: "m-0101" },
			{ ...chat, id: "m" },
		],
		{
			tools: ["m"],
			"tools images": ["m-0101"],
		},
	],
	["a snapshot alone is kept", "groq", [{ ...chat, id: "m-20260101" }], { tools: ["m-20260101"] }],
	["a batch is no model to call", "openrouter", [{ ...chat, id: "m:batch" }], {}],
	[
		"what is listed as two kinds is the one to chat with",
		"openai",
		[
			{ ...chat, id: "m" },
			{ ...chat, type: "classifier", id: "m" },
		],
		{
			"tools structured_output": ["m"],
		},
	],
	[
		"what is made for pictures takes no tools",
		"openrouter",
		[{ ...seeing, type: "image", id: "m" }],
		{ images: ["m"] },
	],
	[
		"documents are read by models that see, at hosts that say so",
		"openai",
		[
			{ ...chat, id: "gpt-4" },
			{ ...seeing, id: "gpt-4-turbo" },
		],
		{
			tools: ["gpt-4"],
			"tools images files": ["gpt-4-turbo"],
		},
	],
	[
		"a schema beside tools is Gemini's from 3 on",
		"gemini",
		[
			{ ...chat, id: "gemini-2.5-pro" },
			{ ...chat, id: "gemini-3-pro" },
		],
		{
			tools: ["gemini-2.5-pro"],
			"tools structured_output": ["gemini-3-pro"],
		},
	],
	[
		"thinking is told apart for Claude alone",
		"zai",
		[{ ...chat, reasoning: true, id: "glm", thinkingLevelMap: { off: null } }],
		{
			"tools reasoning": ["glm"],
		},
	],
])("the generator: %s", (_, backend, listed, expected) => {
	expect(modelRows(backend, listed)).toEqual(expected);
});
