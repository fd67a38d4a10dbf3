import { unreachable } from "../std/assert.ts";
import { isJsonObject } from "../std/json.ts";
import type { ModelReply } from "./commands.ts";
import type { AnswerId, OfferedTool, ReminderReason, SessionEvent } from "./events.ts";
import { labelsOf } from "./labels.ts";
import { isCopy } from "./novelty.ts";
import { displayed, mayAnswer } from "./offers.ts";
import type { Answer, Round, Seat, Session, Turn } from "./state.ts";
import { answerOf, currentAnswers, pools } from "./tally.ts";

/** Longer answers are refused: a peer must be able to read them. */
export const answerCharsMax = 200_000;
/** Longer reasons are cut: they are shown to people and to the presenter. */
export const reasonCharsMax = 4_000;

/** A round's model that has paused more often than this is reminded to decide. */
export const pausesMax = 8;

/** Where a reply is judged: one agent's open round. */
export type Desk = {
	readonly session: Session;
	readonly turn: Turn;
	readonly seat: Seat;
	readonly round: Round;
	readonly offers: readonly OfferedTool[];
};

type Intent =
	| { readonly kind: "new_answer"; readonly content: string }
	| { readonly kind: "vote"; readonly label: string; readonly reason: string }
	| { readonly kind: "invalid"; readonly tool: string | null; readonly reason: ReminderReason };

/** P1: what a finished reply decides. The events either end the round or say why it goes on. */
export function judgeReply(desk: Desk, reply: ModelReply): readonly SessionEvent[] {
	if (goesOn(desk, reply)) return [{ type: "agent.paused", agent: desk.seat.agent }];
	const intent = intentOf(reply, desk.offers);
	switch (intent.kind) {
		case "new_answer":
			return judgeAnswer(desk, intent.content);
		case "vote":
			return judgeVote(desk, intent);
		case "invalid":
			return [...refusalOf(desk, intent), ...remind(desk, intent.reason)];
		default:
			return unreachable(intent);
	}
}

/** P1: a model that paused has not come to its decision yet. One that has called a tool waits for its result. */
function goesOn({ round }: Desk, { paused, toolCalls }: ModelReply): boolean {
	return paused && toolCalls.length === 0 && round.pauses < pausesMax;
}

function intentOf(reply: ModelReply, offers: readonly OfferedTool[]): Intent {
	const [call, ...more] = reply.toolCalls;
	if (call === undefined) return { kind: "invalid", tool: null, reason: "no_decision" };
	const unknown = reply.toolCalls.find(({ name }) => name !== "new_answer" && name !== "vote");
	if (unknown !== undefined) return { kind: "invalid", tool: unknown.name, reason: "unknown_tool" };
	if (more.length > 0) return { kind: "invalid", tool: call.name, reason: "ambiguous" };
	if (!offers.some((offered) => offered === call.name))
		return { kind: "invalid", tool: call.name, reason: "not_offered" };
	return call.name === "vote" ? voteIntent(call.arguments) : answerIntent(call.arguments);
}

function answerIntent(args: unknown): Intent {
	const content = isJsonObject(args) ? args["content"] : undefined;
	if (typeof content !== "string" || content.trim() === "")
		return { kind: "invalid", tool: "new_answer", reason: "bad_arguments" };
	if (content.length > answerCharsMax) return { kind: "invalid", tool: "new_answer", reason: "too_long" };
	return { kind: "new_answer", content };
}

/** Lax about a missing reason: the vote itself is clear. */
function voteIntent(args: unknown): Intent {
	const { answer, reason } = isJsonObject(args) ? args : {};
	if (typeof answer !== "string") return { kind: "invalid", tool: "vote", reason: "bad_arguments" };
	return {
		kind: "vote",
		label: answer.trim(),
		reason: typeof reason === "string" ? reason.slice(0, reasonCharsMax) : "",
	};
}

function judgeAnswer(desk: Desk, content: string): readonly SessionEvent[] {
	const { session, turn, seat, round } = desk;
	const same = copied(turn, round, { content, agent: seat.agent, level: session.team.protocol.novelty });
	if (same === null) {
		if (mayAnswer(session, turn, seat)) return accept(desk, content);
		return [{ type: "answer.refused", agent: seat.agent, reason: "cap" }, ...inform(desk)];
	}
	const reason = same.agent === seat.agent ? "rephrased" : "copy";
	return [
		{ type: "answer.refused", agent: seat.agent, reason, of: same.id },
		...judgeVoteFor(desk, same, reasonOf[reason]),
	];
}

const reasonOf = {
	copy: "Submitted an answer that says the same.",
	rephrased: "Submitted its own answer again in other words.",
} as const;

/** P7: the answer of those shown in this round that the content repeats; the author's own one first. */
function copied(
	turn: Turn,
	round: Round,
	candidate: { content: string; agent: string; level: "lenient" | "balanced" | "strict" },
): Answer | null {
	const shown = displayed(round).map((id) => answerOf(turn, id));
	const same = shown.filter((answer) => isCopy(candidate.content, answer.text, candidate.level));
	const current = currentAnswers(turn);
	const own = current.find(
		(answer) => answer.agent === candidate.agent && same.some(({ identity }) => identity === answer.identity),
	);
	return own ?? same.find((answer) => current.includes(answer)) ?? same[0] ?? null;
}

