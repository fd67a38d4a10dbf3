import { isJsonObject, type Json, type JsonObject } from "../../../src/std/json.ts";
import type { Came, Reply } from "../chat/loopback.ts";

/** The arguments of a call, from its query and its form or JSON; null: the body cannot be read. */
export function argsOf(came: Came, formOnly: boolean): JsonObject | null {
	const type = came.headers["content-type"] ?? "";
	const query = formed(came.query);
	if (type.startsWith("application/json")) {
		const body = parsed(came.body.toString());
		if (!isJsonObject(body)) return null;
		return formOnly ? query : { ...query, ...body };
	}
	if (type !== "" && !type.startsWith("application/x-www-form-urlencoded")) return null;
	return { ...query, ...formed(new URLSearchParams(came.body.toString())) };
}

export function bearerOf({ headers }: Came): string | null {
	return /^Bearer (\S+)$/.exec(headers["authorization"] ?? "")?.[1] ?? null;
}

/** A client that names itself in the manner of Basic authentication, as arguments. */
export function clientOf({ headers }: Came): JsonObject {
	const basic = /^Basic (\S+)$/.exec(headers["authorization"] ?? "")?.[1];
	if (basic === undefined) return {};
	const [id = "", secret = ""] = Buffer.from(basic, "base64").toString().split(":");
	return { client_id: id, client_secret: secret };
}

/** A call that Slack refuses with a word, as a whole answer; for a fault, or for a test's own endpoint. */
export function slackError(error: string, more: JsonObject = {}): Reply {
	return { status: 200, body: { ok: false, error, ...more } };
}

/** Slack's 429. */
export function slackRateLimited(retryAfterSeconds: number): Reply {
	return {
		status: 429,
		headers: { "retry-after": String(retryAfterSeconds) },
		body: { ok: false, error: "ratelimited" },
	};
}

/** In a form, what is no text is JSON. */
function formed(form: URLSearchParams): JsonObject {
	return Object.fromEntries(
		[...form].map(([name, value]): [string, Json] => [
			name,
			structured.has(name) ? (parsed(value) ?? value) : value,
		]),
	);
}

const structured = new Set([
	"blocks",
	"chunks",
	"files",
	"link_names",
	"loading_messages",
	"metadata",
	"prompts",
	"unfurl_links",
	"unfurl_media",
	"view",
]);

export function parsed(text: string): Json | undefined {
	try {
		return JSON.parse(text) as Json;
	} catch {
		return undefined;
	}
}
