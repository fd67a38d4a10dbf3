import { unreachable } from "../std/assert.ts";
import type { AnswerId, SessionEvent } from "./events.ts";
import { attached } from "./files.ts";
import { exhaustedBudget, exhaustedSession, isUntouched, waitsForBudget } from "./budget.ts";
import { aborted, callsIn } from "./open-calls.ts";
import type { Asked, Phase, Seat, Session, SessionState, Tries, Turn, Verdict } from "./state.ts";
import { answerOf, dissentOf, pools, seatOf } from "./tally.ts";
import { bestSoFar, endingOf, isExhausted, isLive, sealOpens } from "./verdict.ts";

/**
 * What follows from a state by itself, with nothing to wait for: rounds that start, a seal that opens, a verdict, its
 * presentation, the next queued turn. Empty when the session waits for a call, a deadline or a person.
 */
export function advance(state: SessionState): readonly SessionEvent[] {
	if (state.status === "empty") return [];
	const turn = state.current;
	if (turn === null) return nextTurn(state);
	if (turn.waiting !== null) return [];
	switch (turn.phase.status) {
		case "deliberating":
			return deliberate(state, turn);
		case "judging":
			return judgeGone(state, turn, turn.phase.tries);
		case "decided":
			return present(state, turn, turn.phase.verdict);
		case "presenting":
			return turn.phase.mode === "reuse" ? [] : presenterGone(state, turn, turn.phase);
		default:
			return unreachable(turn.phase);
	}
}

/** The events that open a turn. */
export function turnStarted({ past }: Session, { question, attachments }: Asked): readonly SessionEvent[] {
	return [
		{ type: "turn.started", turn: past.length + 1, question, ...attached(attachments) },
		{ type: "attempt.started", attempt: 1 },
	];
}

/** P12: the winning answer itself, as it is, becomes the final one. */
export function reuse(turn: Turn, verdict: Verdict, tryNumber: number): readonly SessionEvent[] {
	const { agent, text } = answerOf(turn, verdict.winner);
	return [
		{ type: "presentation.started", agent, try: tryNumber, mode: "reuse" },
		{ type: "final.text", text },
		finished(turn, verdict, text),
	];
}

/** The end of a turn with P11's record. `text`: the final answer. */
export function finished(turn: Turn, verdict: Verdict, text: string): SessionEvent {
	const { winner, consensus, agreement, tally, votes } = verdict;
	const { agent } = answerOf(turn, winner);
	const dissent = dissentOf(turn, winner, votes);
	return {
		type: "turn.finished",
		turn: turn.turn,
		answer: text,
		consensus,
		agreement,
		winner: { agent, answer: winner },
		tally,
		votes,
		dissent,
	};
}

/** P10: a turn that has no answer fails, saying for each agent why. */
export function turnFailed(turn: Turn, limit: string): SessionEvent {
	const reasons = turn.seats.map(({ agent, activity, lastFailure }) => {
		if (activity.status === "quarantined" && activity.code !== lastFailure?.code)
			return { agent, code: activity.code, message: goneBecause(activity.code) };
		return {
			agent,
			code: lastFailure?.code ?? limit,
			message: lastFailure?.message ?? `No answer before the limit ${limit}.`,
		};
	});
	return { type: "turn.failed", turn: turn.turn, reasons };
}

/** A quarantine that follows no failure is a person's, or that of an agent's own budget. */
function goneBecause(code: string): string {
	return code === "dropped" ? "Dropped from this turn by a person." : `The limit ${code} was reached.`;
}

function nextTurn(session: Session): readonly SessionEvent[] {
	const [question] = session.queue;
	return question === undefined ? [] : turnStarted(session, question);
}

