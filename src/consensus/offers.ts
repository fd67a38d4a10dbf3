import { nearLimit } from "./budget.ts";
import type { DecisionTool } from "./events.ts";
import type { Round, Seat, Session, Turn } from "./state.ts";
import type { AgentSpec } from "./team.ts";

/** P9: what an agent is offered in its next request. `vote` only at a cap, near a limit and in a re-check (P2). */
export function offersOf(session: Session, turn: Turn, seat: Seat, round: Round): readonly DecisionTool[] {
	if (round.recheck) return ["vote"];
	const nothingToVoteFor = displayed(round).length === 0;
	if (nothingToVoteFor) return ["new_answer", "vote"];
	return mayAnswer(session, turn, seat) && !nearLimit(session, turn, seat.agent) ? ["new_answer", "vote"] : ["vote"];
}

/**
 * P9: which of its own tools an agent's next request has: none once the round's are used up. One request may pass the
 * limit by what its provider calls in it, and a turn that paused is finished with the tools it was begun with.
 */
export function toolsOf({ team }: Session, { tools }: AgentSpec, round: Round): readonly string[] {
	const paused = round.exchanges.at(-1)?.reply.kind === "paused";
	return paused || round.toolCalls < team.limits.tool_calls_per_round ? tools : [];
}

/** Whether an answer of this agent would stay within `answers_per_agent` and `answers_per_attempt`. */
export function mayAnswer({ team }: Session, turn: Turn, seat: Seat): boolean {
	if (seat.answers >= team.limits.answers_per_agent) return false;
	return seat.answers === 0 || laterAnswers(turn) < team.limits.answers_per_attempt;
}

/** P4: first answers do not count against `answers_per_attempt`. */
function laterAnswers(turn: Turn): number {
	return turn.seats.reduce((sum, seat) => sum + Math.max(0, seat.answers - 1), 0);
}

/** The answers whose text stands in the round's transcript, oldest first. */
export function displayed(round: Round): Round["shown"] {
	return [...round.shown, ...round.exchanges.flatMap((exchange) => exchange.informed)];
}
