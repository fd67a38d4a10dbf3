import { expect, test } from "vitest";
import type { Failure } from "../../src/backends/backend.ts";
import { retryDelayMs } from "../../src/backends/retry.ts";

function failure(retryAfterMs: number | null): Failure {
	return { code: "rate_limited", retryable: true, retryAfterMs, message: "slow down" };
}

test.each<[string, { retryAfterMs: number | null; tryNumber: number; random: number }, number]>([
	["the first wait is at least half of the base", { retryAfterMs: null, tryNumber: 1, random: 0 }, 250],
	["and less than the base", { retryAfterMs: null, tryNumber: 1, random: 0.5 }, 375],
	["each try doubles it", { retryAfterMs: null, tryNumber: 2, random: 0 }, 500],
	["and doubles it again", { retryAfterMs: null, tryNumber: 3, random: 0 }, 1000],
	["the last step below the cap is whole", { retryAfterMs: null, tryNumber: 6, random: 1 }, 16_000],
	["the step above it is capped at 20 s", { retryAfterMs: null, tryNumber: 7, random: 1 }, 20_000],
	["a thousandth try is no infinity", { retryAfterMs: null, tryNumber: 1000, random: 1 }, 20_000],
	["what the provider asks for is waited in full", { retryAfterMs: 3000, tryNumber: 1, random: 0 }, 3000],
	["and agents told the same come back spread", { retryAfterMs: 3000, tryNumber: 1, random: 1 }, 3250],
	["even if the backoff would be longer", { retryAfterMs: 100, tryNumber: 6, random: 0 }, 100],
	[
		"a wait of an hour is told as it is: the team's limits decide",
		{ retryAfterMs: 3_600_000, tryNumber: 1, random: 0 },
		3_600_000,
	],
	["a wait of a day is the longest", { retryAfterMs: 86_400_000, tryNumber: 1, random: 1 }, 86_400_000],
	["a longer one is cut to a day", { retryAfterMs: 86_400_001, tryNumber: 1, random: 1 }, 86_400_000],
])("%s", (_, { retryAfterMs, tryNumber, random }, expected) => {
	expect(retryDelayMs({ failure: failure(retryAfterMs), tryNumber, random })).toBe(expected);
});
