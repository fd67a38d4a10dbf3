import { isJsonObject } from "../../std/json.ts";

/**
 * Deepest nesting of a payload. Parsing takes any depth, but what is read here is written again (to the log, to the next
 * request), and writing is recursive: some thousand levels exhaust the stack.
 */
export const payloadDepthMax = 512;

/** A shorter text cannot hold so many levels: each has an opening and a closing bracket. */
export const deepCharsMin = 2 * payloadDepthMax;

/** Whether a parsed value is nested deeper than that. Looks no deeper itself. */
export function isTooDeep(value: unknown, levels: number = payloadDepthMax): boolean {
	if (Array.isArray(value)) return levels === 0 || value.some((item) => isTooDeep(item, levels - 1));
	if (!isJsonObject(value)) return false;
	return levels === 0 || Object.values(value).some((item) => isTooDeep(item, levels - 1));
}
