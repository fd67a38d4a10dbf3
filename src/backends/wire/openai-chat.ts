import { isJsonObject, type Json, type JsonObject } from "../../std/json.ts";
import { failureOf, makeFailure } from "../failure.ts";
import { chatCalls } from "./chat-calls.ts";
import { addParts } from "./chat-content.ts";
import { chatExtras } from "./chat-extras.ts";
import { chatStopOf } from "./chat-stops.ts";
import { chatUsage } from "./chat-usage.ts";
import { listOf, objectOf, objectsOf, textOf } from "./fields.ts";
import { addEcho, addReasoning, addText, finish, type PayloadReader, type Reading } from "./reading.ts";
import { mergedDetails } from "./reasoning-details.ts";

/** Fields that hosts stream reasoning in. Where one piece comes under two names, the first of them counts. */
const reasoningNames = ["reasoning_content", "reasoning"] as const;
type ReasoningName = (typeof reasoningNames)[number];

/**
 * Reads Chat Completions as OpenAI and the hosts compatible with it send them, streamed or whole: null means absent, and
 * usage may stand anywhere. https://platform.openai.com/docs/api-reference/chat-streaming
 */
export function openaiChat(reading: Reading): PayloadReader {
	const calls = chatCalls(reading);
	const extras = chatExtras(reading);
	const turn = newTurn();

	function readChoice(choice: JsonObject): void {
		const delta = objectOf(choice["delta"] ?? choice["message"] ?? { content: choice["text"] ?? null });
		addThought(reading, turn, delta);
		addContent(reading, turn, delta);
		if (delta["tool_calls"]) calls.add(delta["tool_calls"]);
		// What calls were before there could be several.
		if (delta["function_call"]) calls.add([{ index: 0, function: delta["function_call"] }]);
		extras.ofDelta(delta);
		const reason = choice["finish_reason"];
		if (typeof reason === "string" && reason !== "") endChoice(choice, reason);
	}

	function endChoice(choice: JsonObject, reason: string): void {
		const { stop, failure } = chatStopOf(reason);
		reading.stop = stop;
		if (choice["error"]) reading.failure ??= failureOf({ status: null, body: choice });
		if (failure !== null) reading.failure ??= makeFailure(failure, `the provider stopped with ${reason}`);
		// Moonshot counts here.
		if (choice["usage"]) reading.usage = chatUsage(reading.usage, objectOf(choice["usage"]));
		calls.close();
	}

	function read(payload: JsonObject): void {
		if (payload["error"]) reading.failure ??= failureOf({ status: null, body: payload });
		for (const choice of listOf(payload["choices"])) {
			// Only one answer is ever asked for.
			if (isJsonObject(choice) && !choice["index"]) readChoice(choice);
		}
		extras.ofPayload(payload);
		const usage = payload["usage"] ?? objectOf(payload["x_groq"])["usage"];
		if (usage) reading.usage = chatUsage(reading.usage, objectOf(usage));
		if (payload["object"] === "chat.completion") endTurn();
	}

	function endTurn(): void {
		flush();
		finish(reading);
	}

	function flush(): void {
		if (reading.ended) return;
		if (reading.stop !== null) calls.close();
		if (turn.refusal !== "" && reading.stop === "end") reading.stop = "refusal";
		if (reading.stop !== null && reading.failure === null) echoTurn(reading, turn, calls.closed());
	}

	function done(): void {
		reading.stop ??= "end";
		endTurn();
	}

	function add(_: JsonObject, text: string): void {
		turn.content += text;
		addText(reading, text);
	}

	return { read, done, flush, plain: { textIn, add } };
}

/** What a payload, its choice and its delta may have in them without meaning anything to us. */
const idle = {
	payload: new Set(["id", "object", "created", "model", "system_fingerprint", "service_tier", "provider", "choices"]),
	choice: new Set(["delta", "logprobs"]),
	delta: new Set(["role", "content"]),
} as const satisfies Record<string, ReadonlySet<string>>;

function textIn(payload: JsonObject): string | null {
	const [choice, ...more] = listOf(payload["choices"]);
	if (!isJsonObject(choice) || more.length > 0 || payload["object"] === "chat.completion") return null;
	const { delta } = choice;
	if (!isJsonObject(delta) || !hasOnly(delta, idle.delta)) return null;
	return hasOnly(choice, idle.choice) && hasOnly(payload, idle.payload) ? textOf(delta["content"]) : null;
}

/** Whether all that says something in it has one of these names. */
function hasOnly(object: JsonObject, names: ReadonlySet<string>): boolean {
	for (const name in object) if (object[name] && !names.has(name)) return false;
	return true;
}

/**
 * The assistant's message as it must be sent back; `thought` keeps the name the host has for it, `thinking` is Mistral's,
 * which stands in the content itself.
 */
type Turn = {
	content: string;
	thinking: string;
	refusal: string;
	thought: { [name in ReasoningName]: string };
	details: JsonObject[];
};

function newTurn(): Turn {
	return { content: "", thinking: "", refusal: "", thought: { reasoning_content: "", reasoning: "" }, details: [] };
}

function addContent(reading: Reading, turn: Turn, delta: JsonObject): void {
	const content = delta["content"];
	if (typeof content === "string") {
		turn.content += content;
		addText(reading, content);
	} else if (content) {
		const told = addParts(reading, content);
		turn.content += told.text;
		turn.thinking += told.thinking;
		turn.refusal += told.refusal;
	}
	const refusal = textOf(delta["refusal"]);
	turn.refusal += refusal;
	addText(reading, refusal);
	// An answer in sound has its words here and no content.
	if (delta["audio"]) addText(reading, textOf(objectOf(delta["audio"])["transcript"]));
}

function addThought(reading: Reading, turn: Turn, delta: JsonObject): void {
	let first = "";
	for (const name of reasoningNames) {
		const text = delta[name];
		if (typeof text !== "string" || text === "") continue;
		turn.thought[name] += text;
		if (first === "") first = text;
	}
	addReasoning(reading, first);
	if (!delta["reasoning_details"]) return;
	for (const detail of objectsOf(delta["reasoning_details"])) {
		turn.details.push(detail);
		if (first === "") addReasoning(reading, textOf(detail["text"]) || textOf(detail["summary"]));
	}
}

function echoTurn(reading: Reading, turn: Turn, toolCalls: readonly JsonObject[]): void {
	const item: { [name: string]: Json } = { role: "assistant", content: contentOf(turn) };
	for (const name of reasoningNames) if (turn.thought[name] !== "") item[name] = turn.thought[name];
	if (turn.details.length > 0) item["reasoning_details"] = mergedDetails(turn.details);
	if (turn.refusal !== "") item["refusal"] = turn.refusal;
	if (toolCalls.length > 0) item["tool_calls"] = toolCalls;
	if (item["content"] !== null || Object.keys(item).length > 2) addEcho(reading, item);
}

function contentOf({ content, thinking }: Turn): Json {
	if (thinking === "") return content === "" ? null : content;
	const thought = { type: "thinking", thinking: [{ type: "text", text: thinking }] };
	return content === "" ? [thought] : [thought, { type: "text", text: content }];
}