/** P2: an accepted answer voids every vote, or (`affected`) the votes it supersedes, and suspends the others. */
function accept({ session, turn, seat }: Desk, text: string): readonly SessionEvent[] {
	const seatNumber = turn.seats.indexOf(seat) + 1;
	const id = `a${seatNumber}.${(session.versions[seat.agent] ?? 0) + 1}` as AnswerId;
	const accepted: SessionEvent = { type: "answer.accepted", agent: seat.agent, answer: id, text };
	const standing = turn.seats.filter((other) => other.vote !== null);
	const superseded = (other: Seat) =>
		turn.answers.some((answer) => answer.id === other.vote?.answer && answer.agent === seat.agent);
	const voided = session.team.protocol.invalidation === "all" ? standing : standing.filter(superseded);
	const holders = standing.filter((other) => !voided.includes(other) && other.vote?.suspended === false);
	const suspended = holders.filter((other) => other.activity.status !== "quarantined");
	const name = (seats: readonly Seat[]) =>
		seats.flatMap(({ agent, vote }) => (vote === null ? [] : [{ agent, answer: vote.answer }]));
	return [
		accepted,
		...(voided.length === 0 ? [] : [{ type: "votes.voided", votes: name(voided), by: id } as const]),
		...(suspended.length === 0 ? [] : [{ type: "votes.suspended", votes: name(suspended), by: id } as const]),
	];
}

function judgeVote(desk: Desk, { label, reason }: { label: string; reason: string }): readonly SessionEvent[] {
	const unseen = unseenBy(desk);
	if (unseen.length > 0 && desk.round.seen.length > 0) return refuseUnseen(desk);
	const answer = denoted(desk, label);
	return answer === null
		? refuseUnknown(desk)
		: [{ type: "vote.cast", agent: desk.seat.agent, answer: answer.id, reason: inSeats(desk, reason) }];
}

/** P5: a label means something else to each voter, so what a reason says of one is kept under the answer's own name. */
function inSeats(desk: Desk, reason: string): string {
	return reason.replaceAll(/\banswer_\d+\b/g, (label) => denoted(desk, label)?.id ?? label);
}

/** A copy is a vote for what it copies, with P3 first. Nothing stands behind a version that was superseded. */
function judgeVoteFor(desk: Desk, answer: Answer, reason: string): readonly SessionEvent[] {
	if (unseenBy(desk).length > 0) return refuseUnseen(desk);
	if (!currentAnswers(desk.turn).includes(answer)) return refuseUnknown(desk);
	return [{ type: "vote.cast", agent: desk.seat.agent, answer: answer.id, reason }];
}

function refuseUnknown(desk: Desk): readonly SessionEvent[] {
	return [
		{ type: "vote.refused", agent: desk.seat.agent, reason: "unknown_label" },
		...remind(desk, "unknown_label"),
	];
}

function refuseUnseen(desk: Desk): readonly SessionEvent[] {
	return [{ type: "vote.refused", agent: desk.seat.agent, reason: "unseen" }, ...inform(desk)];
}

/** P5, P6: a label denotes the latest version shown of one agent's answer; nothing behind it: null. */
function denoted({ session, turn, round, seat }: Desk, label: string): Answer | null {
	const labels = labelsOf(session.seed, turn.seats.indexOf(seat), turn.seats.length);
	const author = turn.seats[labels.ofSeat.indexOf(label)]?.agent;
	const shown = displayed(round).map((id) => answerOf(turn, id));
	const answer = shown.findLast((candidate) => candidate.agent === author);
	return answer !== undefined && currentAnswers(turn).includes(answer) ? answer : null;
}

/** P3, P6: the pools that this round's agent has not been shown, each by its first member. A sealed round is shown none. */
function unseenBy({ turn, round }: Desk): readonly AnswerId[] {
	return pools(turn).flatMap((pool) => (pool.some(({ id }) => round.seen.includes(id)) ? [] : [pool[0].id]));
}

/** P3, P16: what the next request of this round must carry; nothing where there is no news. */
function inform(desk: Desk): readonly SessionEvent[] {
	const answers = desk.round.seen.length === 0 ? [] : unseenBy(desk);
	const notes = desk.turn.notes.length;
	if (answers.length === 0 && notes === desk.round.notes) return [];
	return [{ type: "agent.informed", agent: desk.seat.agent, answers, notes }];
}

function refusalOf(
	{ seat: { agent } }: Desk,
	{ tool, reason }: { tool: string | null; reason: ReminderReason },
): readonly SessionEvent[] {
	if (reason === "no_decision" || reason === "unknown_tool") return [];
	if (tool === "vote" && reason !== "too_long") return [{ type: "vote.refused", agent, reason }];
	return reason === "unknown_label" ? [] : [{ type: "answer.refused", agent, reason }];
}

/** P1: asked again at most `enforcement_max` times, then the round fails. */
function remind(desk: Desk, reason: ReminderReason): readonly SessionEvent[] {
	const { agent } = desk.seat;
	if (desk.round.reminders < desk.session.team.limits.enforcement_max)
		return [{ type: "agent.reminded", agent, reason }, ...inform(desk)];
	const message = `No valid decision after ${desk.round.reminders} reminders; the last reply was refused: ${reason}.`;
	return [
		{ type: "agent.failed", agent, code: "no_decision", retryable: false, message, begun: true, retry_in_ms: null },
		{ type: "agent.quarantined", agent, code: "no_decision" },
	];
}
