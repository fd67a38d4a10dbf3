import { expect, test } from "vitest";
import type { FailureCode } from "../../../src/backends/backend.ts";
import { failureOf, makeFailure } from "../../../src/backends/failure.ts";

const error = (fields: object): object => ({ error: fields });

test.each<[string, number | null, unknown, FailureCode]>([
	["the words count more than the status", 400, error({ code: "model_not_found", message: "No" }), "not_found"],
	[
		"429 for want of money is no rate limit",
		429,
		error({ type: "insufficient_quota", code: "insufficient_quota" }),
		"quota",
	],
	[
		"a low balance is said in words only",
		400,
		error({ type: "invalid_request_error", message: "Your credit balance is too low" }),
		"quota",
	],
	[
		"Gemini's quota by the minute is a rate limit",
		429,
		error({ code: 429, status: "RESOURCE_EXHAUSTED", message: "You exceeded your current quota" }),
		"rate_limited",
	],
	["Anthropic overloaded", 529, error({ type: "overloaded_error", message: "Overloaded" }), "overloaded"],
	[
		"Anthropic's prompt too long",
		400,
		error({ type: "invalid_request_error", message: "prompt is too long: 9 tokens > 8 maximum" }),
		"context_length",
	],
	[
		"OpenAI's context",
		400,
		error({ type: "invalid_request_error", code: "context_length_exceeded", message: "Too long" }),
		"context_length",
	],
	[
		"Gemini's context",
		400,
		error({
			code: 400,
			status: "INVALID_ARGUMENT",
			message: "The input token count (9) exceeds the maximum number of tokens allowed (8).",
		}),
		"context_length",
	],
	[
		"llama.cpp's context",
		400,
		error({ code: 400, type: "exceed_context_size_error", message: "request exceeds" }),
		"context_length",
	],
	[
		"a filter of Azure's",
		400,
		error({ code: "content_filter", message: "The response was filtered" }),
		"content_filtered",
	],
	[
		"a key that is not valid",
		400,
		error({ code: 400, status: "INVALID_ARGUMENT", message: "API key not valid. Please pass a valid API key." }),
		"auth",
	],
	[
		"no permission",
		403,
		error({ code: 403, status: "PERMISSION_DENIED", message: "The caller does not have permission" }),
		"auth",
	],
	[
		"xAI puts text where others have an object",
		400,
		{ code: "Some requested entity was not found", error: "The model grok-0 does not exist" },
		"not_found",
	],
	[
		"vLLM has no error object",
		400,
		{
			object: "error",
			message: "This model's maximum context length is 8 tokens",
			type: "BadRequestError",
			code: 400,
		},
		"context_length",
	],
	["a wrong request", 400, error({ type: "invalid_request_error", message: "Unknown parameter" }), "bad_request"],
	["a status inside the body, in a stream", null, error({ code: 502, message: "Provider returned error" }), "server"],
	["a status inside the body, as text", null, error({ code: "429", message: "slow" }), "rate_limited"],
	["words that nobody knows, in a stream", null, error({ code: "unknown-error", message: "Foobar" }), "server"],
	["only a status", 404, "", "not_found"],
	["a page of a proxy", 503, "<html>Service Unavailable</html>", "overloaded"],
	["plain text", 502, "Bad gateway", "server"],
	["a status of ours", 422, { detail: [{ loc: ["body"] }] }, "bad_request"],
	[
		"Cerebras has no error object, and says quota where a rate is meant",
		null,
		{
			message: "Tokens per day limit exceeded",
			type: "too_many_tokens_error",
			param: "quota",
			code: "token_quota_exceeded",
		},
		"rate_limited",
	],
	[
		"Cerebras, a wrong key",
		null,
		{ message: "Wrong API Key", type: "invalid_request_error", param: "api_key", code: "wrong_api_key" },
		"auth",
	],
	[
		"Mistral, a model",
		null,
		{ object: "error", message: "Invalid model: m", type: "invalid_model", param: null, code: "1500" },
		"not_found",
	],
	[
		"Mistral, a message that is an object",
		null,
		{
			object: "error",
			message: { detail: [{ type: "missing", loc: ["body", "messages"], msg: "Field required" }] },
			type: "invalid_request_message",
			code: null,
			raw_status_code: 422,
		},
		"bad_request",
	],
	[
		"Mistral's tier",
		null,
		{ object: "error", message: "Capacity", type: "service_tier_capacity_exceeded", code: "3505" },
		"rate_limited",
	],
	["FastAPI, what it found wrong", null, { detail: [{ loc: ["body"], msg: "Field required" }] }, "bad_request"],
	["FastAPI, no such path", null, { detail: "Not Found" }, "not_found"],
	[
		"GLM, too many at once",
		null,
		error({ code: "1302", message: "High concurrency usage of this API" }),
		"rate_limited",
	],
	["GLM, no money", null, error({ code: "1113", message: "Please recharge" }), "quota"],
	["GLM, a prompt too long", null, error({ code: "1261", message: "Prompt exceeds max length" }), "context_length"],
	["GLM, a wrong token", null, error({ code: "1002", message: "Token illegal" }), "auth"],
	[
		"Moonshot, no money",
		null,
		error({ type: "exceeded_current_quota_error", message: "You exceeded your current token quota" }),
		"quota",
	],
	[
		"Moonshot, too fast",
		null,
		error({ type: "rate_limit_reached_error", message: "request reached max organization concurrency: 1" }),
		"rate_limited",
	],
	[
		"DeepSeek says no money as a wrong request",
		null,
		error({ message: "Insufficient Balance", type: "unknown_error", code: "invalid_request_error" }),
		"quota",
	],
	[
		"DeepSeek, what it does not like",
		null,
		error({ message: "Content Exists Risk", type: "invalid_request_error" }),
		"content_filtered",
	],
	[
		"xAI has sentences for codes",
		null,
		{ code: "Client specified an invalid argument", error: "Argument not supported: logit_bias" },
		"bad_request",
	],
	[
		"xAI, no money is said as no permission",
		null,
		{
			code: "The caller does not have permission to execute the specified operation",
			error: "Your team has either used all available credits or reached its monthly spending limit.",
		},
		"quota",
	],
	[
		"xAI, at capacity",
		null,
		{ code: "The service is currently unavailable", error: "The model is at capacity" },
		"overloaded",
	],
	["xAI, in kebab case", null, { code: "invalid-argument", error: "No" }, "bad_request"],
	[
		"OpenRouter, what its moderation flagged, under 403",
		null,
		error({ code: 403, message: "m requires moderation. Your input was flagged", metadata: { reasons: ["x"] } }),
		"content_filtered",
	],
	["OpenRouter, a model", null, error({ code: 400, message: "m is not a valid model ID" }), "not_found"],
	[
		"OpenAI, when it is too busy",
		null,
		error({ type: "service_unavailable_error", code: "server_is_overloaded" }),
		"overloaded",
	],
	[
		"OpenAI, a picture",
		null,
		{ response: { error: { code: "image_too_large", message: "Too large" } } },
		"bad_request",
	],
	["OpenAI, a policy", null, { response: { error: { code: "bio_policy", message: "No" } } }, "content_filtered"],
	["Groq, an old model", null, error({ code: "model_decommissioned", type: "invalid_request_error" }), "not_found"],
	[
		"Azure, no such deployment",
		null,
		error({ code: "DeploymentNotFound", message: "The API deployment for this resource does not exist." }),
		"not_found",
	],
	[
		"Azure's gate in front",
		null,
		{ statusCode: 401, message: "Access denied due to invalid subscription key or wrong API endpoint." },
		"auth",
	],
	[
		"Cloudflare, a busy model",
		null,
		{
			success: false,
			errors: [{ code: 3040, message: "AiError: Capacity temporarily exceeded, please try again." }],
		},
		"overloaded",
	],
	[
		"Cloudflare, the free part used up",
		null,
		{ success: false, errors: [{ code: 3036, message: "you have used up your daily free allocation" }] },
		"quota",
	],
	[
		"Cloudflare's gateway has a list",
		null,
		{ success: false, error: [{ code: 2009, message: "Unauthorized" }] },
		"auth",
	],
	[
		"llama.cpp still loading",
		null,
		error({ code: 503, message: "Loading model", type: "unavailable_error" }),
		"overloaded",
	],
	["LM Studio without a model", null, { error: "No models loaded. Please load a model" }, "not_found"],
	["Azure's gate, without a word for it", null, { statusCode: 429, message: "Wait" }, "rate_limited"],
	["a list", 429, [error({ code: 429, status: "RESOURCE_EXHAUSTED" })], "rate_limited"],
])("%s", (_, status, body, expected) => {
	expect(failureOf({ status, body }).code).toBe(expected);
	expect(failureOf({ status, body: typeof body === "string" ? body : JSON.stringify(body) }).code).toBe(expected);
});

