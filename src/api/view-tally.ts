import type { AnswerId, TallyRow } from "../consensus/events.ts";
import type { AgentId } from "../consensus/team.ts";

type Answer = { readonly answer: AnswerId; readonly text: string; readonly agent: AgentId };
type Pool = readonly Answer[];
type Ballot = { readonly agent: AgentId; readonly answer: AnswerId };

/** The support of each current answer by the votes that stand, the leader first (P6, P8). */
export function supportOf(accepted: readonly Answer[], votes: readonly Ballot[]): readonly TallyRow[] {
	const standings = poolsOf(accepted).map((pool) => standingOf(pool, votes));
	return standings.toSorted((a, b) => b.others - a.others || b.row.votes - a.row.votes).map(({ row }) => row);
}

/** Current answers, identical ones together, in the order of their acceptance. */
function poolsOf(all: readonly Answer[]): readonly Pool[] {
	const current = all.filter((answer, at) => !all.slice(at + 1).some(({ agent }) => agent === answer.agent));
	return [...Map.groupBy(current, ({ text }) => text.normalize("NFC").replace(/\s+/gu, " ").trim()).values()];
}

function standingOf(pool: Pool, votes: readonly Ballot[]): { readonly row: TallyRow; readonly others: number } {
	const mine = votes.filter((vote) => pool.some(({ answer }) => answer === vote.answer));
	const own = mine.filter((vote) => pool.some(({ agent }) => agent === vote.agent)).length;
	const [first, ...pooled] = pool.map(({ answer }) => answer);
	const row = { answer: first ?? ("" as AnswerId), votes: mine.length, self_votes: own, pooled };
	return { row, others: mine.length - own + pooled.length };
}
