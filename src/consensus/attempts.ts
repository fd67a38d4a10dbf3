import { assert } from "../std/assert.ts";
import { exhaustedBudget } from "./budget.ts";
import type { ModelReply } from "./commands.ts";
import type { ConsensusFailure, JudgementTool, SessionEvent } from "./events.ts";
import { labelsOf } from "./labels.ts";
import { freshSeat } from "./seats.ts";
import type { Seat, Session, Turn } from "./state.ts";
import { currentAnswers } from "./tally.ts";

/** P13: what a presenter judges its own answer with. */
export const judgementTools = ["submit", "restart"] as const satisfies readonly JudgementTool[];

/** What a presenter hands on, at most: every prompt of the next attempt carries it. */
export const instructionsCharsMax = 4_000;

/**
 * P13: whether the team may begin anew after this attempt. The limits of the turn go on, so near them it may not; nor where
 * somebody has asked for the answer now (P16).
 */
export function mayRestart(session: Session, turn: Turn): boolean {
	if (!attemptsLeft(session, turn)) return false;
	return !turn.near && !turn.answerNow && exhaustedBudget(session, turn) === null;
}

/** P13: whether this attempt is not the last that the team may make. */
export function attemptsLeft({ team }: Session, { attempt }: Turn): boolean {
	return attempt < team.protocol.attempts_max;
}

/**
 * P13: what follows from a presenter's judgement. Only exactly one `restart` that says what is to be done differently is
 * one: whatever else it calls, or if it calls nothing, its answer stands, since it is a complete one.
 */
export function judged(
	session: Session,
	turn: Turn,
	{ agent, reply, final }: { agent: Seat["agent"]; reply: ModelReply; final: SessionEvent },
): readonly SessionEvent[] {
	const restart = restartIn(reply, (text) => cut(inNames(session, turn, { agent, text })));
	const decision = restart === null ? "submit" : "restart";
	const { reason, instructions } = restart ?? { reason: "", instructions: "" };
	const event = { type: "presentation.judged", agent, decision, reason, instructions } as const;
	return [event, restart === null ? final : { type: "attempt.started", attempt: turn.attempt + 1, instructions }];
}

function restartIn(
	{ toolCalls }: ModelReply,
	kept: (text: string) => string,
): { readonly reason: string; readonly instructions: string } | null {
	const [call, ...more] = toolCalls;
	if (call?.name !== "restart" || more.length > 0) return null;
	const { reason, instructions } = call.arguments;
	if (typeof instructions !== "string" || instructions.trim() === "") return null;
	return { reason: kept(typeof reason === "string" ? reason : ""), instructions: kept(instructions) };
}

/** P5: a label means something else to each reader, so what is handed on of an answer is kept under its own name. */
function inNames(session: Session, turn: Turn, { agent, text }: { agent: Seat["agent"]; text: string }): string {
	const reader = turn.seats.findIndex((seat) => seat.agent === agent);
	const { ofSeat } = labelsOf(session.seed, reader, turn.seats.length);
	const current = currentAnswers(turn);
	return text.replaceAll(/\banswer_\d+\b/g, (label) => {
		const author = turn.seats[ofSeat.indexOf(label)]?.agent;
		return current.find((answer) => answer.agent === author)?.id ?? label;
	});
}

function cut(text: string): string {
	return text.slice(0, instructionsCharsMax).toWellFormed();
}

/** P13: the counters of an attempt begin anew; what the turn has spent, and who is out of it, does not. */
export function attemptStarted(turn: Turn, { attempt, instructions = "" }: AttemptStarted): Turn {
	if (attempt === 1) return { ...turn, attempt };
	assert(turn.phase.status === "presenting", "only a presenter begins anew");
	const { verdict } = turn.phase;
	const fresh = {
		phase: { status: "deliberating" },
		answers: [],
		sealOpen: false,
		lastTally: [],
		ruling: null,
	} as const;
	return { ...turn, ...fresh, attempt, earlier: { turn, verdict, instructions }, seats: turn.seats.map(begunAnew) };
}

type AttemptStarted = SessionEvent & { readonly type: "attempt.started" };

/** Rounds go on being numbered, since their calls are named by them. */
function begunAnew({ agent, activity, speaker, roundsStarted, lastFailure }: Seat): Seat {
	const out = activity.status === "quarantined" ? activity : ({ status: "idle" } as const);
	return { ...freshSeat(agent), activity: out, speaker, roundsStarted, lastFailure };
}

/** P13: where this attempt has no answer, that of the attempt before is the best there is. */
export function bestOfEarlier(
	{ earlier }: Turn,
	why: { readonly reason: ConsensusFailure; readonly limit?: string },
): SessionEvent & { readonly type: "consensus.failed" } {
	assert(earlier !== null, "an attempt without an answer follows one that had some");
	const { winner, tally, votes, agreement } = earlier.verdict;
	return { type: "consensus.failed", ...why, best: winner, tally, votes, agreement };
}
