import { expect, test } from "vitest";
import { serverToolNames, type Message, type ServerTool, type ToolSpec } from "../../../src/backends/backend.ts";
import { hostNamed, hosts, type Host, type HostWire } from "../../../src/backends/hosts.ts";
import { paramsProblem } from "../../../src/backends/params.ts";
import { offersServerTool, serverToolEntry } from "../../../src/backends/models/server-tools.ts";
import type { JsonObject } from "../../../src/std/json.ts";
import { specOf } from "../../support/fake-hosts.ts";
import { fieldsOf, sentBody } from "../../support/sent-body.ts";

/** Tools that a host runs on its own side, beside ours. */

const look: ToolSpec = { name: "look", description: "Looks.", parameters: { type: "object", properties: {} } };
const all: readonly ServerTool[] = [...serverToolNames];
const names = Object.keys(hosts);

const modelOf: Readonly<Record<string, string>> = {
	anthropic: "claude-opus-5",
	openai: "gpt-5.5",
	xai: "grok-4.3",
	gemini: "gemini-3.1-pro-preview",
};

const anthropicLook = {
	name: "look",
	description: "Looks.",
	input_schema: look.parameters,
};
const responsesLook = {
	type: "function",
	name: "look",
	description: "Looks.",
	parameters: look.parameters,
	strict: false,
};
const chatLook = {
	type: "function",
	function: { name: "look", description: "Looks.", parameters: look.parameters },
};
const geminiLook = { name: "look", description: "Looks.", parametersJsonSchema: look.parameters };

const asked: readonly (readonly [backend: string, model: string, expected: JsonObject])[] = [
	[
		"anthropic",
		"claude-opus-5",
		{
			tools: [
				anthropicLook,
				{ type: "web_search_20250305", name: "web_search" },
				{ type: "code_execution_20250825", name: "code_execution" },
				{ type: "web_fetch_20250910", name: "web_fetch" },
			],
			tool_choice: { type: "auto" },
		},
	],
	[
		"openai",
		"gpt-5.5",
		{
			tools: [responsesLook, { type: "web_search" }, { type: "code_interpreter", container: { type: "auto" } }],
			tool_choice: "auto",
			include: ["reasoning.encrypted_content", "code_interpreter_call.outputs"],
		},
	],
	[
		"openai",
		"gpt-4.1-nano",
		{
			tools: [responsesLook, { type: "code_interpreter", container: { type: "auto" } }],
			tool_choice: "auto",
			include: ["code_interpreter_call.outputs"],
		},
	],
	["openai", "o1", { tools: [responsesLook], tool_choice: "auto", include: ["reasoning.encrypted_content"] }],
	[
		"xai",
		"grok-4.3",
		{
			tools: [responsesLook, { type: "web_search" }, { type: "code_interpreter" }],
			tool_choice: "auto",
			include: ["reasoning.encrypted_content"],
		},
	],
	[
		"gemini",
		"gemini-3.1-pro-preview",
		{
			tools: [{ functionDeclarations: [geminiLook], googleSearch: {}, codeExecution: {}, urlContext: {} }],
			toolConfig: { includeServerSideToolInvocations: true },
		},
	],
	[
		"openrouter",
		"openai/gpt-oss-120b",
		{
			tools: [chatLook, { type: "openrouter:web_search" }, { type: "openrouter:web_fetch" }],
			tool_choice: "auto",
		},
	],
	[
		"gemini",
		"gemini-2.5-pro",
		{
			tools: [{ functionDeclarations: [geminiLook] }],
			toolConfig: { functionCallingConfig: { mode: "AUTO" } },
		},
	],
	["groq", "openai/gpt-oss-120b", { tools: [chatLook], tool_choice: "auto" }],
];

const fields = ["tools", "tool_choice", "toolConfig", "include"];

test.each(asked)("%s %s: what is on offer stands after our own tools", async (backend, model, expected) => {
	const body = await sentBody(backend, { model, tools: [look], serverTools: all });
	expect(fieldsOf(body, fields)).toEqual(expected);
});

test.each(asked)("%s %s: the order in which they are asked for changes nothing", async (backend, model) => {
	const orders: readonly (readonly ServerTool[])[] = [all, all.toReversed(), [...all, ...all]];
	const bodies = await Promise.all(
		orders.map((serverTools) => sentBody(backend, { model, tools: [look], serverTools })),
	);
	expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
});

/** Our own tools alone, and how a model is left free to call them. */
const ours: Readonly<Record<HostWire, JsonObject>> = {
	"anthropic-messages": { tools: [anthropicLook], tool_choice: { type: "auto" } },
	"openai-responses": { tools: [responsesLook], tool_choice: "auto" },
	"openai-chat": { tools: [chatLook], tool_choice: "auto" },
	"gemini-generate": {
		tools: [{ functionDeclarations: [geminiLook] }],
		toolConfig: { functionCallingConfig: { mode: "AUTO" } },
	},
};

test.each(names)("%s: without the host's own tools ours are sent alone, and none is forced", async (backend) => {
	const body = await sentBody(backend, { model: modelOf[backend] ?? "any", tools: [look], serverTools: [] });
	expect(fieldsOf(body, ["tools", "tool_choice", "toolConfig"])).toEqual(ours[hostOf(backend).wire]);
});

