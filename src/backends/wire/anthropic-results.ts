import type { JsonObject } from "../../std/json.ts";
import { objectOf, textOf } from "./fields.ts";
import { exitCodeOf, resultText } from "./result-text.ts";

const suffix = "_tool_result";

/** Whether a block tells what came of a tool that the API ran: `web_search_tool_result`, `mcp_tool_result`, ... */
export function isServerResult(block: JsonObject): boolean {
	return textOf(block["type"]).endsWith(suffix);
}

/**
 * Such a block for people. `content` is a list of findings, an outcome, or an error in the place of either; the name of
 * the tool is where its call was, so the kind of the block has to do where that is not known.
 */
export function serverResultOf(block: JsonObject, known: string): { name: string; ok: boolean; text: string } {
	const outcome = objectOf(block["content"]);
	const isError = block["is_error"] === true || textOf(outcome["type"]).endsWith("_error");
	return {
		name: known === "" ? textOf(block["type"]).slice(0, -suffix.length) : known,
		ok: !isError && exitCodeOf(outcome) === 0,
		text: resultText(block["content"]),
	};
}
