import { unreachable } from "../std/assert.ts";
import { attemptsLeft, judged, mayRestart } from "./attempts.ts";
import { finished, reuse, turnFailed, turnStarted } from "./advance.ts";
import { judgeReply } from "./ballot.ts";
import { judgeRuling } from "./judge.ts";
import type { Command, ModelReply, Refusal } from "./commands.ts";
import { exhaustedSession, limitReached, roomFor } from "./budget.ts";
import type { CallOutcome, SessionEvent, Worst } from "./events.ts";
import { callFailed, callLost, presentationFailed, type FailureReport, type Presenting } from "./failures.ts";
import { attached, numbered, sessionFileBytesMax, withFiles } from "./files.ts";
import { aborted, callsIn, type OpenCall } from "./open-calls.ts";
import { plan, type WantedCall } from "./plan.ts";
import { noFiles, noSpend, type Session, type SessionState, type Turn } from "./state.ts";
import { paid } from "./spend.ts";
import { streamed } from "./streamed.ts";
import { seatOf } from "./tally.ts";
import type { AgentId, Budget } from "./team.ts";
import { unknownTools } from "./unknown-tools.ts";
import { bestSoFar, isEmpty } from "./verdict.ts";

/** P16: messages that may wait while a turn runs. */
export const queueMax = 8;
/** Notes of one turn: every later request of every agent carries them. */
export const notesMax = 32;

export type Decision =
	| { readonly ok: true; readonly events: readonly SessionEvent[] }
	| { readonly ok: false; readonly refusal: Refusal };

/** What a command means in this state. A report that comes too late (a call already closed) means nothing: no events. */
export function decide(state: SessionState, command: Command): Decision {
	if (command.type === "open") {
		if (state.status === "open") return refused("already_open", "This session was opened before.");
		const { team, seed, question } = command;
		const empty = { past: [], queue: [], versions: {}, files: noFiles, spend: noSpend, current: null };
		const attachments = numbered(noFiles, command.attachments ?? []);
		const started = turnStarted({ status: "open", team, seed, ...empty }, { question, attachments });
		return ok({ type: "session.created", team, seed }, ...started);
	}
	if (state.status === "empty") return refused("not_open", "There is no such session.");
	switch (command.type) {
		case "message":
			return said(state, command);
		case "note":
		case "answer_now":
		case "drop_agent":
		case "budget":
		case "cancel":
		case "resume":
			return steered(state, command);
		default:
			return ok(...reported(state, command));
	}
}

const ok = (...events: readonly SessionEvent[]): Decision => ({ ok: true, events });
const refused = (code: Refusal["code"], detail: string): Decision => ({ ok: false, refusal: { code, detail } });

function said(state: Session, { text, attachments: sent = [] }: Command & { readonly type: "message" }): Decision {
	const attachments = numbered(state.files, sent);
	if (withFiles(state.files, attachments).bytes > sessionFileBytesMax)
		return refused("files_full", `The files of a session may have ${sessionFileBytesMax} bytes together.`);
	if (state.current === null) return ok(...turnStarted(state, { question: text, attachments }));
	if (state.queue.length < queueMax) return ok({ type: "turn.queued", message: text, ...attached(attachments) });
	return refused("queue_full", `${queueMax} messages are waiting already; send this one when a turn has finished.`);
}

type Steering = Command & { readonly type: "note" | "answer_now" | "drop_agent" | "budget" | "cancel" | "resume" };

function steered(state: Session, command: Steering): Decision {
	const turn = state.current;
	if (turn === null) return refused("no_turn", "No turn is running.");
	switch (command.type) {
		case "budget":
			return ok({ type: "budget.changed", budget: command.budget }, ...goingOn(state, turn, command.budget));
		case "note":
			if (turn.notes.length >= notesMax) return refused("queue_full", `A turn takes at most ${notesMax} notes.`);
			return ok({ type: "note.added", text: command.text });
		case "answer_now":
			return ok(...answerNow(state, turn));
		case "drop_agent":
			return drop(turn, command.agent);
		case "cancel":
			return ok(...aborted(callsIn(turn)), { type: "session.cancelled", turn: turn.turn });
		case "resume":
			return turn.waiting === null ? ok() : ok({ type: "session.resumed" });
		default:
			return unreachable(command);
	}
}

