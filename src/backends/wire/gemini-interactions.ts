import { isJsonObject, type Json, type JsonObject } from "../../std/json.ts";
import type { StopReason } from "../backend.ts";
import { failureOf, makeFailure } from "../failure.ts";
import { countOf, latest, objectOf, objectsOf, sumOf, textOf } from "./fields.ts";
import { argumentsOf } from "./json-arguments.ts";
import {
	beginAnew,
	addCitation,
	addEcho,
	addImage,
	addReasoning,
	addText,
	addToolCall,
	addToolResult,
	callIdAt,
	emit,
	finish,
	giveUp,
	type PayloadReader,
	type Reading,
	roomForArguments,
} from "./reading.ts";
import { resultText } from "./result-text.ts";

/** Steps that may be open at once; the API sends them one after the other. */
export const openStepsMax = 256;

/** One step on its way: as it began, and what its deltas have added; `media` are its parts that are no text. */
type Step = {
	start: JsonObject;
	json: string;
	text: string;
	summary: string;
	annotations: JsonObject[];
	media: JsonObject[];
};

/**
 * Reads Gemini's Interactions API: https://ai.google.dev/api/interactions-api
 * Its earlier version had `content` and `outputs` for steps, and `interaction.start`, `content.delta` and
 * `interaction.complete` for events.
 */
export function geminiInteractions(reading: Reading): PayloadReader {
	const steps = new Map<number, Step>();
	let handle = reading.from?.handle ?? "";

	function begin(payload: JsonObject): void {
		// Without `store` there is no id, and nothing to take up again.
		handle = textOf(objectOf(payload["interaction"])["id"]) || handle;
		if (handle !== "") emit(reading, { type: "handle", handle, cursor: null });
	}

	function startStep(payload: JsonObject): void {
		if (steps.size >= openStepsMax)
			return giveUp(reading, makeFailure("bad_stream", `more than ${openStepsMax} open steps`));
		const index = countOf(payload["index"]) ?? 0;
		// A cursor stands behind a finished step, so where the first one comes the host has not looked at it.
		if (index === 0 && reading.from !== null) beginAnew(reading);
		const step = newStep(objectOf(payload["step"] ?? payload["content"]));
		steps.set(index, step);
		addContent(reading, step);
	}

	function readDelta(payload: JsonObject): void {
		const step = steps.get(countOf(payload["index"]) ?? 0);
		if (step !== undefined) addDelta(reading, step, objectOf(payload["delta"]));
	}

	function stopStep(payload: JsonObject): void {
		const index = countOf(payload["index"]) ?? 0;
		const step = steps.get(index);
		steps.delete(index);
		if (step !== undefined) closeStep(reading, step);
		const cursor = textOf(payload["event_id"]);
		// The rest of an open step would be of no use without its beginning.
		if (handle !== "" && cursor !== "" && steps.size === 0) emit(reading, { type: "handle", handle, cursor });
	}

	function end(payload: JsonObject): void {
		complete(reading, objectOf(payload["interaction"]));
	}

	const readers: ReadonlyMap<string, (payload: JsonObject) => void> = new Map([
		["step.start", startStep],
		["content.start", startStep],
		["step.stop", stopStep],
		["content.stop", stopStep],
		["interaction.created", begin],
		["interaction.start", begin],
		["interaction.completed", end],
		["interaction.complete", end],
	]);

	function read(payload: JsonObject): void {
		const type = textOf(payload["event_type"]);
		// What comes most often is asked first.
		if (type === "step.delta" || type === "content.delta") return readDelta(payload);
		const reader = readers.get(type);
		if (reader !== undefined) reader(payload);
		else if (payload["error"] || type === "error") giveUp(reading, failureOf({ status: null, body: payload }));
		else if (isInteraction(payload)) readWhole(reading, payload);
	}

	return { read, done: () => {}, flush: () => {} };
}

function complete(reading: Reading, interaction: JsonObject): void {
	addUsage(reading, objectOf(interaction["usage"]));
	const status = textOf(interaction["status"]);
	if (status === "failed" || status === "cancelled")
		return giveUp(reading, failureOf({ status: null, body: interaction }));
	reading.stop = stops.get(status) ?? "end";
	// The calls it waits for may have come before the place where this body begins.
	if (reading.from !== null && reading.stop === "tools") reading.toolCalls ||= 1;
	finish(reading);
}

function readWhole(reading: Reading, interaction: JsonObject): void {
	if (reading.from !== null) beginAnew(reading);
	for (const start of objectsOf(interaction["steps"] ?? interaction["outputs"])) {
		const step = newStep(start);
		addContent(reading, step);
		closeStep(reading, step);
	}
	if (!unfinished.has(textOf(interaction["status"]))) complete(reading, interaction);
}

/** An answer that was not streamed. */
export function isInteraction(payload: JsonObject): boolean {
	return payload["object"] === "interaction" || (Array.isArray(payload["steps"]) && "status" in payload);
}

