import type { Json, JsonObject } from "../../std/json.ts";
import type { StopReason } from "../backend.ts";
import { failureOf, makeFailure } from "../failure.ts";
import { chatCalls } from "./chat-calls.ts";
import { chatUsage } from "./chat-usage.ts";
import { objectOf, objectsOf, textOf } from "./fields.ts";
import { addCitation, addEcho, addReasoning, addText, finish, type PayloadReader, type Reading } from "./reading.ts";
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
	const turn = newTurn();

	function readChoice(choice: JsonObject): void {
		const delta = objectOf(choice["delta"] ?? choice["message"]);
		addThought(reading, turn, delta);
		addContent(reading, turn, delta);
		calls.add(delta["tool_calls"]);
		const reason = choice["finish_reason"];
		if (typeof reason !== "string" || reason === "") return;
		reading.stop = stops.get(reason) ?? "end";
		if (broken.has(reason)) reading.failure ??= makeFailure("server", `the provider stopped with ${reason}`);
		calls.close();
	}

	function read(payload: JsonObject): void {
		if (payload["error"]) reading.failure ??= failureOf({ status: null, body: payload });
		for (const choice of objectsOf(payload["choices"])) {
			// Only one answer is ever asked for.
			if (!choice["index"]) readChoice(choice);
		}
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

	return { read, done, flush };
}

const stops: ReadonlyMap<string, StopReason> = new Map([
	["length", "length"],
	["max_tokens", "length"],
	["model_length", "length"],
	["model_context_window_exceeded", "context"],
	["content_filter", "refusal"],
	["sensitive", "refusal"],
	["refusal", "refusal"],
]);

/** Reasons of GLM and OpenRouter that are no stop of the model's. */
const broken: ReadonlySet<string> = new Set(["error", "network_error"]);

/** The assistant's message as it must be sent back; `thought` keeps the name the host has for it. */
type Turn = { content: string; refusal: string; thought: { [name in ReasoningName]: string }; details: JsonObject[] };

function newTurn(): Turn {
	return { content: "", refusal: "", thought: { reasoning_content: "", reasoning: "" }, details: [] };
}

function addContent(reading: Reading, turn: Turn, delta: JsonObject): void {
	const content = delta["content"];
	const text = typeof content === "string" ? content : joined(content);
	const refusal = textOf(delta["refusal"]);
	if (text !== "") {
		turn.content += text;
		addText(reading, text);
	}
	if (refusal !== "") {
		turn.refusal += refusal;
		addText(reading, refusal);
	}
	for (const annotation of objectsOf(delta["annotations"])) {
		const cited = objectOf(annotation["url_citation"]);
		addCitation(reading, textOf(cited["url"]), textOf(cited["title"]));
	}
}

/** Content as a list of parts, as some hosts send it. */
function joined(content: Json | undefined): string {
	return objectsOf(content)
		.map((part) => textOf(part["text"]))
		.join("");
}

function addThought(reading: Reading, turn: Turn, delta: JsonObject): void {
	const details = objectsOf(delta["reasoning_details"]);
	turn.details.push(...details);
	const names = reasoningNames.filter((name) => textOf(delta[name]) !== "");
	for (const name of names) turn.thought[name] += textOf(delta[name]);
	const [first] = names;
	if (first !== undefined) addReasoning(reading, textOf(delta[first]));
	else for (const detail of details) addReasoning(reading, textOf(detail["text"]) || textOf(detail["summary"]));
}

function echoTurn(reading: Reading, turn: Turn, toolCalls: readonly JsonObject[]): void {
	const item: { [name: string]: Json } = { role: "assistant", content: turn.content === "" ? null : turn.content };
	for (const name of reasoningNames) if (turn.thought[name] !== "") item[name] = turn.thought[name];
	if (turn.details.length > 0) item["reasoning_details"] = mergedDetails(turn.details);
	if (turn.refusal !== "") item["refusal"] = turn.refusal;
	if (toolCalls.length > 0) item["tool_calls"] = toolCalls;
	if (item["content"] !== null || Object.keys(item).length > 2) addEcho(reading, item);
}
