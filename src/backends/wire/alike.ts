import { isJsonObject, type JsonObject } from "../../std/json.ts";
import { parsedJson } from "./json-arguments.ts";
import type { Events } from "./sse.ts";

/** How a wire tells of payloads that are nothing but a piece of text, as nearly all of a stream are. */
export type PlainText = {
	/** The text of such a payload; null where it brings anything else, or may. */
	readonly textIn: (payload: JsonObject) => string | null;
	/** Takes a payload that is like this one but for its text. */
	readonly add: (like: JsonObject, text: string) => void;
};

/** Spares the parsing of payloads that differ from those before in nothing but their text. */
export type Alike = {
	/** Whether this one was such, and has been taken. */
	readonly take: (data: string) => boolean;
	/** Looks at a payload that was parsed and read. */
	readonly learn: (data: string, payload: JsonObject) => void;
	/** Takes a run of events that hold such, and says where it ends; `one` is given payloads whose text is not plain. */
	readonly takeRun: (events: Events, one: (data: string) => void) => number;
};

/** What stands around the text of a payload, its quotes included. */
type Shape = { readonly head: string; readonly tail: string; readonly like: JsonObject };
/** What stands around the text of a whole event; `between` is the end of one and the beginning of the next. */
type Framed = { readonly begin: string; readonly end: string; readonly between: string };

// Inside a string of JSON these end it, begin an escape or are not allowed (RFC 8259, 7); all else stands for itself.
// oxlint-disable-next-line no-control-regex
const special = /["\\\u0000-\u001f]/;

/**
 * Two payloads in a row of one shape make it worth a proof: with another text in its place, parsed, the payload must have
 * exactly that text. From then on what begins and ends in the same way, with nothing special between, is read so.
 */
export function alike({ textIn, add }: PlainText): Alike {
	let proven: Shape | null = null;
	let framed: Framed | null = null;
	let last: Shape | null = null;

	function take(data: string): boolean {
		if (proven === null || !fits(proven, data)) return false;
		const text = data.slice(proven.head.length, data.length - proven.tail.length);
		if (text === "" || special.test(text)) return false;
		add(proven.like, text);
		return true;
	}

	function learn(data: string, payload: JsonObject): void {
		// One of the same shape whose text has something special in it.
		if (proven !== null && fits(proven, data)) return;
		const text = textIn(payload);
		const shape = text === null ? null : shapeOf(data, text, payload);
		proven = shape !== null && last !== null && fits(last, data) && isProven(shape, textIn) ? shape : null;
		framed = null;
		last = shape;
	}

	function takeRun({ text, from, before }: Events, one: (data: string) => void): number {
		if (proven === null) return from;
		framed ??= before === null ? null : framedBy(proven, text.slice(before, from));
		if (framed === null || !text.startsWith(framed.begin, from)) return from;
		const { like, head, tail } = proven;
		const { parts, end } = run(framed, text, from);
		const joined = parts.join("");
		if (!special.test(joined) && !parts.includes("")) add(like, joined);
		else for (const part of parts) one(head + part + tail);
		return end;
	}

	return { take, learn, takeRun };
}

/**
 * The data of an event that is one line of it, after its name at most: with any other text on the same line the event is
 * read in the same way. Null where the event was another one.
 */
function framedBy({ head, tail }: Shape, event: string): Framed | null {
	const [begin = ""] = /^(?:event:[^\n]*\n)?data: ?/.exec(event) ?? [];
	const isSuch = begin !== "" && event.startsWith(head, begin.length) && event.endsWith(`${tail}\n\n`);
	if (!isSuch) return null;
	return { begin: begin + head, end: `${tail}\n\n`, between: `${tail}\n\n${begin}${head}` };
}

/** What stands between the frames of whole events in a row, each of it on one line, and where they end. */
function run({ begin, end, between }: Framed, text: string, from: number): { parts: string[]; end: number } {
	const parts = text.slice(from + begin.length).split(between);
	const last = parts.length - 1;
	// The last one may be cut off, or others follow on it; a line's end within one says that it is not one event.
	const stop = parts[last]?.indexOf(end) ?? -1;
	if (stop >= 0) parts[last] = parts[last]?.slice(0, stop) ?? "";
	else parts.pop();
	const other = parts.findIndex((part) => part.includes("\n"));
	if (other >= 0) parts.length = other;
	const chars = parts.reduce((sum, part) => sum + part.length, 0);
	return { parts, end: from + chars + parts.length * (begin.length + end.length) };
}

function fits({ head, tail }: Shape, data: string): boolean {
	return data.length >= head.length + tail.length && data.startsWith(head) && data.endsWith(tail);
}

/** Around the first part of the data that looks like the text; only the proof tells whether it is. Null where none does. */
function shapeOf(data: string, text: string, like: JsonObject): Shape | null {
	if (text === "" || special.test(text)) return null;
	const at = data.indexOf(`"${text}"`);
	if (at < 0) return null;
	return { head: data.slice(0, at + 1), tail: data.slice(at + 1 + text.length), like };
}

const probe = "another text";

function isProven({ head, tail }: Shape, textIn: PlainText["textIn"]): boolean {
	const other = parsedJson(`${head}${probe}${tail}`);
	return isJsonObject(other) && textIn(other) === probe;
}