function deliberate(session: Session, turn: Turn): readonly SessionEvent[] {
	const unpaid = isUntouched(turn) ? exhaustedSession(session) : null;
	if (unpaid !== null) return [waitsForBudget(unpaid)];
	if (sealOpens(session, turn) && turn.seats.length > 1) return [{ type: "seal.opened", reason: "all" }];
	const ending = endingOf(session, turn);
	switch (ending.kind) {
		case "none":
			return roundsStarted(session, turn);
		case "no_answer":
			return [turnFailed(turn, exhaustedBudget(session, turn) ?? "no_answer")];
		case "judge":
			return [...aborted(callsIn(turn)), { type: "judge.asked", answers: ending.answers }];
		case "verdict":
			return [...aborted(callsIn(turn)), ending.event];
		default:
			return unreachable(ending);
	}
}

function roundsStarted(session: Session, turn: Turn): readonly SessionEvent[] {
	if (exhaustedBudget(session, turn) !== null) return [];
	return turn.seats.flatMap((seat) => {
		const shown = shownTo(session, turn, seat);
		if (shown === null || isExhausted(session, seat)) return [];
		const recheck = seat.vote !== null;
		return [
			{
				type: "round.started",
				agent: seat.agent,
				round: seat.roundsStarted + 1,
				attempt: turn.attempt,
				shown,
				recheck,
			} as const,
		];
	});
}

/** The pools that a fresh prompt shows this agent, each by its first member; null where no round is due. */
function shownTo(session: Session, turn: Turn, seat: Seat): readonly AnswerId[] | null {
	if (seat.activity.status !== "idle") return null;
	if (seat.vote !== null && !seat.vote.suspended) return null;
	const all = pools(turn).map(([first]) => first.id);
	if (seat.answers === 0) return [];
	if (session.team.protocol.start === "sealed" && !turn.sealOpen) return null;
	return seat.vote === null ? all : rechecked(turn, seat.vote);
}

/** P2, `affected`: the holder's choice, and what is new since its vote; P6: each pool once. */
function rechecked(turn: Turn, vote: { answer: AnswerId; known: readonly AnswerId[] }): readonly AnswerId[] {
	return pools(turn).flatMap((pool) => {
		const shown = pool.find(({ id }) => id === vote.answer) ?? pool.find(({ id }) => !vote.known.includes(id));
		return shown === undefined ? [] : [shown.id];
	});
}

/** P9, P12: how the winner is presented. */
function present(session: Session, turn: Turn, verdict: Verdict): readonly SessionEvent[] {
	const { agent } = answerOf(turn, verdict.winner);
	const mode = session.team.protocol.final;
	const limited = verdict.failure === "limit" || exhaustedBudget(session, turn) !== null;
	if (mode === "reuse" || limited || verdict.alone || !isLive(seatOf(turn, agent))) return reuse(turn, verdict, 1);
	return [{ type: "presentation.started", agent, try: 1, mode }];
}

/** P12: a winner that is dropped while it presents, or that nothing is left to pay for, leaves its answer. */
function presenterGone(
	session: Session,
	turn: Turn,
	phase: Phase & { readonly status: "presenting" },
): readonly SessionEvent[] {
	if (isLive(seatOf(turn, phase.agent)) && unpayable(session, turn, phase.tries) === null) return [];
	return reuse(turn, phase.verdict, phase.try + 1);
}

/** P9, P16: nobody waits for a judge that cannot be paid, or after a person has asked for the answer now. */
function judgeGone(session: Session, turn: Turn, tries: Tries): readonly SessionEvent[] {
	if (turn.answerNow) return [...aborted(callsIn(turn)), bestSoFar(session, turn, { reason: "answer_now" })];
	const limit = unpayable(session, turn, tries);
	return limit === null ? [] : [{ type: "judge.failed", code: limit, message: `The limit ${limit} was reached.` }];
}

/** The cap that forbids the next dispatch of a step, or null. */
function unpayable(session: Session, turn: Turn, { call }: Tries): string | null {
	return call.status === "open" ? null : exhaustedBudget(session, turn);
}
