import { unreachable } from "../../std/assert.ts";
import type { Content, GenerateContentParameters, Part } from "@google/genai";
import type { JsonObject } from "../../std/json.ts";
import { isJsonObject } from "../../std/json.ts";
import type { Message, ModelRequest, ToolCall, ToolResult, ToolSpec } from "../backend.ts";
import { builtBy, recording, type Built } from "../built.ts";
import type { Endpoint } from "../hosts.ts";

/** The request as the SDK sends it, to be performed by us. Its default version is v1, where new models come last. */
export async function geminiRequest(request: ModelRequest, endpoint: Endpoint): Promise<Built> {
	const { GoogleGenAI } = await import("@google/genai");
	return builtBy((record) => {
		const httpOptions = { baseUrl: endpoint.baseUrl, apiVersion: "v1beta", fetch: recording(record) };
		const client = new GoogleGenAI({ apiKey: endpoint.key ?? "", vertexai: false, httpOptions });
		return client.models.generateContentStream(geminiBody(request));
	});
}

/** The body of a generateContent call. What the SDK does not name goes through `extraBody`, in the wire's own words. */
function geminiBody(request: ModelRequest): GenerateContentParameters {
	const tools = request.tools.length === 0 ? {} : { tools: [{ functionDeclarations: request.tools.map(toolOf) }] };
	const toolConfig = request.tools.length === 0 ? {} : { toolConfig: { functionCallingConfig: { mode: "AUTO" } } };
	return {
		model: request.model,
		contents: contentsOf(request.messages),
		config: {
			...(request.system === "" ? {} : { systemInstruction: request.system }),
			...tools,
			maxOutputTokens: request.outputTokensMax,
			httpOptions: { extraBody: { ...toolConfig, ...bodyParams(request.params) } },
		},
	};
}

/** These stand at the top of the wire's body; everything else that can be set belongs to `generationConfig`. */
const topLevelParams = new Set(["safetySettings", "cachedContent", "serviceTier", "labels", "store"]);

function bodyParams(params: JsonObject): JsonObject {
	const entries = Object.entries(params);
	const top = entries.filter(([key]) => topLevelParams.has(key));
	const generation = entries.filter(([key]) => !topLevelParams.has(key));
	return {
		...Object.fromEntries(top),
		...(generation.length === 0 ? {} : { generationConfig: Object.fromEntries(generation) }),
	};
}

function toolOf(tool: ToolSpec) {
	return { name: tool.name, description: tool.description, parametersJsonSchema: tool.parameters };
}

function contentsOf(messages: readonly Message[]): Content[] {
	return messages.map((message, index) => {
		switch (message.role) {
			case "user":
				return { role: "user", parts: [{ text: message.text }] };
			case "assistant":
				return { role: "model", parts: assistantParts(message) };
			case "tool":
				return { role: "user", parts: resultParts(message.results, knownIds(messages[index - 1])) };
			default:
				return unreachable(message);
		}
	});
}

function assistantParts(message: Extract<Message, { role: "assistant" }>): Part[] {
	// What this wire's reader yielded: a missing thought signature is refused.
	if (message.echo.length > 0) return message.echo as unknown as Part[];
	const calls = message.toolCalls.map((call: ToolCall): Part => ({
		functionCall: { name: call.name, args: { ...call.arguments } },
	}));
	return [...(message.text === "" && calls.length > 0 ? [] : [{ text: message.text }]), ...calls];
}

function resultParts(results: readonly ToolResult[], ids: ReadonlySet<unknown>): Part[] {
	return results.map((result) => ({
		functionResponse: {
			...(ids.has(result.id) ? { id: result.id } : {}),
			name: result.name,
			response: result.ok ? { output: result.text } : { error: result.text },
		},
	}));
}

/** Older models give calls no id; the one our reader made up must not be sent to them. */
function knownIds(turn: Message | undefined): ReadonlySet<unknown> {
	const echo = turn?.role === "assistant" ? turn.echo : [];
	return new Set(echo.map((part) => (isJsonObject(part["functionCall"]) ? part["functionCall"]["id"] : undefined)));
}
