import type { JsonObject } from "../../std/json.ts";
import type { StopReason } from "../backend.ts";
import { failureOf, makeFailure } from "../failure.ts";
import { countOf, latest, objectOf, objectsOf, textOf } from "./fields.ts";
import { addEcho, addText, emit, finish, giveUp, type PayloadReader, type Reading } from "./reading.ts";
import { addAnnotation, addReasoningAs, addRest, identitiesOf, type Seen, unseen } from "./response-items.ts";

/** Items that one answer may have. */
export const outputItemsMax = 4096;

/** After how many further events a new cursor of a resumable response is yielded. */
const cursorEvery = 32;

/**
 * Reads the OpenAI Responses API (also xAI's): https://platform.openai.com/docs/api-reference/responses-streaming
 * Items are told apart by `output_index`, because proxies change their ids between events. Hosts that leave it out, or
 * have the same for all, send one item after the other.
 */
export function openaiResponses(reading: Reading): PayloadReader {
	const items = new Map<number, Seen>();
	const closed = new Set<string>();
	const resumable = { handle: "", cursor: -cursorEvery };
	let begun = 0;
	let refused = false;

	function seenAt(index: number): Seen {
		const known = items.get(index);
		if (known !== undefined && !known.closed) return known;
		begun += 1;
		if (begun > outputItemsMax)
			giveUp(reading, makeFailure("bad_stream", `more than ${outputItemsMax} items in one answer`));
		const fresh = unseen();
		items.set(index, fresh);
		return fresh;
	}

	function closeItem(index: number, item: JsonObject): void {
		const names = identitiesOf(item);
		const isRepeated =
			names.length > 0 ? names.some((name) => closed.has(name)) : items.get(index)?.closed === true;
		if (isRepeated) return;
		for (const name of names) closed.add(name);
		const seen = seenAt(index);
		seen.type = textOf(item["type"]);
		seen.closed = true;
		addRest(reading, seen, item);
		refused ||= seen.refused;
		addEcho(reading, item);
	}

	/** An item of the finished response; `index` is its place there, and it may be known under other ids by now. */
	function closeLate(index: number, item: JsonObject): void {
		const known = items.get(index);
		if (known?.closed === true && known.type === item["type"]) return;
		closeItem(index, item);
	}

	function endResponse(response: JsonObject, status: string): void {
		for (const [index, item] of objectsOf(response["output"]).entries()) closeLate(index, item);
		addUsage(reading, objectOf(response["usage"]));
		if (status === "failed" || status === "cancelled")
			return giveUp(reading, failureOf({ status: null, body: { response } }));
		reading.stop = refused ? "refusal" : stopOf(response, status);
		finish(reading);
	}

	function readResponse(payload: JsonObject): void {
		const isWhole = payload["object"] === "response";
		const response = isWhole ? payload : objectOf(payload["response"]);
		const status = isWhole ? textOf(payload["status"]) : textOf(payload["type"]).slice("response.".length);
		if (response["background"] === true) resumable.handle = textOf(response["id"]);
		if (finished.has(status)) endResponse(response, status);
	}

	function read(payload: JsonObject): void {
		const type = textOf(payload["type"]);
		if (type === "response.output_text.delta") {
			addText(reading, textOf(payload["delta"]));
			seenAt(indexOf(payload)).text = true;
		} else if (type === "response.output_item.done") closeItem(indexOf(payload), objectOf(payload["item"]));
		else if (payload["response"] || payload["object"] === "response") readResponse(payload);
		else if (type === "error" || payload["error"]) noteError(reading, payload);
		else {
			const add = deltaReaders.get(type);
			if (add !== undefined) add(reading, seenAt(indexOf(payload)), payload);
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

function addHandle(reading: Reading, resumable: { handle: string; cursor: number }, payload: JsonObject): void {
	const at = countOf(payload["sequence_number"]);
	if (at === null || at < resumable.cursor + cursorEvery) return;
	resumable.cursor = at;
	emit(reading, { type: "handle", handle: resumable.handle, cursor: String(at) });
}
