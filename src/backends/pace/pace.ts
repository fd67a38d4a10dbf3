import { keepingRecent, type Recent } from "../../std/recent.ts";
import type { Failure } from "../backend.ts";
import { after, blockedMs, closedBreaker, sending, type Breaker, type Outcome } from "./breaker.ts";
import {
	close,
	emptyBucket,
	landed,
	leftIn,
	putBack,
	resetOf,
	take,
	waitMsFor,
	type Bucket,
	type Flight,
} from "./bucket.ts";
import { makeFailure } from "../failure.ts";
import type { Endpoint } from "../hosts.ts";
import { rateLimitsOf, resetAfterMsMax, type RateLimits } from "./rate-limits.ts";

/** Whom a call asks, and the tokens that it is thought to bring along. */
export type PacedCall = Pick<Endpoint, "name" | "baseUrl" | "key"> & {
	readonly model: string;
	readonly tokens: number;
};

/** A call that may be sent, and must be: what becomes of it is told here, so that others learn from it. */
export type Permit = {
	/** Its headers came. */
	readonly heard: (response: Pick<Response, "ok" | "headers">) => void;
	/** The last word; later ones are not heard. `unsent`: it never left. */
	readonly ended: (outcome: Exclude<Outcome, "begun"> | "unsent") => void;
};

/** How one model of one host stands. `null`: the host has not told. `resetsAtMs`: Unix time. */
export type Standing = {
	readonly breaker: Breaker["state"];
	readonly requestsLeft: number | null;
	readonly tokensLeft: number | null;
	readonly resetsAtMs: number | null;
};

/** When calls may go, by what each host and key has told so far. */
export type CallPace = {
	/**
	 * Waits for the host's limits, within `inPlaceMsMax`; beyond that, or where the host keeps failing, it refuses at once.
	 * `held` is told whenever the call has to wait. An abort ends the wait in the failure that nobody asks for any more.
	 */
	readonly admit: (
		call: PacedCall,
		signal: AbortSignal,
		held: () => void,
	) => Promise<{ readonly permit: Permit } | { readonly failure: Failure }>;
	/** How things stand for a call, without changing anything. */
	readonly standing: (call: Omit<PacedCall, "tokens">) => Standing;
};

/** A call waits in place for `inPlaceMsMax` in all, and looks every `lookMs` whether there is more left by now. */
export const paceBounds = {
	hostsMax: 256,
	modelsMax: 64,
	inPlaceMsMax: 15_000,
	lookMs: 1000,
	jitterMsMax: 500,
	/** A clock that goes back further was set anew. */
	clockBackMs: 1000,
};

type PaceDeps = {
	readonly now: () => number;
	/** Uniform in [0, 1). */
	readonly random: () => number;
	readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
};

/** What is known of one host and key. Hosts count per model, and their headers speak of the model that was asked. */
type HostState = {
	breaker: Breaker;
	readonly models: Recent<Bucket>;
	/** Until then a refusal of one model holds back the others too. */
	pausedUntilMs: number;
};

/**
 * Paces calls per host and key, for all sessions of an isolate. It holds figures only: no promise, signal or timer of one
 * session may be waited for by another, so each waits with a timer of its own.
 */
export function makePace(deps: PaceDeps): CallPace {
	// A team may name any base URL and any model.
	const hosts = untilSetBack(deps.now, () => keepingRecent<HostState>(paceBounds.hostsMax));
	return {
		admit: (call, signal, held) => {
			const host = hosts().of(nameOf(call), freshHost);
			return admitted(deps, { call, host, bucket: host.models.of(call.model, emptyBucket) }, signal, held);
		},
		standing: (call) => {
			const host = hosts().known(nameOf(call));
			return standingOf(host, host?.models.known(call.model) ?? emptyBucket(), deps.now());
		},
	};
}

