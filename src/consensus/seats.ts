import { assert } from "../std/assert.ts";
import type { Activity, Phase, Round, Seat, Tries, Turn } from "./state.ts";
import { seatOf } from "./tally.ts";
import type { AgentId } from "./team.ts";

/** Changes the tries of the step that a call belongs to: its phase's, or those of its agent's round. */
export function withTries(
	turn: Turn,
	{ purpose, agent }: { purpose: string; agent: AgentId | null },
	change: (tries: Tries) => Tries,
): Turn {
	const { phase } = turn;
	if (purpose !== "round") {
		assert(phase.status === "judging" || phase.status === "presenting", `a ${purpose} call belongs to its phase`);
		const changed: Phase = { ...phase, tries: change(phase.tries) };
		return { ...turn, phase: changed };
	}
	assert(agent !== null, "a round has an agent");
	return withSeat(turn, agent, (seat) => inRound(seat, (round) => ({ ...round, tries: change(round.tries) })));
}

/** Changes the round that this seat is in. */
export function inRound(seat: Seat, change: (round: Round) => Round): Seat {
	assert(seat.activity.status === "thinking", `${seat.agent} is in a round`);
	const activity: Activity = { status: "thinking", round: change(seat.activity.round) };
	return { ...seat, activity };
}

/** The seat without its round. */
export function atRest(seat: Seat): Seat {
	return seat.activity.status === "thinking" ? { ...seat, activity: { status: "idle" } } : seat;
}

/** Changes one agent's seat. */
export function withSeat(turn: Turn, agent: AgentId, change: (seat: Seat) => Seat): Turn {
	const changed = seatOf(turn, agent);
	return { ...turn, seats: turn.seats.map((seat) => (seat === changed ? change(seat) : seat)) };
}

/** A seat as an attempt finds it. */
export function freshSeat(agent: AgentId): Seat {
	return {
		agent,
		activity: { status: "idle" },
		speaker: "primary",
		vote: null,
		answers: 0,
		roundsStarted: 0,
		roundsUsed: 0,
		lastFailure: null,
	};
}
