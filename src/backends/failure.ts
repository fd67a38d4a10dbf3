import { isJsonObject, type Json, type JsonObject } from "../std/json.ts";
import type { Failure, FailureCode } from "./backend.ts";

/** What is known of a failed call. `status`: of HTTP, null for an error inside a stream. `body`: as text or parsed. */
export type Reported = {
	readonly status: number | null;
	readonly body: unknown;
	readonly retryAfterMs?: number | null;
};

const messageCharsMax = 500;

/**
 * Reads why a call failed. The body's own words count more than the status: 400 with `model_not_found` is `not_found`,
 * and 429 with `insufficient_quota` is not worth a retry.
 */
export function failureOf(reported: Reported): Failure {
	const error = errorIn(parsed(reported.body));
	const code = codeOfWords(error.words, error.message) ?? codeOfStatus(error.status ?? reported.status) ?? "server";
	const message =
		error.message === ""
			? `the provider failed${reported.status === null ? "" : ` (HTTP ${reported.status})`}`
			: error.message;
	return makeFailure(code, message, error.retryAfterMs ?? reported.retryAfterMs ?? null);
}

const retryable = {
	rate_limited: true,
	overloaded: true,
	server: true,
	bad_stream: true,
	network: true,
	first_byte_timeout: true,
	stall_timeout: true,
	auth: false,
	bad_request: false,
	not_found: false,
	context_length: false,
	content_filtered: false,
	quota: false,
	output_too_large: false,
} as const satisfies Record<FailureCode, boolean>;

/** A failure whose message is fit to be shown: without keys, and short. */
export function makeFailure(code: FailureCode, message: string, retryAfterMs: number | null = null): Failure {
	return { code, retryable: retryable[code], retryAfterMs, message: shown(message) };
}

