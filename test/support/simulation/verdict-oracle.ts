import type { AnswerId, CountedVote } from "../../../src/consensus/events.ts";
import { quorumOf } from "../../../src/consensus/team.ts";
import type { AgentId } from "../../../src/consensus/team.ts";
import { counted, currentOf, exhausted, outstanding, pooled } from "./ledger.ts";
import type { BookAnswer, Ledger, TurnBook } from "./ledger.ts";

type Ballot = { readonly agent: AgentId; readonly answer: AnswerId };

/** One pool counted by hand: P8's three figures. */
export type Count = {
	readonly ids: readonly AnswerId[];
	readonly votes: number;
	readonly selfVotes: number;
	readonly others: number;
	readonly all: number;
	readonly ruled: boolean;
};

/** P8 by hand: every pool's figures, in sealed order. */
export function countsOf(
	answers: readonly BookAnswer[],
	votes: readonly Ballot[],
	ruling: AnswerId | null,
): readonly Count[] {
	return pooled(answers).map((pool) => {
		const ids = pool.map(({ id }) => id);
		const authors = new Set(pool.map(({ agent }) => agent));
		const mine = votes.filter(({ answer }) => ids.includes(answer));
		const selfVotes = mine.filter(({ agent }) => authors.has(agent)).length;
		const others = mine.length - selfVotes + authors.size - 1;
		return {
			ids,
			votes: mine.length,
			selfVotes,
			others,
			all: others + selfVotes,
			ruled: ruling !== null && ids.includes(ruling),
		};
	});
}

/** P8: most support from others, then all support, then the judge, then sealed order: one comparison after the other. */
export function bestOf(counts: readonly Count[]): Count | undefined {
	const most = (of: readonly Count[], figure: (count: Count) => number) => {
		const top = Math.max(...of.map(figure));
		return of.filter((count) => figure(count) === top);
	};
	return most(
		most(
			most(counts, ({ others }) => others),
			({ all }) => all,
		),
		({ ruled }) => Number(ruled),
	)[0];
}

/** The pools that share the first place before the judge and the sealed order. */
export function tiedOf(counts: readonly Count[]): readonly Count[] {
	const best = bestOf(counts);
	return counts.filter(({ others, all }) => others === best?.others && all === best.all);
}

/** More ways than these are not tried: the question is then left to smaller sessions. */
const waysMax = 256;

/**
 * P8, `settled`: whether, however those who can still vote all vote, the winner and its quorum stay the same, and no
 * judge is needed. Null where there are too many ways to try.
 */
export function settledByHand(ledger: Ledger, turn: TurnBook): boolean | null {
	const answers = currentOf(turn);
	const choices = pooled(answers).flatMap(([first]) => (first === undefined ? [] : [first.id]));
	const voters = outstanding(turn).filter((seat) => !exhausted(ledger, seat));
	const ways = choices.length ** voters.length;
	if (choices.length === 0) return false;
	if (ways > waysMax) return null;
	const standing = counted(turn);
	// As it stands counts too: a winner that still lacks its quorum is not settled.
	const outcomes = new Set([outcomeOf(ledger, answers, standing)]);
	for (let way = 0; way < ways; way++) {
		const cast = voters.map(({ agent }, i) => ({ agent, answer: digit(way, i, choices) }));
		outcomes.add(outcomeOf(ledger, answers, [...standing, ...cast]));
	}
	return outcomes.size === 1 && !outcomes.has("judge");
}

function digit(way: number, place: number, choices: readonly AnswerId[]): AnswerId {
	const at = Math.floor(way / choices.length ** place) % choices.length;
	return choices[at] as AnswerId;
}

function outcomeOf({ team }: Ledger, answers: readonly BookAnswer[], votes: readonly Ballot[]): string {
	const counts = countsOf(answers, votes, null);
	if (team.protocol.judge !== null && tiedOf(counts).length > 1) return "judge";
	const best = bestOf(counts);
	return `${best?.ids[0]} ${(best?.votes ?? 0) >= quorumOf(team)}`;
}

/** P8, `agreed`: whether one pool holds the share; authors who voted for nothing else support their own. */
export function agreedByHand({ team }: Ledger, turn: TurnBook): boolean {
	const votes = counted(turn);
	const best = bestOf(countsOf(currentOf(turn), votes, turn.ruling?.answer ?? null));
	return best !== undefined && supportWithAuthors(turn, best, votes) >= team.protocol.agree * team.agents.length;
}

/** The distinct agents behind a pool: its voters, and those of its authors who voted for no other. */
export function supportWithAuthors(turn: TurnBook, { ids }: Count, votes: readonly Ballot[]): number {
	const behind = new Set(votes.filter(({ answer }) => ids.includes(answer)).map(({ agent }) => agent));
	for (const { id, agent } of turn.answers)
		if (ids.includes(id) && votes.every((vote) => vote.agent !== agent)) behind.add(agent);
	return behind.size;
}

/** P9, P16: which votes decide when the deliberation is cut short. */
export function votesAtCut({ team }: Ledger, turn: TurnBook, reason: "limit" | "answer_now"): readonly CountedVote[] {
	const standing = counted(turn);
	if (standing.length >= quorumOf(team)) return standing;
	const current = new Set(currentOf(turn).map(({ id }) => id));
	const last = turn.lastFullTally.filter(({ answer }) => current.has(answer));
	return last.length === 0 && reason === "answer_now" ? standing : last;
}

/** P9: the winner of those votes, or the first in sealed order where there are none. */
export function bestAtCut(turn: TurnBook, votes: readonly CountedVote[]): AnswerId | undefined {
	const current = currentOf(turn);
	return votes.length === 0 ? current[0]?.id : bestOf(countsOf(current, votes, turn.ruling?.answer ?? null))?.ids[0];
}
