import { afterAll, expect, test } from "vitest";
import { makeBackends } from "../../../src/backends/backends.ts";
import type { Message, ModelRequest, ToolSpec } from "../../../src/backends/backend.ts";
import type { AiBinding } from "../../../src/backends/workers-ai.ts";
import type { JsonObject } from "../../../src/std/json.ts";
import { promptBlocks } from "../../support/fake-cache.ts";
import { settingsAt, specOf } from "../../support/fake-hosts.ts";
import { startFakeProviders } from "../../support/fake-providers.ts";
import { collected, modelRequest } from "../../support/fake-request.ts";

/** Where requests end what is shared, and what sends them to the server that holds it. */

const fake = await startFakeProviders({ brain: () => [{ text: "ok" }] });
afterAll(fake.close);

async function sent(backend: string, changes: Partial<ModelRequest>) {
	const request = modelRequest({ model: "any", ...changes });
	const spec = specOf(backend, backend === "openai-responses" ? { base_url: `${fake.url}/v1` } : {}, request.model);
	await collected(makeBackends(settingsAt(fake.url), { fetch, now: Date.now }).open(spec), request);
	const last = fake.requests.at(-1);
	if (last === undefined) throw new Error("nothing was sent");
	return last;
}

const vote: ToolSpec = { name: "vote", description: "Votes.", parameters: { type: "object", properties: {} } };
const task: Message = { role: "user", text: "The task." };
const situation: Message = { role: "user", text: "You are a." };
const spoken: Message = {
	role: "assistant",
	text: "Hm.",
	toolCalls: [{ id: "c1", name: "vote", arguments: {} }],
	echo: [],
};
const told: Message = { role: "tool", results: [{ id: "c1", name: "vote", text: "No.", ok: false }] };

const wires = ["anthropic", "openai", "vllm", "gemini"];

async function promptOf(backend: string, changes: Partial<ModelRequest>): Promise<readonly string[]> {
	const { wire, body } = await sent(backend, { tools: [vote], ...changes });
	return promptBlocks({ wire, model: "any", body }).map(({ text }) => text);
}

test.each(wires)("%s: agents of one task differ only after it", async (backend) => {
	const one = (await promptOf(backend, { messages: [task, situation] })).join("");
	const other = (await promptOf(backend, { messages: [task, { role: "user", text: "I am b." }] })).join("");
	const shared = one.slice(0, one.indexOf("The task.") + "The task.".length);
	expect([shared.includes("Votes."), shared.includes("Be brief."), other.startsWith(shared)]).toEqual([
		true,
		true,
		true,
	]);
});

test.each(wires)("%s: within a round a prompt only grows", async (backend) => {
	const first = await promptOf(backend, { messages: [task, situation] });
	const second = await promptOf(backend, { messages: [task, situation, spoken, told] });
	const third = await promptOf(backend, { messages: [task, situation, spoken, told, spoken, told] });
	expect([second.slice(0, first.length), third.slice(0, second.length)]).toEqual([first, second]);
	expect([first.length < second.length, second.length < third.length]).toEqual([true, true]);
});

test.each<[title: string, changes: Partial<ModelRequest>, ends: readonly string[]]>([
	["a first call", { messages: [task, situation] }, ["Be brief.", "The task.", "You are a."]],
	["a later one", { messages: [task, situation, spoken, told] }, ["Be brief.", "The task.", "No."]],
	["without a system prompt the tools end it", { system: "", messages: [task] }, ["Votes.", "The task."]],
	["the task alone", { messages: [task] }, ["Be brief.", "The task."]],
])("Anthropic's breakpoints: %s", async (_, changes, ends) => {
	const { wire, body } = await sent("anthropic", { tools: [vote], ...changes });
	const marked = promptBlocks({ wire, model: "any", body }).filter((block) => block.marked);
	const found = ["Votes.", "Be brief.", "The task.", "You are a.", "No."].filter((text) =>
		marked.some((block) => block.text.includes(text)),
	);
	expect([found, marked.length]).toEqual([ends, ends.length]);
});

const explicit = [{ type: "input_text", text: "The task.", prompt_cache_breakpoint: { mode: "explicit" } }];
test.each<[backend: string, model: string, content: unknown]>([
	["openai", "gpt-5.6", explicit],
	["openai", "gpt-5.6-luna", explicit],
	["openai", "gpt-5.10", explicit],
	["openai", "gpt-6.1-sol", explicit],
	["openai", "gpt-5.5", "The task."],
	["openai", "gpt-5", "The task."],
	["openai", "gpt-4.6", "The task."],
	["openai", "o3", "The task."],
	["azure-openai", "gpt-5.6", "The task."],
	["openai-responses", "gpt-5.6", "The task."],
	["xai", "grok-4.3", "The task."],
])("%s %s: a breakpoint ends the task where the model takes one", async (backend, model, content) => {
	const { body } = await sent(backend, { model, messages: [task, situation] });
	expect(body["input"]).toEqual([
		{ role: "user", content },
		{ role: "user", content: "You are a." },
	]);
});

test("a transcript that does not begin with the person's words is left as it is", async () => {
	const { body } = await sent("openai", { model: "gpt-5.6", messages: [{ ...spoken, toolCalls: [] }, task] });
	expect(body["input"]).toEqual([
		{ role: "assistant", content: "Hm." },
		{ role: "user", content: "The task." },
	]);
});

const affinity = ["x-session-affinity", "x-session-id", "x-grok-conv-id"];
test.each<[backend: string, headers: JsonObject]>([
	["fireworks", { "x-session-affinity": "session-1" }],
	["workers-ai", { "x-session-affinity": "session-1" }],
	["openrouter", { "x-session-id": "session-1" }],
	["groq", {}],
	["vllm", {}],
	["openai", {}],
	["xai", {}],
	["anthropic", {}],
])("%s: calls of a session go to the server that has their prefix", async (backend, expected) => {
	const { headers } = await sent(backend, {});
	expect(Object.fromEntries(Object.entries(headers).filter(([name]) => affinity.includes(name)))).toEqual(expected);
});

test("so they do by the binding of Workers AI", async () => {
	const given: unknown[] = [];
	const ai: AiBinding = {
		run: async (_model, _inputs, { extraHeaders }) => {
			given.push(extraHeaders);
			return new Response("data: [DONE]\n\n");
		},
	};
	const model = "@cf/zai-org/glm-4.7-flash";
	const backends = makeBackends({}, { fetch, now: Date.now, ai });
	await collected(backends.open(specOf("workers-ai", {}, model)), modelRequest({ model }));
	expect(given).toEqual([{ "x-session-affinity": "session-1" }]);
});
