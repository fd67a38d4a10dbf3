import type { CallId, DecisionTool, SessionEvent, Worst } from "./events.ts";
import type { Seat, Tries, Turn } from "./state.ts";
import type { AgentId } from "./team.ts";

/** A call that was dispatched and has not finished. Only a round's and a presentation's have an agent. */
export type OpenCall = Dispatched &
	(
		| { readonly purpose: "round" | "presentation"; readonly agent: AgentId }
		| { readonly purpose: "judge"; readonly agent: null }
	);

type Dispatched = { readonly id: CallId; readonly offers: readonly DecisionTool[]; readonly worst: Worst | null };

/** Every call of this turn that is open: at most one for each agent, and one for the judge or the presenter. */
export function callsIn(turn: Turn): readonly OpenCall[] {
	const ofSeats = turn.seats.flatMap((seat) => ofSeat(seat));
	const { phase } = turn;
	if (phase.status === "presenting")
		return [
			...ofSeats,
			...open(phase.tries).map((call) => ({ ...call, purpose: "presentation" as const, agent: phase.agent })),
		];
	if (phase.status === "judging")
		return [...ofSeats, ...open(phase.tries).map((call) => ({ ...call, purpose: "judge" as const, agent: null }))];
	return ofSeats;
}

/** What closes calls that nobody waits for any more. Their streams are aborted once this is in the log. */
export function aborted(calls: readonly { readonly id: CallId }[]): readonly SessionEvent[] {
	return calls.map(({ id }) => ({
		type: "call.finished",
		call: id,
		outcome: "aborted",
		usage: null,
		cost_usd: null,
	}));
}

function ofSeat({ agent, activity }: Seat): readonly OpenCall[] {
	if (activity.status !== "thinking") return [];
	return open(activity.round.tries).map((call) => ({ ...call, purpose: "round", agent }));
}

function open({ call }: Tries): readonly Dispatched[] {
	return call.status === "open" ? [{ id: call.id, offers: call.offers, worst: call.worst }] : [];
}
