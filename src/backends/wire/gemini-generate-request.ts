import { unreachable } from "../../std/assert.ts";
import type { Content, GenerateContentParameters, Part } from "@google/genai";
import type { JsonObject } from "../../std/json.ts";
import { isJsonObject } from "../../std/json.ts";
import type { Attachment, Message, ModelRequest, ToolCall, ToolResult, ToolSpec } from "../backend.ts";
import type { Built } from "../call/built.ts";
import type { Endpoint } from "../hosts.ts";
import { askedServerTools } from "./asked-server-tools.ts";
import { attachmentParts } from "./attachments.ts";
import { builtByGemini, isGemini3 } from "./gemini-client.ts";
import { isInteractionsStep } from "./gemini-echo.ts";
import { withParams } from "./with-params.ts";

/** A generateContent call, streamed. */
export function geminiRequest(request: ModelRequest, endpoint: Endpoint): Promise<Built> {
	const body = geminiBody(request, askedServerTools(request, endpoint));
	return builtByGemini(endpoint, ({ models }) => models.generateContentStream(body));
}

/**
 * The body of a generateContent call. What the SDK does not name goes through `extraBody`, in the wire's own words; so
 * does the transcript, since the SDK writes parts anew and loses what it does not know of them.
 */
function geminiBody(request: ModelRequest, serverTools: readonly JsonObject[]): GenerateContentParameters {
	const contents = contentsOf(request);
	return {
		model: request.model,
		contents: replaced,
		config: {
			...(request.system === "" ? {} : { systemInstruction: request.system }),
			...toolsOf(request.tools, serverTools),
			maxOutputTokens: request.outputTokensMax,
			httpOptions: {
				extraBody: { contents, ...toolConfigOf(request.tools, serverTools), ...bodyParams(request) },
			},
		},
	};
}

/** The SDK takes no request without contents; `extraBody` puts ours in their place. */
const replaced: Content[] = [{ role: "user", parts: [] }];

/** One entry for all: functions and tools of Google's own must stand in the same one. */
function toolsOf(tools: readonly ToolSpec[], serverTools: readonly JsonObject[]): { tools?: JsonObject[] } {
	if (tools.length === 0 && serverTools.length === 0) return {};
	const functions = tools.length === 0 ? {} : { functionDeclarations: tools.map(toolOf) };
	return { tools: [Object.assign(functions, ...serverTools)] };
}

/**
 * With tools of Google's own beside functions the API refuses both `AUTO` and the want of the switch that shows their
 * calls; unnamed, the mode is `VALIDATED`, in which a model may call and may answer just as well.
 * https://ai.google.dev/gemini-api/docs/tool-combination
 */
function toolConfigOf(tools: readonly ToolSpec[], serverTools: readonly JsonObject[]): JsonObject {
	if (tools.length === 0) return {};
	return {
		toolConfig:
			serverTools.length > 0
				? { includeServerSideToolInvocations: true }
				: { functionCallingConfig: { mode: "AUTO" } },
	};
}

/** These stand at the top of the wire's body; everything else that can be set belongs to `generationConfig`. */
const topLevelParams = new Set(["safetySettings", "cachedContent", "serviceTier", "labels", "store"]);

function bodyParams({ model, params, output }: ModelRequest): JsonObject {
	const entries = Object.entries(params);
	const top = entries.filter(([key]) => topLevelParams.has(key));
	const asked = entries.filter(([key]) => !topLevelParams.has(key));
	const ours: JsonObject = {
		...(output === null ? {} : { responseMimeType: "application/json", responseJsonSchema: output.schema }),
		// A thought costs the same whether it is shown or not.
		...(isGemini3(model) ? { thinkingConfig: { includeThoughts: true } } : {}),
	};
	const generation = withParams(ours, Object.fromEntries(asked));
	return {
		...Object.fromEntries(top),
		...(Object.keys(generation).length === 0 ? {} : { generationConfig: generation }),
	};
}

function toolOf(tool: ToolSpec) {
	return { name: tool.name, description: tool.description, parametersJsonSchema: tool.parameters };
}

function contentsOf({ messages, model }: ModelRequest): Content[] {
	return messages.map((message, index) => {
		switch (message.role) {
			case "user":
				return { role: "user", parts: userParts(message) };
			case "assistant":
				return { role: "model", parts: assistantParts(message, model) };
			case "tool":
				return { role: "user", parts: resultParts(message.results, knownIds(messages[index - 1])) };
			default:
				return unreachable(message);
		}
	});
}

function userParts({ text, attachments = [] }: Extract<Message, { role: "user" }>): Part[] {
	const parts = attachmentParts(attachments, {
		image: inlineData,
		pdf: inlineData,
		text: (block) => ({ text: block }),
	});
	return [...parts, ...(text === "" && parts.length > 0 ? [] : [{ text }])];
}

function inlineData({ mediaType, base64 }: Attachment): Part {
	return { inlineData: { mimeType: mediaType, data: base64 } };
}

function assistantParts(message: Extract<Message, { role: "assistant" }>, model: string): Part[] {
	// What this wire's reader yielded: a missing thought signature is refused.
	if (message.echo.length > 0 && !message.echo.some(isInteractionsStep)) return message.echo as unknown as Part[];
	const calls = message.toolCalls.map((call: ToolCall, index): Part => ({
		functionCall: { name: call.name, args: { ...call.arguments } },
		...(index === 0 && isGemini3(model) ? { thoughtSignature: foreignSignature } : {}),
	}));
	return [...(message.text === "" && calls.length > 0 ? [] : [{ text: message.text }]), ...calls];
}

/**
 * For calls that were not Gemini's: the first one of a turn is refused without any signature.
 * https://ai.google.dev/gemini-api/docs/thought-signatures#faqs
 */
const foreignSignature = "skip_thought_signature_validator";

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
