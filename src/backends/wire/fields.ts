import { isJsonObject, type Json, type JsonObject } from "../../std/json.ts";

/**
 * Lax reads of single fields: providers send null, another type, or nothing at all where they have nothing to say, and
 * all of that means the same. Written by hand because they run several times for every streamed piece.
 */

const nothing: JsonObject = {};
const none: readonly Json[] = [];
const noObjects: readonly JsonObject[] = [];

/** The string, else the empty one. */
export function textOf(value: Json | undefined): string {
	return typeof value === "string" ? value : "";
}

/** The object, else an empty one. */
export function objectOf(value: Json | undefined): JsonObject {
	return isJsonObject(value) ? value : nothing;
}

/** The objects of a list; anything else in it is left out. */
export function objectsOf(value: Json | undefined): readonly JsonObject[] {
	return Array.isArray(value) ? value.filter(isJsonObject) : noObjects;
}

/** The list, else an empty one. */
export function listOf(value: Json | undefined): readonly Json[] {
	return Array.isArray(value) ? value : none;
}

/** A count of tokens or the like, else null. */
export function countOf(value: Json | undefined): number | null {
	return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null;
}

/** Null where no count is known, else their sum. */
export function sumOf(...counts: readonly (number | null)[]): number | null {
	let sum: number | null = null;
	for (const count of counts) if (count !== null) sum = (sum ?? 0) + count;
	return sum;
}

/** Of several accounts the last that is not zero holds: some hosts send a zeroed one after the true one. */
export function latest(before: number | null, now: number | null): number | null {
	return now === null || (now === 0 && before !== null) ? before : now;
}
