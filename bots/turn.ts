import type { Session } from "../src/api/contract.ts";

/** A turn as the API shows it, in the words of people: they know agents, not the ids of answers. */
export type Turn = Session["turns"][number];

type Seats = { readonly team: { readonly agents: readonly { readonly id: string }[] } };

/** Whose answer this is. An id names only the seat, in the order of the team, and the version. */
export function ownerOf({ team }: Seats, answer: string): string {
	const seat = /^a(\d+)\./.exec(answer)?.[1];
	return team.agents[Number(seat) - 1]?.id ?? answer;
}

/** Whom a vote is for. */
export function votedFor(
	session: Seats,
	{ agent, answer }: { readonly agent: string; readonly answer: string },
): string {
	const owner = ownerOf(session, answer);
	return owner === agent ? "its own answer" : owner;
}

/** Null as well for an answer that nobody has voted for: that is no dissent, only another answer. */
export function dissentIn({ dissent }: Pick<Turn, "dissent">): Turn["dissent"] {
	return dissent === null || dissent.votes === 0 ? null : dissent;
}

/** Like "1 vote". */
export function votesIn(votes: number): string {
	return votes === 1 ? "1 vote" : `${votes} votes`;
}
