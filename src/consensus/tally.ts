import { assert } from "../std/assert.ts";
import type { AnswerId, CountedVote, Dissent, TallyRow } from "./events.ts";
import type { Answer, Seat, Turn } from "./state.ts";
import type { AgentId } from "./team.ts";

/** Identical current answers (P6), in sealed order. The first one stands for all of them. */
export type Pool = readonly [Answer, ...Answer[]];

/** A pool with its support under some votes. `others` gains one for each further author (P8). */
export type Standing = {
	readonly pool: Pool;
	readonly votes: number;
	readonly selfVotes: number;
	readonly others: number;
};

/** The latest version of each agent's answer, in sealed order: by the sequence of the current version. */
export function currentAnswers(turn: Turn): readonly Answer[] {
	return turn.answers.filter((answer, i) => !turn.answers.slice(i + 1).some((later) => later.agent === answer.agent));
}

/** P6: the current answers, identical ones together. */
export function pools(turn: Turn): readonly Pool[] {
	const found = new Map<string, [Answer, ...Answer[]]>();
	for (const answer of currentAnswers(turn)) {
		const pool = found.get(answer.identity);
		if (pool === undefined) found.set(answer.identity, [answer]);
		else pool.push(answer);
	}
	return [...found.values()];
}

/** The votes that count now: cast, not voided, not suspended. */
export function countedVotes(turn: Turn): readonly CountedVote[] {
	return turn.seats.flatMap(({ agent, vote }) =>
		vote === null || vote.suspended ? [] : [{ agent, answer: vote.answer, reason: vote.reason }],
	);
}

/** P8: all pools, the winner first. Votes for answers that are not current support nothing. */
export function ranked(turn: Turn, votes: readonly CountedVote[]): readonly Standing[] {
	const standings = pools(turn).map((pool) => standingOf(pool, votes));
	return standings.toSorted((a, b) => b.others - a.others || total(b) - total(a) || ruled(turn, b) - ruled(turn, a));
}

function standingOf(pool: Pool, votes: readonly CountedVote[]): Standing {
	const mine = votes.filter((vote) => holds(pool, vote.answer));
	const selfVotes = mine.filter((vote) => wrote(pool, vote.agent)).length;
	return { pool, votes: mine.length, selfVotes, others: mine.length - selfVotes + pool.length - 1 };
}

const total = (standing: Standing) => standing.others + standing.selfVotes;
const ruled = (turn: Turn, { pool }: Standing) => (turn.ruling?.answer && holds(pool, turn.ruling.answer) ? 1 : 0);

/** The pools that only a judge or the sealed order could part from the winner. */
export function tied(standings: readonly Standing[]): readonly Standing[] {
	const first = standings[0];
	return first === undefined ? [] : standings.filter((s) => s.others === first.others && total(s) === total(first));
}

/**
 * P8, `settled`: whether the outstanding agents, if they all voted, could change neither the winner nor whether it
 * reaches the quorum. A tie that a judge would break is not settled.
 */
export function settled(
	turn: Turn,
	outstanding: readonly AgentId[],
	rule: { quorum: number; judge: boolean },
): boolean {
	const votes = countedVotes(turn);
	const [first, ...rivals] = ranked(turn, votes);
	if (first === undefined) return false;
	if (first.votes < rule.quorum && first.votes + outstanding.length >= rule.quorum) return false;
	return rivals.every((rival) => !couldOvertake(rival, first, { outstanding, ...rule }, turn));
}

function couldOvertake(
	rival: Standing,
	first: Standing,
	rule: { outstanding: readonly AgentId[]; judge: boolean },
	turn: Turn,
): boolean {
	const own = rule.outstanding.filter((agent) => wrote(rival.pool, agent)).length;
	const others = rival.others + rule.outstanding.length - own;
	const all = others + rival.selfVotes + own;
	if (others !== first.others) return others > first.others;
	if (all !== total(first)) return all > total(first);
	return rule.judge || sealed(turn, rival) < sealed(turn, first);
}

const sealed = (turn: Turn, { pool }: Standing) => turn.answers.indexOf(pool[0]);

/** Distinct agents behind a pool. `authorsCount`: an author who voted for no other answer is one of them (P8, `agreed`). */
export function supporters(pool: Pool, votes: readonly CountedVote[], authorsCount: boolean): readonly AgentId[] {
	const voters = votes.filter((vote) => holds(pool, vote.answer)).map((vote) => vote.agent);
	if (!authorsCount) return voters;
	const silent = pool.filter((answer) => !votes.some((vote) => vote.agent === answer.agent));
	return [...voters, ...silent.map((answer) => answer.agent)];
}

/** The contract's tally: every pool, the winner first. */
export function tallyOf(standings: readonly Standing[]): readonly TallyRow[] {
	return standings.map(({ pool: [first, ...rest], votes, selfVotes }) => ({
		answer: first.id,
		votes,
		self_votes: selfVotes,
		pooled: rest.map((answer) => answer.id),
	}));
}

/** P11: the best answer that did not win, with its voters' reasons. Null where every answer is in the winning pool. */
export function dissentOf(turn: Turn, winner: AnswerId, votes: readonly CountedVote[]): Dissent | null {
	const best = ranked(turn, votes).find(({ pool }) => !holds(pool, winner));
	if (best === undefined) return null;
	const [answer] = best.pool;
	const reasons = votes.filter((vote) => holds(best.pool, vote.answer)).map((vote) => vote.reason);
	return { agent: answer.agent, answer: answer.id, text: answer.text, votes: best.votes, reasons };
}

/** Whether a pool holds this answer. */
export function holds(pool: Pool, answer: AnswerId): boolean {
	return pool.some((member) => member.id === answer);
}

function wrote(pool: Pool, agent: AgentId): boolean {
	return pool.some((member) => member.agent === agent);
}

/** The answer with this id, of whatever version and attempt. */
export function answerOf(turn: Turn, id: AnswerId): Answer {
	const answer = attemptWith(turn, id)?.answers.find((candidate) => candidate.id === id);
	assert(answer !== undefined, `answer ${id} exists in turn ${turn.turn}`);
	return answer;
}

/** The attempt of this turn in which an answer was given (P13); null where it is none of the turn's. */
export function attemptWith(turn: Turn, answer: AnswerId): Turn | null {
	for (let attempt: Turn | null = turn; attempt !== null; attempt = attempt.earlier?.turn ?? null)
		if (attempt.answers.some(({ id }) => id === answer)) return attempt;
	return null;
}

/** The seat of one of the team's agents. */
export function seatOf(turn: Turn, agent: AgentId): Seat {
	const seat = turn.seats.find((candidate) => candidate.agent === agent);
	assert(seat !== undefined, `agent ${agent} has a seat`);
	return seat;
}
