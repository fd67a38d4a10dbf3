import type { ConsensusFailure, CountedVote, SessionEvent } from "./events.ts";
import { exhaustedBudget } from "./budget.ts";
import type { Answer, Seat, Session, Turn, Verdict } from "./state.ts";
import { countedVotes, currentAnswers, ranked, settled, supporters, tallyOf, tied, type Standing } from "./tally.ts";
import { quorumOf } from "./team.ts";

/** What ends the deliberation now: a verdict, a question to the judge, no answer at all, or nothing yet. */
export type Ending =
	| { readonly kind: "none" }
	| { readonly kind: "verdict"; readonly event: ConsensusEvent }
	| { readonly kind: "judge"; readonly answers: readonly Answer["id"][] }
	| { readonly kind: "no_answer" };

export type ConsensusEvent = SessionEvent & { readonly type: "consensus.reached" | "consensus.failed" };

type StopRule = "all" | "settled" | "agreed";

/** P8, P9, P14, P16: whether the deliberation of this turn is over. Called while deliberating or judging. */
export function endingOf(session: Session, turn: Turn): Ending {
	const answered = turn.answers.length > 0;
	const live = turn.seats.filter(isLive);
	if (!answered) return live.length === 0 ? { kind: "no_answer" } : limitEnding(session, turn);
	if (turn.seats.length === 1) return aloneEnding(turn);
	if (turn.answerNow) return { kind: "verdict", event: bestSoFar(session, turn, { reason: "answer_now" }) };
	const outstanding = live.filter((seat) => seat.vote === null || seat.vote.suspended);
	const stopped = stopRule(session, turn, outstanding);
	if (stopped !== null) return decide(session, turn, stopped);
	const stuck = live.length > 0 && outstanding.every((seat) => isExhausted(session, seat));
	if (stuck)
		return { kind: "verdict", event: bestSoFar(session, turn, { reason: "limit", limit: "rounds_per_agent" }) };
	return limitEnding(session, turn);
}

/** P4: whether peers' answers may be shown to those who have answered. */
export function sealOpens(session: Session, turn: Turn): boolean {
	if (turn.sealOpen || session.team.protocol.start !== "sealed" || turn.answers.length === 0) return false;
	return turn.seats.every((seat) => !isLive(seat) || seat.answers > 0);
}

/** P10: neither quarantined nor dropped in this turn. */
export function isLive(seat: Seat): boolean {
	return seat.activity.status !== "quarantined";
}

/** P9: needs another round and has none left. */
export function isExhausted({ team }: Session, seat: Seat): boolean {
	return seat.activity.status === "idle" && seat.roundsUsed >= team.limits.rounds_per_agent;
}

/** P9: decided by the standing votes if they reach the quorum, else by the last full tally, else by sealed order. */
export function bestSoFar(
	session: Session,
	turn: Turn,
	why: { reason: ConsensusFailure; limit?: string },
): ConsensusEvent {
	const current = currentAnswers(turn);
	const standing = countedVotes(turn);
	const kept = turn.lastTally.filter((vote) => current.some(({ id }) => id === vote.answer));
	const enough = standing.length >= quorumOf(session.team);
	// A person who cannot wait is better served by few votes than by none; a limit asks for a quorum.
	const votes = enough || (kept.length === 0 && why.reason === "answer_now") ? standing : kept;
	const standings = ranked(turn, votes);
	const first = votes.length === 0 ? standings.find(({ pool }) => pool[0] === current[0]) : standings[0];
	return failed(turn, { winner: first, votes, ...why });
}

/** The verdict that a `consensus.*` event records. */
export function verdictOf(event: ConsensusEvent): Verdict {
	const winner = event.type === "consensus.reached" ? event.answer : event.best;
	const failure = event.type === "consensus.failed" ? event.reason : null;
	const alone = event.type === "consensus.reached" && event.stop === "alone";
	const { agreement, tally, votes } = event;
	return { winner, consensus: failure === null, failure, alone, agreement, tally, votes };
}

