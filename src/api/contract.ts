import { z } from "zod";
import type { ChatTarget, SessionRow, SessionSummary, SteerCommand, TurnSummary } from "../../durable-objects/rpc.ts";
import type { AnswerId, CallId, CountedVote, Dissent, LoggedEvent, TallyRow } from "../consensus/events.ts";
import type { Team } from "../consensus/team.ts";
import { Attachments, attachmentsCharsMax, fileRef } from "./attachment-schema.ts";
import { branded } from "./branded.ts";
import { FullTeam, TeamInput, agentId, budget, params } from "./team-schema.ts";
import { CallState, Pace, StorageState } from "./underway.ts";

/** The contract as schemas: strict about what we are sent, lax about what we answer, so that clients outlive additions. */

const questionCharsMax = 200_000;
const noteCharsMax = 20_000;
const titleCharsMax = 200;
/** A longer body is not read. */
export const bodyBytesMax = 1_048_576;
/** The same for the two requests that may bring files along. */
export const bodyWithFilesBytesMax = bodyBytesMax + attachmentsCharsMax;
const pageSizeMax = 100;
const idempotencyKeyCharsMax = 255;

export const answerId = branded<AnswerId>(z.string());
export const callId = branded<CallId>(z.string());
const words = (charsMax: number) => z.string().max(charsMax).regex(/\S/, "must not be empty");

/**
 * Where a chat platform shows this turn, once its app is installed there. Each message has another address: one that the
 * session knows already was sent before, and changes nothing.
 */
const ChatTargeted = z.strictObject({
	kind: z.enum(["slack", "discord"]),
	address: z.string().regex(/^[A-Za-z0-9._:/-]{1,200}$/, "must be an address that the platform's bot has made"),
}) satisfies z.ZodType<ChatTarget>;

export const CreateSession = z.strictObject({
	question: words(questionCharsMax),
	team: z.union([z.string().min(1).max(64), TeamInput]).exactOptional(),
	attachments: Attachments.exactOptional(),
	chat: ChatTargeted.exactOptional(),
});
export const SendMessage = z.strictObject({
	message: words(questionCharsMax),
	attachments: Attachments.exactOptional(),
	chat: ChatTargeted.exactOptional(),
});
export const RenameSession = z.strictObject({ title: words(titleCharsMax) });
/** P16. A new budget replaces the old one whole: what it leaves out has no cap. */
export const Steer = z.discriminatedUnion("action", [
	z.strictObject({ action: z.literal("note"), text: words(noteCharsMax) }),
	z.strictObject({ action: z.literal("answer_now") }),
	z.strictObject({ action: z.literal("drop_agent"), agent: agentId }),
	z.strictObject({ action: z.literal("budget"), budget }),
	z.strictObject({ action: z.literal("cancel") }),
	z.strictObject({ action: z.literal("resume") }),
]) satisfies z.ZodType<SteerCommand>;

const numeral = (pattern: RegExp, message: string) => z.string().regex(pattern, message);
const pageSize = numeral(/^([1-9]\d?|100)$/, `must be an integer from 1 to ${pageSizeMax}`);
export const ListQuery = z.strictObject({
	limit: pageSize.transform(Number).default(20),
	cursor: numeral(/^[1-9]\d{0,14}$/, "must be the cursor of the page before").exactOptional(),
	/** What stands in the title, in whatever case. A page may hold fewer than `limit` then, and still have a cursor. */
	q: words(titleCharsMax).exactOptional(),
});
export const EventsQuery = z.strictObject({
	from: numeral(/^[1-9]\d{0,14}$/, "must be an integer of at least 1").exactOptional(),
});
export const ExportQuery = z.strictObject({ format: z.enum(["md", "json"]).default("md") });
export const LastEventId = numeral(/^\d{1,15}$/, "must be an integer of at least 0");
export const IdempotencyKey = z.string().min(1).max(idempotencyKeyCharsMax);

const tallyRow = z.object({
	answer: answerId,
	votes: z.int(),
	self_votes: z.int(),
	pooled: z.array(answerId).readonly(),
}) satisfies z.ZodType<TallyRow>;
const tally = z.array(tallyRow).readonly();
const ballotVote = z.object({ agent: agentId, answer: answerId });
const countedVote = ballotVote.extend({ reason: z.string() }) satisfies z.ZodType<CountedVote>;
const countedVotes = z.array(countedVote).readonly();
const winner = z.object({ agent: agentId, answer: answerId });
const dissent = z
	.object({
		agent: agentId,
		answer: answerId,
		text: z.string(),
		votes: z.int(),
		reasons: z.array(z.string()).readonly(),
	})
	.nullable() satisfies z.ZodType<Dissent | null>;
