import { unreachable } from "../std/assert.ts";
import type { DeadlineKind } from "./commands.ts";
import type { CallId, CallPurpose, DecisionTool } from "./events.ts";
import { exhaustedBudget } from "./budget.ts";
import { offersOf, toolsOf } from "./offers.ts";
import type { CallState, Round, Seat, Session, SessionState, Tries, Turn } from "./state.ts";
import { speakerOf } from "./speaker.ts";
import { seatOf } from "./tally.ts";
import { quorumOf, type AgentId, type JudgeSpec } from "./team.ts";

/** A model call that should be under way. `gate`: the deadline that must have passed before it is dispatched. */
export type WantedCall = {
	readonly id: CallId;
	readonly purpose: CallPurpose;
	readonly agent: AgentId | null;
	readonly model: JudgeSpec;
	readonly offers: readonly DecisionTool[];
	/** The agent's own tools, by name: only in a round, and within its limit (P9). */
	readonly tools: readonly string[];
	/** Whether the provider may keep the call, so that it can be taken up again. */
	readonly resume: boolean;
	readonly paid: number;
	readonly status: "due" | "open";
	readonly gate: string | null;
};

/** A moment counted from when it was first wanted; it expires unconditionally (P9). */
export type Deadline = { readonly key: string; readonly afterMs: number } & (
	| { readonly kind: Exclude<DeadlineKind, "round"> }
	| { readonly kind: "round"; readonly agent: AgentId }
);

export type Plan = { readonly calls: readonly WantedCall[]; readonly deadlines: readonly Deadline[] };

/**
 * What a state wants done: which calls should be under way and which deadlines should be running. A runner starts what
 * is missing and stops what is no longer named here, so that a restart needs nothing but the state.
 */
export function plan(state: SessionState): Plan {
	if (state.status === "empty" || state.current === null) return { calls: [], deadlines: [] };
	const turn = state.current;
	// P15: what is open stays so, to be taken up again; nothing is started and no time passes until somebody says so.
	if (turn.waiting !== null) return { calls: [], deadlines: [] };
	const calls = callsWanted(state, turn);
	return { calls, deadlines: [...ofTurn(state, turn), ...ofPhase(state, turn), ...gates(turn, calls)] };
}

function callsWanted(session: Session, turn: Turn): readonly WantedCall[] {
	const { phase } = turn;
	switch (phase.status) {
		case "deliberating":
			return turn.seats.flatMap((seat, i) => roundCall(session, turn, { seat, number: i + 1 }));
		case "judging":
			return session.team.protocol.judge === null
				? []
				: [
						wanted(
							{
								id: `t${turn.turn}.j`,
								purpose: "judge",
								agent: null,
								model: session.team.protocol.judge,
								offers: ["vote"],
								tools: [],
								resume: true,
							},
							phase.tries,
						),
					];
		case "presenting":
			return phase.mode === "reuse" ? [] : [presentationCall(session, turn, phase)];
		case "decided":
			return [];
		default:
			return unreachable(phase);
	}
}

function roundCall(
	session: Session,
	turn: Turn,
	{ seat, number }: { seat: Seat; number: number },
): readonly WantedCall[] {
	const member = session.team.agents[number - 1];
	if (seat.activity.status !== "thinking" || member === undefined) return [];
	const { round } = seat.activity;
	const { resume } = member;
	const tools = toolsOf(session, member, round);
	const id = `${roundId(turn, number, round)}.c${round.exchanges.length + 1}${marks[seat.speaker]}`;
	const offers = offersOf(session, turn, seat, round);
	const model = speakerOf(member, seat);
	const call = wanted({ id, purpose: "round", agent: seat.agent, model, offers, tools, resume }, round.tries);
	return call.status === "due" && exhaustedBudget(session, turn) !== null ? [] : [call];
}

function presentationCall(
	session: Session,
	turn: Turn,
	phase: { agent: AgentId; try: number; tries: Tries },
): WantedCall {
	const { agent } = phase;
	const member = session.team.agents.find(({ id }) => id === agent) ?? session.team.agents[0];
	if (member === undefined) throw new RangeError("a team has agents");
	const seat = seatOf(turn, agent);
	const id = `t${turn.turn}.p${phase.try}${marks[seat.speaker]}`;
	const model = speakerOf(member, seat);
	const step = { id, purpose: "presentation", agent, model, offers: [], tools: [], resume: member.resume } as const;
	return wanted(step, phase.tries);
}

