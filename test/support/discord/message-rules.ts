import { isJsonObject, type Json, type JsonObject } from "../../../src/std/json.ts";
import type { Reply } from "../chat/loopback.ts";
import { breaksDiscord, componentProblems } from "./component-rules.ts";
import { badLength, discordError, formError, plainError, tooLong, type Problem } from "./discord-errors.ts";
import { discordLimits as limits, messageFlags } from "./discord-limits.ts";

export type SentFile = { readonly name: string; readonly bytes: Buffer };
export type Sent = {
	readonly body: JsonObject;
	readonly files: readonly SentFile[];
	/** The flags that the message has already. */
	readonly flags: number;
	/** Those that may be set here. */
	readonly flagsAllowed: number;
};

/** What Discord would refuse this message for, or null. */
export function messageFault({ body, files, flags, flagsAllowed }: Sent): Reply | null {
	if (files.some(({ bytes }) => bytes.length > limits.fileBytesMax)) return discordError(40005);
	const asked = Number(body["flags"] ?? 0);
	const isV2 = ((flags | asked) & messageFlags.componentsV2) !== 0;
	const problems = [
		...((asked & ~flagsAllowed) === 0
			? []
			: [{ at: "flags", code: "BASE_TYPE_CHOICES", message: "Invalid flags" }]),
		...(files.length > limits.filesMax ? [badLength("attachments", 0, limits.filesMax)] : []),
		...contentProblems(body["content"]),
		...embedProblems(body["embeds"]),
		...componentProblems(body["components"], isV2 ? "v2" : "v1"),
		...(isV2 ? forbidden(body) : []),
		...mentionProblems(body["allowed_mentions"]),
		...nonceProblems(body["nonce"]),
		...attachmentProblems(body["attachments"], files),
	];
	if (problems.length > 0) return formError(problems);
	return isV2 && breaksDiscord(body["components"]) ? plainError(500) : null;
}

/** Whether a new message would show nothing. */
export function isEmptyMessage({ body, files }: Pick<Sent, "body" | "files">): boolean {
	const shown = ["embeds", "components", "sticker_ids"].some((key) => listOf(body[key]).length > 0);
	return !shown && files.length === 0 && (body["content"] ?? "") === "" && body["poll"] === undefined;
}

function contentProblems(content: Json | undefined): Problem[] {
	return typeof content === "string" && content.length > limits.contentCharsMax
		? [tooLong("content", limits.contentCharsMax)]
		: [];
}

/** A message of components has nothing but components; null and an empty list take away what was there. */
function forbidden(body: JsonObject): Problem[] {
	const found = ["content", "embeds", "poll", "sticker_ids"].filter((key) => {
		const value = body[key];
		return value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0);
	});
	return found.map((at) => ({
		at,
		code: "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
		message: `The '${at}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`,
	}));
}

const embedCharsMax: readonly (readonly [path: readonly string[], max: number])[] = [
	[["title"], limits.embedTitleCharsMax],
	[["description"], limits.embedDescriptionCharsMax],
	[["footer", "text"], limits.embedFooterCharsMax],
	[["author", "name"], limits.embedAuthorCharsMax],
];

function embedProblems(embeds: Json | undefined): Problem[] {
	const list = listOf(embeds).filter(isJsonObject);
	const total = list.reduce((sum, embed) => sum + embedLength(embed), 0);
	const message = `Embed size exceeds maximum size of ${limits.embedsCharsMax}`;
	return [
		...(list.length > limits.embedsMax ? [badLength("embeds", 0, limits.embedsMax)] : []),
		...list.flatMap((embed, index) => oneEmbed(embed, `embeds.${index}`)),
		...(total > limits.embedsCharsMax ? [{ at: "embeds", code: "MAX_EMBED_SIZE_EXCEEDED", message }] : []),
	];
}

function oneEmbed(embed: JsonObject, at: string): Problem[] {
	const fields = listOf(embed["fields"]).filter(isJsonObject);
	return [
		...embedCharsMax.flatMap(([path, max]) =>
			textAt(embed, path).length > max ? [tooLong(`${at}.${path.join(".")}`, max)] : [],
		),
		...(fields.length > limits.embedFieldsMax ? [badLength(`${at}.fields`, 0, limits.embedFieldsMax)] : []),
		...fields.flatMap((field, index) => [
			...fieldProblems(field, "name", limits.embedFieldNameCharsMax, `${at}.fields.${index}`),
			...fieldProblems(field, "value", limits.embedFieldValueCharsMax, `${at}.fields.${index}`),
		]),
	];
}

function fieldProblems(field: JsonObject, key: string, max: number, at: string): Problem[] {
	const { length } = textAt(field, [key]);
	return length < 1 || length > max ? [badLength(`${at}.${key}`, 1, max)] : [];
}

function embedLength(embed: JsonObject): number {
	const own = embedCharsMax.map(([path]) => textAt(embed, path));
	const fields = listOf(embed["fields"])
		.filter(isJsonObject)
		.flatMap((field) => [textAt(field, ["name"]), textAt(field, ["value"])]);
	return [...own, ...fields].reduce((sum, text) => sum + text.length, 0);
}

function mentionProblems(allowed: Json | undefined): Problem[] {
	if (!isJsonObject(allowed)) return [];
	const parse = listOf(allowed["parse"]);
	const odd = parse.some((kind) => kind !== "users" && kind !== "roles" && kind !== "everyone");
	const both = ["users", "roles"].filter((kind) => parse.includes(kind) && listOf(allowed[kind]).length > 0);
	const many = listOf(allowed["users"]).length > limits.mentionedUsersMax;
	return [
		...(odd ? [{ at: "allowed_mentions.parse", code: "BASE_TYPE_CHOICES", message: "Invalid kind" }] : []),
		...both.map((kind) => ({
			at: "allowed_mentions",
			code: "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
			message: `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`,
		})),
		...(many ? [badLength("allowed_mentions.users", 0, limits.mentionedUsersMax)] : []),
	];
}

function nonceProblems(nonce: Json | undefined): Problem[] {
	return String(nonce ?? "").length > limits.nonceCharsMax ? [tooLong("nonce", limits.nonceCharsMax)] : [];
}

/** Each file that is described must have come. */
function attachmentProblems(attachments: Json | undefined, files: readonly SentFile[]): Problem[] {
	const fresh = listOf(attachments).filter((one) => isJsonObject(one) && /^\d{1,2}$/.test(String(one["id"])));
	return fresh.length > files.length
		? [{ at: "attachments", code: "ATTACHMENT_NOT_FOUND", message: "Attachment data not found" }]
		: [];
}

function textAt(value: Json | undefined, path: readonly string[]): string {
	const found = path.reduce<Json | undefined>((inner, key) => (isJsonObject(inner) ? inner[key] : undefined), value);
	return typeof found === "string" ? found : "";
}

export function listOf(value: Json | undefined): readonly Json[] {
	return Array.isArray(value) ? value : [];
}