/** P16: what is presented comes as soon as it can, unless another attempt would follow (P13). */
function answerNow(state: Session, turn: Turn): readonly SessionEvent[] {
	const deliberates = turn.phase.status === "deliberating" || turn.phase.status === "judging";
	const matters = deliberates || attemptsLeft(state, turn);
	return turn.answerNow || !matters ? [] : [{ type: "answer_now.requested", turn: turn.turn }];
}

/** A turn that waits for the session's budget goes on once that has something left. */
function goingOn(state: Session, { waiting }: Turn, budget: Budget): readonly SessionEvent[] {
	if (waiting?.for !== "budget") return [];
	const left = exhaustedSession({ ...state, team: { ...state.team, budget } }) === null;
	return left ? [{ type: "session.resumed" }] : [];
}

function drop(turn: Turn, agent: AgentId): Decision {
	const seat = turn.seats.find((candidate) => candidate.agent === agent);
	if (seat === undefined) return refused("unknown_agent", `No agent "${agent}" is in this team.`);
	if (seat.activity.status === "quarantined") return ok();
	return ok(...aborted(callsIn(turn).filter((call) => call.agent === agent)), {
		type: "agent.quarantined",
		agent,
		code: "dropped",
	});
}

type Report = Exclude<Command, Steering | { readonly type: "open" | "message" }>;

function reported(state: Session, command: Report): readonly SessionEvent[] {
	const turn = state.current;
	if (turn === null) return [];
	if (command.type === "suspend") return suspended(turn, command.detail);
	if (command.type === "deadline.passed") return deadlinePassed(state, turn, command.key);
	if (command.type === "call.dispatched") return dispatched(state, turn, command);
	const call = callsIn(turn).find(({ id }) => id === command.call);
	if (call === undefined) return [];
	switch (command.type) {
		case "call.streamed":
			return streamed(state, turn, { open: call, pieces: command.pieces });
		case "call.ended":
			return [
				...unknownTools(call, command.reply),
				closed(call, "ok", command.bill),
				...replied(state, turn, { call, command }),
			];
		case "call.failed":
			return [closed(call, "failed", command.bill), ...callFailed(state, turn, { call, failure: command })];
		case "call.resumed":
			return [{ type: "call.resumed", call: call.id }];
		case "call.lost":
			return [closed(call, "lost", { usage: null, costUsd: null }), ...callLost(turn, call)];
		default:
			return unreachable(command);
	}
}

type Reported<T extends Command["type"]> = Command & { readonly type: T };

function suspended(turn: Turn, detail: string): readonly SessionEvent[] {
	if (turn.waiting !== null) return [];
	return [{ type: "session.waiting", for: "suspended", detail }];
}

/** P9: checked against the worst that the call may use; one that does not fit waits for those in flight. */
function dispatched(
	state: Session,
	turn: Turn,
	{ call: id, worst: known }: Reported<"call.dispatched">,
): readonly SessionEvent[] {
	const worst = known ?? null;
	const call = plan(state).calls.find((wanted) => wanted.id === id && wanted.status === "due");
	if (call === undefined) return [];
	const room = roomFor(state, turn, { agent: call.agent, worst });
	switch (room.kind) {
		case "enough":
			return [callStarted(call, worst)];
		case "later":
			return [];
		case "never":
			return limitReached(turn, room);
		default:
			return unreachable(room);
	}
}

function callStarted({ id, purpose, agent, model, offers, ...call }: WantedCall, worst: Worst | null): SessionEvent {
	const { backend: provider, model: name } = model;
	const most = worst === null ? {} : { worst };
	return { type: "call.started", call: id, purpose, agent, provider, model: name, paid: call.paid, offers, ...most };
}

function closed(
	{ id }: OpenCall,
	outcome: CallOutcome,
	{ usage, costUsd, savedUsd, tookMs }: Reported<"call.ended">["bill"],
): SessionEvent {
	const saved = savedUsd === undefined ? {} : { saved_usd: savedUsd };
	const took = tookMs === undefined ? {} : { took_ms: tookMs };
	return { type: "call.finished", call: id, outcome, usage, cost_usd: costUsd, ...saved, ...took };
}

function replied(
	state: Session,
	turn: Turn,
	{ call, command }: { call: OpenCall; command: Reported<"call.ended"> },
): readonly SessionEvent[] {
	const { phase } = turn;
	if (call.purpose === "judge")
		return phase.status === "judging" ? [judgeRuling(state, turn, { phase, reply: command.reply })] : [];
	if (call.purpose === "presentation")
		return phase.status === "presenting" ? presented(state, turn, { phase, call, command }) : [];
	const seat = seatOf(turn, call.agent);
	if (seat.activity.status !== "thinking") return [];
	return judgeReply({ session: state, turn, seat, round: seat.activity.round, offers: call.offers }, command.reply);
}

