import type { JsonObject } from "../../std/json.ts";
import type { StopReason } from "../backend.ts";
import { failureOf } from "../failure.ts";
import { countOf, latest, objectOf, textOf } from "./fields.ts";
import { addText, beginAnew, emit, finish, giveUp, type PayloadReader, type Reading } from "./reading.ts";
import { addAnnotation, addReasoningAs, type Seen } from "./response-items.ts";
import { responseOutput } from "./response-output.ts";

/** After how many further events a new cursor of a resumable response is yielded. */
const cursorEvery = 32;

/** A response that can be taken up again; `next`: the number from which on a cursor is due. */
type Resumable = { handle: string; next: number; told: boolean };

/**
 * Reads the OpenAI Responses API (also that of xAI and of hosts compatible with it):
 * https://platform.openai.com/docs/api-reference/responses-streaming
 */
export function openaiResponses(reading: Reading): PayloadReader {
	const output = responseOutput(reading);
	const deliveredTo = Number(reading.from?.cursor ?? -1);
	const resumable: Resumable = {
		handle: reading.from?.handle ?? "",
		next: reading.from === null ? 0 : deliveredTo + cursorEvery,
		told: reading.from !== null,
	};

	function endResponse(response: JsonObject, status: string): void {
		output.closeAll(response);
		addUsage(reading, objectOf(response["usage"]));
		if (status === "failed" || status === "cancelled")
			return giveUp(reading, failureOf({ status: null, body: { response } }));
		reading.stop = output.isRefused() ? "refusal" : stopOf(response, status);
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
			output.at(indexOf(payload)).text = true;
		} else if (type === "response.output_item.done") output.close(indexOf(payload), objectOf(payload["item"]));
		else if (payload["response"] || payload["object"] === "response") readResponse(payload);
		else if (type === "error" || payload["error"]) noteError(reading, payload);
		else {
			const add = deltaReaders.get(type);
			if (add !== undefined) add(reading, output.at(indexOf(payload)), payload);
		}
		if (resumable.handle !== "") addHandle(reading, resumable, payload);
	}

	return { read, done: () => {}, flush: () => {} };
}

const finished: ReadonlySet<string> = new Set(["completed", "incomplete", "failed", "cancelled"]);

function indexOf(payload: JsonObject): number {
	return countOf(payload["output_index"]) ?? 0;
}

type DeltaReader = (reading: Reading, seen: Seen, payload: JsonObject) => void;

const readSummary: DeltaReader = (reading, seen, payload) =>
	addReasoningAs(reading, seen, { name: "summary", text: textOf(payload["delta"]) });
const readReasoning: DeltaReader = (reading, seen, payload) =>
	addReasoningAs(reading, seen, { name: "content", text: textOf(payload["delta"]) });

const deltaReaders: ReadonlyMap<string, DeltaReader> = new Map<string, DeltaReader>(
	Object.entries({
		"response.output_item.added": (_, seen) => void (seen.earlier = false),
		"response.refusal.delta": (reading, seen, payload) => {
			addText(reading, textOf(payload["delta"]));
			seen.text = true;
			seen.refused = true;
		},
		"response.audio.transcript.delta": (reading, seen, payload) => {
			addText(reading, textOf(payload["delta"]));
			seen.text = true;
		},
		"response.reasoning_summary_text.delta": readSummary,
		"response.reasoning_text.delta": readReasoning,
		// Names of earlier versions, which servers that copied them still have.
		"response.reasoning_summary.delta": readSummary,
		"response.reasoning.delta": readReasoning,
		"response.function_call_arguments.done": (_, seen, payload) => {
			seen.raw = payload["arguments"];
		},
		"response.output_text.annotation.added": (reading, seen, payload) => {
			addAnnotation(reading, objectOf(payload["annotation"]));
			seen.cited = true;
		},
	} satisfies Record<string, DeltaReader>),
);

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
	const details = objectOf(usage["input_tokens_details"]);
	const written = latest(reading.usage.written ?? null, countOf(details["cache_write_tokens"]));
	reading.usage = {
		input: latest(input, countOf(usage["input_tokens"])),
		output: latest(output, countOf(usage["output_tokens"])),
		cached: latest(cached, countOf(details["cached_tokens"])),
		reasoning: latest(reasoning, countOf(objectOf(usage["output_tokens_details"])["reasoning_tokens"])),
		...(written === null ? {} : { written }),
	};
}

function addHandle(reading: Reading, resumable: Resumable, payload: JsonObject): void {
	const at = countOf(payload["sequence_number"]);
	if (at === null ? resumable.told : at < resumable.next) return;
	resumable.told = true;
	resumable.next = (at ?? -cursorEvery) + cursorEvery;
	emit(reading, { type: "handle", handle: resumable.handle, cursor: at === null ? null : String(at) });
}
