import { isJsonObject, type JsonObject } from "../../std/json.ts";
import { parsedJson } from "./json-arguments.ts";

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
};

/** What stands around the text of a payload, its quotes included. */
type Shape = { readonly head: string; readonly tail: string; readonly like: JsonObject };

// Inside a string of JSON these end it, begin an escape or are not allowed (RFC 8259, 7); all else stands for itself.
// oxlint-disable-next-line no-control-regex
const special = /["\\\u0000-\u001f]/;

/**
 * Two payloads in a row of one shape make it worth a proof: with another text in its place, parsed, the payload must have
 * exactly that text. From then on what begins and ends in the same way, with nothing special between, is read so.
 */
export function alike({ textIn, add }: PlainText): Alike {
	let proven: Shape | null = null;
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
		last = shape;
	}

	return { take, learn };
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
