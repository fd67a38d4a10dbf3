import type { Failure, FailureCode } from "../backend.ts";

/**
 * Whether a host is asked at all. `epoch` counts how often it opened: what becomes of a call says something only in the
 * epoch in which it was sent. `openings` counts those since the last whole answer.
 */
export type Breaker = { readonly epoch: number; readonly openings: number } & (
	| { readonly state: "closed"; readonly failures: number }
	/** Nothing is sent before `untilMs`; the first call after it is the probe. */
	| { readonly state: "open"; readonly untilMs: number }
	/** A probe that has not answered by `untilMs` is given up for lost, as after a crash. */
	| { readonly state: "probing"; readonly untilMs: number }
);

/** `begun`: its headers came, with a good status. `whole`: it was read to its end. `given up`: by us, for our reasons. */
export type Outcome = "begun" | "whole" | "given up" | Failure;

/**
 * A team of two at one host may fail every try of both calls without opening it. The wait doubles from `openMsMin` to
 * `openMsMax`.
 */
export const breakerBounds = { failuresMax: 8, openMsMin: 1000, openMsMax: 60_000, probeMsMax: 120_000 };

/** Where every host begins. */
export const closedBreaker: Breaker = { state: "closed", failures: 0, openings: 0, epoch: 0 };

/** For how long no call may go; 0 if one may. */
export function blockedMs(breaker: Breaker, nowMs: number): number {
	if (breaker.state === "closed") return 0;
	const leftMs = Math.max(0, breaker.untilMs - nowMs);
	// How long a probe takes nobody knows: who comes meanwhile asks again soon.
	return breaker.state === "open" ? leftMs : Math.min(leftMs, breakerBounds.openMsMin);
}

/** A call that may go is sent: where the breaker was not closed it is the probe. */
export function sending(breaker: Breaker, nowMs: number): Breaker {
	if (breaker.state === "closed") return breaker;
	return { ...kept(breaker), state: "probing", untilMs: nowMs + breakerBounds.probeMsMax };
}

/** What has become of a call that was sent in `epoch`. */
export function after(
	breaker: Breaker,
	{ epoch, outcome }: { epoch: number; outcome: Outcome },
	nowMs: number,
): Breaker {
	if (epoch !== breaker.epoch || breaker.state === "open") return breaker;
	if (outcome === "given up")
		return breaker.state === "probing" ? { ...kept(breaker), state: "open", untilMs: nowMs } : breaker;
	if (outcome === "begun") return breaker.state === "probing" ? halfClosed(breaker) : breaker;
	if (outcome === "whole" || !hostFailures.has(outcome.code)) return { ...closedBreaker, epoch };
	const failures = breaker.state === "probing" ? breakerBounds.failuresMax : breaker.failures + 1;
	return failures < breakerBounds.failuresMax
		? { ...kept(breaker), state: "closed", failures }
		: opened(breaker, nowMs);
}

/** The host's own; a caller's mistake, a limit or a refusal shows that it is there. */
const hostFailures: ReadonlySet<FailureCode> = new Set([
	"overloaded",
	"server",
	"network",
	"first_byte_timeout",
	"stall_timeout",
	"bad_stream",
]);

function opened(breaker: Breaker, nowMs: number): Breaker {
	const { openMsMin, openMsMax } = breakerBounds;
	// Beyond 2^16 the bound has long been reached; this keeps the power finite.
	const openMs = Math.min(openMsMax, openMsMin * 2 ** Math.min(breaker.openings, 16));
	return { state: "open", untilMs: nowMs + openMs, openings: breaker.openings + 1, epoch: breaker.epoch + 1 };
}

/** The probe's answer has begun: the others may go, but until one is whole the next failure opens it again. */
function halfClosed(breaker: Breaker): Breaker {
	return { ...kept(breaker), state: "closed", failures: breakerBounds.failuresMax - 1 };
}

function kept({ epoch, openings }: Breaker): Pick<Breaker, "epoch" | "openings"> {
	return { epoch, openings };
}
