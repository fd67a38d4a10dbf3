import { isJsonObject, type Json, type JsonObject } from "../../../src/std/json.ts";

const always = /<!(?:channel|here|everyone)(?:\|[^>]*)?>|<!subteam\^[^>]*>|<@[UW][A-Z0-9]*(?:\|[^>]*)?>/g;
/** Names without their brackets are linked too, where Slack parses a text. */
const parsedToo = /(?<![\w@])@(?:channel|here|everyone)\b/g;
const link = /https?:\/\/[^\s<>|)"']+/g;

/** Whom a message would call, each once: what is escaped, or plain text, calls nobody. */
export function mentionsIn(args: JsonObject): string[] {
	const text = typeof args["text"] === "string" ? args["text"] : "";
	const streamed = typeof args["markdown_text"] === "string" ? args["markdown_text"] : "";
	const isParsed = args["parse"] !== "none" || args["link_names"] === true;
	const found = [
		...called(text, isParsed),
		// Whether markdown calls anybody is undocumented: the fake fears that it does.
		...called(streamed, true),
		...inBlocks(args["blocks"] ?? null),
		...inBlocks(args["chunks"] ?? null),
	];
	return [...new Set(found)];
}

/** The links that a message shows as a preview, unless it forbids that. */
export function unfurled(args: JsonObject): string[] {
	if (args["unfurl_links"] === false && args["unfurl_media"] === false) return [];
	return [...new Set(JSON.stringify([args["text"] ?? "", args["blocks"] ?? []]).match(link) ?? [])];
}

function inBlocks(value: Json): string[] {
	if (Array.isArray(value)) return value.flatMap(inBlocks);
	if (!isJsonObject(value)) return [];
	const { type, text } = value;
	if (type === "mrkdwn" || type === "markdown" || type === "markdown_text")
		return called(String(text), value["verbatim"] !== true);
	if (type === "user") return [`<@${String(value["user_id"])}>`];
	if (type === "usergroup") return [`<!subteam^${String(value["usergroup_id"])}>`];
	if (type === "broadcast") return [`<!${String(value["range"])}>`];
	return Object.values(value).flatMap(inBlocks);
}

function called(text: string, isParsed: boolean): string[] {
	return [...(text.match(always) ?? []), ...(isParsed ? (text.match(parsedToo) ?? []) : [])];
}