const failureReason = z.object({ agent: agentId, code: z.string(), message: z.string() });
const count = z.number().nullable();
export const usage = z.object({
	input: count,
	output: count,
	cached: count,
	reasoning: count,
	written: z.number().exactOptional(),
});
const status = z.enum(["running", "waiting", "done", "failed", "cancelled"]);

const files = z.array(fileRef).readonly();
const turnSummary = z.object({
	question: z.string(),
	attachments: files.exactOptional(),
	status: z.enum(["running", "done", "failed", "cancelled"]),
	answer: z.string().nullable(),
	consensus: z.boolean().nullable(),
	agreement: z.number().nullable(),
	winner: winner.nullable(),
	tally,
	votes: countedVotes,
	dissent,
	attempts: z.int(),
	reasons: z.array(failureReason).readonly(),
}) satisfies z.ZodType<TurnSummary>;

/** What leaves for third parties: how much waits, and what was given up. */
const Deliveries = z.object({
	pending: z.int(),
	dead: z
		.array(z.object({ id: z.string(), kind: z.string(), address: z.string(), reason: z.string(), at: z.string() }))
		.readonly(),
});

/** `GET /v1/sessions/{id}`. */
export const Session = z.object({
	id: z.string(),
	title: z.string(),
	created_at: z.string(),
	status,
	waiting_for: z.enum(["person", "suspended", "budget"]).nullable(),
	team: FullTeam,
	turns: z.array(turnSummary).readonly(),
	queued: z.array(z.string()).readonly(),
	usage: z.object({
		input: z.number(),
		output: z.number(),
		cached: z.number(),
		reasoning: z.number(),
		written: z.number(),
	}),
	cache: z.object({ share: count, saved_usd: count }),
	cost_usd: z.number().nullable(),
	last_seq: z.int(),
	/** Those under way. */
	calls: z.array(z.object({ call: callId, agent: agentId.nullable(), state: CallState })).readonly(),
	pace: Pace,
	storage: StorageState.exactOptional(),
	deliveries: Deliveries.exactOptional(),
}) satisfies z.ZodType<SessionSummary>;
export type Session = z.output<typeof Session>;

export const SessionListed = z.object({
	id: z.string(),
	title: z.string(),
	team: z.string(),
	status,
	created_at: z.string(),
	updated_at: z.string(),
}) satisfies z.ZodType<SessionRow>;
export const SessionPage = z.object({ sessions: z.array(SessionListed).readonly(), cursor: z.string().nullable() });
export type SessionPage = z.output<typeof SessionPage>;
export const SessionCreated = z.object({ id: z.string(), status, url: z.string(), events_url: z.string() });
export type SessionCreated = z.output<typeof SessionCreated>;
export const TurnAccepted = z.object({ id: z.string(), url: z.string(), events_url: z.string() });
export type TurnAccepted = z.output<typeof TurnAccepted>;
export const SteerAccepted = z.object({ id: z.string(), action: z.string() });
export type SteerAccepted = z.output<typeof SteerAccepted>;

/** Stored teams first; `built_in` names those that cannot be replaced or deleted. */
export const TeamList = z.object({ teams: z.array(FullTeam).readonly(), built_in: z.array(z.string()).readonly() });
export type TeamList = { readonly teams: readonly Team[]; readonly built_in: readonly string[] };
export const Health = z.object({ ok: z.literal(true), version: z.string() });
export type Health = z.output<typeof Health>;

const fieldError = z.object({ path: z.string(), message: z.string() });
export type FieldError = z.output<typeof fieldError>;
/** RFC 9457. */
export const Problem = z.object({
	type: z.string(),
	title: z.string(),
	status: z.int(),
	detail: z.string(),
	errors: z.array(fieldError).exactOptional(),
});
export type Problem = z.output<typeof Problem>;

const answerRefusal = z.enum(["copy", "rephrased", "not_offered", "cap", "ambiguous", "bad_arguments", "too_long"]);
const voteRefusal = z.enum(["unseen", "unknown_label", "not_offered", "ambiguous", "bad_arguments"]);
const reminder = z.enum([
	"no_decision",
	"unknown_tool",
	"not_offered",
	"ambiguous",
	"bad_arguments",
	"too_long",
	"unknown_label",
]);
const ballotVotes = z.array(ballotVote).readonly();
const answers = z.array(answerId).readonly();
const modelName = z.object({ backend: z.string(), model: z.string() });
const picture = { file: fileRef.shape.file, media_type: z.string(), bytes: z.int() };
const imageRefusal = z.enum(["call_limit", "session_limit", "too_large", "unreadable"]);
const ofCall = { agent: agentId, call: callId };

