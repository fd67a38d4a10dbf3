import type { JsonObject } from "../../std/json.ts";
import type { StopReason } from "../backend.ts";
import { failureOf } from "../failure.ts";
import { countOf, latest, objectOf, objectsOf, textOf } from "./fields.ts";
import { argumentsOf } from "./json-arguments.ts";
import {
	addCitation,
	addEcho,
	beginAnew,
	addReasoning,
	addText,
	addToolCall,
	emit,
	finish,
	giveUp,
	type PayloadReader,
	type Reading,
} from "./reading.ts";

/** After how many further events a new cursor of a resumable response is yielded. */
const cursorEvery = 32;

/**
 * What has been yielded of one output item already, so that its final form adds only what is missing. `earlier`: it was
 * begun before the place where the body begins.
 */
type Seen = {
	text: boolean;
	reasoning: "none" | "summary" | "content";
	refused: boolean;
	closed: boolean;
	earlier: boolean;
};

/** A response that can be taken up again; `next`: the number from which on a cursor is due. */
type Resumable = { handle: string; next: number; told: boolean };

/**
 * Reads the OpenAI Responses API (also xAI's): https://platform.openai.com/docs/api-reference/responses-streaming
 * Items are told apart by `output_index`, because proxies change their ids between events.
 */
export function openaiResponses(reading: Reading): PayloadReader {
	const items = new Map<number, Seen>();
	const deliveredTo = Number(reading.from?.cursor ?? -1);
	const resumable: Resumable = {
		handle: reading.from?.handle ?? "",
		next: reading.from === null ? 0 : deliveredTo + cursorEvery,
		told: reading.from !== null,
	};
	let refused = false;

	function seenAt(index: number): Seen {
		const known = items.get(index);
		if (known !== undefined) return known;
		const earlier = reading.from !== null;
		const fresh: Seen = { text: false, reasoning: "none", refused: false, closed: false, earlier };
		items.set(index, fresh);
		return fresh;
	}

	function closeItem(index: number, item: JsonObject): void {
		const seen = seenAt(index);
		if (seen.closed) return;
		seen.closed = true;
		addRest(reading, seen, item);
		refused ||= seen.refused;
		addEcho(reading, item);
	}

	function endResponse(response: JsonObject, status: string): void {
		objectsOf(response["output"]).forEach((item, index) => {
			// Of an item that was closed before this body began nothing is new, but it counts in why the model stopped.
			const isNew = reading.from === null || items.has(index);
			const before = reading.out.length;
			closeItem(index, item);
			if (!isNew && !reading.ended) reading.out.length = before;
		});
		addUsage(reading, objectOf(response["usage"]));
		if (status === "failed" || status === "cancelled")
			return giveUp(reading, failureOf({ status: null, body: { response } }));
		reading.stop = refused ? "refusal" : stopOf(response, status);
		finish(reading);
	}

	function readResponse(payload: JsonObject): void {
		const isWhole = payload["object"] === "response";
		if (isWhole && reading.from !== null) beginAnew(reading);
		const response = isWhole ? payload : objectOf(payload["response"]);
		const status = isWhole ? textOf(payload["status"]) : textOf(payload["type"]).slice("response.".length);
		if (response["background"] === true) resumable.handle = textOf(response["id"]);
		if (finished.has(status)) endResponse(response, status);
	}

	function read(payload: JsonObject): void {
		if (reading.from !== null && (countOf(payload["sequence_number"]) ?? Infinity) <= deliveredTo) return;
		const type = textOf(payload["type"]);
		if (type === "response.output_text.delta") {
			addText(reading, textOf(payload["delta"]));
			seenAt(indexOf(payload)).text = true;
		} else if (type === "response.output_item.done") closeItem(indexOf(payload), objectOf(payload["item"]));
		else if (payload["response"] || payload["object"] === "response") readResponse(payload);
		else if (type === "error" || payload["error"]) noteError(reading, payload);
		else deltaReaders.get(type)?.(reading, seenAt(indexOf(payload)), payload);
		if (resumable.handle !== "") addHandle(reading, resumable, payload);
	}

	return { read, done: () => {}, flush: () => {} };
}

const finished: ReadonlySet<string> = new Set(["completed", "incomplete", "failed", "cancelled"]);

function indexOf(payload: JsonObject): number {
	return countOf(payload["output_index"]) ?? 0;
}

type DeltaReader = (reading: Reading, seen: Seen, payload: JsonObject) => void;

const deltaReaders: ReadonlyMap<string, DeltaReader> = new Map<string, DeltaReader>(
	Object.entries({
		"response.output_item.added": (_, seen) => void (seen.earlier = false),
		"response.refusal.delta": (reading, seen, payload) => {
			addText(reading, textOf(payload["delta"]));
			seen.text = true;
			seen.refused = true;
		},
		"response.reasoning_summary_text.delta": (reading, seen, payload) =>
			addReasoningAs(reading, seen, { name: "summary", text: textOf(payload["delta"]) }),
		"response.reasoning_text.delta": (reading, seen, payload) =>
			addReasoningAs(reading, seen, { name: "content", text: textOf(payload["delta"]) }),
		"response.output_text.annotation.added": (reading, _, payload) =>
			addAnnotation(reading, objectOf(payload["annotation"])),
	} satisfies Record<string, DeltaReader>),
);