test.each(names)("%s: without any tool there is nothing to choose", async (backend) => {
	const body = await sentBody(backend, { model: modelOf[backend] ?? "any", tools: [], serverTools: [] });
	expect(fieldsOf(body, ["tools", "tool_choice", "toolConfig"])).toEqual({});
});

test.each(names)("%s: with the host's own tools none is forced either", async (backend) => {
	const wire = hostOf(backend).wire;
	const body = await sentBody(backend, { model: modelOf[backend] ?? "any", tools: [look], serverTools: all });
	expect(fieldsOf(body, ["tool_choice", "toolConfig"])).toEqual(
		wire === "gemini-generate"
			? { toolConfig: { includeServerSideToolInvocations: true } }
			: fieldsOf(ours[wire], ["tool_choice"]),
	);
});

test.each<[backend: string, model: string, expected: JsonObject]>([
	[
		"anthropic",
		"claude-opus-5",
		{ tools: [{ type: "web_search_20250305", name: "web_search" }], tool_choice: { type: "auto" } },
	],
	["openai", "gpt-4.1", { tools: [{ type: "web_search" }], tool_choice: "auto" }],
	["openrouter", "any/model", { tools: [{ type: "openrouter:web_search" }], tool_choice: "auto" }],
	["gemini", "gemini-3-flash-preview", { tools: [{ googleSearch: {} }] }],
])("%s %s: a search alone needs no tool of ours", async (backend, model, expected) => {
	const body = await sentBody(backend, { model, tools: [], serverTools: ["web_search"] });
	expect(fieldsOf(body, fields)).toEqual(expected);
});

test.each<[backend: string, model: string, offered: readonly ServerTool[]]>([
	["anthropic", "claude-haiku-4-5", ["web_search", "code_execution", "web_fetch"]],
	["anthropic", "claude-fable-5-2", ["web_search", "code_execution", "web_fetch"]],
	["anthropic", "claude-3-haiku-20240307", []],
	["openai", "gpt-5.5", ["web_search", "code_execution"]],
	["openai", "gpt-4o-mini", ["web_search", "code_execution"]],
	["openai", "o3", ["web_search", "code_execution"]],
	["openai", "o3-mini", ["code_execution"]],
	["openai", "o4-mini", ["web_search", "code_execution"]],
	["openai", "o1", []],
	["openai", "gpt-3.5-turbo", []],
	["xai", "grok-4.3", ["web_search", "code_execution"]],
	["xai", "grok-3", []],
	["gemini", "gemini-3-pro-preview", ["web_search", "code_execution", "web_fetch"]],
	["gemini", "gemini-10-flash", ["web_search", "code_execution", "web_fetch"]],
	["gemini", "gemini-2.5-flash", []],
	["gemini", "gemini-3-pro-image-preview", []],
	["openrouter", "z-ai/glm-5.2", ["web_search", "web_fetch"]],
	["groq", "openai/gpt-oss-120b", []],
	["azure-openai", "gpt-5.5", []],
	["openai-responses", "gpt-5.5", []],
	["anthropic-messages", "claude-opus-5", []],
	["openai-chat", "gpt-5.5", []],
	["nowhere", "gpt-5.5", []],
])("%s %s offers %j", (backend, model, offered) => {
	expect(serverToolNames.filter((tool) => serverToolEntry(backend, model, tool) !== null)).toEqual(offered);
});

test("who offers anything at all is known without a model", () => {
	const offering = names.filter((name) => serverToolNames.some((tool) => offersServerTool(name, tool)));
	expect(offering).toEqual(["anthropic", "openai", "gemini", "xai", "openrouter"]);
	expect(serverToolNames.map((tool) => offersServerTool("openai", tool))).toEqual([true, true, false]);
});

test.each(names)("%s: nor can a param force one", (backend) => {
	const host = hostOf(backend);
	const forcing = host.wire === "gemini-generate" ? "toolConfig" : "tool_choice";
	expect(paramsProblem(host, specOf(backend, { [forcing]: "required" }))).toEqual({
		path: `params.${forcing}`,
		message: `${forcing} is set by the team itself and cannot be a param`,
	});
});

test("Anthropic: a paused turn is the last message, as it came, and the mark is on what was asked", async () => {
	const echo = [
		{ type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "sky" } },
		{ type: "web_search_tool_result", tool_use_id: "srvtoolu_1", content: [] },
		{ type: "text", text: "So far: " },
	];
	const messages: readonly Message[] = [
		{ role: "user", text: "Why is it blue?" },
		{ role: "assistant", text: "So far: ", toolCalls: [], echo },
	];
	const body = await sentBody("anthropic", { model: "claude-opus-5", messages, serverTools: ["web_search"] });
	expect(body["messages"]).toEqual([
		{
			role: "user",
			content: [{ type: "text", text: "Why is it blue?", cache_control: { type: "ephemeral" } }],
		},
		{ role: "assistant", content: echo },
	]);
});

function hostOf(backend: string): Host {
	const host = hostNamed(backend);
	if (host === null) throw new Error(`there is no ${backend}`);
	return host;
}
