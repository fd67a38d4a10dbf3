import { notesMax, queueMax } from "./decide.ts";
import { pausesMax } from "./ballot.ts";
import { isLive } from "./verdict.ts";
import type { Round, Seat, Session, SessionState, Tries, Turn, Vote } from "./state.ts";
import { currentAnswers } from "./tally.ts";

/**
 * What never stops being true of a session, each with the rule of the protocol it guards. Those that a single state can
 * show are checked here; the rest need the log or the commands, and the simulation checks them by its own bookkeeping.
 */
export const invariants = {
	I1: "P1: an agent has one round at a time; it ends in exactly one decision or failure, and who must decide is in one",
	I2: "P1: a reply is accepted, cast or refused as the rules say",
	I3: "P1: an agent is reminded at most enforcement_max times in a round",
	I4: "P2: an accepted answer voids, or suspends, exactly the votes that the rule names",
	I5: "P3: a counted vote is for a current answer, by a voter who had been shown every current answer",
	I6: "P3: an agent whose round goes on is told of every current answer it has not been shown, and of every note",
	I7: "P4: nobody is shown a peer's answer before the seal opens",
	I8: "P4: the seal opens once every live agent has answered, or seal_seconds after a quorum has; never otherwise",
	I9: "P5: labels are answer_1 to answer_N, one for each seat, drawn per voter and session, the same in every round",
	I10: "P6: a prompt shows each pool of identical answers once, by its first member",
	I11: "P7: what repeats an answer its author was shown is not accepted and counts as a vote for it; nothing else is refused so",
	I12: "P8: the winner is the one that counting by hand gives",
	I13: "P8: the tally has a row for each pool, the winner first, and its votes add up",
	I14: "P8: consensus needs the quorum, and the agreement is the winner's share",
	I15: "P8: deliberation ends only by its stop rule; for `settled`, no vote still to come could change the outcome",
	I16: "P8: deliberation ends as soon as its stop rule allows",
	I17: "P9: nobody goes beyond answers_per_agent, nor the team beyond answers_per_attempt",
	I18: "P9: nobody goes beyond rounds_per_agent, where rounds whose vote was voided are given back",
	I19: "P9: nothing is dispatched once the budget is spent",
	I20: "P9: an agent at its cap, near a limit or in a re-check is offered only the vote",
	I21: "P9: at a limit the standing votes decide if they reach the quorum, else the last full tally, else sealed order",
	I22: "P9: whatever is under way has its deadline",
	I23: "P9: a session comes to rest, and each turn that started has exactly one end",
	I24: "P10: retries are bounded, and at most one of a round's follows a stream that had begun",
	I25: "P10: a round that fails quarantines its agent for the rest of the turn",
	I26: "P10: a turn fails only without an answer, saying for each agent why",
	I27: "P11: the result carries every counted vote and the best answer of the minority",
	I28: "P12: the pieces after the last presentation.started make up the final answer",
	I29: "P12: the winner presents as the team says, each try numbered; at a limit or without it, its answer is final",
	I30: "P14: only a team of one decides alone",
	I31: "P15: each call is finished exactly once, before its turn is; one call at a time for each agent, nothing from a closed one",
	I32: "P15: a call that was lost is paid for at most once more",
	I33: "P15: the log alone gives the same state",
	I34: "P16: note, drop_agent, answer_now, cancel and a message do what they say, and nothing else",
	I35: "P16: at most eight messages wait, and a turn takes a bounded number of notes",
	I36: "P15: the names of answers, calls, turns and rounds are unique and have no gaps",
	I37: "P15: a report that comes too late changes nothing",
	I38: "the core's own assertions hold",
	I39: "P10: a fallback is taken once in a turn, when its primary is exhausted and can be paid for; from then on it speaks",
	I41: "P9: a call leaves only where what it may use at worst fits, with what was spent and is in flight, under every cap",
	I42: "P9: a cap is reached, and an agent retires, only where a call does not fit and nothing in flight could make room",
	I40: "P1: a model that pauses goes on, told nothing, a bounded number of times in a round",
	I43: "P9: before its first call, and only then, a turn that the session's budget does not pay for waits for a larger one",
	I50: "P15: a session that waits starts nothing and runs no deadline until it is resumed or cancelled",
} as const satisfies Record<string, string>;

export type InvariantId = keyof typeof invariants;

/** The first invariant that this state breaks, or null. Cheap enough to be asked after every command. */
export function brokenBy(state: SessionState): InvariantId | null {
	if (state.status === "empty") return null;
	if (state.queue.length > queueMax) return "I35";
	if (state.current === null) return null;
	const turn = state.current;
	if (turn.notes.length > notesMax) return "I35";
	// It follows from the state without waiting, so no state at rest is in it.
	if (turn.phase.status === "decided") return "I29";
	if (!answersFit(state, turn)) return "I17";
	for (const seat of turn.seats) {
		const broken = brokenBySeat(state, turn, seat);
		if (broken !== null) return broken;
	}
	return null;
}

function answersFit({ team: { limits } }: Session, { seats }: Turn): boolean {
	const later = seats.reduce((sum, seat) => sum + Math.max(0, seat.answers - 1), 0);
	return later <= limits.answers_per_attempt && seats.every((seat) => seat.answers <= limits.answers_per_agent);
}

function brokenBySeat(session: Session, turn: Turn, seat: Seat): InvariantId | null {
	if (seat.roundsUsed > session.team.limits.rounds_per_agent || seat.roundsUsed < 0) return "I18";
	if (seat.vote !== null && !voteStands(session, turn, { seat, vote: seat.vote })) return "I5";
	if (seat.activity.status !== "thinking") return null;
	// Whoever holds a counted vote has decided.
	if (seat.vote !== null && !seat.vote.suspended) return "I1";
	return brokenByRound(session, turn, { seat, round: seat.activity.round });
}

/** P10: a quarantined agent cannot vote again, so under `affected` its vote stands although it has not seen the rest. */
function voteStands({ team }: Session, turn: Turn, { seat, vote }: { seat: Seat; vote: Vote }): boolean {
	const current = currentAnswers(turn);
	if (!current.some(({ id }) => id === vote.answer)) return false;
	if (vote.suspended || (team.protocol.invalidation === "affected" && !isLive(seat))) return true;
	return current.every(({ id }) => vote.known.includes(id));
}

function brokenByRound(
	{ team }: Session,
	turn: Turn,
	{ seat, round }: { seat: Seat; round: Round },
): InvariantId | null {
	const { limits, protocol } = team;
	if (round.reminders > limits.enforcement_max) return "I3";
	if (round.pauses > pausesMax) return "I40";
	const sealed = seat.answers === 0 || (protocol.start === "sealed" && !turn.sealOpen);
	if (sealed && round.seen.length > 0) return "I7";
	return triesBroken(round.tries, limits.retries);
}

function triesBroken(tries: Tries, retriesMax: number): InvariantId | null {
	if (tries.retries > retriesMax || tries.begunRetries > 1) return "I24";
	return tries.lost > 1 ? "I32" : null;
}