/** A fallback counts its payments from 1 again, so its calls have names of their own (P10). */
const marks = { primary: "", fallback: ".f" } as const satisfies Record<Seat["speaker"], string>;

type Step = Omit<WantedCall, "id" | "paid" | "status" | "gate"> & { readonly id: string };

function wanted({ id, model: { backend, model, params }, ...step }: Step, tries: Tries): WantedCall {
	const { call } = tries;
	const spec = { backend, model, params };
	if (call.status === "open")
		return { ...step, id: call.id, model: spec, offers: call.offers, paid: tries.paid, status: "open", gate: null };
	const named = `${id}.x${tries.paid + 1}` as CallId;
	return { ...step, id: named, model: spec, paid: tries.paid + 1, status: "due", gate: gateOf(named, call) };
}

function gateOf(id: CallId, call: CallState): string | null {
	return call.status === "backoff" ? `retry:${id}` : null;
}

/** P10: a call that failed is dispatched again once its delay has passed. */
function gates(turn: Turn, calls: readonly WantedCall[]): readonly Deadline[] {
	const delays = turn.seats.flatMap(({ agent, activity }) =>
		activity.status === "thinking" ? [{ agent, call: activity.round.tries.call }] : [],
	);
	const { phase } = turn;
	if (phase.status === "presenting") delays.push({ agent: phase.agent, call: phase.tries.call });
	return calls.flatMap(({ gate, agent }) => {
		const delay = delays.find((candidate) => candidate.agent === agent);
		if (gate === null || delay?.call.status !== "backoff") return [];
		return [{ key: gate, kind: "retry", afterMs: delay.call.delayMs }];
	});
}

/** The budget's seconds have a row of their own, named by how many they are: changed on the way, they run anew. */
function ofTurn({ team: { limits, budget } }: Session, turn: Turn): readonly Deadline[] {
	const id = `t${turn.turn}`;
	const whole: Deadline = { key: `turn:${id}`, kind: "turn", afterMs: limits.turn_seconds * 1000 };
	const seconds = budget.seconds ?? null;
	const capped = seconds !== null && seconds < limits.turn_seconds;
	const hard: readonly Deadline[] = capped
		? [whole, { key: `budget:${id}.${seconds}`, kind: "budget", afterMs: seconds * 1000 }]
		: [whole];
	if (turn.near) return hard;
	const soft = capped
		? { key: `soft:${id}.${seconds}`, afterMs: seconds * 800 }
		: { key: `soft:${id}`, afterMs: limits.turn_seconds * 800 };
	return [{ ...soft, kind: "turn_soft" }, ...hard];
}

function ofPhase(session: Session, turn: Turn): readonly Deadline[] {
	const roundMs = session.team.limits.round_seconds * 1000;
	switch (turn.phase.status) {
		case "deliberating":
			return [
				...sealDeadline(session, turn),
				...turn.seats.flatMap((seat, i) => roundDeadline(turn, { seat, number: i + 1, roundMs })),
			];
		case "judging":
			return [{ key: `judge:t${turn.turn}`, kind: "judge", afterMs: roundMs }];
		case "presenting":
			return [{ key: `present:t${turn.turn}`, kind: "presentation", afterMs: roundMs }];
		case "decided":
			return [];
		default:
			return unreachable(turn.phase);
	}
}

/** P4: `seal_seconds` after a quorum of first answers. */
function sealDeadline({ team }: Session, turn: Turn): readonly Deadline[] {
	const first = turn.seats.filter((seat) => seat.answers > 0).length;
	if (turn.sealOpen || team.protocol.start !== "sealed" || first < quorumOf(team)) return [];
	return [{ key: `seal:t${turn.turn}`, kind: "seal", afterMs: team.limits.seal_seconds * 1000 }];
}

function roundDeadline(
	turn: Turn,
	{ seat, number, roundMs }: { seat: Seat; number: number; roundMs: number },
): readonly Deadline[] {
	if (seat.activity.status !== "thinking") return [];
	return [
		{
			key: `round:${roundId(turn, number, seat.activity.round)}`,
			kind: "round",
			agent: seat.agent,
			afterMs: roundMs,
		},
	];
}

function roundId(turn: Turn, number: number, round: Round): string {
	return `t${turn.turn}.a${number}.r${round.number}`;
}
