import type { LoggedEvent } from "../../consensus/events.ts";
import { reduce } from "../../consensus/reduce.ts";
import { emptySession, noSpend, type SessionState, type Spend, type Turn } from "../../consensus/state.ts";
import type { Caps } from "../../consensus/team.ts";

/** A cap and what has been spent under it. */
export type Gauge = {
	readonly scope: string;
	readonly unit: "usd" | "tokens" | "calls" | "seconds";
	readonly spent: number;
	readonly cap: number;
	/** Of the cap; above 1 where a call used more than anybody had thought. */
	readonly share: number;
};

const units = ["usd", "tokens", "calls", "seconds"] as const;

/** What a session has spent under its caps, by the very rules that hold it to them; none where nothing is capped. */
export function gaugesOf(log: readonly LoggedEvent[]): readonly Gauge[] {
	let state: SessionState = emptySession;
	let turn: Turn | null = null;
	let startedMs = 0;
	let turnMs = 0;
	for (const event of log) {
		state = reduce(state, event);
		if (event.type === "turn.started") startedMs = Date.parse(event.at);
		const current: Turn | null = state.status === "open" ? state.current : null;
		// A turn that is over is still the one that a person looks at.
		if (current === null) continue;
		turn = current;
		turnMs = Date.parse(event.at) - startedMs;
	}
	if (state.status !== "open") return [];
	const { team, spend } = state;
	const { session, agent } = team.budget;
	// The turn's seconds are those of the clock, the others' those of their calls.
	const ofTurn = gauges("Turn", team.budget, { ...(turn?.spend ?? noSpend), ms: turnMs });
	const ofAgents = team.agents.flatMap(({ id }) => gauges(id, agent, turn?.spendOf[id] ?? noSpend));
	return [...(turn === null ? [] : [...ofTurn, ...ofAgents]), ...gauges("Session", session, spend)];
}

function gauges(scope: string, caps: Caps | null | undefined, spend: Spend): readonly Gauge[] {
	return units.flatMap((unit) => {
		const cap = caps?.[unit] ?? null;
		const spent = unit === "seconds" ? spend.ms / 1_000 : spend[unit];
		return cap === null ? [] : [{ scope, unit, spent, cap, share: spent / cap }];
	});
}
