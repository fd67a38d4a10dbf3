import type { Failure } from "./backend.ts";

const baseMs = 500;
const backoffMsMax = 20_000;
const retryAfterMsMax = 24 * 60 * 60 * 1000;

/** `tryNumber` is the one that failed, from 1; `random` is uniform in [0, 1). */
export type FailedTry = { readonly failure: Failure; readonly tryNumber: number; readonly random: number };

/**
 * How long to wait before the next try (P10): half of the exponential step for certain, half by chance, so that agents
 * refused together do not come back together. Never earlier than the provider asked for, within a bound.
 */
export function retryDelayMs({ failure, tryNumber, random }: FailedTry): number {
	// Beyond 2^16 the cap has long been reached; the bound keeps the power finite.
	const stepMs = Math.min(backoffMsMax, baseMs * 2 ** Math.min(tryNumber - 1, 16));
	const jitteredMs = Math.round(stepMs / 2 + (stepMs / 2) * random);
	if (failure.retryAfterMs === null) return jitteredMs;
	const askedMs = Math.min(retryAfterMsMax, failure.retryAfterMs);
	// Spread on top of what was asked: everybody was told the same number.
	return Math.min(retryAfterMsMax, askedMs + Math.round((baseMs / 2) * random));
}