const secrets: readonly (readonly [RegExp, string])[] = [
	[/\b(bearer|basic)\s+[\w.~+/=*-]{6,}/gi, "$1 [redacted]"],
	[/:\/\/[^\s/@]+@/g, "://[redacted]@"],
	[
		/\b((?:x-)?(?:goog-)?api[-_]?key|key|access[-_]?token|token|secret|password|authorization)(["']?\s*[=:]\s*["']?)[^\s"'&,;]{6,}/gi,
		"$1$2[redacted]",
	],
	[/\b(?:sk|pk|rk|xai|gsk|csk|fw|tgp|key|xoxb|ghp|hf)[-_][\w*.-]{6,}/g, "[redacted]"],
	[/\bAIza[\w-]{10,}/g, "[redacted]"],
	// A long run of letters and digits with both in it, as keys without a prefix are; words and numbers are shorter.
	[/\b(?=\w*\d)(?=\w*[A-Za-z])[A-Za-z0-9_]{40,}\b/g, "[redacted]"],
];

function shown(message: string): string {
	// Cut first, so that no key costs a search through megabytes; far enough behind the end that none is cut in half.
	let text = message.slice(0, 4 * messageCharsMax);
	for (const [secret, replacement] of secrets) text = text.replace(secret, replacement);
	return text.length <= messageCharsMax ? text : `${text.slice(0, messageCharsMax - 1).toWellFormed()}…`;
}

const keyCharactersMin = 8;
const keyBeginningMin = 6;

/** Without the key that the call was made with, whatever its form, also where the end of the message has cut it off. */
export function withoutKey(failure: Failure, key: string | null): Failure {
	// A shorter key is a placeholder for a local server, and would blot out words.
	if (key === null || key.length < keyCharactersMin) return failure;
	return { ...failure, message: withoutBeginning(failure.message.replaceAll(key, "[key]"), key) };
}

function withoutBeginning(message: string, key: string): string {
	const said = message.replace(/…$/, "");
	for (let length = key.length - 1; length >= keyBeginningMin; length -= 1)
		if (said.endsWith(key.slice(0, length))) return `${said.slice(0, -length)}[key]${message.slice(said.length)}`;
	return message;
}

type Words = {
	readonly words: readonly string[];
	readonly status: number | null;
	readonly message: string;
	readonly retryAfterMs: number | null;
};

// Seen: {error:{type,code,status,message}} nearly everywhere; {error:"text"} Ollama, and with a code beside it xAI;
// {type:"error",code,message} OpenAI in a stream; {response:{error}} when a response failed; {object:"error",message} vLLM;
// {detail} FastAPI; {errors:[{code,message}]} Cloudflare; [{error}] Gemini without SSE.
function errorIn(body: unknown): Words {
	if (typeof body === "string") return { words: [], status: null, message: body.trim(), retryAfterMs: null };
	const [first]: readonly unknown[] = Array.isArray(body) ? body : [body];
	if (!isJsonObject(first)) return { words: [], status: null, message: "", retryAfterMs: null };
	const outer = innermost(first);
	const error = isJsonObject(outer["error"]) ? outer["error"] : outer;
	const text = [error["message"], outer["error"], error["detail"], outer["message"]].find(
		(value) => typeof value === "string",
	);
	const named = [error["code"], error["type"], error["status"], outer["code"], ...reasonsIn(error)];
	const numbers = [error["code"], error["status_code"], error["status"]].map(Number);
	return {
		words: named.filter((value) => typeof value === "string").map((word) => word.toLowerCase()),
		status: numbers.find((value) => value >= 400 && value < 600) ?? null,
		message: typeof text === "string" ? text : "",
		retryAfterMs: retryDelayIn(error),
	};
}

function innermost(body: JsonObject): JsonObject {
	if (isJsonObject(body["response"])) return body["response"];
	const [listed] = Array.isArray(body["errors"]) ? body["errors"] : [];
	return isJsonObject(listed) ? listed : body;
}

function detailsIn(error: JsonObject): readonly JsonObject[] {
	const details: Json | undefined = error["details"];
	return Array.isArray(details) ? details.filter(isJsonObject) : [];
}

function reasonsIn(error: JsonObject): readonly (Json | undefined)[] {
	return detailsIn(error).map((detail) => detail["reason"]);
}

// google.rpc.RetryInfo: Gemini sends no `retry-after` header. https://cloud.google.com/apis/design/errors#retry_info
function retryDelayIn(error: JsonObject): number | null {
	for (const detail of detailsIn(error)) {
		const { retryDelay } = detail;
		const [, seconds] = typeof retryDelay === "string" ? (/^(\d+(?:\.\d+)?)s$/.exec(retryDelay) ?? []) : [];
		if (seconds !== undefined) return Math.round(Number(seconds) * 1000);
	}
	return null;
}

/** The first row that fits decides, so what is specific stands above what is general. */
const wordRows: readonly (readonly [FailureCode, RegExp, RegExp | null])[] = [
	[
		"quota",
		/^(insufficient_quota|billing_error|billing_hard_limit_reached|payment_required|insufficient_credits?|credits?_exhausted)$/,
		null,
	],
	["rate_limited", /^(rate_limit(ed|_error|_exceeded)?|resource_exhausted|too_many_requests|tokens|requests)$/, null],
	[
		"overloaded",
		/^(overloaded(_error)?|unavailable|service_unavailable|engine_overloaded|server_overloaded|no_capacity)$/,
		/overloaded|out of capacity|over capacity/i,
	],
	[
		"context_length",
		/context_length|context_size|context_window|prompt_too_long/,
		/prompt is too long|context (length|window|size|limit)|input token count .*exceeds|reduce the length of/i,
	],
	[
		"content_filtered",
		/content_filter|content_policy|moderation|responsible_ai|safety|invalid_prompt/,
		/content (management )?policy|flagged as potentially violating/i,
	],
	[
		"not_found",
		/^(model_not_found|not_found|not_found_error|model_not_available|unsupported_model)$/,
		/model .*(does not exist|not found|not supported)|no such model|no endpoints found/i,
	],
	[
		"auth",
		/^(invalid_api_key|incorrect_api_key|api_key_invalid|authentication_error|permission_error|unauthenticated|permission_denied|unauthorized|forbidden|access_denied|invalid_authentication)$/,
		/api[ _-]key (is )?(not valid|invalid|missing|expired|not found)|(invalid|incorrect|missing) api[ _-]key|unauthori[sz]ed/i,
	],
	[
		"quota",
		/^(quota_exceeded)$/,
		/credit balance|insufficient (balance|credits?|quota)|exceeded your current quota|requires more credits/i,
	],
	["rate_limited", /^$/, /rate limit|too many requests/i],
	[
		"bad_request",
		/^(invalid_request(_error)?|invalid_argument|bad_request(_error|error)?|badrequesterror|request_too_large|failed_precondition|out_of_range|unsupported_parameter|invalid_value|tool_use_failed|failedgeneration)$/,
		null,
	],
	[
		"server",
		/^(server_error|api_error|internal(_error|_server_error)?|internalservererror|timeout_error|deadline_exceeded|gateway_timeout|aborted|unknown)$/,
		null,
	],
];

function codeOfWords(words: readonly string[], message: string): FailureCode | null {
	const row = wordRows.find(
		([, word, phrase]) => words.some((said) => word.test(said)) || phrase?.test(message) === true,
	);
	return row === undefined ? null : row[0];
}

const statusCodes: ReadonlyMap<number, FailureCode> = new Map([
	[401, "auth"],
	[402, "quota"],
	[403, "auth"],
	[404, "not_found"],
	[408, "server"],
	[409, "server"],
	[425, "server"],
	[429, "rate_limited"],
	[503, "overloaded"],
	[529, "overloaded"],
]);

function codeOfStatus(status: number | null): FailureCode | null {
	if (status === null || status < 400) return null;
	return statusCodes.get(status) ?? (status < 500 ? "bad_request" : "server");
}

function parsed(body: unknown): unknown {
	if (typeof body !== "string") return body;
	try {
		return JSON.parse(body);
	} catch {
		return body.trimStart().startsWith("<") ? "" : body; // a proxy's HTML page says nothing that the status does not
	}
}
