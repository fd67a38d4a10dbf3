import type { LoggedEvent, SessionEvent } from "../../../src/consensus/events.ts";
import { teamOf } from "../../support/api.ts";

/** Events without their envelope, as a table can hold them. */
export type Bare = { readonly type: SessionEvent["type"] } & Readonly<Record<string, unknown>>;

const startMs = Date.parse("2026-01-02T03:04:05.000Z");

/** A log of these events, a second apart. */
export function logOf(events: readonly Bare[]): LoggedEvent[] {
	return events.map(
		(event, at) =>
			({ seq: at + 1, at: new Date(startMs + at * 1000).toISOString(), ...event }) as unknown as LoggedEvent,
	);
}

const team = teamOf({
	name: "trio",
	agents: [
		{ id: "a", backend: "openai", model: "model-x" },
		{ id: "b", backend: "gemini", model: "model-y" },
		{ id: "c", backend: "xai", model: "model-z" },
	],
});

export const opened: readonly Bare[] = [
	{ type: "session.created", team, seed: 1 },
	{ type: "turn.started", turn: 1, question: "Which city shall we go to?" },
	...["a", "b", "c"].map((agent): Bare => ({
		type: "round.started",
		agent,
		round: 1,
		attempt: 1,
		shown: [],
		recheck: false,
	})),
];

export function answered(agent: string, answer: string, text = `Answer ${answer}`): Bare {
	return { type: "answer.accepted", agent, answer, text };
}

export function voted(agent: string, answer: string, reason = `for ${answer}`): Bare {
	return { type: "vote.cast", agent, answer, reason };
}

/** From a tally to the end of the turn. */
export function finished(text: string, more: Readonly<Record<string, unknown>> = {}): readonly Bare[] {
	const tally = [{ answer: "a1.1", votes: 2, self_votes: 1, pooled: [] }];
	const votes = ["a", "b"].map((agent) => ({ agent, answer: "a1.1", reason: "good" }));
	const dissent = { agent: "c", answer: "a3.1", text: "Rome", votes: 1, reasons: ["It is nearer."] };
	return [
		{ type: "consensus.reached", answer: "a1.1", tally, votes, agreement: 2 / 3, stop: "all" },
		{
			type: "turn.finished",
			turn: 1,
			answer: text,
			consensus: true,
			agreement: 2 / 3,
			winner: { agent: "a", answer: "a1.1" },
			tally,
			votes,
			dissent,
			...more,
		},
	];
}

export const voting: readonly Bare[] = [
	...opened,
	answered("a", "a1.1"),
	answered("b", "a2.1"),
	answered("c", "a3.1"),
	voted("a", "a1.1"),
	voted("b", "a1.1", "It has the better trains."),
];
