import type { JsonObject } from "../std/json.ts";
import type { AgentId, Budget, Team } from "./team.ts";

/** Seat and version, like `a2.1`: for people and the log, never in a prompt (P5). Unique in a session. */
export type AnswerId = string & { readonly brand: "AnswerId" };
/** One dispatch of one model call; unique in a session and derived from the state, so a restart names it the same. */
export type CallId = string & { readonly brand: "CallId" };

/** A picture or document kept beside the log: `f1`, `f2`, ..., unique in a session and numbered by the state. */
export type FileId = string & { readonly brand: "FileId" };
/** What the log says of a file; its bytes (so many) were written in the same transaction. */
export type FileRef = {
	readonly file: FileId;
	readonly name: string;
	readonly media_type: string;
	readonly bytes: number;
};
/** A file that the log has not named yet. `base64`: RFC 4648, padded, without line breaks. */
export type NewFile = { readonly name: string; readonly media_type: string; readonly base64: string };
/** Pictures that a person may send and a model may make. */
export const imageTypes = ["image/png", "image/jpeg", "image/gif", "image/webp"] as const;
/** Why a picture that a model made was not kept. */
export type ImageRefusal = "call_limit" | "session_limit" | "too_large" | "unreadable";

export type Usage = {
	readonly input: number | null;
	readonly output: number | null;
	readonly cached: number | null;
	readonly reasoning: number | null;
	/** The part of `input` that was written to a cache; there only where the provider counts it. */
	readonly written?: number;
};

/** The most that a call may use, estimated from above. `usd` null: no price is known for its model. */
export type Worst = { readonly tokens: number; readonly usd: number | null };

/** Which model it is, as the team names it. */
export type ModelName = { readonly backend: string; readonly model: string };

export type DecisionTool = "new_answer" | "vote";

/** P1, P7, P9: why an answer was not accepted. `copy` and `rephrased` count as votes for `of`. */
export type AnswerRefusal = "copy" | "rephrased" | "not_offered" | "cap" | "ambiguous" | "bad_arguments" | "too_long";
/** P1, P3: why a vote was not cast. */
export type VoteRefusal = "unseen" | "unknown_label" | "not_offered" | "ambiguous" | "bad_arguments";
/** P1: why an agent was asked again. Each one uses up one of `enforcement_max`. */
export type ReminderReason =
	| "no_decision"
	| "unknown_tool"
	| Exclude<AnswerRefusal, "copy" | "rephrased" | "cap">
	| "unknown_label";

export type BallotVote = { readonly agent: AgentId; readonly answer: AnswerId };
export type CountedVote = BallotVote & { readonly reason: string };

/** One pool of identical current answers (P6). `votes` includes `self_votes`; `pooled` names the other members. */
export type TallyRow = {
	readonly answer: AnswerId;
	readonly votes: number;
	readonly self_votes: number;
	readonly pooled: readonly AnswerId[];
};

/** P11: the best answer that did not win, with the reasons of those who voted for it. */
export type Dissent = {
	readonly agent: AgentId;
	readonly answer: AnswerId;
	readonly text: string;
	readonly votes: number;
	readonly reasons: readonly string[];
};

export type TurnFailureReason = { readonly agent: AgentId; readonly code: string; readonly message: string };
export type ConsensusFailure = "split" | "no_votes" | "limit" | "answer_now";
/** What a session in the middle of a turn waits for: nothing is started until then. */
export type WaitingFor = "suspended" | "budget";
export type CallPurpose = "round" | "presentation" | "judge";
/** How a dispatched call ended. `lost`: the machine that held its stream is gone (P15). */
export type CallOutcome = "ok" | "failed" | "aborted" | "lost";