/** Some hosts send one and the same reasoning as summary and as content; the first name it comes under counts. */
function addReasoningAs(reading: Reading, seen: Seen, piece: { name: "summary" | "content"; text: string }): void {
	if (seen.reasoning === "none") seen.reasoning = piece.name;
	if (seen.reasoning === piece.name) addReasoning(reading, piece.text);
}

function addAnnotation(reading: Reading, annotation: JsonObject): void {
	addCitation(reading, textOf(annotation["url"]), textOf(annotation["title"]));
}

function addRest(reading: Reading, seen: Seen, item: JsonObject): void {
	switch (item["type"]) {
		case "message":
			return addMessage(reading, seen, item);
		case "reasoning":
			if (seen.earlier || seen.reasoning !== "none") return;
			for (const part of objectsOf(item["summary"]))
				addReasoningAs(reading, seen, { name: "summary", text: textOf(part["text"]) });
			for (const part of objectsOf(item["content"]))
				addReasoningAs(reading, seen, { name: "content", text: textOf(part["text"]) });
			return;
		case "function_call":
			return addToolCall(reading, {
				id: textOf(item["call_id"]),
				name: textOf(item["name"]),
				raw: item["arguments"],
			});
		case "custom_tool_call":
			if (isRunByProvider(item)) return addServerTool(reading, textOf(item["name"]), item);
			return addToolCall(reading, {
				id: textOf(item["call_id"]),
				name: textOf(item["name"]),
				raw: item["input"],
			});
		default: {
			const name = serverTools.get(textOf(item["type"]));
			if (name !== undefined) addServerTool(reading, textOf(item["name"]) || name, item);
		}
	}
}

function addMessage(reading: Reading, seen: Seen, item: JsonObject): void {
	for (const part of objectsOf(item["content"])) {
		seen.refused ||= part["type"] === "refusal";
		if (seen.earlier || seen.text) continue;
		addText(reading, textOf(part["text"]) || textOf(part["refusal"]));
		for (const annotation of objectsOf(part["annotations"])) addAnnotation(reading, annotation);
	}
}

const serverTools: ReadonlyMap<string, string> = new Map([
	["web_search_call", "web_search"],
	["file_search_call", "file_search"],
	["code_interpreter_call", "code_interpreter"],
	["image_generation_call", "image_generation"],
	["mcp_call", "mcp"],
	["shell_call", "shell"],
	["tool_search_call", "tool_search"],
	["program", "program"],
]);

// xAI runs its own search tools and reports them as custom calls, whose item id ends in the call's id (`ctc_..._xs_call_1`).
// OpenAI's custom tools are run by the caller; their two ids have nothing in common.
function isRunByProvider(item: JsonObject): boolean {
	const call = textOf(item["call_id"]);
	return call !== "" && textOf(item["id"]).endsWith(`_${call}`);
}

function addServerTool(reading: Reading, name: string, item: JsonObject): void {
	const code = textOf(item["code"]);
	const raw = item["arguments"] ?? item["input"] ?? item["action"] ?? (code === "" ? undefined : { code });
	emit(reading, { type: "server_tool", name, arguments: argumentsOf(raw) });
}

// After `error` OpenAI sends `response.failed` with a reason of its own, which counts if it comes.
function noteError(reading: Reading, payload: JsonObject): void {
	reading.failure = failureOf({ status: null, body: payload });
}

function stopOf(response: JsonObject, status: string): StopReason {
	if (status !== "incomplete") return "end";
	return textOf(objectOf(response["incomplete_details"])["reason"]) === "content_filter" ? "refusal" : "length";
}

function addUsage(reading: Reading, usage: JsonObject): void {
	const { input, output, cached, reasoning } = reading.usage;
	const written = countOf(objectOf(usage["input_tokens_details"])["cache_write_tokens"]) ?? reading.usage.written;
	reading.usage = {
		input: latest(input, countOf(usage["input_tokens"])),
		output: latest(output, countOf(usage["output_tokens"])),
		cached: latest(cached, countOf(objectOf(usage["input_tokens_details"])["cached_tokens"])),
		reasoning: latest(reasoning, countOf(objectOf(usage["output_tokens_details"])["reasoning_tokens"])),
		...(written === undefined ? {} : { written }),
	};
}

function addHandle(reading: Reading, resumable: Resumable, payload: JsonObject): void {
	const at = countOf(payload["sequence_number"]);
	if (at === null ? resumable.told : at < resumable.next) return;
	resumable.told = true;
	resumable.next = (at ?? -cursorEvery) + cursorEvery;
	emit(reading, { type: "handle", handle: resumable.handle, cursor: at === null ? null : String(at) });
}