function limitEnding(session: Session, turn: Turn): Ending {
	const limit = exhaustedBudget(session, turn);
	if (limit === null || turn.seats.some(hasOpenCall)) return { kind: "none" };
	if (turn.answers.length === 0) return { kind: "no_answer" };
	return { kind: "verdict", event: bestSoFar(session, turn, { reason: "limit", limit }) };
}

function hasOpenCall({ activity }: Seat): boolean {
	return activity.status === "thinking" && activity.round.tries.call.status === "open";
}

/** P14: a team of one needs no vote. */
function aloneEnding(turn: Turn): Ending {
	const [answer] = currentAnswers(turn);
	if (answer === undefined) return { kind: "none" };
	const tally = tallyOf(ranked(turn, []));
	return {
		kind: "verdict",
		event: { type: "consensus.reached", answer: answer.id, tally, votes: [], agreement: 1, stop: "alone" },
	};
}

function stopRule(session: Session, turn: Turn, outstanding: readonly Seat[]): StopRule | null {
	const { protocol } = session.team;
	if (outstanding.length === 0) return "all";
	const open =
		protocol.start === "sealed" ? turn.sealOpen : turn.seats.every((seat) => !isLive(seat) || seat.answers > 0);
	if (!open || protocol.stop === "all") return null;
	if (protocol.stop === "agreed" && agreed(session, turn)) return "agreed";
	const voters = outstanding.filter((seat) => !isExhausted(session, seat)).map((seat) => seat.agent);
	const rule = { quorum: quorumOf(session.team), judge: protocol.judge !== null };
	const votes = ranked(turn, countedVotes(turn))[0]?.votes ?? 0;
	// P9: where nobody has a round left, a winner below the quorum is what a limit has left, not a settled one.
	if (voters.length === 0 && votes < rule.quorum) return null;
	return settled(turn, voters, rule) ? "settled" : null;
}

function agreed({ team }: Session, turn: Turn): boolean {
	const votes = countedVotes(turn);
	const [first] = ranked(turn, votes);
	if (first === undefined) return false;
	return supporters(first.pool, votes, true).length >= team.protocol.agree * team.agents.length;
}

function decide(session: Session, turn: Turn, stop: StopRule): Ending {
	const votes = countedVotes(turn);
	const standings = ranked(turn, votes);
	const [first] = standings;
	const equal = tied(standings);
	const judged =
		session.team.protocol.judge !== null && turn.ruling === null && exhaustedBudget(session, turn) === null;
	if (judged && equal.length > 1) return { kind: "judge", answers: equal.map(({ pool }) => pool[0].id) };
	if (first === undefined) return { kind: "no_answer" };
	const support = supporters(first.pool, votes, stop === "agreed").length;
	const agreement = support / turn.seats.length;
	if (support < quorumOf(session.team)) {
		const reason = votes.length === 0 ? "no_votes" : "split";
		return { kind: "verdict", event: { ...failed(turn, { winner: first, votes, reason }), agreement } };
	}
	const [{ id }] = first.pool;
	return {
		kind: "verdict",
		event: { type: "consensus.reached", answer: id, tally: tallyOf(standings), votes, agreement, stop },
	};
}

type Lost = { winner: Standing | undefined; votes: readonly CountedVote[]; reason: ConsensusFailure; limit?: string };

function failed(turn: Turn, { winner, votes, reason, limit }: Lost): ConsensusEvent {
	const standings = ranked(turn, votes);
	const best = winner ?? standings[0];
	if (best === undefined) throw new RangeError("a verdict needs an answer");
	const [{ id }] = best.pool;
	const agreement = supporters(best.pool, votes, false).length / turn.seats.length;
	const rows = tallyOf([best, ...standings.filter((other) => other.pool[0].id !== id)]);
	return {
		type: "consensus.failed",
		reason,
		best: id,
		tally: rows,
		votes,
		agreement,
		...(limit === undefined ? {} : { limit }),
	};
}
