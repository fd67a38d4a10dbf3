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
	repetition: true,
} as const satisfies Record<FailureCode, boolean>;

/** A failure whose message is fit to be shown: without keys, and short. */
export function makeFailure(code: FailureCode, message: string, retryAfterMs: number | null = null): Failure {
	return { code, retryable: retryable[code], retryAfterMs, message: withoutSecrets(message) };
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

/** A text of a provider's that is fit to be shown: without what looks like a key, and short. */
export function withoutSecrets(message: string): string {
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
// {type:"error",code,message} OpenAI in a stream; {response:{error}} when a response failed; {object:"error",message} vLLM
// and Mistral, {message,code} Cerebras, {statusCode,message} Azure; {detail} FastAPI, also as a message; {errors:[{code,
// message}]} Cloudflare, {error:[...]} its gateway; [{error}] Gemini without SSE.
function errorIn(body: unknown): Words {
	if (typeof body === "string") return { words: [], status: null, message: body.trim(), retryAfterMs: null };
	const [first]: readonly unknown[] = Array.isArray(body) ? body : [body];
	if (!isJsonObject(first)) return { words: [], status: null, message: "", retryAfterMs: null };
	const outer = innermost(first);
	const error = isJsonObject(outer["error"]) ? outer["error"] : outer;
	const said = isJsonObject(error["message"]) ? error["message"] : error;
	const wrong = firstObject(said["detail"]);
	const text = [said["message"], outer["error"], said["detail"], outer["message"], wrong["msg"]].find(
		(value) => typeof value === "string",
	);
	const checked = wrong["msg"] === undefined ? undefined : "validation_error";
	const named = [error["code"], error["type"], error["status"], outer["code"], checked, ...reasonsIn(error)];
	const numbers = statusNames.map((name) => Number(error[name]));
	return {
		words: named.filter((value) => typeof value === "string").map(asWord),
		status: numbers.find((value) => value >= 400 && value < 600) ?? null,
		message: typeof text === "string" ? text : "",
		retryAfterMs: retryDelayIn(error),
	};
}

const statusNames = ["code", "status_code", "status", "statusCode", "raw_status_code"] as const;

// xAI's codes are sentences or in kebab case.
function asWord(named: string): string {
	return named.toLowerCase().replaceAll(/[\s-]+/g, "_");
}

function firstObject(list: Json | undefined): JsonObject {
	const [first]: readonly unknown[] = Array.isArray(list) ? list : [];
	return isJsonObject(first) ? first : {};
}

function innermost(body: JsonObject): JsonObject {
	if (isJsonObject(body["response"])) return body["response"];
	const [listed]: readonly unknown[] = [body["errors"], body["error"]].flatMap((list) =>
		Array.isArray(list) ? list.slice(0, 1) : [],
	);
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

/**
 * The first row that fits decides, so what is specific stands above what is general. Numbers in words are GLM's codes:
 * https://docs.z.ai/api-reference/api-code
 */
const wordRows: readonly (readonly [FailureCode, RegExp, RegExp | null])[] = [
	[
		"quota",
		/^(insufficient_quota|exceeded_current_quota_error|billing_error|billing_hard_limit_reached|billing_not_active|payment_required|insufficient_credits?|credits?_exhausted|credit_limit|1113)$/,
		/used all available credits|monthly spending limit|daily free allocation|^key limit exceeded/i,
	],
	[
		"rate_limited",
		/^(rate_limit(ed|_error|_exceeded|_reached_error)?|model_rate_limit|dynamic_(request|token)_limited|resource_exhausted|some_resource_has_been_exhausted|too_many_requests(_error)?|(request|token)_quota_exceeded|queue_exceeded|service_tier_capacity_exceeded|tokens|requests|130[2358])$/,
		null,
	],
	[
		"overloaded",
		/^(overloaded(_error)?|unavailable(_error)?|(the_)?service_(is_currently_)?unavailable|engine_overloaded(_error)?|server_(is_)?overloaded|slow_down|no_?capacity|capacity_exceeded|flex_tier_capacity_exceeded)$/,
		/overloaded|out of capacity|over capacity|at capacity|capacity (temporarily |currently )?exceeded/i,
	],
	[
		"context_length",
		/context_length|context_size|context_window|prompt_too_long|^1261$/,
		/prompt is too long|input is too long|context (length|window|size|limit)|maximum prompt length|exceeded model token limit|input token count .*exceeds|reduce the length of/i,
	],
	[
		"content_filtered",
		/content_?filter|content_policy|(bio|cyber|misalignment|usage)_policy|moderation|responsible_?ai|safety|invalid_prompt|data_inspection_failed|^1301$/,
		/content (management )?policy|flagged as potentially violating|requires moderation|input was flagged|considered high risk|content exists risk|prompt blocked/i,
	],
	[
		"quota",
		/^(quota_exceeded)$/,
		/credit balance|insufficient (balance|credits?|quota)|exceeded your current quota|requires more credits/i,
	],
	[
		"not_found",
		/^(model_not_found|not_found|not_found_?error|resource_not_found(_error)?|model_not_available|model_not_active|model_decommissioned|unsupported_model|invalid_model|deployment_?not_?found|1211)$/,
		/model .*(does not exist|not found|not supported|decommissioned)|no such model|no models? (is |are )?loaded|not a valid model|no endpoints found|^not found$/i,
	],
	[
		"auth",
		/^((invalid|incorrect|wrong)_api_key(_error)?|api_key_invalid|authentication_?error|permission_error|unauthenticated|permission_denied|the_caller_does_not_have_permission.*|unauthorized|forbidden|access_denied|invalid_authentication(_error)?|account_deactivated|organization_restricted|unsupported_country_region_territory|100[0-4]|1220)$/,
		/api[ _-]key (is )?(not valid|invalid|missing|expired|not found)|(invalid|incorrect|missing|wrong) api[ _-]key|invalid subscription key|no auth credentials|^authentication (error|fails|failed)|unauthori[sz]ed/i,
	],
	[
		"rate_limited",
		/^$/,
		/rate limit|too many requests|(requests|tokens) per (second|minute|hour|day)|maximum concurrency|organization concurrency/i,
	],
	[
		"bad_request",
		/^(invalid_request(_error|_message)?|invalid_argument|client_specified_an_invalid_argument|bad_?request(_?error)?|validation_error|unprocessable_entity(_error)?|request_too_large|failed_precondition|out_of_range|unsupported_(parameter|value)|not_supported_error|operation_?not_?supported|invalid_value|tool_use_failed|json_validate_failed|failedgeneration|(invalid|empty|unsupported|failed_to_download)_\w*image\w*|image_\w+|121[0234])$/,
		/\bbad input\b|input validation error/i,
	],
	[
		"server",
		/^(server_error|api_error|internal(_error|_server_error)?|internalservererror|timeout_error|deadline_exceeded|gateway_timeout|aborted|cancelled|unknown)$/,
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
