import type { AnswerId, LoggedEvent } from "./events.ts";
import { reduce } from "./reduce.ts";
import { emptySession, type Session, type SessionState, type Turn, type Verdict } from "./state.ts";
import { attemptWith, pools, ranked, supporters, tied, type Standing } from "./tally.ts";
import type { AgentId, Protocol } from "./team.ts";
import { endingOf, verdictOf, type Ending } from "./verdict.ts";

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
	/** What may have completed a decision, as long as nobody has looked whether it has. */
	let news: number | null = null;
	const found = new Map<number, TurnWhatIfs>();
	for (const event of log) {
		if (news !== null && begins.has(event.type)) {
			stopsAfter(stops, state, news);
			news = null;
		}
		const whatIfs = decided(state, event, stops);
		if (whatIfs !== null) found.set(whatIfs.turn, whatIfs);
		state = reduce(state, event);
		if (event.type === "turn.started" || event.type === "attempt.started") [stops, news] = [new Map(), null];
		if (event.type === "call.finished") for (const stop of stops.values()) stop.spared += 1;
		if (decides.has(event.type)) news = event.seq;
	}
	return [...found.values()];
}

type Rule = Protocol["stop"];
/** Where a rule would have ended the attempt that is being read, before it ended, and with what. */
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

/**
 * What only comes once all that followed from the events before it is there. A rule is asked then and no earlier: between an
 * answer and the end of the votes that it voids it would count votes that nobody counts.
 */
const begins: ReadonlySet<LoggedEvent["type"]> = new Set([
	"call.started",
	"call.finished",
	"limit.reached",
	"answer_now.requested",
]);

function stopsAfter(stops: Stops, state: SessionState, seq: number): void {
	if (state.status !== "open" || state.current?.phase.status !== "deliberating") return;
	// Where it ends by its own rule no other one would have ended it before.
	if (endingOf(state, state.current).kind !== "none") return;
	for (const rule of rules) {
		if (rule === state.team.protocol.stop || stops.has(rule)) continue;
		const ending = endingOf(under(state, rule), state.current);
		if (ending.kind === "none" || ending.kind === "no_answer") continue;
		stops.set(rule, { atSeq: seq, winner: winnerOf(ending), spared: 0 });
	}
}

/** A judge's ruling is not known where none was asked. */
function winnerOf(ending: Ending): AnswerId | null {
	return ending.kind === "verdict" ? verdictOf(ending.event).winner : null;
}

function under(session: Session, stop: Rule): Session {
	return { ...session, team: { ...session.team, protocol: { ...session.team.protocol, stop } } };
}

/** What else could have been decided than what this event decides; null for any other event. */
function decided(session: SessionState, event: LoggedEvent, stops: Stops): TurnWhatIfs | null {
	if (event.type !== "consensus.reached" && event.type !== "consensus.failed") return null;
	if (session.status !== "open" || session.current === null) return null;
	const { current } = session;
	const verdict = verdictOf(event);
	const { winner, consensus, agreement } = verdict;
	const what_if = [
		...readings(attemptWith(current, winner) ?? current, verdict),
		...stopsRead(session, current, { winner, stops }),
	];
	return { turn: current.turn, winner, consensus, agreement, what_if };
}

/** From the votes that decided, which at a limit are perhaps those of the last full tally (P9). */
function readings(turn: Turn, { winner, votes, failure }: Verdict): readonly WhatIf[] {
	// P9: where a limit or a person ended it before any vote, the sealed order alone has decided.
	const unheard = votes.length === 0 && (failure === "limit" || failure === "answer_now");
	const rank = unheard ? inSealedOrder : ranked;
	const standings = rank(turn, votes);
	const reading = (standing: Standing | undefined) => {
		const answer = standing?.pool[0].id ?? null;
		return { winner: answer, same: answer === winner };
	};
	const absent = turn.seats.length < 2 ? [] : turn.seats;
	return [
		...absent.map(({ agent }) => {
			const others = votes.filter((vote) => vote.agent !== agent);
			const [first] = rank(without(turn, agent), others);
			const support = first === undefined ? 0 : supporters(first.pool, others, false).length;
			return {
				what: "without_agent" as const,
				agent,
				agreement: support / (turn.seats.length - 1),
				...reading(first),
			};
		}),
		{ what: "latest_of_equals", ...reading(latest(turn, tied(standings))) },
		{
			what: "self_votes_count",
			...reading(standings.toSorted((a, b) => whole(b) - whole(a) || place(turn, a) - place(turn, b))[0]),
		},
	];
}

type Actual = { readonly winner: AnswerId; readonly stops: Stops };

/** A rule that would not have ended it before is asked at the end as well: a limit ends it under any rule. */
function stopsRead(session: Session, turn: Turn, { winner, stops }: Actual): readonly WhatIf[] {
	return rules
		.filter((rule) => rule !== session.team.protocol.stop)
		.map((rule) => {
			const stop = stops.get(rule);
			const answer = stop === undefined ? winnerOf(endingOf(under(session, rule), turn)) : stop.winner;
			const { atSeq: at_seq = null, spared = 0 } = stop ?? {};
			return { what: "stop", rule, at_seq, spared, winner: answer, same: answer === winner };
		});
}

/** The turn as if this agent had not answered. */
function without(turn: Turn, agent: AgentId): Turn {
	return { ...turn, answers: turn.answers.filter((answer) => answer.agent !== agent) };
}

/** All of them as equals, the first one first. */
function inSealedOrder(turn: Turn): readonly Standing[] {
	const standings = pools(turn).map((pool) => ({ pool, votes: 0, selfVotes: 0, others: 0 }));
	return standings.toSorted((a, b) => place(turn, a) - place(turn, b));
}

function latest(turn: Turn, standings: readonly Standing[]): Standing | undefined {
	return standings.toSorted((a, b) => place(turn, b) - place(turn, a))[0];
}

/** In sealed order. */
const place = (turn: Turn, { pool }: Standing) => turn.answers.indexOf(pool[0]);

const whole = ({ others, selfVotes }: Standing) => others + selfVotes;
