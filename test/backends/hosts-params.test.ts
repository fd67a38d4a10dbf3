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

const fixed = (backend: string, model: string) => ({
	path: "params.temperature",
	message: `${model} at ${backend} takes no temperature; leave it out (\`reasoning\` sets its effort)`,
});

test.each<[backend: keyof typeof hosts, model: string, refused: boolean]>([
	["openai", "gpt-5", true],
	["openai", "gpt-5.5", true],
	["openai", "gpt-6-mini", true],
	["openai", "o1", true],
	["openai", "o3-mini", true],
	["openai", "o4-mini-2025-04-16", true],
	["openai", "gpt-4o", false],
	["openai", "gpt-4.1", false],
	["openai", "omni", false],
	["azure-openai", "gpt-5.5", true],
	["azure-openai", "my-deployment", false],
	["openai-responses", "gpt-5.5", false],
	["openrouter", "openai/gpt-5.5", false],
	["xai", "grok-4.3", false],
])("%s %s: is a temperature refused? %s", (backend, model, refused) => {
	const host: Host = hosts[backend];
	const asked = [{ temperature: 0.5 }, { top_p: 0.5 }].map((params) =>
		paramsProblem(host, specOf(backend, params, model)),
	);
	expect(asked).toEqual([refused ? fixed(backend, model) : null, null]);
});
