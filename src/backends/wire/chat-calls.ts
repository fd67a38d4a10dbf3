import type { Json, JsonObject } from "../../std/json.ts";
import { countOf, objectOf, objectsOf, textOf } from "./fields.ts";
import { argumentsOf } from "./json-arguments.ts";
import { addToolCall, callIdAt, type Reading, roomForArguments, roomForCall } from "./reading.ts";

/** The tool calls of one chat answer, put together from their fragments. */
export type ChatCalls = {
	readonly add: (fragments: Json | undefined) => void;
	/** Yields the calls that are complete now, in the order in which they began. */
	readonly close: () => void;
	/** Those yielded, as they must be sent back. */
	readonly closed: () => readonly JsonObject[];
};

type OpenCall = {
	index: number | null;
	id: string;
	name: string;
	text: string;
	whole: Json;
	extra: Json | undefined;
};

/**
 * Hosts differ: `index` may be missing or the same for all, `id` and `name` may come once, on every fragment or as null,
 * and arguments whole, in pieces, empty or as an object.
 */
export function chatCalls(reading: Reading): ChatCalls {
	let open: OpenCall[] = [];
	const closed: JsonObject[] = [];

	function callOf(fragment: JsonObject): OpenCall | null {
		const place: Place = {
			index: countOf(fragment["index"]),
			id: textOf(fragment["id"]),
			named: textOf(toolIn(fragment)["name"]) !== "",
		};
		const known = open.findLast((call) => continues(call, place));
		if (known !== undefined) return known;
		if (!roomForCall(reading, open.length)) return null;
		const fresh: OpenCall = { index: place.index, id: place.id, name: "", text: "", whole: null, extra: undefined };
		open.push(fresh);
		return fresh;
	}

	function add(fragments: Json | undefined): void {
		if (!fragments) return;
		for (const fragment of objectsOf(fragments)) {
			const call = callOf(fragment);
			if (call === null) return;
			addFragment(call, fragment);
			if (!roomForArguments(reading, call.text.length)) return;
		}
	}

	function close(): void {
		for (const call of open) {
			if (call.name === "" || reading.ended) continue;
			const id = call.id === "" ? callIdAt(reading.toolCalls + 1) : call.id;
			addToolCall(reading, { id, name: call.name, raw: call.whole ?? call.text });
			closed.push(echoOf(call, id));
		}
		open = [];
	}

	return { add, close, closed: () => closed };
}

type Place = { readonly index: number | null; readonly id: string; readonly named: boolean };

function continues(call: OpenCall, { index, id, named }: Place): boolean {
	const startsAnother = named && call.name !== "" && id !== "" && call.id !== "" && id !== call.id;
	if (startsAnother) return false;
	if (index !== null || call.index !== null) return index === call.index;
	return id === "" ? !named : id === call.id;
}

/** `custom`: a tool that takes free text. */
function toolIn(fragment: JsonObject): JsonObject {
	return objectOf(fragment["function"] ?? fragment["custom"]);
}

function addFragment(call: OpenCall, fragment: JsonObject): void {
	const { name, arguments: args, input } = toolIn(fragment);
	const raw = args ?? input;
	if (call.id === "") call.id = textOf(fragment["id"]);
	if (call.name === "") call.name = textOf(name);
	if (typeof raw === "string") call.text += raw;
	else if (raw !== null && raw !== undefined) call.whole = raw;
	call.extra ??= fragment["extra_content"] ?? undefined;
}

// Hosts that parse what they are sent back refuse arguments that are no JSON object, their own model's included.
// `extra_content` carries the thought signature of Gemini behind its chat endpoint, which must come back with the call.
function echoOf(call: OpenCall, id: string): JsonObject {
	const parsed = argumentsOf(call.whole ?? call.text);
	const isVerbatim = call.whole === null && call.text.startsWith("{") && !("__unparsed" in parsed);
	const item = {
		id,
		type: "function",
		function: { name: call.name, arguments: isVerbatim ? call.text : JSON.stringify(parsed) },
	};
	return call.extra === undefined ? item : { ...item, extra_content: call.extra };
}
