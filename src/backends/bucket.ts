import type { RateLimit, RateLimits } from "./rate-limits.ts";

/**
 * What is left of a host's limits for one model and key: the last figures that its headers told, and the calls that were
 * sent since and may not be in them yet.
 */
export type Bucket = {
	requests: Known | null;
	tokens: Known | null;
	/** A refusal told to stay away until then. */
	closedUntilMs: number;
	readonly flights: Set<Flight>;
	/** Counts the answers heard: what was sent before the figures came may be missing in an older answer. */
	answers: number;
};

/** A call that was sent and whose headers have not come. `tokens` is what it is thought to take. */
export type Flight = { readonly tokens: number; readonly sentAtMs: number; readonly answers: number };

/** Figures as a host told them, less what calls took that it told nothing about. */
type Known = RateLimit & { readonly heardAtMs: number; readonly answers: number };

/** `flightMsMax`: a call that answered nothing by then is forgotten, as after a crash. */
export const bucketBounds = {
	/** Limits without a reset (xAI) are taken for what most limits are, figures per minute. */
	unknownResetMs: 60_000,
	/** How soon to look again when it is open calls that hold back the next one. */
	flightsMs: 1000,
	flightMsMax: 600_000,
};

export function emptyBucket(): Bucket {
	return { requests: null, tokens: null, closedUntilMs: 0, flights: new Set(), answers: 0 };
}

/** How long a call of so many tokens has to wait; 0 if it may go now. What is not known does not hold it back. */
export function waitMsFor(bucket: Bucket, tokens: number, nowMs: number): number {
	forgetLost(bucket, nowMs);
	return Math.max(
		0,
		bucket.closedUntilMs - nowMs,
		waitMsOf(bucket.requests, { needed: 1, taken: bucket.flights.size }, nowMs),
		waitMsOf(bucket.tokens, { needed: tokens, taken: tokensIn(bucket.flights) }, nowMs),
	);
}

/** What is left of requests and tokens now, never below 0; null where it is not known. */
export function leftIn(bucket: Bucket, nowMs: number): { readonly [kind in keyof RateLimits]: number | null } {
	const { requests, tokens, flights } = bucket;
	return { requests: leftOf(requests, flights.size, nowMs), tokens: leftOf(tokens, tokensIn(flights), nowMs) };
}

/** When all that is known to be used up, or told to stay away, is over; null where nothing of that lies ahead. */
export function resetOf({ requests, tokens, closedUntilMs }: Bucket, nowMs: number): number | null {
	const last = Math.max(closedUntilMs, requests?.resetAtMs ?? 0, tokens?.resetAtMs ?? 0);
	return last > nowMs ? last : null;
}

/** A call leaves. */
export function take(bucket: Bucket, tokens: number, nowMs: number): Flight {
	const flight = { tokens, sentAtMs: nowMs, answers: bucket.answers };
	bucket.flights.add(flight);
	return flight;
}

/** A call that was taken into account did not leave after all. */
export function putBack(bucket: Bucket, flight: Flight): void {
	bucket.flights.delete(flight);
}

/** A call's headers came, or will not come any more (nothing is told then, though the host may have counted it). */
export function landed(bucket: Bucket, flight: Flight, limits: RateLimits, nowMs: number): void {
	if (!bucket.flights.delete(flight)) return;
	bucket.answers += 1;
	bucket.requests = heard(bucket, { told: limits.requests, known: bucket.requests, cost: 1, flight }, nowMs);
	bucket.tokens = heard(bucket, { told: limits.tokens, known: bucket.tokens, cost: flight.tokens, flight }, nowMs);
}

/** Nothing goes for so long. */
export function close(bucket: Bucket, untilMs: number): void {
	bucket.closedUntilMs = Math.max(bucket.closedUntilMs, untilMs);
}

type Heard = {
	readonly told: RateLimit | null;
	readonly known: Known | null;
	readonly cost: number;
	readonly flight: Flight;
};

/**
 * Figures of the host win over ours. Only those of a call that left before ours were told may be the older ones, since
 * answers overtake each other: until the reset the lower figure is then the later one.
 */
function heard({ answers }: Bucket, { told, known, cost, flight }: Heard, nowMs: number): Known | null {
	const running = known !== null && nowMs < endsAtMs(known);
	if (told === null) return running ? { ...known, remaining: Math.max(0, known.remaining - cost) } : known;
	if (running && flight.answers < known.answers && known.remaining <= told.remaining) return known;
	return { ...told, heardAtMs: nowMs, answers };
}

type Asked = { readonly needed: number; readonly taken: number };

function waitMsOf(known: Known | null, { needed, taken }: Asked, nowMs: number): number {
	const left = leftOf(known, taken, nowMs);
	if (known === null || left === null) return 0;
	// More than there ever is can only be tried with a full bucket.
	if (left >= Math.min(needed, known.limit ?? needed)) return 0;
	return nowMs < endsAtMs(known) ? endsAtMs(known) - nowMs : bucketBounds.flightsMs;
}

function leftOf(known: Known | null, taken: number, nowMs: number): number | null {
	if (known === null) return null;
	const left = nowMs < endsAtMs(known) ? known.remaining : known.limit;
	return left === null ? null : Math.max(0, left - taken);
}

function endsAtMs({ resetAtMs, heardAtMs }: Known): number {
	return resetAtMs ?? heardAtMs + bucketBounds.unknownResetMs;
}

function tokensIn(flights: ReadonlySet<Flight>): number {
	let tokens = 0;
	for (const flight of flights) tokens += flight.tokens;
	return tokens;
}

/** The oldest stand first. */
function forgetLost({ flights }: Bucket, nowMs: number): void {
	for (const flight of flights) {
		if (nowMs - flight.sentAtMs < bucketBounds.flightMsMax) return;
		flights.delete(flight);
	}
}
