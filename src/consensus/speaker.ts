import type { ModelName, SessionEvent } from "./events.ts";
import { exhaustedBudget } from "./budget.ts";
import type { Seat, Session, Turn } from "./state.ts";
import { seatOf } from "./tally.ts";
import type { AgentId, AgentSpec, JudgeSpec } from "./team.ts";

/** P10: the model that speaks for this member now. */
export function speakerOf(member: AgentSpec, { speaker }: Pick<Seat, "speaker">): JudgeSpec {
	return speaker === "fallback" && member.fallback !== null ? member.fallback : member;
}

/** P10: an agent's own model is exhausted and its fallback takes over; null where it has none left or none can be paid. */
export function fallenBack(
	session: Session,
	turn: Turn,
	{ agent, code }: { agent: AgentId; code: string },
): (SessionEvent & { readonly type: "agent.fell_back" }) | null {
	const member = session.team.agents.find(({ id }) => id === agent);
	const spare = member?.fallback ?? null;
	if (member === undefined || spare === null || seatOf(turn, agent).speaker === "fallback") return null;
	if (exhaustedBudget(session, turn) !== null) return null;
	return { type: "agent.fell_back", agent, from: nameOf(member), to: nameOf(spare), code };
}

function nameOf({ backend, model }: ModelName): ModelName {
	return { backend, model };
}
