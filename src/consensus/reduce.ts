import { assert, unreachable } from "../std/assert.ts";
import { attemptStarted } from "./attempts.ts";
import type { SessionEvent } from "./events.ts";
import { withFiles } from "./files.ts";
import { sameText } from "./novelty.ts";
import { callsIn } from "./open-calls.ts";
import { agentFailed, callFinished, callStarted, fellBack } from "./reduce-calls.ts";
import { emptySession, freshTries, noFiles, noSpend } from "./state.ts";
import type { Answer, Asked, Exchange, Reply, Round, Seat, Session, SessionState, Turn, Vote } from "./state.ts";
import { atRest, freshSeat, inRound, withSeat } from "./seats.ts";
import { countedVotes, currentAnswers } from "./tally.ts";
import { quorumOf, type AgentId, type Team } from "./team.ts";
import { verdictOf } from "./verdict.ts";

type Of<T extends SessionEvent["type"]> = SessionEvent & { readonly type: T };

/** Applies one event. Pure and total: a log that reduces today reduces the same way forever. */
export function reduce(state: SessionState, event: SessionEvent): SessionState {
	if (event.type === "session.created") return created(state, event);
	assert(state.status === "open", `${event.type} in a session that was not created`);
	switch (event.type) {
		case "turn.queued":
			return turnQueued(state, event);
		case "turn.started":
			return turnStarted(state, event);
		case "agent.image":
			return withTurn({ ...state, files: withFiles(state.files, [event]) }, event);
		case "budget.changed":
			return { ...state, team: { ...state.team, budget: event.budget } };
		case "turn.finished":
			return over(state, event.answer);
		case "turn.failed":
		case "session.cancelled":
			return over(state, null);
		default:
			return withTurn(state, event);
	}
}

/** The state of a whole log. */
export function stateOf(log: readonly SessionEvent[]): SessionState {
	return log.reduce(reduce, emptySession);
}

function created(state: SessionState, { team, seed }: Of<"session.created">): Session {
	assert(state.status === "empty", "a session is created once");
	assert(team.agents.length > 0, "a team has agents");
	return {
		status: "open",
		team,
		seed,
		past: [],
		queue: [],
		versions: {},
		files: noFiles,
		spend: noSpend,
		current: null,
	};
}

function turnQueued(state: Session, { message: question, attachments = [] }: Of<"turn.queued">): Session {
	return { ...state, queue: [...state.queue, { question, attachments }], files: withFiles(state.files, attachments) };
}

function turnStarted(state: Session, { turn, question, attachments = [] }: Of<"turn.started">): Session {
	assert(state.current === null, "one turn at a time");
	const queue = state.queue[0]?.question === question ? state.queue.slice(1) : state.queue;
	const files = withFiles(state.files, attachments);
	return { ...state, queue, files, current: freshTurn(state.team, { turn, question, attachments }) };
}

function freshTurn(team: Team, { turn, question, attachments }: Asked & { turn: number }): Turn {
	const seats = team.agents.map((agent) => freshSeat(agent.id));
	const spends = { spend: noSpend, spendOf: {}, limit: null };
	const flags = { sealOpen: false, answerNow: false, near: false };
	const empty = { answers: [], notes: [], lastTally: [], ruling: null, images: [] };
	const asked = { turn, question, attachments, attempt: 1, earlier: null, waiting: null };
	return { ...asked, phase: { status: "deliberating" }, seats, ...spends, ...flags, ...empty };
}

function over(state: Session, answer: string | null): Session {
	assert(state.current !== null, "only a turn that runs can end");
	const { question, attachments } = state.current;
	return { ...state, past: [...state.past, { question, attachments, answer }], current: null };
}

type CallEvent = Of<"call.started" | "call.finished">;
type TurnEvent = Exclude<
	SessionEvent,
	Of<
		| "session.created"
		| "turn.queued"
		| "turn.started"
		| "budget.changed"
		| "turn.finished"
		| "turn.failed"
		| "session.cancelled"
	>
>;

function withTurn(state: Session, event: TurnEvent): Session {
	assert(state.current !== null, `${event.type} outside a turn`);
	if (event.type === "call.started") return callStarted(state, state.current, event);
	if (event.type === "call.finished") return callFinished(state, state.current, event);
	const current = inTurn(state, state.current, event);
	if (event.type !== "answer.accepted") return { ...state, current };
	const versions = { ...state.versions, [event.agent]: (state.versions[event.agent] ?? 0) + 1 };
	return { ...state, current, versions };
}

