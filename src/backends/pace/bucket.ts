import type { RateLimit, RateLimits } from "./rate-limits.ts";

/**
 * What is left of a host's limits for one model and key: the last figures that its headers told, and the calls that may
 * not be in them yet.
 */
export type Bucket = {
	requests: Known | null;
	tokens: Known | null;
	/** A refusal told to stay away until then. */
	closedUntilMs: number;
	readonly flights: Set<Flight>;
	/** Counts the calls that came to an end: what a call tells was counted after it left, and so after all these. */
	ends: number;
};

/**
 * A call that no figures are known to contain. `tokens` is what it is thought to take, `left` the ends before it left.
 * `ended`: null while its headers may still come; else it told no figures, though the host may have counted it.
 */
export type Flight = { readonly tokens: number; readonly left: number; ended: number | null; forgetAtMs: number };

/** Figures as a host told them, at the end of this number. */
type Known = RateLimit & { readonly heardAtMs: number; readonly end: number };

/** `flightMsMax`: a call that answered nothing by then is forgotten, as after a crash. */
export const bucketBounds = {
	/** Limits without a reset (xAI) are taken for what most limits are, figures per minute. */
	unknownResetMs: 60_000,
	/** How soon to look again when it is open calls that hold back the next one. */
	flightsMs: 1000,
	/** Resets that differ by less are the same one, told over a network that delays. */
	sameWindowMs: 1000,
	flightMsMax: 600_000,
};

/** Nothing has been told, nothing is under way. */
export function emptyBucket(): Bucket {
	return { requests: null, tokens: null, closedUntilMs: 0, flights: new Set(), ends: 0 };
}

/** How long a call of so many tokens has to wait; 0 if it may go now. What is not known does not hold it back. */
export function waitMsFor(bucket: Bucket, tokens: number, nowMs: number): number {
	forgetOld(bucket, nowMs);
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
	const forgetAtMs = nowMs + bucketBounds.flightMsMax;
	const flight: Flight = { tokens, left: bucket.ends, ended: null, forgetAtMs };
	bucket.flights.add(flight);
	return flight;
}

/** A call that was taken into account did not leave after all. */
export function putBack(bucket: Bucket, flight: Flight): void {
	bucket.flights.delete(flight);
}

/** A call's headers came and told this, or they told nothing, or will not come any more. Heard once for each call. */
export function landed(bucket: Bucket, flight: Flight, told: RateLimits, nowMs: number): void {
	if (flight.ended !== null || !bucket.flights.has(flight)) return;
	bucket.ends += 1;
	if (told.requests === null && told.tokens === null) return untold(bucket, flight, nowMs);
	bucket.requests = newer(bucket, { known: bucket.requests, told: told.requests, flight }, nowMs);
	bucket.tokens = newer(bucket, { known: bucket.tokens, told: told.tokens, flight }, nowMs);
	for (const other of bucket.flights)
		if (other === flight || (other.ended !== null && other.ended <= flight.left)) bucket.flights.delete(other);
}

/** Nothing goes for so long. */
export function close(bucket: Bucket, untilMs: number): void {
	bucket.closedUntilMs = Math.max(bucket.closedUntilMs, untilMs);
}

/** It counts until figures that must contain it are told, or the window in which it ended is over. */
function untold(bucket: Bucket, flight: Flight, nowMs: number): void {
	const { requests, tokens, flights, ends } = bucket;
	if (requests === null && tokens === null) return void flights.delete(flight);
	const overAtMs = Math.max(...[requests, tokens].map((known) => (known === null ? 0 : endsAtMs(known))));
	flight.ended = ends;
	flight.forgetAtMs = overAtMs > nowMs ? overAtMs : nowMs + bucketBounds.unknownResetMs;
}

type Told = { readonly known: Known | null; readonly told: RateLimit | null; readonly flight: Flight };

/**
 * Figures of the host win over ours, but those of a call that left before ours were told may be older, since answers
 * overtake each other.
 */
function newer({ ends }: Bucket, { known, told, flight }: Told, nowMs: number): Known | null {
	if (told === null) return known;
	const fresh = { ...told, heardAtMs: nowMs, end: ends };
	if (known === null || nowMs >= endsAtMs(known) || flight.left >= known.end) return fresh;
	return later(known, fresh);
}

/** Of two figures those whose reset lies further ahead are the later ones; within a window it is the lower ones. */
function later(known: Known, fresh: Known): Known {
	const aheadMs = known.resetAtMs === null || fresh.resetAtMs === null ? 0 : fresh.resetAtMs - known.resetAtMs;
	if (Math.abs(aheadMs) > bucketBounds.sameWindowMs) return aheadMs > 0 ? fresh : known;
	return fresh.remaining < known.remaining ? fresh : known;
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

function forgetOld({ flights }: Bucket, nowMs: number): void {
	for (const flight of flights) if (flight.forgetAtMs <= nowMs) flights.delete(flight);
}
