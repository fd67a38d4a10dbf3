import type { JsonObject } from "../../std/json.ts";
import { listOf, objectOf, objectsOf, textOf } from "./fields.ts";
import { addCitation, addToolResult, emit, type Reading } from "./reading.ts";
import { resultText } from "./result-text.ts";
import { toldOnce } from "./told-once.ts";

/** Searches, sources and pages that are remembered; several chunks may repeat them. */
export const groundingMax = 1024;

/** What Google looked up for one answer: each thing is told once. */
export type GeminiGrounding = { readonly add: (candidate: JsonObject) => void };

/** Reads a candidate's grounding, its citations and the pages that were fetched for it. */
export function geminiGrounding(reading: Reading): GeminiGrounding {
	const isNew = toldOnce(groundingMax);

	function cite(source: JsonObject): boolean {
		const url = textOf(source["uri"]);
		if (url === "" || !isNew(url)) return false;
		addCitation(reading, url, textOf(source["title"]));
		return true;
	}

	function addSearch(grounding: JsonObject): void {
		const queries = listOf(grounding["webSearchQueries"]);
		if (queries.length > 0 && isNew(JSON.stringify(queries)))
			emit(reading, { type: "server_tool", name: "google_search", arguments: { queries } });
		const found = objectsOf(grounding["groundingChunks"]).map(sourceOf).filter(cite);
		if (found.length > 0) addToolResult(reading, { name: "google_search", ok: true, text: resultText(found) });
	}

	function addPages(pages: readonly JsonObject[]): void {
		const text = resultText(pages);
		const ok = pages.every((page) => textOf(page["urlRetrievalStatus"]).endsWith("_SUCCESS"));
		if (text !== "" && isNew(text)) addToolResult(reading, { name: "url_context", ok, text });
	}

	function add(candidate: JsonObject): void {
		if (candidate["groundingMetadata"]) addSearch(objectOf(candidate["groundingMetadata"]));
		if (candidate["urlContextMetadata"])
			addPages(objectsOf(objectOf(candidate["urlContextMetadata"])["urlMetadata"]));
		if (candidate["citationMetadata"]) {
			const { citations, citationSources } = objectOf(candidate["citationMetadata"]);
			objectsOf(citationSources ?? citations).forEach(cite);
		}
	}

	return { add };
}

function sourceOf(chunk: JsonObject): JsonObject {
	return objectOf(chunk["web"] ?? chunk["retrievedContext"] ?? chunk["maps"]);
}
