import { expect, test } from "vitest";
import { hosts, type Host } from "../../src/backends/hosts.ts";
import { paramsProblem } from "../../src/backends/params.ts";
import type { JsonObject } from "../../src/std/json.ts";
import { specOf } from "../support/fake-hosts.ts";

const ofTheTeam = (key: string) => ({
	path: `params.${key}`,
	message: `${key} is set by the team itself and cannot be a param`,
});
const count = (key: string) => ({ path: `params.${key}`, message: `${key} must be a whole number above 0` });
const fromSettings = (key: string) => ({
	path: `params.${key}`,
	message: "keys come from settings, never from a team",
});
const tooLittle = {
	path: "params.thinking.budget_tokens",
	message: "budget_tokens must be a whole number of at least 1024",
};

test.each<[keyof typeof hosts, JsonObject, object | null]>([
	["anthropic", { temperature: 0.2, thinking: { type: "adaptive" }, max_tokens: 1 }, null],
	["anthropic", { max_tokens: 0 }, count("max_tokens")],
	["anthropic", { system: "x" }, ofTheTeam("system")],
	["anthropic", { messages: [] }, ofTheTeam("messages")],
	["anthropic", { tool_choice: { type: "any" } }, ofTheTeam("tool_choice")],
	["anthropic", { thinking: { type: "enabled", budget_tokens: 1024 } }, null],
	["anthropic", { thinking: { type: "enabled", budget_tokens: 1023 } }, tooLittle],
	["anthropic", { thinking: { type: "enabled" } }, tooLittle],
	["anthropic-messages", { thinking: { type: "enabled", budget_tokens: "9000" } }, tooLittle],
	["anthropic", { thinking: { type: "disabled" } }, null],
	["zai", { thinking: { type: "enabled", clear_thinking: false } }, null],
	["openai", { reasoning: { effort: "low" }, include: [], store: true }, null],
	["openai", { input: [] }, ofTheTeam("input")],
	["openai", { model: "x" }, ofTheTeam("model")],
	["openai-chat", { stream: false }, ofTheTeam("stream")],
	["openai-chat", { base_url: "http://127.0.0.1:9/v1", n: 2 }, ofTheTeam("n")],
	["groq", { max_completion_tokens: "9" }, count("max_completion_tokens")],
	["groq", { api_key: "sk" }, fromSettings("api_key")],
	["groq", { api_key_env: "HOME" }, fromSettings("api_key_env")],
	["gemini", { thinkingConfig: { thinkingLevel: "low" } }, null],
	["gemini", { contents: [] }, ofTheTeam("contents")],
])("%s takes or refuses %j", (backend, params, expected) => {
	expect(paramsProblem(hosts[backend], specOf(backend, params))).toEqual(expected);
});

const fixed = (backend: string, model: string, how = "") => ({
	path: "params.temperature",
	message: `${model} at ${backend} takes no temperature; leave it out${how}`,
});
const byReasoning = " (`reasoning` sets its effort)";
const byConfig = " (`output_config` sets its effort)";

test.each<[backend: keyof typeof hosts, model: string, how: string | null]>([
	["openai", "gpt-5", byReasoning],
	["openai", "gpt-5.5", byReasoning],
	["openai", "gpt-6-mini", byReasoning],
	["openai", "o1", byReasoning],
	["openai", "o3-mini", byReasoning],
	["openai", "o4-mini-2025-04-16", byReasoning],
	["openai", "gpt-4o", null],
	["openai", "gpt-4.1", null],
	["openai", "omni", null],
	["azure-openai", "gpt-5.5", byReasoning],
	["azure-openai", "my-deployment", null],
	["openai-responses", "gpt-5.5", null],
	["openrouter", "openai/gpt-5.5", null],
	["xai", "grok-4.3", null],
	["anthropic", "claude-opus-4-6", null],
	["anthropic", "claude-opus-4-7", byConfig],
	["anthropic", "claude-opus-5-20260724", byConfig],
	["anthropic", "claude-haiku-4-5", null],
	["anthropic", "claude-fable-5", byConfig],
	["anthropic", "claude-fable-9", null],
	["moonshot", "kimi-k2.6", ""],
	["moonshot", "kimi-k3", null],
])("%s %s: is a temperature refused? %s", (backend, model, how) => {
	const asked = [{ temperature: 0.5 }, { top_p: 0.5 }].map((params) => faultOf(backend, model, params));
	expect(asked).toEqual([how === null ? null : fixed(backend, model, how), null]);
});

const noEffort = (backend: string, model: string, key: string) => ({
	path: `params.${key}`,
	message: `${model} at ${backend} does not reason and takes no ${key}; leave it out`,
});

test.each<[backend: keyof typeof hosts, model: string, params: JsonObject, expected: object | null]>([
	["openai", "gpt-4o", { reasoning: { effort: "low" } }, noEffort("openai", "gpt-4o", "reasoning")],
	["openai", "gpt-4o-2031-01-01", { reasoning: {} }, noEffort("openai", "gpt-4o-2031-01-01", "reasoning")],
	["openai", "gpt-5.5", { reasoning: { effort: "low" } }, null],
	["openai", "gpt-9", { reasoning: { effort: "low" } }, null],
	["azure-openai", "gpt-4o", { reasoning: { effort: "low" } }, null],
	[
		"groq",
		"llama-3.3-70b-versatile",
		{ reasoning_effort: "low" },
		noEffort("groq", "llama-3.3-70b-versatile", "reasoning_effort"),
	],
	["groq", "openai/gpt-oss-120b", { reasoning_effort: "low" }, null],
	["openrouter", "openai/gpt-4o", { reasoning_effort: "low" }, null],
])("%s %s with %j: effort is refused where nothing reasons", (backend, model, params, expected) => {
	expect(faultOf(backend, model, params)).toEqual(expected);
});

const budget = { thinking: { type: "enabled", budget_tokens: 2048 } };
const adaptive = { thinking: { type: "adaptive" } };
const disabled = { thinking: { type: "disabled" } };
const thinkingOf = (model: string, how: string) => ({
	path: "params.thinking",
	message: `${model} at anthropic ${how}`,
});
const noBudget = 'has no thinking budget; use {"type": "adaptive"} with `output_config.effort`';
const noAdaptive = 'thinks by a budget only; use {"type": "enabled", "budget_tokens": 1024} or more';
const neverOff = "always thinks; leave `thinking` out and lower `output_config.effort`";

test.each<[model: string, budget: string | null, adaptive: string | null, disabled: string | null]>([
	["claude-sonnet-4-5", null, noAdaptive, null],
	["claude-opus-4-5-20251101", null, noAdaptive, null],
	["claude-opus-4-6", null, null, null],
	["claude-opus-4-7", noBudget, null, null],
	["claude-opus-5", noBudget, null, null],
	["claude-opus-5-5", noBudget, null, neverOff],
	["claude-fable-5", noBudget, null, neverOff],
	["claude-of-tomorrow", null, null, null],
])("%s: what of its thinking is refused", (model, ...expected) => {
	const asked = [budget, adaptive, disabled].map((params) => faultOf("anthropic", model, params));
	expect(asked).toEqual(expected.map((how) => (how === null ? null : thinkingOf(model, how))));
});

test("a wire without a host knows nothing of its models", () => {
	expect(faultOf("anthropic-messages", "claude-opus-5", { ...budget, temperature: 0.5 })).toBeNull();
});

function faultOf(backend: keyof typeof hosts, model: string, params: JsonObject): object | null {
	const host: Host = hosts[backend];
	return paramsProblem(host, specOf(backend, params, model));
}
