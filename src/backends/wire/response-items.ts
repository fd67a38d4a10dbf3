import type { Json, JsonObject } from "../../std/json.ts";
import { objectOf, objectsOf, textOf } from "./fields.ts";
import { argumentsOf } from "./json-arguments.ts";
import { addDataUrl, mediaTypeOf } from "./pictures.ts";
import {
	addCitation,
	addImage,
	addReasoning,
	addText,
	addToolCall,
	addToolResult,
	emit,
	type Reading,
} from "./reading.ts";
import { exitCodeOf, resultText } from "./result-text.ts";

/**
 * What has been yielded of one output item already, so that its final form adds only what is missing. `type` is empty
 * until something has told it; `raw` are arguments that came ahead of the item. `earlier`: it was begun before the place
 * where the body begins.
 */
export type Seen = {
	type: string;
	text: boolean;
	reasoning: "none" | "summary" | "content";
	refused: boolean;
	cited: boolean;
	closed: boolean;
	earlier: boolean;
	raw: Json | undefined;
};

/** An item of which nothing has come, in a body that begins in the middle of the response or at its start. */
export function unseen({ from }: Pick<Reading, "from">): Seen {
	const nothing = { text: false, refused: false, cited: false, closed: false, raw: undefined };
	return { type: "", reasoning: "none", earlier: from !== null, ...nothing };
}

/** Yields what the finished item has beyond what was seen of it. */
export function addRest(reading: Reading, seen: Seen, item: JsonObject): void {
	const type = textOf(item["type"]);
	const asked = callerTools.get(type);
	if (type === "message") return addMessage(reading, seen, item);
	if (type === "reasoning") return addThoughts(reading, seen, item);
	if (asked !== undefined && !isRunByProvider(item)) return addCall(reading, seen, { item, asked });
	if (type.endsWith("_call") || type === "program") addServerTool(reading, item, type);
	else if (type === "shell_call_output") addOutcome(reading, "shell", item);
}

/** Some hosts send one and the same reasoning as summary and as content; the first name it comes under counts. */
export function addReasoningAs(
	reading: Reading,
	seen: Seen,
	piece: { name: "summary" | "content"; text: string },
): void {
	if (seen.reasoning === "none") seen.reasoning = piece.name;
	if (seen.reasoning === piece.name) addReasoning(reading, piece.text);
}

/** The names an item is known by: proxies change its id, and a call and its outcome share theirs. */
export function identitiesOf(item: JsonObject): readonly string[] {
	const id = textOf(item["id"]);
	const call = textOf(item["call_id"]);
	return [id, call === "" ? "" : `${textOf(item["type"])} ${call}`].filter((name) => name !== "");
}

/** Yields a source that an annotation names. */
export function addAnnotation(reading: Reading, annotation: JsonObject): void {
	addCitation(reading, textOf(annotation["url"]), textOf(annotation["title"]));
}

function addMessage(reading: Reading, seen: Seen, item: JsonObject): void {
	for (const part of objectsOf(item["content"])) {
		seen.refused ||= part["type"] === "refusal";
		if (seen.earlier) continue;
		if (!seen.text) addText(reading, textOf(part["text"]) || textOf(part["refusal"]) || textOf(part["transcript"]));
		if (seen.cited) continue;
		for (const annotation of objectsOf(part["annotations"])) addAnnotation(reading, annotation);
	}
}

function addThoughts(reading: Reading, seen: Seen, item: JsonObject): void {
	if (seen.earlier || seen.reasoning !== "none") return;
	for (const part of objectsOf(item["summary"]))
		addReasoningAs(reading, seen, { name: "summary", text: textOf(part["text"]) });
	for (const part of objectsOf(item["content"]))
		addReasoningAs(reading, seen, { name: "content", text: textOf(part["text"]) });
}

type Asked = { readonly name: string; readonly field: string };

/** Calls that the caller has to run: the name where the item has none, and where its arguments are. */
const callerTools: ReadonlyMap<string, Asked> = new Map([
	["function_call", { name: "", field: "arguments" }],
	["custom_tool_call", { name: "", field: "input" }],
	["local_shell_call", { name: "local_shell", field: "action" }],
	["shell_call", { name: "shell", field: "action" }],
	["apply_patch_call", { name: "apply_patch", field: "operation" }],
	["computer_call", { name: "computer", field: "action" }],
]);

function addCall(reading: Reading, seen: Seen, { item, asked }: { item: JsonObject; asked: Asked }): void {
	const given = item[asked.field] ?? undefined;
	addToolCall(reading, {
		id: textOf(item["call_id"]) || textOf(item["id"]),
		name: textOf(item["name"]) || asked.name,
		raw: given === undefined || given === "" ? seen.raw : given,
	});
}

// xAI runs its own search tools and reports them as custom calls, whose item id ends in the call's id
// (`ctc_..._xs_call_1`). OpenAI's custom tools are run by the caller; their two ids have nothing in common. Its shell
// runs where its environment is: in a container of OpenAI's, or with the caller.
function isRunByProvider(item: JsonObject): boolean {
	if (item["type"] === "shell_call") return textOf(objectOf(item["environment"])["type"]).startsWith("container");
	const call = textOf(item["call_id"]);
	return item["type"] === "custom_tool_call" && call !== "" && textOf(item["id"]).endsWith(`_${call}`);
}

function addServerTool(reading: Reading, item: JsonObject, type: string): void {
	// `custom_tool`, `mcp`: which one is in the item.
	const name = textOf(item["name"]) || type.replace(/_call$/, "");
	const code = textOf(item["code"]);
	const queries = item["queries"] ?? undefined;
	const raw =
		item["arguments"] ??
		item["input"] ??
		item["action"] ??
		(code !== "" ? { code } : queries === undefined ? undefined : { queries });
	emit(reading, { type: "server_tool", name, arguments: argumentsOf(raw) });
	if (type === "image_generation_call") addPicture(reading, item);
	for (const output of objectsOf(item["outputs"])) addDataUrl(reading, textOf(output["url"]));
	addOutcome(reading, name, item);
}

function addPicture(reading: Reading, item: JsonObject): void {
	const base64 = textOf(item["result"]);
	const format = textOf(item["output_format"]);
	addImage(reading, format === "" ? mediaTypeOf(base64) : `image/${format}`, base64);
}

/** Yields what came of it, where the item says so: outputs, findings, an error. */
function addOutcome(reading: Reading, name: string, item: JsonObject): void {
	const error = item["error"] ?? undefined;
	const parts = [item["outputs"], item["output"], item["results"], objectOf(item["action"])["sources"], error];
	const text = parts
		.map((part) => resultText(part))
		.filter((part) => part !== "")
		.join("\n");
	const ok = error === undefined && item["status"] !== "failed" && !objectsOf(item["output"]).some(hasFailed);
	if (text !== "" || !ok) addToolResult(reading, { name, ok, text });
}

function hasFailed(output: JsonObject): boolean {
	return exitCodeOf(output) !== 0 || objectOf(output["outcome"])["type"] === "timeout";
}
