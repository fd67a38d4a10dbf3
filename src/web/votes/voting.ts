import type { AnswerId, LoggedEvent } from "../../consensus/events.ts";
import type { AgentId } from "../../consensus/team.ts";
import type { Entry } from "../state/entry.ts";

/** What became of a vote within its attempt. One that its voter replaced by another fell by nobody's answer. */
export type Fate =
	| { readonly how: "counts" }
	| { readonly how: "replaced" }
	| { readonly how: "voided" | "suspended"; readonly by: AnswerId };

export type Ballot = {
	readonly seq: number;
	readonly at: string;
	readonly voter: AgentId;
	readonly attempt: number;
	readonly round: number;
	readonly answer: AnswerId;
	readonly reason: string;
	readonly fate: Fate;
};

export type Given = {
	readonly answer: AnswerId;
	readonly author: AgentId;
	readonly attempt: number;
	readonly round: number;
};

/** Everything that the team's votes came to in one turn, in its order. */
export type Voting = {
	readonly ballots: readonly Ballot[];
	readonly given: readonly Given[];
	/** Of the judge, where the votes did not decide. */
	readonly ruling: { readonly answer: AnswerId; readonly reason: string } | null;
};

export const ballotsMax = 2_000;

type Draft = {
	turn: number;
	attempt: number;
	readonly rounds: Map<AgentId, number>;
	ballots: Ballot[];
	given: Given[];
	ruling: Voting["ruling"];
};

/** The votes of a turn, from the lines of its log. */
export function votingOf(entries: readonly Entry[], turn: number): Voting {
	const draft: Draft = { turn: 0, attempt: 1, rounds: new Map(), ballots: [], given: [], ruling: null };
	for (const { event } of entries) {
		if (event.type === "turn.started") draft.turn = event.turn;
		else if (draft.turn === turn) enter(draft, event);
	}
	const { ballots, given, ruling } = draft;
	return { ballots: ballots.slice(-ballotsMax), given: given.slice(-ballotsMax), ruling };
}

function enter(draft: Draft, event: LoggedEvent): void {
	switch (event.type) {
		case "attempt.started":
			draft.attempt = event.attempt;
			draft.ruling = null;
			return;
		case "round.started":
			draft.rounds.set(event.agent, event.round);
			return;
		case "answer.accepted":
			draft.given.push({ answer: event.answer, author: event.agent, ...placeOf(draft, event.agent) });
			return;
		case "vote.cast":
			draft.ballots = draft.ballots.map((ballot) => fallen(draft, ballot, [event.agent], { how: "replaced" }));
			draft.ballots.push(castBy(draft, event));
			return;
		case "votes.voided":
		case "votes.suspended": {
			const voters = event.votes.map(({ agent }) => agent);
			const how = event.type === "votes.voided" ? "voided" : "suspended";
			draft.ballots = draft.ballots.map((ballot) => fallen(draft, ballot, voters, { how, by: event.by }));
			return;
		}
		case "judge.ruled":
			draft.ruling = { answer: event.answer, reason: event.reason };
			return;
		default:
	}
}

function castBy(draft: Draft, event: Extract<LoggedEvent, { type: "vote.cast" }>): Ballot {
	const { seq, at, agent, answer, reason } = event;
	return { seq, at, voter: agent, ...placeOf(draft, agent), answer, reason, fate: { how: "counts" } };
}

function placeOf({ attempt, rounds }: Draft, agent: AgentId): { readonly attempt: number; readonly round: number } {
	return { attempt, round: rounds.get(agent) ?? 0 };
}

/** The same ballot, or what it is once these voters' votes of this attempt do not count any more. */
function fallen({ attempt }: Draft, ballot: Ballot, voters: readonly AgentId[], fate: Fate): Ballot {
	const falls = ballot.fate.how === "counts" && ballot.attempt === attempt && voters.includes(ballot.voter);
	return falls ? { ...ballot, fate } : ballot;
}
