import type { JsonObject } from "../../std/json.ts";

/**
 * Whether an item of a Gemini turn was said as a step of the Interactions API, not as a part of generateContent. A turn
 * said in one of them cannot be echoed in the other; only steps have a `type`.
 */
export function isInteractionsStep(item: JsonObject): boolean {
	return typeof item["type"] === "string";
}
