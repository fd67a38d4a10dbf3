import { reuse } from "./advance.ts";
import type { Command } from "./commands.ts";
import type { SessionEvent } from "./events.ts";
import { exhaustedBudget } from "./budget.ts";
import { callsIn, type OpenCall } from "./open-calls.ts";
import { fallenBack } from "./speaker.ts";
import { paid } from "./spend.ts";
import type { Phase, Session, Tries, Turn } from "./state.ts";
import { seatOf } from "./tally.ts";
import type { AgentId } from "./team.ts";

export type FailureReport = Pick<
	Command & { readonly type: "call.failed" },
	"code" | "message" | "retryable" | "begun" | "retryInMs" | "bill"
>;
export type Presenting = Phase & { readonly status: "presenting" };

/** P10: what follows from a call that failed: another try, the fallback model, or the end of its step. */
export function callFailed(
	session: Session,
	turn: Turn,
	{ call, failure }: { call: OpenCall; failure: FailureReport },
): readonly SessionEvent[] {
	const { phase } = turn;
	if (call.purpose === "judge") return [{ type: "judge.failed", code: failure.code, message: failure.message }];
	if (call.purpose === "presentation")
		return phase.status === "presenting" ? presentationFailed(session, turn, { phase, failure }) : [];
	return roundFailed(session, turn, { agent: call.agent, failure });
}

/** P12: the same for a presentation; in the end the winning answer itself is final. */
export function presentationFailed(
	session: Session,
	turn: Turn,
	{ phase, failure }: { phase: Presenting; failure: FailureReport },
): readonly SessionEvent[] {
	const { agent, mode, tries, verdict } = phase;
	const after = billed(session, turn, { agent, failure });
	const event = failureEvent(session, { agent, tries, failure });
	const again = { type: "presentation.started", agent, try: phase.try + 1, mode } as const;
	if (event.retry_in_ms !== null && exhaustedBudget(after, after.current) === null) return [event, again];
	const last = { ...event, retry_in_ms: null };
	const fallback = fallenBack(after, after.current, { agent, code: failure.code });
	return fallback === null ? [last, ...reuse(turn, verdict, phase.try + 1)] : [last, fallback, again];
}

/** P15: a call that was lost with its machine is paid for at most once more, by whatever model. */
export function callLost(turn: Turn, call: OpenCall): readonly SessionEvent[] {
	const { phase } = turn;
	const tries = triesOf(turn, call);
	if (tries !== null && tries.lost === 0)
		return phase.status === "presenting"
			? [{ type: "presentation.started", agent: phase.agent, try: phase.try + 1, mode: phase.mode }]
			: [];
	if (call.purpose === "judge") return [{ type: "judge.failed", code: "lost", message: lostTwice }];
	const { agent } = call;
	const end = { code: "lost", retryable: false, message: lostTwice, begun: true, retry_in_ms: null } as const;
	const event = { type: "agent.failed", agent, ...end } as const;
	return phase.status === "presenting"
		? [event, ...reuse(turn, phase.verdict, phase.try + 1)]
		: [event, { type: "agent.quarantined", agent, code: "lost" }];
}

const lostTwice = "The call was lost twice with the machine that held its stream.";

function roundFailed(
	session: Session,
	turn: Turn,
	{ agent, failure }: { agent: AgentId; failure: FailureReport },
): readonly SessionEvent[] {
	const { activity } = seatOf(turn, agent);
	if (activity.status !== "thinking") return [];
	const { code } = failure;
	const event = failureEvent(session, { agent, tries: activity.round.tries, failure });
	if (event.retry_in_ms !== null) return [event];
	const after = billed(session, turn, { agent, failure });
	const fallback = fallenBack(after, after.current, { agent, code });
	return [event, fallback ?? { type: "agent.quarantined", agent, code }];
}

/** P10, P15: retries are bounded, also in time, and at most one of them follows a stream that had begun. */
function failureEvent(
	{ team }: Session,
	{ agent, tries, failure }: { agent: AgentId; tries: Tries; failure: FailureReport },
) {
	const { code, message, retryable, begun } = failure;
	const allowed = tries.retries < team.limits.retries && !(begun && tries.begunRetries > 0);
	// One that waits as long as the whole round would only hold the team up, and hide why.
	const fits = failure.retryInMs < team.limits.round_seconds * 1000;
	const retry_in_ms = retryable && allowed && fits ? failure.retryInMs : null;
	return { type: "agent.failed", agent, code, retryable, message, begun, retry_in_ms } as const;
}

/** The turn with the failed call paid for: what it cost may leave nothing for another one (P9). */
function billed(
	session: Session,
	turn: Turn,
	{ agent, failure: { bill } }: { agent: AgentId; failure: FailureReport },
): Session & { readonly current: Turn } {
	const call = callsIn(turn).find((open) => open.agent === agent);
	return call === undefined ? { ...session, current: turn } : paid(session, turn, { call, bill });
}

function triesOf(turn: Turn, call: OpenCall): Tries | null {
	const { phase } = turn;
	if (call.purpose !== "round")
		return phase.status === "judging" || phase.status === "presenting" ? phase.tries : null;
	const { activity } = seatOf(turn, call.agent);
	return activity.status === "thinking" ? activity.round.tries : null;
}