function inTurn(session: Session, turn: Turn, event: Exclude<TurnEvent, CallEvent>): Turn {
	switch (event.type) {
		case "attempt.started":
			return attemptStarted(turn, event);
		case "seal.opened":
			return { ...turn, sealOpen: true };
		case "limit.near":
			return { ...turn, near: true };
		case "limit.reached":
			return event.agent === null ? { ...turn, limit: event.limit } : turn;
		case "session.waiting":
			return { ...turn, waiting: { for: event.for, detail: event.detail } };
		case "session.resumed":
			return { ...turn, waiting: null };
		case "note.added":
			return { ...turn, notes: [...turn.notes, event.text] };
		case "answer_now.requested":
			return { ...turn, answerNow: true };
		case "call.resumed":
			assert(
				callsIn(turn).some(({ id }) => id === event.call),
				`call ${event.call} is open`,
			);
			return turn;
		case "judge.asked":
			return { ...turn, phase: { status: "judging", answers: event.answers, tries: freshTries } };
		case "judge.ruled":
			return { ...turn, phase: { status: "deliberating" }, ruling: { answer: event.answer } };
		case "judge.failed":
			return { ...turn, phase: { status: "deliberating" }, ruling: { answer: null } };
		case "consensus.reached":
		case "consensus.failed":
			return { ...turn, phase: { status: "decided", verdict: verdictOf(event) }, seats: turn.seats.map(atRest) };
		case "presentation.started":
			return presentationStarted(turn, event);
		case "presentation.judged":
			return turn;
		case "final.text":
			assert(turn.phase.status === "presenting", "final text belongs to a presentation");
			return { ...turn, phase: { ...turn.phase, text: turn.phase.text + event.text } };
		default:
			return deliberated(session, turn, event);
	}
}

type SeatEvent = Exclude<
	TurnEvent,
	| Of<
			| "attempt.started"
			| "seal.opened"
			| "limit.near"
			| "limit.reached"
			| "session.waiting"
			| "session.resumed"
			| "note.added"
			| "answer_now.requested"
			| "call.started"
			| "call.resumed"
			| "call.finished"
	  >
	| Of<
			| "judge.asked"
			| "judge.ruled"
			| "judge.failed"
			| "consensus.reached"
			| "consensus.failed"
			| "presentation.started"
			| "presentation.judged"
			| "final.text"
	  >
>;

function deliberated(session: Session, turn: Turn, event: SeatEvent): Turn {
	switch (event.type) {
		case "round.started":
			return withSeat(turn, event.agent, (seat) => roundStarted(turn, seat, event));
		case "answer.accepted":
			return answerAccepted(turn, event);
		case "answer.refused":
			return event.reason === "cap" ? withReply(turn, event.agent, { kind: "cap" }) : turn;
		case "vote.cast":
			return withSeat(turn, event.agent, (seat) => ({ ...atRest(seat), vote: voteCast(turn, event) }));
		case "vote.refused":
			return event.reason === "unseen" ? withReply(turn, event.agent, { kind: "unseen" }) : turn;
		case "votes.voided":
			return { ...votesGone(turn, event, () => null), lastTally: fullTally(session, turn) };
		case "votes.suspended":
			return {
				...votesGone(turn, event, (vote) => ({ ...vote, suspended: true })),
				lastTally: fullTally(session, turn),
			};
		case "agent.reminded":
			return withReply(turn, event.agent, { kind: "reminder", reason: event.reason });
		case "agent.informed":
			return withSeat(turn, event.agent, (seat) => inRound(seat, (round) => informed(round, event)));
		case "agent.failed":
			return agentFailed(turn, event);
		case "agent.quarantined":
			return withSeat(turn, event.agent, (seat) => quarantined(seat, event.code));
		case "agent.fell_back":
			return fellBack(turn, event);
		case "agent.hurried":
			return withSeat(turn, event.agent, (seat) =>
				inRound(seat, (round) => ({ ...round, hurried: round.exchanges.length })),
			);
		case "agent.paused":
			return withReply(turn, event.agent, { kind: "paused" });
		case "agent.image":
			return { ...turn, images: [...turn.images, event.call] };
		case "tool.called":
			return withSeat(turn, event.agent, toolCalled);
		case "agent.image_dropped":
		case "agent.text":
		case "agent.reasoning":
		case "agent.cited":
		case "tool.returned":
			return turn;
		default:
			return unreachable(event);
	}
}

