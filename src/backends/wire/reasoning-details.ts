import type { Json, JsonObject } from "../../std/json.ts";
import { textOf } from "./fields.ts";

/**
 * OpenRouter's `reasoning_details`, put together from their pieces: they have to come back as one list, in order.
 * https://openrouter.ai/docs/use-cases/reasoning-tokens#preserving-reasoning-blocks
 */
export function mergedDetails(pieces: readonly JsonObject[]): readonly JsonObject[] {
	const merged: JsonObject[] = [];
	for (const piece of pieces) {
		const last = merged.at(-1);
		if (last !== undefined && continues(last, piece)) merged[merged.length - 1] = joined(last, piece);
		else merged.push(piece);
	}
	return merged;
}

function continues(last: JsonObject, piece: JsonObject): boolean {
	const isText = piece["type"] === "reasoning.text" || piece["type"] === "reasoning.summary";
	return isText && last["type"] === piece["type"] && last["index"] === piece["index"];
}

function joined(last: JsonObject, piece: JsonObject): JsonObject {
	const both: { [name: string]: Json } = { ...last };
	for (const [name, value] of Object.entries(piece)) if (value !== null && name !== "__proto__") both[name] = value;
	for (const name of ["text", "summary"]) if (name in both) both[name] = textOf(last[name]) + textOf(piece[name]);
	return both;
}
