import type { Json, JsonObject } from "../../../src/std/json.ts";

/** What is put in the place of a value; undefined: it is left out. */
const replacements: readonly (Json | undefined)[] = [null, -1.5, "", "x", true, [], [[{}]], {}, { "": {} }, undefined];

/** The events of a stream as their text, each with the blank line that ends it. */
export function eventsOf(stream: string): readonly string[] {
	return stream.replaceAll("\r\n", "\n").split(/(?<=\n\n)/);
}

/** The event with one value of its payload replaced by something else, for each kind of place in it once. */
export function* mutated(event: string): Generator<string> {
	const data = /^data: ?(\{.*)$/m.exec(event)?.[1];
	if (data === undefined) return;
	for (const payload of mutations(JSON.parse(data))) yield event.replace(data, () => JSON.stringify(payload));
}

/** A parsed value with one value in it replaced. Of a list only the first two items are. */
export function* mutations(value: Json): Generator<Json> {
	if (Array.isArray(value)) yield* mutatedItems(value);
	else if (isObject(value)) yield* mutatedFields(value);
}

function* mutatedItems(list: readonly Json[]): Generator<Json> {
	for (const [place, item] of list.slice(0, 2).entries()) {
		for (const replacement of replacements) yield list.with(place, replacement ?? null);
		for (const changed of mutations(item)) yield list.with(place, changed);
	}
}

function* mutatedFields(object: JsonObject): Generator<Json> {
	for (const [name, item] of Object.entries(object)) {
		const { [name]: _, ...others } = object;
		for (const replacement of replacements)
			yield replacement === undefined ? others : { ...object, [name]: replacement };
		for (const changed of mutations(item)) yield { ...object, [name]: changed };
	}
}

function isObject(value: Json): value is JsonObject {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
