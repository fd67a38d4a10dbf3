import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { hosts } from "../../src/backends/hosts.ts";
import table from "../../src/backends/model-table.json" with { type: "json" };
import { modelTraits, traitsOf, type ModelTable } from "../../src/backends/models.ts";

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
