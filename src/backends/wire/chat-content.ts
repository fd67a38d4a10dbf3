import { isJsonObject, type Json, type JsonObject } from "../../std/json.ts";
import { listOf, objectOf, objectsOf, textOf } from "./fields.ts";
import { addDataUrl } from "./pictures.ts";
import { addReasoning, addText, type Reading } from "./reading.ts";

/** What content in a list of parts holds, for the turn that is sent back. */
export type PartsTold = { readonly text: string; readonly thinking: string; readonly refusal: string };

/**
 * Content that is no plain string, and yields it: a list of parts as Mistral's reasoning models and some proxies stream
 * it, one part alone, or the bare JSON value that Workers AI has where text is meant.
 * https://docs.mistral.ai/capabilities/reasoning/
 */
export function addParts(reading: Reading, content: Json): PartsTold {
	const told = { text: "", thinking: "", refusal: "" };
	for (const part of isJsonObject(content) ? [content] : listOf(content)) {
		if (!isJsonObject(part)) continue;
		const thinking = thinkingIn(part);
		const text = thinking === "" ? textOf(part["text"]) : "";
		const refusal = textOf(part["refusal"]);
		told.thinking += thinking;
		told.text += text;
		told.refusal += refusal;
		addReasoning(reading, thinking);
		addText(reading, text);
		addText(reading, refusal);
		addImagePart(reading, part);
	}
	return told;
}

// Mistral: {type: "thinking", thinking: [{type: "text", text}]}; Databricks: {type: "reasoning", summary: [{text}]}.
function thinkingIn(part: JsonObject): string {
	if (part["type"] !== "thinking" && part["type"] !== "reasoning") return "";
	const thought = part["thinking"] ?? part["summary"] ?? part["text"];
	return typeof thought === "string" ? thought : allText(thought);
}

function allText(parts: Json | undefined): string {
	let text = "";
	for (const part of objectsOf(parts)) text += textOf(part["text"]);
	return text;
}

/** Yields the picture of a part `{image_url: {url}}`, if it holds one. */
export function addImagePart(reading: Reading, part: JsonObject): void {
	if (part["image_url"]) addDataUrl(reading, textOf(part["image_url"]) || textOf(objectOf(part["image_url"])["url"]));
}