/** One event of the log. Tied to `consensus/events.ts` in both directions: below, and by a type test. */
export const Event = z.discriminatedUnion("type", [
	event("session.created", { team: FullTeam, seed: z.number() }),
	event("turn.queued", { message: z.string(), attachments: files.exactOptional() }),
	event("turn.started", { turn: z.int(), question: z.string(), attachments: files.exactOptional() }),
	event("attempt.started", { attempt: z.int(), instructions: z.string().exactOptional() }),
	event("round.started", { agent: agentId, round: z.int(), attempt: z.int(), shown: answers, recheck: z.boolean() }),
	event("call.started", {
		call: callId,
		purpose: z.enum(["round", "presentation", "judge"]),
		agent: agentId.nullable(),
		provider: z.string(),
		model: z.string(),
		paid: z.int(),
		offers: z.array(z.enum(["new_answer", "vote", "submit", "restart"])).readonly(),
		worst: z.object({ tokens: z.number(), usd: z.number().nullable() }).exactOptional(),
	}),
	event("call.finished", {
		call: callId,
		outcome: z.enum(["ok", "failed", "aborted", "lost"]),
		usage: usage.nullable(),
		cost_usd: z.number().nullable(),
		saved_usd: z.number().nullable().exactOptional(),
		took_ms: z.number().exactOptional(),
	}),
	event("call.resumed", { call: callId }),
	event("agent.text", { ...ofCall, text: z.string() }),
	event("agent.reasoning", { ...ofCall, text: z.string() }),
	event("agent.cited", { ...ofCall, url: z.string(), title: z.string() }),
	event("agent.image", { ...ofCall, ...picture }),
	event("agent.image_dropped", { ...ofCall, media_type: z.string(), reason: imageRefusal }),
	event("tool.called", { ...ofCall, tool: z.string(), arguments: params }),
	event("tool.returned", { ...ofCall, tool: z.string(), ok: z.boolean(), result: z.string() }),
	event("answer.accepted", { agent: agentId, answer: answerId, text: z.string() }),
	event("answer.refused", { agent: agentId, reason: answerRefusal, of: answerId.exactOptional() }),
	event("vote.cast", { agent: agentId, answer: answerId, reason: z.string() }),
	event("vote.refused", { agent: agentId, reason: voteRefusal }),
	event("votes.voided", { votes: ballotVotes, by: answerId }),
	event("votes.suspended", { votes: ballotVotes, by: answerId }),
	event("agent.reminded", { agent: agentId, reason: reminder }),
	event("agent.informed", { agent: agentId, answers, notes: z.int() }),
	event("agent.failed", {
		agent: agentId,
		code: z.string(),
		retryable: z.boolean(),
		message: z.string(),
		begun: z.boolean(),
		retry_in_ms: z.number().nullable(),
	}),
	event("agent.quarantined", { agent: agentId, code: z.string() }),
	event("agent.fell_back", { agent: agentId, from: modelName, to: modelName, code: z.string() }),
	event("agent.hurried", { agent: agentId }),
	event("agent.paused", { agent: agentId }),
	event("seal.opened", { reason: z.enum(["all", "deadline"]) }),
	event("limit.near", { limit: z.literal("turn_seconds") }),
	event("judge.asked", { answers }),
	event("judge.ruled", { answer: answerId, reason: z.string() }),
	event("judge.failed", { code: z.string(), message: z.string() }),
	event("consensus.reached", {
		answer: answerId,
		tally,
		votes: countedVotes,
		agreement: z.number(),
		stop: z.enum(["all", "settled", "agreed", "alone"]),
	}),
	event("consensus.failed", {
		reason: z.enum(["split", "no_votes", "limit", "answer_now"]),
		best: answerId,
		tally,
		votes: countedVotes,
		agreement: z.number(),
		limit: z.string().exactOptional(),
	}),
	event("presentation.judged", {
		agent: agentId,
		decision: z.enum(["submit", "restart"]),
		reason: z.string(),
		instructions: z.string(),
	}),
	event("presentation.started", { agent: agentId, try: z.int(), mode: z.enum(["present", "reuse", "synthesize"]) }),
	event("final.text", { text: z.string() }),
	event("turn.finished", {
		turn: z.int(),
		answer: z.string(),
		consensus: z.boolean(),
		agreement: z.number(),
		winner,
		tally,
		votes: countedVotes,
		dissent,
	}),
	event("turn.failed", { turn: z.int(), reasons: z.array(failureReason).readonly() }),
	event("session.cancelled", { turn: z.int() }),
	event("session.waiting", { for: z.enum(["suspended", "budget"]), detail: z.string() }),
	event("session.resumed", {}),
	event("note.added", { text: z.string() }),
	event("answer_now.requested", { turn: z.int() }),
	event("budget.changed", { budget }),
	event("limit.reached", { limit: z.string(), agent: agentId.nullable() }),
]) satisfies z.ZodType<LoggedEvent>;

function event<const Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) {
	return z.object({ seq: z.int().min(1), at: z.string(), type: z.literal(type), ...shape });
}
