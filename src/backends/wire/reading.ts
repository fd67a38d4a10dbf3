import type { Json, JsonObject } from "../../std/json.ts";
import type { Failure, ModelEvent, ResumePoint, StopReason, Usage } from "../backend.ts";
import type { PlainText } from "./alike.ts";
import { makeFailure } from "../failure.ts";
import { argumentsCharsMax, argumentsOf } from "./json-arguments.ts";

/** One response being read: what it has brought since last asked, and what its end will need. */
export type Reading = {
	out: ModelEvent[];
	usage: Usage;
	/** Set once the protocol's terminal marker has said why the model stopped. */
	stop: StopReason | null;
	failure: Failure | null;
	toolCalls: number;
	ended: boolean;
	/** Everything up to there was delivered before; null where the response is read from its beginning. */
	from: ReadFrom | null;
};

/** A place inside a response. */
export type ReadFrom = ResumePoint & { readonly cursor: string };

/** A wire: turns parsed payloads into model events. Unknown payloads and fields are passed over. */
export type PayloadReader = {
	readonly read: (payload: JsonObject) => void;
	/** `[DONE]`: a terminal marker on some wires. */
	readonly done: () => void;
	/** The body is over: yields what was held back for it. `finish` follows. */
	readonly flush: () => void;
	/** Where many payloads of this wire are the same but for a piece of text. */
	readonly plain?: PlainText;
};

/** A model that asks for more at once is not making sense, and each of them costs a run. */
export const toolCallsMax = 256;

/** A response of which nothing has been read here. */
export function newReading(from: ReadFrom | null = null): Reading {
	return {
		out: [],
		usage: { input: null, output: null, cached: null, reasoning: null },
		stop: null,
		failure: null,
		toolCalls: 0,
		ended: false,
		from,
	};
}

/** Yields an event, unless the response has been ended already. */
export function emit(reading: Reading, event: ModelEvent): void {
	if (!reading.ended) reading.out.push(event);
}

/** The response comes from its beginning after all, so what was delivered of it before is void. */
export function beginAnew(reading: Reading): void {
	reading.from = null;
	emit(reading, { type: "restart" });
}

/** Yields a piece of visible text. */
export function addText(reading: Reading, text: string): void {
	if (text !== "") emit(reading, { type: "text", text });
}

/** Yields a piece of reasoning. */
export function addReasoning(reading: Reading, text: string): void {
	if (text !== "") emit(reading, { type: "reasoning", text });
}

/** Yields a source, where it has an address. */
export function addCitation(reading: Reading, url: string, title: string): void {
	if (url !== "") emit(reading, { type: "citation", url, title });
}

/** Longest text that is kept of what a tool of the provider came to. */
export const toolResultCharsMax = 20_000;

/** Yields what came of a tool that the provider ran by itself, cut where it is too long to be shown. */
export function addToolResult(reading: Reading, result: { name: string; ok: boolean; text: string }): void {
	const text = result.text.length > toolResultCharsMax ? cutTo(result.text, toolResultCharsMax) : result.text;
	emit(reading, { type: "server_tool_result", name: result.name, ok: result.ok, text });
}

function cutTo(text: string, chars: number): string {
	return `${text.slice(0, chars - 1).toWellFormed()}…`;
}

/** Yields a picture that the model made, where it came whole and not as an address. */
export function addImage(reading: Reading, mediaType: string, base64: string): void {
	const type = plainType(mediaType);
	if (base64 !== "" && type.startsWith("image/")) emit(reading, { type: "image", mediaType: type, base64 });
}

/** As RFC 6838 registers it: without parameters, in small letters, and with the name that JPEG has. */
function plainType(mediaType: string): string {
	const [type = ""] = mediaType.toLowerCase().split(";");
	return type.trim() === "image/jpg" ? "image/jpeg" : type.trim();
}

/** Yields an item of the assistant's turn as it must be sent back. */
export function addEcho(reading: Reading, item: JsonObject): void {
	emit(reading, { type: "echo", item });
}

/** Yields one finished call of a tool that we run. Where the provider named no id, its place in the answer is the id. */
export function addToolCall(reading: Reading, call: { id: string; name: string; raw: Json | undefined }): void {
	if (!roomForCall(reading, 0) || !roomForArguments(reading, typeof call.raw === "string" ? call.raw.length : 0))
		return;
	reading.toolCalls += 1;
	const id = call.id === "" ? callIdAt(reading.toolCalls) : call.id;
	emit(reading, { type: "tool_call", call: { id, name: call.name, arguments: argumentsOf(call.raw) } });
}

/** The id of the n-th call of an answer whose provider names none. */
export function callIdAt(place: number): string {
	return `call_${place}`;
}

/** Whether one more call may be begun beside those `open`; gives the response up if not. */
export function roomForCall(reading: Reading, open: number): boolean {
	if (reading.toolCalls + open < toolCallsMax) return !reading.ended;
	giveUp(reading, makeFailure("bad_stream", `more than ${toolCallsMax} tool calls in one answer`));
	return false;
}

/** Whether arguments may be this long; gives the response up if not. */
export function roomForArguments(reading: Reading, chars: number): boolean {
	if (chars <= argumentsCharsMax) return !reading.ended;
	giveUp(
		reading,
		makeFailure("output_too_large", `arguments of a tool call longer than ${argumentsCharsMax} characters`),
	);
	return false;
}

/** Ends the response here with this failure; what follows is not read. */
export function giveUp(reading: Reading, failure: Failure): void {
	reading.failure = failure;
	finish(reading);
}

/** Yields usage, failure and the one `end`. Does nothing the second time. */
export function finish(reading: Reading): void {
	if (reading.ended) return;
	if (isReported(reading.usage)) emit(reading, { type: "usage", usage: reading.usage });
	const failure =
		reading.failure ?? (reading.stop === null ? makeFailure("bad_stream", "the response ended too early") : null);
	if (failure !== null) emit(reading, { type: "failed", failure });
	emit(reading, { type: "end", stop: stopOf(reading) });
	reading.ended = true;
}

function isReported(usage: Usage): boolean {
	return usage.input !== null || usage.output !== null || usage.cached !== null || usage.reasoning !== null;
}

// Hosts disagree on what they call a stop that asks for tools (Gemini: STOP), so the calls themselves decide.
function stopOf(reading: Reading): StopReason {
	if (reading.failure !== null) return "error";
	if (reading.stop === null) return "cut";
	if (reading.stop !== "end" && reading.stop !== "tools") return reading.stop;
	return reading.toolCalls > 0 ? "tools" : "end";
}