/** P12: the streamed pieces after the last `presentation.started` make up the final answer. */
function presented(
	state: Session,
	turn: Turn,
	{ phase, call, command: { reply, bill } }: { phase: Presenting; call: OpenCall; command: Reported<"call.ended"> },
): readonly SessionEvent[] {
	const { text } = reply;
	const fault = unpresented(reply);
	if (fault !== null)
		return presentationFailed(state, turn, { phase, failure: { ...fault, retryable: true, retryInMs: 0, bill } });
	const { agent, mode } = phase;
	const final = finished(turn, phase.verdict, text);
	// P9: what this call has cost may leave nothing for another attempt.
	const after = paid(state, turn, { call, bill });
	const isJudged = call.offers.includes("restart") && mayRestart(after, after.current);
	const ending = isJudged ? judged(state, turn, { agent, reply, final }) : [final];
	if (text.startsWith(phase.text)) {
		const rest = text.slice(phase.text.length);
		return [...(rest === "" ? [] : [{ type: "final.text", text: rest } as const]), ...ending];
	}
	// The provider began its answer anew in the middle of the stream: what was shown before does not count.
	return [{ type: "presentation.started", agent, try: phase.try + 1, mode }, { type: "final.text", text }, ...ending];
}

/** P9: a deadline that the plan no longer names has nothing to end. */
function deadlinePassed(state: Session, turn: Turn, key: string): readonly SessionEvent[] {
	const deadline = plan(state).deadlines.find((wanted) => wanted.key === key);
	if (deadline === undefined) return [];
	switch (deadline.kind) {
		case "retry":
			return [];
		case "seal":
			return [{ type: "seal.opened", reason: "deadline" }];
		case "turn_soft":
			return [{ type: "limit.near", limit: "turn_seconds" }];
		case "turn":
			return outOfTime(state, turn, "turn_seconds");
		case "budget":
			return [
				{ type: "limit.reached", limit: "budget.seconds", agent: null },
				...outOfTime(state, turn, "budget.seconds"),
			];
		case "hurry":
			return [{ type: "agent.hurried", agent: deadline.agent }];
		case "round":
			return roundTimedOut(state, turn, deadline.agent);
		case "judge":
			return [
				...aborted(callsIn(turn)),
				{ type: "judge.failed", code: "round_timeout", message: "The judge took too long." },
			];
		case "presentation":
			return turn.phase.status === "presenting" ? presenterTimedOut(turn, turn.phase) : [];
		default:
			return unreachable(deadline);
	}
}

/** P12: what must not pass for a final answer. */
function unpresented({ text, paused }: ModelReply): Pick<FailureReport, "code" | "message" | "begun"> | null {
	if (paused) return { code: "paused_presentation", message: "The presenter paused in the middle.", begun: true };
	if (text.trim() !== "") return null;
	return { code: "empty_presentation", message: "The presenter wrote nothing.", begun: false };
}

function outOfTime(state: Session, turn: Turn, limit: string): readonly SessionEvent[] {
	const closing = aborted(callsIn(turn));
	if (turn.phase.status === "presenting") return presenterTimedOut(turn, turn.phase);
	if (isEmpty(turn)) return [...closing, turnFailed(turn, limit)];
	return [...closing, bestSoFar(state, turn, { reason: "limit", limit })];
}

function presenterTimedOut(turn: Turn, phase: Presenting): readonly SessionEvent[] {
	const event = timeout(phase.agent, "The presentation took too long.");
	return [...aborted(callsIn(turn)), event, ...reuse(turn, phase.verdict, phase.try + 1)];
}

function roundTimedOut(state: Session, turn: Turn, agent: AgentId): readonly SessionEvent[] {
	const calls = callsIn(turn).filter((call) => call.agent === agent);
	const message = `The round took longer than round_seconds (${state.team.limits.round_seconds} s).`;
	return [...aborted(calls), timeout(agent, message), { type: "agent.quarantined", agent, code: "round_timeout" }];
}

function timeout(agent: AgentId, message: string): SessionEvent {
	return {
		type: "agent.failed",
		agent,
		code: "round_timeout",
		retryable: false,
		message,
		begun: true,
		retry_in_ms: null,
	};
}
