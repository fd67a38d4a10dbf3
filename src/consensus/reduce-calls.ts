import { assert } from "../std/assert.ts";
import type { CallOutcome, SessionEvent } from "./events.ts";
import { callsIn } from "./open-calls.ts";
import { inRound, withSeat, withTries } from "./seats.ts";
import { dispatchCounted, paid } from "./spend.ts";
import { freshTries, type Exchange, type Session, type Tries, type Turn } from "./state.ts";
import type { AgentId } from "./team.ts";

type Of<T extends SessionEvent["type"]> = SessionEvent & { readonly type: T };

/** A dispatch: paid for, whatever comes of it. */
export function callStarted(state: Session, turn: Turn, event: Of<"call.started">): Session {
	const { call: id, offers, worst = null } = event;
	const open = (tries: Tries): Tries => ({
		...tries,
		call: { status: "open", id, offers, worst },
		paid: event.paid,
	});
	return dispatchCounted(state, withTries(turn, event, open), event);
}

/** The end of a call. What was said in a round stays in it. */
export function callFinished(state: Session, turn: Turn, event: Of<"call.finished">): Session {
	const call = callsIn(turn).find(({ id }) => id === event.call);
	assert(call !== undefined, `call ${event.call} is open`);
	const closed = withTries(turn, call, (tries) => ended(tries, event.outcome));
	const heard = call.purpose === "round" && event.outcome === "ok" ? withExchange(closed, call.agent, event) : closed;
	const { usage, cost_usd: costUsd, took_ms: tookMs = 0 } = event;
	return paid(state, heard, { call, bill: { usage, costUsd, tookMs } });
}

/** P10: a failure that is retried leaves the step waiting; one that is not is followed by a quarantine. */
export function agentFailed(turn: Turn, event: Of<"agent.failed">): Turn {
	const { code, message } = event;
	const noted = withSeat(turn, event.agent, (seat) => ({ ...seat, lastFailure: { code, message } }));
	const delayMs = event.retry_in_ms;
	if (delayMs === null) return noted;
	const again = (tries: Tries): Tries => ({
		...tries,
		call: { status: "backoff", delayMs },
		retries: tries.retries + 1,
		begunRetries: tries.begunRetries + (event.begun ? 1 : 0),
	});
	if (noted.phase.status === "presenting")
		return { ...noted, phase: { ...noted.phase, tries: again(noted.phase.tries) } };
	return withSeat(noted, event.agent, (seat) => inRound(seat, (round) => ({ ...round, tries: again(round.tries) })));
}

/** P10: another model has tries of its own. P15: what was lost, or retried after it had begun, counts for both. */
export function fellBack(turn: Turn, { agent }: Of<"agent.fell_back">): Turn {
	const taken = withSeat(turn, agent, (seat) => ({ ...seat, speaker: "fallback" }));
	const purpose = turn.phase.status === "presenting" ? "presentation" : "round";
	return withTries(taken, { purpose, agent }, ({ lost, begunRetries }) => ({ ...freshTries, lost, begunRetries }));
}

function ended(tries: Tries, outcome: CallOutcome): Tries {
	const due: Tries = { ...tries, call: { status: "due" } };
	if (outcome === "ok") return { ...due, paid: 0, lost: 0 };
	return outcome === "lost" ? { ...due, lost: tries.lost + 1 } : due;
}

function withExchange(turn: Turn, agent: AgentId, { call }: Of<"call.finished">): Turn {
	return withSeat(turn, agent, (seat) =>
		inRound(seat, (round) => {
			const exchange: Exchange = { call, reply: { kind: "pending" }, informed: [], notes: round.notes };
			return { ...round, exchanges: [...round.exchanges, exchange] };
		}),
	);
}
