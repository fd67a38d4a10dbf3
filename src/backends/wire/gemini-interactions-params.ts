import { isJsonObject, type Json, type JsonObject } from "../../std/json.ts";
import type { ModelRequest } from "../backend.ts";
import { isGemini3 } from "./gemini-client.ts";

/** The `generation_config` that a request's params ask for, which are in the words of generateContent. */
export function interactionsParams({ model, params }: ModelRequest): JsonObject {
	const asked = Object.entries(params).flatMap(([name, value]) => Object.entries(said(name, value) ?? {}));
	// A thought costs the same whether it is shown or not; older models are not asked unless the person does.
	return { ...(isGemini3(model) ? { thinking_summaries: "auto" } : {}), ...Object.fromEntries(asked) };
}

/** Whether each of these params, in the words of generateContent, can be said in an interaction that is stored. */
export function interactionsSpeak({ params }: ModelRequest): boolean {
	return Object.entries(params).every(([name, value]) => said(name, value) !== null);
}

function said(name: string, value: Json): JsonObject | null {
	if (name === "store") return value === true ? {} : null;
	if (name === "thinkingConfig") return isJsonObject(value) ? thinking(value) : null;
	const field = fields.get(name);
	return field === undefined ? null : { [field]: value };
}

const fields: ReadonlyMap<string, string> = new Map([
	["temperature", "temperature"],
	["topP", "top_p"],
	["seed", "seed"],
	["stopSequences", "stop_sequences"],
]);

/** A budget of tokens has no counterpart there. */
function thinking({ thinkingLevel: level, includeThoughts: shown, ...rest }: JsonObject): JsonObject | null {
	if (Object.keys(rest).length > 0 || (level !== undefined && typeof level !== "string")) return null;
	return {
		...(level === undefined ? {} : { thinking_level: level.toLowerCase() }),
		...(shown === undefined ? {} : { thinking_summaries: shown === true ? "auto" : "none" }),
	};
}
