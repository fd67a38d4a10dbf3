import { isJsonObject, type Json, type JsonObject } from "../../std/json.ts";
import type { StopReason } from "../backend.ts";
import { failureOf, makeFailure } from "../failure.ts";
import { countOf, latest, objectOf, objectsOf, sumOf, textOf } from "./fields.ts";
import { addPartialArguments } from "./gemini-arguments.ts";
import { geminiGrounding } from "./gemini-grounding.ts";
import {
	addEcho,
	addImage,
	addReasoning,
	addText,
	addToolCall,
	addToolResult,
	callIdAt,
	emit,
	giveUp,
	type PayloadReader,
	type Reading,
	roomForArguments,
} from "./reading.ts";
import { resultText } from "./result-text.ts";

/** A call whose arguments come in fragments; `part` is where it began and carries its signature. */
type OpenCall = {
	readonly part: JsonObject;
	readonly name: string;
	readonly id: string;
	args: { [name: string]: Json };
	/** Arguments that came as something else than an object. */
	readonly odd: Json | undefined;
	chars: number;
};

/**
 * Reads Gemini's generateContent, streamed or whole: https://ai.google.dev/api/generate-content
 * There is no last event: text may follow a `finishReason`, so the answer ends with the body.
 */
export function geminiGenerate(reading: Reading): PayloadReader {
	const parts: JsonObject[] = [];
	const grounding = geminiGrounding(reading);
	const account: Account = { prompt: null, toolUse: null, cached: null, candidates: null, thoughts: null };
	let open: OpenCall | null = null;

	function closeCall(): void {
		if (open === null) return;
		const { part, name, id, args, odd } = open;
		open = null;
		addToolCall(reading, { id: id === "" ? callIdAt(reading.toolCalls + 1) : id, name, raw: odd ?? args });
		parts.push({ ...part, functionCall: { ...(id === "" ? {} : { id }), name, args } });
	}

	function readCall(part: JsonObject): void {
		const call = objectOf(part["functionCall"]);
		const name = textOf(call["name"]);
		if (name !== "") {
			closeCall();
			const { args } = call;
			const odd = isJsonObject(args) ? undefined : args;
			open = { part, name, id: textOf(call["id"]), args: { ...objectOf(args) }, odd, chars: 0 };
		}
		if (open === null) return;
		open.chars += addPartialArguments(open.args, objectsOf(call["partialArgs"]));
		if (roomForArguments(reading, open.chars) && call["willContinue"] !== true) closeCall();
	}

	function readPart(part: JsonObject): void {
		if (part["functionCall"]) return readCall(part);
		const text = textOf(part["text"]);
		if (part["thought"] === true) addReasoning(reading, text);
		else addText(reading, text);
		if (text === "") addToolPart(reading, part);
		keep(parts, part);
	}

	function readCandidate(candidate: JsonObject): void {
		for (const part of objectsOf(objectOf(candidate["content"])["parts"])) readPart(part);
		grounding.add(candidate);
		const reason = textOf(candidate["finishReason"]);
		if (reason === "" || reason === "FINISH_REASON_UNSPECIFIED") return;
		reading.stop = stops.get(reason) ?? "end";
		if (malformed.has(reason))
			reading.failure ??= makeFailure("bad_stream", `${reason}: ${textOf(candidate["finishMessage"])}`);
	}

	function read(payload: JsonObject): void {
		if (payload["usageMetadata"]) addUsage(reading, account, objectOf(payload["usageMetadata"]));
		if (payload["error"]) return giveUp(reading, failureOf({ status: null, body: payload }));
		const candidates = objectsOf(payload["candidates"]);
		// Only one answer is ever asked for.
		const first = candidates.find((candidate) => !candidate["index"]);
		if (first !== undefined) readCandidate(first);
		else if (candidates.length > 0) return;
		else if (objectOf(payload["promptFeedback"])["blockReason"]) reading.stop = "refusal";
	}

	function flush(): void {
		if (reading.stop === null || reading.ended) return;
		closeCall();
		for (const item of parts) addEcho(reading, item);
	}

	return { read, done: () => {}, flush };
}

