import { isJsonObject, type Json, type JsonObject } from "../../../src/std/json.ts";
import { displayTexts } from "./component-rules.ts";
import { messageFlags } from "./discord-limits.ts";
import { listOf } from "./message-rules.ts";

/** What calls somebody when `allowed_mentions` says nothing: everything from a bot, only people in an interaction. */
export type MentionDefault = "message" | "interaction";

const defaults: Record<MentionDefault, JsonObject> = {
	message: { parse: ["users", "roles", "everyone"], replied_user: true },
	interaction: { parse: ["users"], replied_user: true },
};

/** Whom a message calls, each once. Embeds call nobody. */
export function mentionsIn(body: JsonObject, fallback: MentionDefault, repliedUser: string | null): string[] {
	const text = [String(body["content"] ?? ""), ...displayTexts(body["components"])].join("\n");
	const allowed = isJsonObject(body["allowed_mentions"]) ? body["allowed_mentions"] : defaults[fallback];
	const found = [
		...(may(allowed, "everyone") ? (text.match(/@(?:everyone|here)\b/g) ?? []) : []),
		...[...text.matchAll(/<@!?(\d+)>/g)].flatMap(([mention, id = ""]) =>
			may(allowed, "users", id) ? [mention] : [],
		),
		...[...text.matchAll(/<@&(\d+)>/g)].flatMap(([mention, id = ""]) =>
			may(allowed, "roles", id) ? [mention] : [],
		),
		...(repliedUser !== null && allowed["replied_user"] === true ? [`<@${repliedUser}>`] : []),
	];
	return [...new Set(found)];
}

/** Links that are shown as a preview. */
export function unfurledIn(body: JsonObject): string[] {
	const isSuppressed = (Number(body["flags"] ?? 0) & messageFlags.suppressEmbeds) !== 0;
	// What stands in angle brackets has no preview; a message of components has none at all.
	return isSuppressed ? [] : (String(body["content"] ?? "").match(/(?<!<)https?:\/\/[^\s<>)]+/g) ?? []);
}

function may(allowed: JsonObject, kind: string, id: Json = ""): boolean {
	return listOf(allowed["parse"]).includes(kind) || (id !== "" && listOf(allowed[kind]).includes(id));
}
