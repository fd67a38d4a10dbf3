import { expect, test } from "vitest";
import { retryAfterOf } from "../../../src/backends/pace/retry-after.ts";

const nowMs = 10_000;

test.each<[string, number, Record<string, string>, number | null]>([
	["nothing is told", 429, {}, null],
	["milliseconds (OpenAI) go before seconds", 429, { "retry-after-ms": "1500.4", "retry-after": "9" }, 1500],
	["seconds (Anthropic)", 529, { "retry-after": "15" }, 15_000],
	["a fraction of them", 503, { "retry-after": "0.5" }, 500],
	["a date", 429, { "retry-after": "Thu, 01 Jan 1970 00:00:12 GMT" }, 2000],
	["a date gone by", 429, { "retry-after": "Thu, 01 Jan 1970 00:00:01 GMT" }, 0],
	["words", 429, { "retry-after": "soon" }, null],
	[
		"the reset of the limit that is used up (Anthropic)",
		429,
		{
			"anthropic-ratelimit-requests-remaining": "0",
			"anthropic-ratelimit-requests-reset": "1970-01-01T00:00:13Z",
			"anthropic-ratelimit-tokens-remaining": "5",
			"anthropic-ratelimit-tokens-reset": "1970-01-01T00:00:50Z",
		},
		3000,
	],
	[
		"the later of two of them (OpenAI)",
		429,
		{
			"x-ratelimit-remaining-requests": "0",
			"x-ratelimit-reset-requests": "1m2s",
			"x-ratelimit-remaining-tokens": "0",
			"x-ratelimit-reset-tokens": "400ms",
		},
		62_000,
	],
	[
		"what the host asks for goes before its limits",
		429,
		{ "retry-after": "1", "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "9s" },
		1000,
	],
	["no limit is used up", 429, { "x-ratelimit-remaining-tokens": "5", "x-ratelimit-reset-tokens": "9s" }, null],
	["nor is it said when it ends (xAI)", 429, { "x-ratelimit-remaining-requests": "0" }, null],
	[
		"a limit has no part in other failures",
		503,
		{ "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "9s" },
		null,
	],
])("when to come back: %s", (_, status, headers, expected) => {
	expect(retryAfterOf({ status, headers: new Headers(headers) }, nowMs)).toBe(expected);
});
