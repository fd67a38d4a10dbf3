import { isJsonObject, type JsonObject } from "../../std/json.ts";
import { deepCharsMin, isTooDeep } from "./depth.ts";
import { parsedJson } from "./json-arguments.ts";
import { sseParser, type Events } from "./sse.ts";

/** Who is told what a body holds. */
export type BodySink = {
	/** Whether these data of an event need no parsing any more. */
	readonly known: (data: string) => boolean;
	/** Takes the events from there on that need no parsing, and says where it stopped; `one` takes any data of one. */
	readonly run: (events: Events, one: (data: string) => void) => number;
	readonly payload: (payload: JsonObject, data: string) => void;
	/** A whole (not streamed) body, which may be an error in a shape of its own. */
	readonly whole: (body: unknown) => void;
	readonly done: () => void;
	/** Nothing can be read from here on. */
	readonly broken: (why: string) => void;
};

/** Turns bytes cut anywhere into parsed payloads. */
export type Body = { readonly push: (bytes: Uint8Array) => void; readonly end: () => void };

/** Whole bodies are kept until their end, so this bounds memory; streams are bounded by the same. */
export const bodyBytesMax = 32 * 1024 * 1024;

/**
 * Streamed (SSE) and whole (JSON) bodies, told apart by their first character. An unfinished last event is read if it is
 * whole; else it is passed over, and the missing end of the protocol tells that the body was cut.
 */
export function bodyOf(sink: BodySink): Body {
	const decoder = new TextDecoder();
	const one = (data: string): void => readData(sink, data);
	const sse = sseParser(one, (events) => sink.run(events, one));
	const pieces: string[] = [];
	let shape: "unknown" | "whole" | "streamed" = "unknown";
	let bytesRead = 0;

	function take(text: string): void {
		if (shape === "unknown") shape = shapeOf(text);
		if (shape === "whole") pieces.push(text);
		else if (!sse.push(text)) sink.broken("a line of the stream is too long");
	}

	function push(bytes: Uint8Array): void {
		bytesRead += bytes.length;
		if (bytesRead > bodyBytesMax) sink.broken(`more than ${bodyBytesMax} bytes`);
		else take(decoder.decode(bytes, { stream: true }));
	}

	function end(): void {
		take(decoder.decode());
		if (shape === "whole") return readWhole(sink, pieces.join(""));
		const rest = sse.end();
		if (rest !== null && (!looksLikeJson(rest) || isJsonObject(parsedJson(rest)))) readData(sink, rest);
	}

	return { push, end };
}

function shapeOf(text: string): "unknown" | "whole" | "streamed" {
	const first = text.trimStart()[0];
	if (first === undefined) return "unknown";
	return first === "{" || first === "[" ? "whole" : "streamed";
}

function looksLikeJson(text: string): boolean {
	return text.startsWith("{");
}

function readWhole(sink: BodySink, text: string): void {
	const body = parsedJson(text);
	if (isTooDeep(body)) sink.broken(tooDeep);
	else sink.whole(body);
}

const tooDeep = "the response is nested too deeply";

function readData(sink: BodySink, data: string): void {
	if (data === "[DONE]") return sink.done();
	if (sink.known(data)) return;
	const payload = parsedJson(data);
	if (data.length > deepCharsMin && isTooDeep(payload)) sink.broken(tooDeep);
	else if (isJsonObject(payload)) sink.payload(payload, data);
	// Proxies keep a connection awake with words of their own; what begins like a payload and is none has lost a part.
	else if (payload === undefined && looksLikeJson(data)) sink.broken("a payload of the stream is not JSON");
}