const retryInfo = (retryDelay: unknown): object =>
	error({ status: "UNAVAILABLE", details: [{ "@type": "type.googleapis.com/google.rpc.Help" }, { retryDelay }] });

test.each<[string, object, number | undefined, number | null]>([
	["the body says when", retryInfo("34.4s"), undefined, 34_400],
	["the body counts more than a header", retryInfo("7s"), 1000, 7000],
	["a header, where the body does not say", error({ status: "UNAVAILABLE" }), 1000, 1000],
	["what is no delay is none", retryInfo("soon"), undefined, null],
	["nobody says", {}, undefined, null],
])("retryAfterMs: %s", (_, body, header, expected) => {
	expect(
		failureOf({ status: 503, body, ...(header === undefined ? {} : { retryAfterMs: header }) }).retryAfterMs,
	).toBe(expected);
});

test.each<[string, string]>([
	["Incorrect API key provided: sk-proj-Abc123def456.", "Incorrect API key provided: [redacted]"],
	[
		"header Authorization: Bearer abc.DEF-123456 was refused",
		"header Authorization: [redacted] [redacted] was refused",
	],
	["GET https://host/v1?key=AIzaSyA1234567890&alt=sse failed", "GET https://host/v1?key=[redacted]&alt=sse failed"],
	["https://user:hunter2@host/v1 refused", "https://[redacted]@host/v1 refused"],
	['{"api_key":"0123456789"}', '{"api_key":"[redacted]"}'],
	["x-api-key = abcdefgh12", "x-api-key = [redacted]"],
	["gsk_0123456789abcdef and xai-0123456789", "[redacted] and [redacted]"],
	[`a bare ${"a1".repeat(20)} key`, "a bare [redacted] key"],
	["prompt is too long: 212034 tokens > 200000 maximum", "prompt is too long: 212034 tokens > 200000 maximum"],
	["Your API key does not have permission", "Your API key does not have permission"],
])("a message shows no key: %s", (message, expected) => {
	expect(makeFailure("auth", message).message).toBe(expected);
});

test.each<[number, number]>([
	[500, 500],
	[501, 500],
	[1_000_000, 500],
])("a message of %i characters is shown in %i", (chars, expected) => {
	expect(makeFailure("server", "x ".repeat(chars / 2).padEnd(chars, "y")).message.length).toBe(expected);
});

test("a message without words names the status", () => {
	expect(failureOf({ status: 500, body: null })).toEqual({
		code: "server",
		retryable: true,
		retryAfterMs: null,
		message: "the provider failed (HTTP 500)",
	});
});