function roundStarted(turn: Turn, seat: Seat, event: Of<"round.started">): Seat {
	assert(seat.activity.status === "idle", "an agent has one round at a time");
	const { round: number, shown, recheck } = event;
	// A re-check shows two answers to an agent that has seen the others before (P2).
	const seen = recheck ? currentAnswers(turn).map(({ id }) => id) : shown;
	const round: Round = {
		number,
		shown,
		seen,
		recheck,
		notesAtStart: turn.notes.length,
		notes: turn.notes.length,
		reminders: 0,
		pauses: 0,
		toolCalls: 0,
		exchanges: [],
		hurried: null,
		tries: freshTries,
	};
	const counts = { roundsStarted: seat.roundsStarted + 1, roundsUsed: seat.roundsUsed + 1 };
	return { ...seat, ...counts, activity: { status: "thinking", round } };
}

/** A presenter calls tools outside of any round. */
function toolCalled(seat: Seat): Seat {
	if (seat.activity.status !== "thinking") return seat;
	return inRound(seat, (round) => ({ ...round, toolCalls: round.toolCalls + 1 }));
}

function answerAccepted(turn: Turn, event: Of<"answer.accepted">): Turn {
	const answer: Answer = { id: event.answer, agent: event.agent, text: event.text, identity: sameText(event.text) };
	const seated = withSeat(turn, event.agent, (seat) => ({ ...atRest(seat), answers: seat.answers + 1 }));
	return { ...seated, answers: [...turn.answers, answer], ruling: null };
}

function voteCast(turn: Turn, { answer, reason }: Of<"vote.cast">): Vote {
	assert(
		currentAnswers(turn).some(({ id }) => id === answer),
		"a vote names a current answer",
	);
	return { answer, reason, known: currentAnswers(turn).map(({ id }) => id), suspended: false };
}

/** P9: a round whose vote was voided does not count against the agent's rounds. */
function votesGone(
	turn: Turn,
	event: Of<"votes.voided" | "votes.suspended">,
	change: (vote: Vote) => Vote | null,
): Turn {
	const named = new Set(event.votes.map(({ agent }) => agent));
	const seats = turn.seats.map((seat) => {
		if (!named.has(seat.agent) || seat.vote === null) return seat;
		const given = seat.vote.suspended ? 0 : 1;
		return { ...seat, vote: change(seat.vote), roundsUsed: seat.roundsUsed - given };
	});
	return { ...turn, seats };
}

function fullTally(session: Session, turn: Turn): Turn["lastTally"] {
	const standing = countedVotes(turn);
	return standing.length >= quorumOf(session.team) ? standing : turn.lastTally;
}

function withReply(turn: Turn, agent: AgentId, reply: Reply): Turn {
	return withSeat(turn, agent, (seat) =>
		inRound(seat, (round) => {
			const reminders = round.reminders + (reply.kind === "reminder" ? 1 : 0);
			const pauses = round.pauses + (reply.kind === "paused" ? 1 : 0);
			return { ...round, reminders, pauses, exchanges: withLast(round.exchanges, { reply }) };
		}),
	);
}

function informed(round: Round, { answers, notes }: Of<"agent.informed">): Round {
	const exchanges = withLast(round.exchanges, { informed: answers, notes });
	return { ...round, seen: [...round.seen, ...answers], notes, exchanges };
}

function withLast(exchanges: readonly Exchange[], change: Partial<Exchange>): readonly Exchange[] {
	const last = exchanges.at(-1);
	assert(last !== undefined, "only a reply can be answered");
	return [...exchanges.slice(0, -1), { ...last, ...change }];
}

/** P10: its vote stands until voided, so one that waited for a re-check (P2) counts again: nobody can re-check it now. */
function quarantined(seat: Seat, code: string): Seat {
	const vote = seat.vote === null ? null : { ...seat.vote, suspended: false };
	return { ...seat, vote, activity: { status: "quarantined", code } };
}

function presentationStarted(turn: Turn, event: Of<"presentation.started">): Turn {
	const { phase } = turn;
	assert(phase.status === "decided" || phase.status === "presenting", "a presentation follows a verdict");
	const tries = phase.status === "presenting" ? phase.tries : freshTries;
	const { verdict } = phase;
	return {
		...turn,
		phase: { status: "presenting", verdict, agent: event.agent, try: event.try, mode: event.mode, text: "", tries },
	};
}