/** Everything that ever happens in a session. The log of these is the session; only additions are allowed. */
export type SessionEvent =
	/** `seed` draws the labels of P5; it decides nothing else. */
	| { readonly type: "session.created"; readonly team: Team; readonly seed: number }
	/** `attachments`: there only where there are some, here and at the turn's start. */
	| { readonly type: "turn.queued"; readonly message: string; readonly attachments?: readonly FileRef[] }
	| {
			readonly type: "turn.started";
			readonly turn: number;
			readonly question: string;
			readonly attachments?: readonly FileRef[];
	  }
	| { readonly type: "attempt.started"; readonly attempt: number; readonly instructions?: string }
	/** `shown`: the answers that stand in the prompt. `recheck`: a vote-only round of `invalidation: affected` (P2). */
	| {
			readonly type: "round.started";
			readonly agent: AgentId;
			readonly round: number;
			readonly attempt: number;
			readonly shown: readonly AnswerId[];
			readonly recheck: boolean;
	  }
	| {
			readonly type: "call.started";
			readonly call: CallId;
			readonly purpose: CallPurpose;
			/** Null for the judge, who is not of the team. */
			readonly agent: AgentId | null;
			readonly provider: string;
			readonly model: string;
			/** How many times this step has been paid for, this dispatch included (P15). */
			readonly paid: number;
			readonly offers: readonly DecisionTool[];
			/** The most that it may use; there only where dollars or tokens were capped (P9). */
			readonly worst?: Worst;
	  }
	| {
			readonly type: "call.finished";
			readonly call: CallId;
			readonly outcome: CallOutcome;
			readonly usage: Usage | null;
			/** Null: no price is known for the model, or the provider reported no usage. */
			readonly cost_usd: number | null;
			/** What caches saved against plain input, below 0 for a call that only wrote. Null: no price is known. */
			readonly saved_usd?: number | null;
			/** From its dispatch to its end; there only where the seconds of calls were capped. */
			readonly took_ms?: number;
	  }
	/** A machine after the one that dispatched it has taken up its stream again: the same call, paid for once (P15). */
	| { readonly type: "call.resumed"; readonly call: CallId }
	| { readonly type: "agent.text"; readonly agent: AgentId; readonly call: CallId; readonly text: string }
	| { readonly type: "agent.reasoning"; readonly agent: AgentId; readonly call: CallId; readonly text: string }
	| {
			readonly type: "agent.cited";
			readonly agent: AgentId;
			readonly call: CallId;
			readonly url: string;
			readonly title: string;
	  }
	/** A picture that the model made, of a round or of the presentation. */
	| {
			readonly type: "agent.image";
			readonly agent: AgentId;
			readonly call: CallId;
			readonly file: FileId;
			readonly media_type: string;
			readonly bytes: number;
	  }
	| {
			readonly type: "agent.image_dropped";
			readonly agent: AgentId;
			readonly call: CallId;
			readonly media_type: string;
			readonly reason: ImageRefusal;
	  }
	| {
			readonly type: "tool.called";
			readonly agent: AgentId;
			readonly call: CallId;
			readonly tool: string;
			readonly arguments: JsonObject;
	  }
	| {
			readonly type: "tool.returned";
			readonly agent: AgentId;
			readonly call: CallId;
			readonly tool: string;
			readonly ok: boolean;
			readonly result: string;
	  }
	| { readonly type: "answer.accepted"; readonly agent: AgentId; readonly answer: AnswerId; readonly text: string }
	| {
			readonly type: "answer.refused";
			readonly agent: AgentId;
			readonly reason: AnswerRefusal;
			readonly of?: AnswerId;
	  }
	| { readonly type: "vote.cast"; readonly agent: AgentId; readonly answer: AnswerId; readonly reason: string }
	| { readonly type: "vote.refused"; readonly agent: AgentId; readonly reason: VoteRefusal }
	| { readonly type: "votes.voided"; readonly votes: readonly BallotVote[]; readonly by: AnswerId }
	/** `invalidation: affected`: these votes do not count until their holders have voted again (P2). */
	| { readonly type: "votes.suspended"; readonly votes: readonly BallotVote[]; readonly by: AnswerId }
	| { readonly type: "agent.reminded"; readonly agent: AgentId; readonly reason: ReminderReason }
	/** What stands in this agent's very next request (P3): answers, and how many of the turn's notes it has had. */
	| {
			readonly type: "agent.informed";
			readonly agent: AgentId;
			readonly answers: readonly AnswerId[];
			readonly notes: number;
	  }
	/** `retry_in_ms`: null when this model is not tried again: the step ends, or `agent.fell_back` follows. */
	| {
			readonly type: "agent.failed";
			readonly agent: AgentId;
			readonly code: string;
			readonly retryable: boolean;
			readonly message: string;
			/** The stream had brought something before it failed (P15). */
			readonly begun: boolean;
			readonly retry_in_ms: number | null;
	  }
	| { readonly type: "agent.quarantined"; readonly agent: AgentId; readonly code: string }
	/** P10: `to` speaks for the agent to the end of the turn. `code`: the failure that exhausted its own model. */
	| {
			readonly type: "agent.fell_back";
			readonly agent: AgentId;
			readonly from: ModelName;
			readonly to: ModelName;
			readonly code: string;
	  }
	/** The reply was not finished: the model is called again with what it has said so far, and nothing more (P1). */
	| { readonly type: "agent.paused"; readonly agent: AgentId }
	| { readonly type: "seal.opened"; readonly reason: "all" | "deadline" }
	/** Past 80 % of the turn's time: from here on only votes are offered (P9). */
	| { readonly type: "limit.near"; readonly limit: "turn_seconds" }
	/** P9: what is left under this cap does not pay for the next call, or its time is up. `agent`: whose own cap it is. */
	| { readonly type: "limit.reached"; readonly limit: string; readonly agent: AgentId | null }
	| { readonly type: "judge.asked"; readonly answers: readonly AnswerId[] }
	| { readonly type: "judge.ruled"; readonly answer: AnswerId; readonly reason: string }
	| { readonly type: "judge.failed"; readonly code: string; readonly message: string }
	| {
			readonly type: "consensus.reached";
			readonly answer: AnswerId;
			readonly tally: readonly TallyRow[];
			readonly votes: readonly CountedVote[];
			readonly agreement: number;
			readonly stop: "all" | "settled" | "agreed" | "alone";
	  }
	| {
			readonly type: "consensus.failed";
			readonly reason: ConsensusFailure;
			readonly best: AnswerId;
			readonly tally: readonly TallyRow[];
			/** The votes that decided: at a limit perhaps those of the last full tally (P9). */
			readonly votes: readonly CountedVote[];
			readonly agreement: number;
			/** Which limit, when the reason is `limit`. */
			readonly limit?: string;
	  }
	| {
			readonly type: "presentation.started";
			readonly agent: AgentId;
			readonly try: number;
			readonly mode: "present" | "reuse" | "synthesize";
	  }
	| { readonly type: "final.text"; readonly text: string }
	/** `answer` is the final text; P11's record stands beside it. */
	| {
			readonly type: "turn.finished";
			readonly turn: number;
			readonly answer: string;
			readonly consensus: boolean;
			readonly agreement: number;
			readonly winner: { readonly agent: AgentId; readonly answer: AnswerId };
			readonly tally: readonly TallyRow[];
			readonly votes: readonly CountedVote[];
			readonly dissent: Dissent | null;
	  }
	| { readonly type: "turn.failed"; readonly turn: number; readonly reasons: readonly TurnFailureReason[] }
	| { readonly type: "session.cancelled"; readonly turn: number }
	/** Until `session.resumed`, or the end of the turn, nothing is started and no deadline runs. `detail`: why, for people. */
	| { readonly type: "session.waiting"; readonly for: WaitingFor; readonly detail: string }
	| { readonly type: "session.resumed" }
	| { readonly type: "note.added"; readonly text: string }
	| { readonly type: "answer_now.requested"; readonly turn: number }
	| { readonly type: "budget.changed"; readonly budget: Budget };

/** As it stands in the log: `seq` from 1 without gaps, `at` in RFC 3339 with milliseconds, UTC. */
export type LoggedEvent = { readonly seq: number; readonly at: string } & SessionEvent;

/** After one of these nothing happens until somebody asks again. */
export const terminalEvents: ReadonlySet<SessionEvent["type"]> = new Set([
	"turn.finished",
	"turn.failed",
	"session.cancelled",
]);
