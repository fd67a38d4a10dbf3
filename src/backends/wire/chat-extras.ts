import type { Json, JsonObject } from "../../std/json.ts";
import { addImagePart } from "./chat-content.ts";
import { countOf, listOf, objectOf, objectsOf, textOf } from "./fields.ts";
import { argumentsOf } from "./json-arguments.ts";
import { addCitation, addToolResult, emit, type Reading } from "./reading.ts";
import { resultText } from "./result-text.ts";
import { toldOnce } from "./told-once.ts";

/** What hosts add to an answer beside text, reasoning and calls. All of it is rare: it is asked for only where it is. */
export type ChatExtras = {
	readonly ofDelta: (delta: JsonObject) => void;
	readonly ofPayload: (payload: JsonObject) => void;
};

/** Sources and tool runs that are remembered, so that a repeated one is told once. */
export const extrasMax = 1024;

/** Sources, pictures, and tools that the host ran by itself. */
export function chatExtras(reading: Reading): ChatExtras {
	const isNew = toldOnce(extrasMax);

	function cite(url: string, title: string): void {
		if (isNew(`cited ${url}`)) addCitation(reading, url, title);
	}

	function ofDelta(delta: JsonObject): void {
		if (delta["annotations"])
			for (const annotation of objectsOf(delta["annotations"])) {
				const cited = objectOf(annotation["url_citation"]);
				cite(textOf(cited["url"]), textOf(cited["title"]));
			}
		// OpenRouter's pictures: https://openrouter.ai/docs/features/multimodal/image-generation
		if (delta["images"]) for (const part of objectsOf(delta["images"])) addImagePart(reading, part);
		if (delta["executed_tools"]) addExecuted(delta["executed_tools"]);
	}

	// Groq's own tools come twice in a stream, first without what came of them.
	// https://console.groq.com/docs/compound
	function addExecuted(tools: Json): void {
		for (const [place, tool] of objectsOf(tools).entries()) {
			const index = countOf(tool["index"]) ?? place;
			const name = textOf(tool["name"]) || textOf(tool["type"]);
			if (isNew(`called ${index}`))
				emit(reading, { type: "server_tool", name, arguments: argumentsOf(tool["arguments"]) });
			const text = resultText(objectOf(tool["search_results"])["results"]) || resultText(tool["output"]);
			if (text !== "" && isNew(`came of ${index}`)) addToolResult(reading, { name, ok: true, text });
		}
	}

	function ofPayload(payload: JsonObject): void {
		// xAI's and Perplexity's are addresses alone.
		if (payload["citations"]) for (const url of listOf(payload["citations"])) cite(textOf(url), "");
		if (payload["search_results"]) citeAll(payload["search_results"]);
		if (payload["web_search"]) citeAll(payload["web_search"]);
	}

	function citeAll(sources: Json): void {
		for (const source of objectsOf(sources))
			cite(textOf(source["url"]) || textOf(source["link"]), textOf(source["title"]));
	}

	return { ofDelta, ofPayload };
}
