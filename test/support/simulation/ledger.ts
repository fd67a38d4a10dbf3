import type {
	AnswerId,
	CallId,
	CountedVote,
	DecisionTool,
	SessionEvent,
	Worst,
} from "../../../src/consensus/events.ts";
import type { AgentId, Team } from "../../../src/consensus/team.ts";

/**
 * The simulation's own bookkeeping, kept from the log alone and in other structures than the core's, so that one can be
 * held against the other. Mutable: it is written once per event and read after every batch.
 */
export type Ledger = {
	team: Team;
	seed: number;
	turn: TurnBook | null;
	turns: number;
	queue: string[];
	readonly versions: Map<AgentId, number>;
	readonly callIds: Set<CallId>;
	readonly spend: BookSpend;
};

export type BookAnswer = {
	readonly id: AnswerId;
	readonly agent: AgentId;
	readonly text: string;
	readonly key: string;
};
export type BookVote = {
	readonly answer: AnswerId;
	readonly reason: string;
	readonly known: ReadonlySet<AnswerId>;
	suspended: boolean;
};
export type BookCall = {
	readonly id: CallId;
	readonly purpose: string;
	readonly agent: AgentId | null;
	readonly offers: readonly DecisionTool[];
	readonly worst: Worst | null;
};

/** What was spent, by the names of the caps. */
export type BookSpend = { calls: number; tokens: number; usd: number; seconds: number };

/** The tries of one step. */
export type BookStep = { paid: number; lost: number; retries: number; begunRetries: number };

export type BookRound = BookStep & {
	readonly number: number;
	readonly recheck: boolean;
	readonly displayed: AnswerId[];
	readonly seen: Set<AnswerId>;
	reminders: number;
	pauses: number;
	notes: number;
};

export type BookSeat = {
	readonly agent: AgentId;
	readonly number: number;
	out: string | null;
	/** Whether its fallback speaks. */
	fellBack: boolean;
	answers: number;
	roundsStarted: number;
	roundsGivenBack: number;
	vote: BookVote | null;
	round: BookRound | null;
	readonly spend: BookSpend;
};

export type Presentation = BookStep & { agent: AgentId; try: number; mode: string; text: string; failed: boolean };
export type Judging = BookStep & { readonly answers: readonly AnswerId[] };
export type ConsensusEvent = SessionEvent & { readonly type: "consensus.reached" | "consensus.failed" };

export type TurnBook = {
	readonly number: number;
	readonly seats: readonly BookSeat[];
	readonly answers: BookAnswer[];
	readonly calls: Map<CallId, BookCall>;
	readonly spend: BookSpend;
	/** The shared cap that has been reached. */
	limit: string | null;
	notes: number;
	waiting: boolean;
	/** It waits for the session's budget. */
	unpaid: boolean;
	sealOpen: boolean;
	near: boolean;
	answerNow: boolean;
	lastFullTally: readonly CountedVote[];
	ruling: { readonly answer: AnswerId | null } | null;
	judging: Judging | null;
	verdict: ConsensusEvent | null;
	presentation: Presentation | null;
};

/** The bookkeeping of a session that has just been created. */
export function openLedger(team: Team, seed: number): Ledger {
	return { team, seed, turn: null, turns: 0, queue: [], versions: new Map(), callIds: new Set(), spend: noSpend() };
}

export function openTurn(team: Team, number: number): TurnBook {
	const seats = team.agents.map(({ id }, i) => openSeat(id, i + 1));
	const spends = { spend: noSpend(), limit: null };
	const flags = { waiting: false, unpaid: false, sealOpen: false, near: false, answerNow: false };
	const none = { ruling: null, judging: null, verdict: null, presentation: null };
	return { number, seats, answers: [], calls: new Map(), ...spends, notes: 0, ...flags, lastFullTally: [], ...none };
}

function openSeat(agent: AgentId, number: number): BookSeat {
	const none = { out: null, fellBack: false, vote: null, round: null };
	return { agent, number, ...none, answers: 0, roundsStarted: 0, roundsGivenBack: 0, spend: noSpend() };
}

export const openStep = (): BookStep => ({ paid: 0, lost: 0, retries: 0, begunRetries: 0 });

/** The latest version of each agent's answer, in the order of their acceptance. */
export function currentOf(turn: TurnBook): readonly BookAnswer[] {
	const latest = new Map(turn.answers.map((answer) => [answer.agent, answer.id]));
	return turn.answers.filter(({ id, agent }) => latest.get(agent) === id);
}

/** Those answers in groups of the same text, by the first member. */
export function pooled(answers: readonly BookAnswer[]): readonly (readonly BookAnswer[])[] {
	return [...Map.groupBy(answers, ({ key }) => key).values()];
}

/** P6: the pools of which no member is among these, each by its first member. */
export function unseenPools(turn: TurnBook, seen: ReadonlySet<AnswerId>): readonly AnswerId[] {
	return pooled(currentOf(turn)).flatMap((pool) =>
		pool[0] === undefined || pool.some(({ id }) => seen.has(id)) ? [] : [pool[0].id],
	);
}

/** The votes that count now. */
export function counted(turn: TurnBook): readonly CountedVote[] {
	return turn.seats.flatMap(({ agent, vote }) =>
		vote === null || vote.suspended ? [] : [{ agent, answer: vote.answer, reason: vote.reason }],
	);
}

export function seatOf(turn: TurnBook, agent: AgentId | null): BookSeat | undefined {
	return turn.seats.find((seat) => seat.agent === agent);
}

/** The live agents without a counted vote. */
export function outstanding(turn: TurnBook): readonly BookSeat[] {
	return turn.seats.filter(({ out, vote }) => out === null && (vote === null || vote.suspended));
}

/** P9: has no round left to cast the vote it owes. */
export function exhausted({ team }: Ledger, { round, roundsStarted, roundsGivenBack }: BookSeat): boolean {
	return round === null && roundsStarted - roundsGivenBack >= team.limits.rounds_per_agent;
}

const noSpend = (): BookSpend => ({ calls: 0, tokens: 0, usd: 0, seconds: 0 });

/** P9: whether one more answer of this agent would stay within the caps. */
export function answerAllowed({ team: { limits } }: Ledger, turn: TurnBook, seat: BookSeat): boolean {
	if (seat.answers >= limits.answers_per_agent) return false;
	const later = turn.answers.length - new Set(turn.answers.map(({ agent }) => agent)).size;
	return seat.answers === 0 || later < limits.answers_per_attempt;
}

/** P4: whether this team's agents have to wait for the seal. */
export function sealedNow({ team }: Ledger, turn: TurnBook): boolean {
	return team.protocol.start === "sealed" && !turn.sealOpen;
}
