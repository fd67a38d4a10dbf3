import type { LoggedEvent, SessionEvent } from "../../../src/consensus/events.ts";
import { teamOf } from "../../support/api.ts";

/** Events without their envelope, as a table can hold them. */
export type Bare = { readonly type: SessionEvent["type"] | "invented" } & Readonly<Record<string, unknown>>;

/** When the event of that number happened. */
export const at = (seq: number) => new Date(Date.UTC(2026, 0, 2, 3, 4, seq)).toISOString();

/** A log of these events, numbered from `from` on. */
export function logged(events: readonly Bare[], from = 1): LoggedEvent[] {
	return events.map((event, i) => ({ seq: from + i, at: at(from + i), ...event }) as unknown as LoggedEvent);
}

export const team = teamOf({
	name: "duo",
	agents: [
		{ id: "a", backend: "openai", model: "x" },
		{ id: "b", backend: "gemini", model: "y" },
	],
});

export const opened: readonly Bare[] = [
	{ type: "session.created", team, seed: 1 },
	{ type: "turn.started", turn: 1, question: "Why?" },
];

/** An agent's round begins. */
export const round = (agent: string, number = 1): Bare => ({
	type: "round.started",
	agent,
	round: number,
	attempt: 1,
	shown: [],
	recheck: false,
});
/** A piece of what it says. */
export const said = (agent: string, text: string): Bare => ({ type: "agent.text", agent, call: "c", text });
