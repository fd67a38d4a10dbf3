import { isJsonObject, type Json, type JsonObject } from "../../std/json.ts";
import { deepCharsMin, isTooDeep } from "./depth.ts";

/** Longest arguments of one tool call, as the model wrote them. */
export const argumentsCharsMax = 1024 * 1024;

/**
 * The arguments of a tool call, however a host sends them: as text, as an object, as null or not at all. What is no JSON
 * object (cut by a limit, the free text of a custom tool, or nested without end) is kept as received, for the model to be told.
 */
export function argumentsOf(raw: Json | undefined): JsonObject {
	if (raw === undefined || raw === null) return {};
	if (typeof raw !== "string") return isJsonObject(raw) ? raw : { __unparsed: JSON.stringify(raw) };
	if (raw.trim() === "") return {};
	const parsed = parsedJson(raw);
	if (parsed === null) return {};
	const isFit = isJsonObject(parsed) && !(raw.length > deepCharsMin && isTooDeep(parsed));
	return isFit ? parsed : { __unparsed: raw };
}

/** Undefined where the text is not JSON; that is an answer here and not an error. */
export function parsedJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