const unfinished: ReadonlySet<string> = new Set(["in_progress", "queued"]);

const stops: ReadonlyMap<string, StopReason> = new Map([
	["requires_action", "tools"],
	["incomplete", "length"],
	["budget_exceeded", "length"],
	["requires_continuation", "pause"],
]);

function newStep(start: JsonObject): Step {
	return { start, json: "", text: "", summary: "", annotations: [], media: [] };
}

/** What a step has at its start (in a whole answer: all of it). */
function addContent(reading: Reading, step: Step): void {
	const { start } = step;
	for (const part of contentTypes.has(textOf(start["type"])) ? [start] : objectsOf(start["content"])) {
		step.text += textOf(part["text"]);
		addText(reading, textOf(part["text"]));
		addMedia(reading, step, part);
		annotate(reading, step, part);
	}
	for (const part of objectsOf(start["summary"])) {
		step.summary += textOf(part["text"]);
		addReasoning(reading, textOf(part["text"]));
	}
}

const mediaTypes: ReadonlySet<string> = new Set(["image", "audio", "document", "video"]);
/** Parts of an answer that stood for themselves once. */
const contentTypes: ReadonlySet<string> = new Set(["text", ...mediaTypes]);

function addMedia(reading: Reading, step: Step, part: JsonObject): void {
	if (!mediaTypes.has(textOf(part["type"]))) return;
	step.media.push(part);
	addImage(reading, textOf(part["mime_type"]), textOf(part["data"]));
}

function annotate(reading: Reading, step: Step, from: JsonObject): void {
	for (const annotation of objectsOf(from["annotations"])) {
		step.annotations.push(annotation);
		addCitation(reading, textOf(annotation["url"]), textOf(annotation["title"]));
	}
}

function addDelta(reading: Reading, step: Step, delta: JsonObject): void {
	switch (delta["type"]) {
		case "text":
			step.text += textOf(delta["text"]);
			return addText(reading, textOf(delta["text"]));
		case "thought_summary": {
			const text = textOf(objectOf(delta["content"])["text"]);
			step.summary += text;
			return addReasoning(reading, text);
		}
		case "arguments_delta":
			if (isJsonObject(delta["arguments"])) step.start = { ...step.start, arguments: delta["arguments"] };
			step.json += textOf(delta["arguments"]);
			roomForArguments(reading, step.json.length);
			return;
		case "text_annotation_delta":
			return annotate(reading, step, delta);
		case "thought_signature":
			step.start = { ...step.start, signature: textOf(delta["signature"]) };
			return;
		case "image":
		case "audio":
		case "document":
		case "video":
			return addMedia(reading, step, delta);
		default: {
			const { type: _, ...rest } = delta;
			step.start = { ...step.start, ...rest };
		}
	}
}

function closeStep(reading: Reading, step: Step): void {
	const { start } = step;
	const type = textOf(start["type"]);
	if (type === "function_call") return closeCall(reading, step);
	if (type.endsWith("_call"))
		emit(reading, {
			type: "server_tool",
			name: textOf(start["name"]) || type.slice(0, -"_call".length),
			arguments: argumentsOf(start["arguments"]),
		});
	if (type.endsWith("_result"))
		addToolResult(reading, {
			name: textOf(start["name"]) || type.slice(0, -"_result".length),
			ok: start["is_error"] !== true,
			text: resultText(start["result"]),
		});
	addEcho(reading, { ...start, ...contentOf(step) });
}

function closeCall(reading: Reading, { start, json }: Step): void {
	const raw = json === "" ? start["arguments"] : json;
	const id = textOf(start["id"]) || callIdAt(reading.toolCalls + 1);
	addToolCall(reading, { id, name: textOf(start["name"]), raw });
	addEcho(reading, { ...start, id, arguments: argumentsOf(raw) });
}

// In a request a step holds its content in lists of parts, however it was streamed.
function contentOf({ start, text, summary, annotations, media }: Step): JsonObject {
	const cited: { [name: string]: Json } = annotations.length > 0 ? { annotations } : {};
	const content = text === "" ? media : [{ type: "text", text, ...cited }, ...media];
	if (content.length > 0 && start["content"] === undefined) return { content };
	return summary !== "" && start["summary"] === undefined ? { summary: [{ type: "text", text: summary }] } : {};
}

// Thoughts, and what server tools fed back, are counted beside the rest.
function addUsage(reading: Reading, usage: JsonObject): void {
	const thoughts = countOf(usage["total_thought_tokens"]);
	const { input, output, cached, reasoning } = reading.usage;
	reading.usage = {
		input: latest(input, sumOf(countOf(usage["total_input_tokens"]), countOf(usage["total_tool_use_tokens"]))),
		output: latest(output, sumOf(countOf(usage["total_output_tokens"]), thoughts)),
		cached: latest(cached, countOf(usage["total_cached_tokens"])),
		reasoning: latest(reasoning, thoughts),
	};
}
