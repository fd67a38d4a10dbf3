import type { AnswerId, LoggedEvent } from "./events.ts";
import { reduce } from "./reduce.ts";
import { emptySession, type Session, type SessionState, type Turn } from "./state.ts";
import { countedVotes, ranked, supporters, tied, type Standing } from "./tally.ts";
import type { AgentId, Protocol } from "./team.ts";
import { endingOf } from "./verdict.ts";

/**
 * What a log says would have come out under another rule, from the answers and votes that are in it. No model is asked:
 * nobody knows what agents would have said had they seen something else, so these are readings of a log, not predictions.
 */

/** `winner` null: nothing would have been decided by what is in the log. `same`: it is the answer that won. */
export type WhatIf = {
	readonly winner: AnswerId | null;
	readonly same: boolean;
} & (
	| { readonly what: "without_agent"; readonly agent: AgentId; readonly agreement: number }
	/** Among answers with as much support the latest would win, not the earliest. */
	| { readonly what: "latest_of_equals" }
	/** Votes for one's own answer would count as much as others'; of equals the earliest would win. */
	| { readonly what: "self_votes_count" }
	/** `at_seq`: after which event it would have been over; null: not before it was. `spared`: calls that ended later. */
	| {
			readonly what: "stop";
			readonly rule: Protocol["stop"];
			readonly at_seq: number | null;
			readonly spared: number;
	  }
);

/** A turn that was decided, and what else could have been. */
export type TurnWhatIfs = {
	readonly turn: number;
	readonly winner: AnswerId;
	readonly consensus: boolean;
	readonly agreement: number;
	readonly what_if: readonly WhatIf[];
};

/** Of each decided turn's last attempt, oldest first. */
export function counterfactualsOf(log: Iterable<LoggedEvent>): readonly TurnWhatIfs[] {
	let state: SessionState = emptySession;
	let stops: Stops = new Map<Rule, Stop>();
	let lastSeq = 0;
	const found = new Map<number, TurnWhatIfs>();
	for (const event of log) {
		const before: SessionState = state;
		const decided = event.type === "consensus.reached" || event.type === "consensus.failed";
		if (decided && before.status === "open" && before.current !== null) {
			const { agreement } = event;
			const winner = event.type === "consensus.reached" ? event.answer : event.best;
			const actual = {
				turn: before.current.turn,
				winner,
				agreement,
				consensus: event.type === "consensus.reached",
			};
			const whatIfs = readings(before, before.current, { winner, stops, lastSeq });
			found.set(actual.turn, { ...actual, what_if: whatIfs });
		}
		state = reduce(state, event);
		if (event.type === "turn.started" || event.type === "attempt.started") stops = new Map();
		if (event.type === "call.finished") for (const stop of stops.values()) stop.spared += 1;
		if (!decides.has(event.type)) continue;
		lastSeq = event.seq;
		stopsAfter(stops, state, lastSeq);
	}
	return [...found.values()];
}

type Rule = Protocol["stop"];
/** Where a rule would have ended the attempt that is being read, and with what. */
type Stop = { readonly atSeq: number; readonly winner: AnswerId | null; spared: number };
type Stops = Map<Rule, Stop>;

const rules: readonly Rule[] = ["all", "settled", "agreed"];

/** What may complete a decision. */
const decides: ReadonlySet<LoggedEvent["type"]> = new Set([
	"answer.accepted",
	"vote.cast",
	"agent.quarantined",
	"seal.opened",
]);

function stopsAfter(stops: Stops, state: SessionState, seq: number): void {
	if (state.status !== "open" || state.current?.phase.status !== "deliberating") return;
	for (const rule of rules) {
		if (rule === state.team.protocol.stop || stops.has(rule)) continue;
		const ending = endingOf(under(state, rule), state.current);
		if (ending.kind === "none" || ending.kind === "no_answer") continue;
		const winner = ending.kind === "judge" ? null : winnerIn(ending.event);
		stops.set(rule, { atSeq: seq, winner, spared: 0 });
	}
}

function winnerIn(
	event: LoggedEvent | Extract<ReturnType<typeof endingOf>, { kind: "verdict" }>["event"],
): AnswerId | null {
	if (event.type === "consensus.reached") return event.answer;
	return event.type === "consensus.failed" ? event.best : null;
}

function under(session: Session, stop: Rule): Session {
	return { ...session, team: { ...session.team, protocol: { ...session.team.protocol, stop } } };
}

/** `lastSeq`: the event that completed the decision. */
type Actual = { readonly winner: AnswerId; readonly stops: Stops; readonly lastSeq: number };

function readings(session: Session, turn: Turn, { winner, stops, lastSeq }: Actual): readonly WhatIf[] {
	const standings = ranked(turn, countedVotes(turn));
	const reading = (answer: AnswerId | null) => ({ winner: answer, same: answer === winner });
	const idOf = (standing: Standing | undefined) => standing?.pool[0].id ?? null;
	const absent = turn.seats.length < 2 ? [] : turn.seats;
	return [
		...absent.map(({ agent }) => {
			const [first] = ranked(...without(turn, agent));
			const agreement = first === undefined ? 0 : support(turn, agent, first) / (turn.seats.length - 1);
			return { what: "without_agent" as const, agent, agreement, ...reading(idOf(first)) };
		}),
		{ what: "latest_of_equals", ...reading(idOf(latest(turn, tied(standings)))) },
		{
			what: "self_votes_count",
			...reading(idOf(standings.toSorted((a, b) => whole(b) - whole(a) || place(turn, a) - place(turn, b))[0])),
		},
		...rules
			.filter((rule) => rule !== session.team.protocol.stop)
			.map((rule) => {
				const stop = stops.get(rule);
				const earlier = stop !== undefined && stop.atSeq < lastSeq;
				const told = earlier ? { at_seq: stop.atSeq, spared: stop.spared } : { at_seq: null, spared: 0 };
				return { what: "stop" as const, rule, ...told, ...reading(stop?.winner ?? null) };
			}),
	];
}

/** The turn and its votes as if this agent had neither answered nor voted. */
function without(turn: Turn, agent: AgentId): Parameters<typeof ranked> {
	const answers = turn.answers.filter((answer) => answer.agent !== agent);
	return [{ ...turn, answers }, countedVotes(turn).filter((vote) => vote.agent !== agent)];
}

function support(turn: Turn, agent: AgentId, { pool }: Standing): number {
	const [, votes] = without(turn, agent);
	return supporters(pool, votes, false).length;
}

function latest(turn: Turn, standings: readonly Standing[]): Standing | undefined {
	return standings.toSorted((a, b) => place(turn, b) - place(turn, a))[0];
}

/** In sealed order. */
const place = (turn: Turn, { pool }: Standing) => turn.answers.indexOf(pool[0]);

const whole = ({ others, selfVotes }: Standing) => others + selfVotes;
