import type {
	AnswerId,
	CallId,
	ConsensusFailure,
	CountedVote,
	DecisionTool,
	FileRef,
	ReminderReason,
	TallyRow,
	Worst,
	WaitingFor,
} from "./events.ts";
import type { AgentId, Team } from "./team.ts";

/** An immutable version of an agent's answer. `identity` is equal for answers that form one pool (P6). */
export type Answer = {
	readonly id: AnswerId;
	readonly agent: AgentId;
	readonly text: string;
	readonly identity: string;
};

/** `known`: the answers that were current when the vote was cast. A suspended vote does not count (P2, `affected`). */
export type Vote = {
	readonly answer: AnswerId;
	readonly reason: string;
	readonly known: readonly AnswerId[];
	readonly suspended: boolean;
};

/**
 * What an agent was told after a model call that did not end its round: nothing where it had `paused`. `pending`: within
 * one decision only.
 */
export type Reply =
	| { readonly kind: "pending" }
	| { readonly kind: "paused" }
	| { readonly kind: "unseen" }
	| { readonly kind: "cap" }
	| { readonly kind: "reminder"; readonly reason: ReminderReason };

/** One finished call of a round and what was said to it: with the prompt, the whole transcript of the round. */
export type Exchange = {
	readonly call: CallId;
	readonly reply: Reply;
	readonly informed: readonly AnswerId[];
	/** How many of the turn's notes the agent has had by now. */
	readonly notes: number;
};

/** Where a step that needs a model stands. `backoff`: due again once the delay has passed. */
export type CallState =
	| { readonly status: "due" }
	| { readonly status: "backoff"; readonly delayMs: number }
	| {
			readonly status: "open";
			readonly id: CallId;
			readonly offers: readonly DecisionTool[];
			readonly worst: Worst | null;
	  };

/** The tries of one step: `paid` counts dispatches, `begunRetries` those retries that followed a stream that had begun. */
export type Tries = {
	readonly call: CallState;
	readonly paid: number;
	readonly retries: number;
	readonly begunRetries: number;
	readonly lost: number;
};

/** One agent's work from a fresh prompt to exactly one decision (P1). */
export type Round = {
	readonly number: number;
	/** In the order of their sealing; a prompt orders them anew for each voter (P5). */
	readonly shown: readonly AnswerId[];
	/** Every answer the agent has been shown in this round: the prompt's pools and what it was informed of (P3). */
	readonly seen: readonly AnswerId[];
	readonly recheck: boolean;
	/** How many of the turn's notes stand in the prompt, and how many the agent has had by now. */
	readonly notesAtStart: number;
	readonly notes: number;
	readonly reminders: number;
	readonly pauses: number;
	/** Calls of tools other than those of P1. */
	readonly toolCalls: number;
	readonly exchanges: readonly Exchange[];
	readonly tries: Tries;
};

export type Activity =
	| { readonly status: "idle" }
	| { readonly status: "thinking"; readonly round: Round }
	| { readonly status: "quarantined"; readonly code: string };

export type Seat = {
	readonly agent: AgentId;
	readonly activity: Activity;
	/** P10: whose words these are: those of the agent's own model, or of its fallback for the rest of the turn. */
	readonly speaker: "primary" | "fallback";
	readonly vote: Vote | null;
	/** Answers accepted in this attempt. */
	readonly answers: number;
	readonly roundsStarted: number;
	/** Rounds that count against `rounds_per_agent`: those whose vote was voided do not (P9). */
	readonly roundsUsed: number;
	/** The last thing that went wrong, for `turn.failed`. */
	readonly lastFailure: { readonly code: string; readonly message: string } | null;
};

/** How the deliberation ended, with what decided it. */
export type Verdict = {
	readonly winner: AnswerId;
	readonly consensus: boolean;
	readonly failure: ConsensusFailure | null;
	readonly alone: boolean;
	readonly agreement: number;
	readonly tally: readonly TallyRow[];
	readonly votes: readonly CountedVote[];
};

export type Phase =
	| { readonly status: "deliberating" }
	| { readonly status: "judging"; readonly answers: readonly AnswerId[]; readonly tries: Tries }
	| { readonly status: "decided"; readonly verdict: Verdict }
	| {
			readonly status: "presenting";
			readonly verdict: Verdict;
			readonly agent: AgentId;
			readonly try: number;
			readonly mode: "present" | "reuse" | "synthesize";
			/** What has been streamed of this try. */
			readonly text: string;
			readonly tries: Tries;
	  };

/** `ms`: the time that calls took, added up. */
export type Spend = { readonly calls: number; readonly tokens: number; readonly usd: number; readonly ms: number };

/** Why a turn stands still until somebody lets it go on. */
export type Waiting = { readonly for: WaitingFor; readonly detail: string };

export type Turn = {
	readonly turn: number;
	readonly question: string;
	readonly attachments: readonly FileRef[];
	readonly attempt: number;
	readonly phase: Phase;
	/** Null: it goes on. */
	readonly waiting: Waiting | null;
	readonly seats: readonly Seat[];
	/** Every accepted version of this attempt, in the order of their acceptance: the sealed order. */
	readonly answers: readonly Answer[];
	readonly notes: readonly string[];
	readonly sealOpen: boolean;
	readonly answerNow: boolean;
	/** Past 80 % of the turn's time (P9). */
	readonly near: boolean;
	/** The votes that stood when a new answer last voided or suspended some while at least a quorum stood (P9). */
	readonly lastTally: readonly CountedVote[];
	/** Null: not asked. `answer` null: the judge failed, so the next rule decides (P8). */
	readonly ruling: { readonly answer: AnswerId | null } | null;
	readonly spend: Spend;
	/** What each agent has spent of it: the rest is the judge's. */
	readonly spendOf: { readonly [agent: string]: Spend };
	/** The cap of the turn or the session that has been reached (P9). */
	readonly limit: string | null;
	/** For each picture that a model made in this turn, the call that brought it. */
	readonly images: readonly CallId[];
};

/** A turn that is over, as far as later turns need it. */
export type PastTurn = {
	readonly question: string;
	readonly attachments: readonly FileRef[];
	readonly answer: string | null;
};

/** A message that is to become a turn. */
export type Asked = { readonly question: string; readonly attachments: readonly FileRef[] };

/** The files a session has named: how many, so that the next one has a number of its own, and their bytes together. */
export type Files = { readonly count: number; readonly bytes: number };

export type Session = {
	readonly status: "open";
	readonly team: Team;
	readonly seed: number;
	readonly past: readonly PastTurn[];
	readonly queue: readonly Asked[];
	readonly files: Files;
	/** Over all turns, this one included. */
	readonly spend: Spend;
	/** The last version of each agent's answers in the whole session, so that answer ids stay unique. */
	readonly versions: { readonly [agent: string]: number };
	readonly current: Turn | null;
};

export type SessionState = { readonly status: "empty" } | Session;

export const noFiles: Files = { count: 0, bytes: 0 };

export const noSpend: Spend = { calls: 0, tokens: 0, usd: 0, ms: 0 };

export const emptySession: SessionState = { status: "empty" };

export const freshTries: Tries = { call: { status: "due" }, paid: 0, retries: 0, begunRetries: 0, lost: 0 };