/** Made anew when the clock is set back: the times that are kept in it mean nothing from then on. */
function untilSetBack<T>(now: () => number, make: () => T): () => T {
	let made = make();
	let latestMs = now();
	return () => {
		const nowMs = now();
		const isSetBack = nowMs < latestMs - paceBounds.clockBackMs;
		if (isSetBack) made = make();
		latestMs = isSetBack ? nowMs : Math.max(latestMs, nowMs);
		return made;
	};
}

function freshHost(): HostState {
	return { breaker: closedBreaker, models: keepingRecent(paceBounds.modelsMax), pausedUntilMs: 0 };
}

/** What tells hosts and keys apart. The key is part of it, so it is never shown. */
export function nameOf({ name, baseUrl, key }: Omit<PacedCall, "model" | "tokens">): string {
	return JSON.stringify([name, baseUrl, key]);
}

type Waiting = { readonly call: PacedCall; readonly host: HostState; readonly bucket: Bucket };

async function admitted(
	deps: PaceDeps,
	waiting: Waiting,
	signal: AbortSignal,
	held: () => void,
): ReturnType<CallPace["admit"]> {
	const { call, host, bucket } = waiting;
	for (let leftMs = paceBounds.inPlaceMsMax; ;) {
		const nowMs = deps.now();
		const failingMs = blockedMs(host.breaker, nowMs);
		if (failingMs > 0)
			return {
				failure: makeFailure(
					"overloaded",
					`${call.name} keeps failing, so it is left alone for a while`,
					failingMs,
				),
			};
		const waitMs = Math.max(waitMsFor(bucket, call.tokens, nowMs), host.pausedUntilMs - nowMs);
		if (waitMs <= 0) return { permit: permitted(deps, waiting) };
		if (waitMs > leftMs || signal.aborted)
			return {
				failure: makeFailure(
					"rate_limited",
					`the limits of ${call.name} leave no room for another call`,
					waitMs,
				),
			};
		held();
		const jitterMs = Math.round(paceBounds.jitterMsMax * deps.random());
		const sleepMs = waitMs > paceBounds.lookMs ? paceBounds.lookMs : waitMs + jitterMs;
		await deps.sleep(sleepMs, signal);
		leftMs -= sleepMs;
	}
}

function permitted({ now }: PaceDeps, { call, host, bucket }: Waiting): Permit {
	const flight: Flight = take(bucket, call.tokens, now());
	host.breaker = sending(host.breaker, now());
	const { epoch } = host.breaker;
	let over = false;
	const learn = (outcome: Outcome): void => void (host.breaker = after(host.breaker, { epoch, outcome }, now()));
	return {
		heard: ({ ok, headers }) => {
			landed(bucket, flight, rateLimitsOf(headers, now()), now());
			if (ok) learn("begun");
		},
		ended: (outcome) => {
			if (over) return;
			over = true;
			if (outcome === "unsent") putBack(bucket, flight);
			else landed(bucket, flight, nothingTold, now());
			learn(outcome === "unsent" ? "given up" : outcome);
			if (typeof outcome === "object") stayAway({ host, bucket }, outcome, now());
		},
	};
}

const nothingTold: RateLimits = { requests: null, tokens: null };

/**
 * Told when to come back, this model stays away until then. Whether the limit was the key's or the model's is not told:
 * the key's other models wait too, but no longer than they would in place, and then find out for themselves.
 */
function stayAway({ host, bucket }: Omit<Waiting, "call">, { code, retryAfterMs }: Failure, nowMs: number): void {
	if (code !== "rate_limited" || retryAfterMs === null) return;
	close(bucket, nowMs + Math.min(retryAfterMs, resetAfterMsMax));
	host.pausedUntilMs = Math.max(host.pausedUntilMs, nowMs + Math.min(retryAfterMs, paceBounds.inPlaceMsMax));
}

function standingOf(host: HostState | null, bucket: Bucket, nowMs: number): Standing {
	const left = leftIn(bucket, nowMs);
	return {
		breaker: host?.breaker.state ?? "closed",
		requestsLeft: left.requests,
		tokensLeft: left.tokens,
		resetsAtMs: resetOf(bucket, nowMs),
	};
}
