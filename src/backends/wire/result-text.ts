import { isJsonObject, type Json, type JsonObject } from "../../std/json.ts";

/** Results are lists of objects with a list inside; what lies deeper is not for people. */
export const resultDepthMax = 4;

/**
 * What a tool of a provider came to, as lines for people, whichever provider ran it: a source is its title, address and
 * status on one line and nothing of its content; texts and outputs stand as they are, one after the other. Ids and
 * encrypted parts are left out.
 */
export function resultText(value: Json | undefined, depth = 0): string {
	if (typeof value === "string") return value.trim();
	if (depth >= resultDepthMax) return "";
	if (Array.isArray(value)) return joined(value.map((item: Json) => resultText(item, depth + 1)));
	return isJsonObject(value) ? objectText(value, depth) : "";
}

// Each name is one that a provider has for it; an object has at most one of each.
const titles = ["title", "filename", "file_name", "name"];
const addresses = ["url", "uri", "retrievedUrl", "document_uri"];
const statuses = ["status", "urlRetrievalStatus"];
const texts = ["error_code", "error_message", "message", "text", "logs", "stdout", "stderr"];
const containers = [
	"content",
	"results",
	"result",
	"output",
	"outputs",
	"places",
	"sources",
	"tool_references",
	"lines",
];

function objectText(value: JsonObject, depth: number): string {
	const title = firstOf(value, titles);
	const address = firstOf(value, addresses);
	// A picture in place of an address is shown as a picture.
	if (address.startsWith("data:")) return "";
	if (address !== "") return [title, address, firstOf(value, statuses)].filter((part) => part !== "").join(" ");
	return joined([title, ...bodyOf(value, depth), outcomeLine(value)]);
}

function firstOf(value: JsonObject, names: readonly string[]): string {
	for (const name of names) {
		const text = value[name];
		if (typeof text === "string" && text !== "") return text;
	}
	return "";
}

function outcomeLine(value: JsonObject): string {
	const code = exitCodeOf(value);
	return code === 0 ? "" : `exit code ${code}`;
}

/** What a program returned, 0 where that is not said. */
export function exitCodeOf(value: JsonObject): number {
	const outcome = isJsonObject(value["outcome"]) ? value["outcome"] : value;
	const code = outcome["return_code"] ?? outcome["exit_code"];
	return typeof code === "number" ? code : 0;
}

function bodyOf(value: JsonObject, depth: number): readonly string[] {
	const plain = texts.map((name) => (typeof value[name] === "string" ? resultText(value[name]) : ""));
	return [...plain, ...containers.map((name) => resultText(value[name], depth + 1))];
}

function joined(lines: readonly string[]): string {
	return lines.filter((line) => line !== "").join("\n");
}
