import type { BallotLine, View } from "../../../api/view.ts";
import type { AnswerId } from "../../../consensus/events.ts";
import type { AgentId } from "../../../consensus/team.ts";

/** A current answer and what stands behind it. */
export type Standing = {
	readonly answer: AnswerId;
	readonly author: AgentId | null;
	readonly pooled: readonly AnswerId[];
	readonly votes: number;
	/** Of all agents. */
	readonly share: number;
	readonly leads: boolean;
	/** It came last of all answers, and votes fell because of it. */
	readonly voids: boolean;
};

/** A vote as an arrow from its voter to an answer; a fallen one names the answer that felled it. */
export type Arrow = {
	readonly voter: AgentId;
	readonly answer: AnswerId;
	readonly reason: string;
	readonly standing: "counted" | "voided" | "suspended";
	readonly by: AnswerId | null;
	readonly seq: number;
};

export type Ledger = { readonly standings: readonly Standing[]; readonly arrows: readonly Arrow[] };

/**
 * Answers in the order of their acceptance, so that rows do not move under the eye, with the votes that stand and those that
 * fell and were not cast again.
 */
export function ledgerOf(view: View): Ledger {
	const arrows = view.agents.flatMap(({ id }) => arrowOf(view, id) ?? []);
	const felling = arrows.reduce((last, { by, seq }) => (by !== null && seq > last.seq ? { by, seq } : last), {
		by: null as AnswerId | null,
		seq: 0,
	});
	const standings = view.tally.map(({ answer, pooled, votes }) => ({
		answer,
		author: authorOf(view, answer),
		pooled,
		votes,
		share: view.agents.length === 0 ? 0 : votes / view.agents.length,
		leads: answer === view.leader,
		voids: felling.by !== null && [answer, ...pooled].includes(felling.by),
	}));
	const order = view.accepted.map(({ answer }) => answer);
	return { standings: standings.toSorted((a, b) => order.indexOf(a.answer) - order.indexOf(b.answer)), arrows };
}

/** Whose answer it is: ids name the seat, like `a2.1`. */
function authorOf({ agents }: Pick<View, "agents">, answer: AnswerId): AgentId | null {
	return agents[Number(seatIn(answer).slice(1)) - 1]?.id ?? null;
}

/** The row in which an answer, or what replaced it, stands; -1: none. */
export function rowOf(standings: readonly Standing[], answer: AnswerId): number {
	return standings.findIndex((row) => [row.answer, ...row.pooled].some((id) => seatIn(id) === seatIn(answer)));
}

function seatIn(answer: AnswerId): string {
	return answer.split(".")[0] ?? "";
}

function arrowOf(view: View, agent: AgentId): Arrow | null {
	const lines = view.ballot.filter((line) => line.agent === agent && line.what !== "unseen");
	const last = lines.at(-1);
	const cast = lines.findLast(({ what }) => what === "cast");
	const vote = view.agents.find(({ id }) => id === agent)?.vote ?? null;
	if (vote !== null) return { voter: agent, ...vote, standing: "counted", by: null, seq: cast?.seq ?? 0 };
	if (last === undefined || last.what === "cast") return null;
	return fallen(last, cast?.reason ?? "");
}

/** The arrow of a vote that does not count any more, by the line that says so. */
function fallen(last: BallotLine, reason: string): Arrow | null {
	if (last.answer === null) return null;
	const by = /^by (\S+)$/.exec(last.reason)?.[1] ?? null;
	return {
		voter: last.agent,
		answer: last.answer,
		reason,
		standing: last.what === "suspended" ? "suspended" : "voided",
		by: by as AnswerId | null,
		seq: last.seq,
	};
}
