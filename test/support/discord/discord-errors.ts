import type { JsonObject } from "../../../src/std/json.ts";
import type { Reply } from "../chat/loopback.ts";

/** https://discord.com/developers/docs/topics/opcodes-and-status-codes#json */
const errors = {
	10003: [404, "Unknown Channel"],
	10008: [404, "Unknown Message"],
	10013: [404, "Unknown User"],
	10015: [404, "Unknown Webhook"],
	10062: [404, "Unknown interaction"],
	30046: [429, "Maximum number of edits to messages older than 1 hour reached. Try again later"],
	40005: [413, "Request entity too large"],
	40060: [400, "Interaction has already been acknowledged."],
	40094: [400, "This interaction has reached the maximum number of follow up messages"],
	50001: [403, "Missing Access"],
	50005: [403, "Cannot edit a message authored by another user"],
	50006: [400, "Cannot send an empty message"],
	50007: [403, "Cannot send messages to this user"],
	50013: [403, "Missing Permissions"],
	50024: [400, "Cannot execute action on this channel type"],
	50027: [401, "Invalid Webhook Token"],
	50083: [400, "Thread is archived"],
	160004: [400, "A thread has already been created for this message"],
} as const satisfies Record<number, readonly [status: number, message: string]>;

export type DiscordCode = keyof typeof errors;

/** One thing that is wrong with a body: `at` is the path to it, with dots. */
export type Problem = { readonly at: string; readonly code: string; readonly message: string };

export function discordError(code: DiscordCode): Reply {
	const [status, message] = errors[code];
	return { status, body: { message, code } };
}

/** An answer that is no error of a certain kind: a bad token, a wrong address, a server's own fault. */
export function plainError(status: 401 | 404 | 405 | 500 | 502 | 503): Reply {
	return { status, body: { message: `${status}: ${plainTexts[status]}`, code: 0 } };
}

const plainTexts = {
	401: "Unauthorized",
	404: "Not Found",
	405: "Method Not Allowed",
	500: "Internal Server Error",
	502: "Bad Gateway",
	503: "Service Unavailable",
};

export function formError(problems: readonly Problem[]): Reply {
	const nested = problems.reduce<JsonObject>(
		(tree, { at, code, message }) => placed(tree, at.split("."), { _errors: [{ code, message }] }),
		{},
	);
	return { status: 400, body: { message: "Invalid Form Body", code: 50035, errors: nested } };
}

export type RateScope = "user" | "global" | "shared";

/** Discord's 429: the time in the body is exact, that in the header is rounded up. */
export function discordRateLimited(retryAfterSeconds: number, scope: RateScope = "user"): Reply {
	const isGlobal = scope === "global";
	return {
		status: 429,
		headers: {
			"retry-after": String(Math.ceil(retryAfterSeconds)),
			"x-ratelimit-scope": scope,
			...(isGlobal ? { "x-ratelimit-global": "true" } : {}),
		},
		body: { message: "You are being rate limited.", retry_after: retryAfterSeconds, global: isGlobal },
	};
}

function placed(tree: JsonObject, [first = "", ...rest]: readonly string[], leaf: JsonObject): JsonObject {
	const inner = (tree[first] ?? {}) as JsonObject;
	return { ...tree, [first]: rest.length === 0 ? { ...leaf, ...inner } : placed(inner, rest, leaf) };
}

export function tooLong(at: string, max: number): Problem {
	return { at, code: "BASE_TYPE_MAX_LENGTH", message: `Must be ${max} or fewer in length.` };
}

export function badLength(at: string, min: number, max: number): Problem {
	return { at, code: "BASE_TYPE_BAD_LENGTH", message: `Must be between ${min} and ${max} in length.` };
}

export function required(at: string): Problem {
	return { at, code: "BASE_TYPE_REQUIRED", message: "This field is required" };
}

export function notOneOf(at: string): Problem {
	return { at, code: "BASE_TYPE_CHOICES", message: "Value is not one of the allowed choices." };
}
