import { expect, test } from "vitest";
import { rateLimitsOf, resetAfterMsMax, type RateLimit } from "../../../src/backends/pace/rate-limits.ts";

const nowMs = Date.UTC(2026, 10, 1);
type Sent = Record<string, string>;

function limit(remaining: number, limited: number | null, resetInMs: number | null): RateLimit {
	return { limit: limited, remaining, resetAtMs: resetInMs === null ? null : nowMs + resetInMs };
}

test.each<[string, Sent, RateLimit | null, RateLimit | null]>([
	["no headers, no limits", {}, null, null],
	[
		"Anthropic: requests, with a moment as the reset",
		{
			"anthropic-ratelimit-requests-limit": "50",
			"anthropic-ratelimit-requests-remaining": "49",
			"anthropic-ratelimit-requests-reset": "2026-11-01T00:00:02Z",
		},
		limit(49, 50, 2000),
		null,
	],
	[
		"Anthropic: of tokens and input tokens the one with less left binds",
		{
			"anthropic-ratelimit-tokens-limit": "90000",
			"anthropic-ratelimit-tokens-remaining": "80000",
			"anthropic-ratelimit-tokens-reset": "2026-11-01T00:00:07Z",
			"anthropic-ratelimit-input-tokens-limit": "30000",
			"anthropic-ratelimit-input-tokens-remaining": "12000",
			"anthropic-ratelimit-input-tokens-reset": "2026-11-01T00:00:30+00:00",
		},
		null,
		limit(12_000, 30_000, 30_000),
	],
	[
		"Anthropic: a low number of output tokens does not bind",
		{
			"anthropic-ratelimit-tokens-remaining": "500",
			"anthropic-ratelimit-output-tokens-limit": "8000",
			"anthropic-ratelimit-output-tokens-remaining": "1",
		},
		null,
		limit(500, null, null),
	],
	[
		"Anthropic: but none of them left does",
		{
			"anthropic-ratelimit-tokens-remaining": "500",
			"anthropic-ratelimit-output-tokens-limit": "8000",
			"anthropic-ratelimit-output-tokens-remaining": "0",
			"anthropic-ratelimit-output-tokens-reset": "2026-11-01T00:01:00Z",
		},
		null,
		limit(0, 8000, 60_000),
	],
	[
		"OpenAI: requests and tokens, with durations",
		{
			"x-ratelimit-limit-requests": "5000",
			"x-ratelimit-remaining-requests": "4999",
			"x-ratelimit-reset-requests": "12ms",
			"x-ratelimit-limit-tokens": "160000",
			"x-ratelimit-remaining-tokens": "159976",
			"x-ratelimit-reset-tokens": "1m2s",
		},
		limit(4999, 5000, 12),
		limit(159_976, 160_000, 62_000),
	],
	[
		"xAI: no reset",
		{ "x-ratelimit-limit-requests": "1800", "x-ratelimit-remaining-requests": "1799" },
		limit(1799, 1800, null),
		null,
	],
	[
		"Cerebras: the window is part of the name, the reset in seconds",
		{
			"x-ratelimit-limit-requests-day": "14400",
			"x-ratelimit-remaining-requests-day": "14399",
			"x-ratelimit-reset-requests-day": "33011.382867",
			"x-ratelimit-limit-tokens-minute": "60000",
			"x-ratelimit-remaining-tokens-minute": "59000",
			"x-ratelimit-reset-tokens-minute": "11.25",
		},
		limit(14_399, 14_400, 33_011_383),
		limit(59_000, 60_000, 11_250),
	],
	["what is left is known without a limit too", { "x-ratelimit-remaining-tokens": "7" }, null, limit(7, null, null)],
	["a limit without what is left of it tells nothing", { "x-ratelimit-limit-requests": "7" }, null, null],
	[
		"a limit of nothing is none",
		{ "x-ratelimit-limit-requests": "0", "x-ratelimit-remaining-requests": "0" },
		limit(0, null, null),
		null,
	],
	[
		"a negative rest is none (Azure)",
		{ "x-ratelimit-remaining-tokens": "-1", "x-ratelimit-limit-tokens": "-1" },
		null,
		null,
	],
	["a rest that is no number is none", { "x-ratelimit-remaining-requests": "many" }, null, null],
	["nor is one of sixteen digits", { "x-ratelimit-remaining-requests": "1234567890123456" }, null, null],
	["nor a list", { "x-ratelimit-remaining-requests": "98, 97" }, null, null],
])("%s", (_, headers, requests, tokens) => {
	expect(rateLimitsOf(new Headers(headers), nowMs)).toEqual({ requests, tokens });
});

test.each<[string, number | null]>([
	["4ms", 4],
	["0s", 0],
	["7.66s", 7660],
	["6m0s", 360_000],
	["2m59.56s", 179_560],
	["1h0m1s", 3_601_000],
	["850us", 1],
	["850µs", 1],
	["59", 59_000],
	["86400", resetAfterMsMax],
	["86401", resetAfterMsMax],
	["999999999", resetAfterMsMax],
	["1000000000", null],
	["2026-11-01T00:00:01.5Z", 1500],
	["2026-10-31T23:59:00Z", -60_000],
	["2126-11-01T00:00:00Z", resetAfterMsMax],
	["2026-11-99T00:00:00Z", null],
	["1m 2s", null],
	["1d", null],
	["s", null],
	["1.2.3s", null],
	["-5", null],
	["soon", null],
	["", null],
])("a reset of %j", (reset, inMs) => {
	const headers = new Headers({ "x-ratelimit-remaining-requests": "1", "x-ratelimit-reset-requests": reset });
	expect(rateLimitsOf(headers, nowMs).requests).toEqual(limit(1, null, inMs));
});
