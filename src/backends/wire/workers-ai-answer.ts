import { isJsonObject, type Json, type JsonObject } from "../../std/json.ts";
import { objectsOf } from "./fields.ts";
import { openaiChat } from "./openai-chat.ts";
import type { PayloadReader, Reading } from "./reading.ts";

/**
 * Whether a payload is what the older models of Workers AI answer: `{response, tool_calls, usage}`, streamed with one
 * piece of text each. https://developers.cloudflare.com/workers-ai/models/
 */
export function isWorkersAiAnswer(payload: JsonObject): boolean {
	return "response" in payload && !("type" in payload);
}

/** Reads a stream of such answers as the Chat Completions that they stand for. `[DONE]` ends it. */
export function workersAiStream(reading: Reading): PayloadReader {
	const chat = openaiChat(reading);
	return { ...chat, read: (payload) => chat.read({ ...payload, choices: [{ delta: messageOf(payload) }] }) };
}

/**
 * A whole body as a wire knows it: the REST API wraps any answer in `{result, success, errors}`, and an answer of the
 * older kind has no `finish_reason`.
 */
export function unwrapped(body: JsonObject): JsonObject {
	const { result } = body;
	const answer = body["success"] === true && isJsonObject(result) ? result : body;
	if (!isWorkersAiAnswer(answer)) return answer;
	const choice = { message: messageOf(answer), finish_reason: "stop" };
	return { ...answer, object: "chat.completion", choices: [choice] };
}

function messageOf(answer: JsonObject): JsonObject {
	return { content: textIn(answer["response"]), tool_calls: objectsOf(answer["tool_calls"]).map(callOf) };
}

// A token that reads as a number comes as one, and asked for JSON they send it parsed.
function textIn(response: Json | undefined): string | null {
	if (typeof response === "string" || response === null || response === undefined) return response ?? null;
	return JSON.stringify(response);
}

function callOf(call: JsonObject): JsonObject {
	return "function" in call ? call : { function: call };
}