const stops: ReadonlyMap<string, StopReason> = new Map([
	["MAX_TOKENS", "length"],
	["CONTINUATION", "pause"],
	["SAFETY", "refusal"],
	["RECITATION", "refusal"],
	["LANGUAGE", "refusal"],
	["BLOCKLIST", "refusal"],
	["PROHIBITED_CONTENT", "refusal"],
	["SPII", "refusal"],
	["IMAGE_SAFETY", "refusal"],
	["IMAGE_PROHIBITED_CONTENT", "refusal"],
	["IMAGE_RECITATION", "refusal"],
	["MODEL_ARMOR", "refusal"],
]);

/** The model wrote something that the API could not read; another try often goes well. */
const malformed: ReadonlySet<string> = new Set([
	"MALFORMED_FUNCTION_CALL",
	"UNEXPECTED_TOOL_CALL",
	"TOO_MANY_TOOL_CALLS",
	"MALFORMED_RESPONSE",
	"MISSING_THOUGHT_SIGNATURE",
]);

/** Keeps a part for the echo. Pieces of plain text become one; a signature must come back in a part of its own. */
function keep(parts: JsonObject[], part: JsonObject): void {
	const text = part["text"];
	if (text === "" && !part["thoughtSignature"]) return;
	const last = parts.at(-1);
	const joins = last !== undefined && isPlain(last) && isPlain(part) && last["thought"] === part["thought"];
	if (joins) parts[parts.length - 1] = { ...last, text: textOf(last["text"]) + textOf(text) };
	else parts.push(part);
}

function isPlain(part: JsonObject): boolean {
	return typeof part["text"] === "string" && !part["thoughtSignature"];
}

/** A part that is no text: what Google's own tools were asked and what came of it, and pictures. */
function addToolPart(reading: Reading, part: JsonObject): void {
	if (part["executableCode"])
		emit(reading, {
			type: "server_tool",
			name: "code_execution",
			arguments: objectOf(part["executableCode"]),
		});
	if (part["codeExecutionResult"]) addRun(reading, objectOf(part["codeExecutionResult"]));
	if (part["toolCall"]) {
		const call = objectOf(part["toolCall"]);
		emit(reading, { type: "server_tool", name: serverToolName(call), arguments: objectOf(call["args"]) });
	}
	if (part["toolResponse"]) {
		const { response, ...tool } = objectOf(part["toolResponse"]);
		addToolResult(reading, { name: serverToolName(tool), ok: true, text: resultText(response) });
	}
	if (part["inlineData"] && part["thought"] !== true) {
		const { mimeType, data } = objectOf(part["inlineData"]);
		addImage(reading, textOf(mimeType), textOf(data));
	}
}

function addRun(reading: Reading, run: JsonObject): void {
	const ok = run["outcome"] === "OUTCOME_OK";
	addToolResult(reading, { name: "code_execution", ok, text: resultText(run) });
}

function serverToolName(tool: JsonObject): string {
	return (textOf(tool["toolType"]) || textOf(tool["name"])).toLowerCase();
}

type Account = { [name in "prompt" | "toolUse" | "cached" | "candidates" | "thoughts"]: number | null };

// `promptTokenCount` includes cached tokens; what server tools fed back, and thoughts, are counted beside the rest.
function addUsage(reading: Reading, account: Account, usage: JsonObject): void {
	account.prompt = latest(account.prompt, countOf(usage["promptTokenCount"]));
	account.toolUse = latest(account.toolUse, countOf(usage["toolUsePromptTokenCount"]));
	account.cached = latest(account.cached, countOf(usage["cachedContentTokenCount"]));
	account.candidates = latest(account.candidates, countOf(usage["candidatesTokenCount"]));
	account.thoughts = latest(account.thoughts, countOf(usage["thoughtsTokenCount"]));
	const { prompt, toolUse, cached, candidates, thoughts } = account;
	reading.usage = { input: sumOf(prompt, toolUse), output: sumOf(candidates, thoughts), cached, reasoning: thoughts };
}
