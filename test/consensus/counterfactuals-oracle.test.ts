import { beforeAll, expect, test } from "vitest";
import { counterfactualsOf } from "../../src/consensus/counterfactuals.ts";
import type { LoggedEvent, SessionEvent } from "../../src/consensus/events.ts";
import { reduce } from "../../src/consensus/reduce.ts";
import { emptySession, type Session, type SessionState } from "../../src/consensus/state.ts";
import type { Protocol } from "../../src/consensus/team.ts";
import { endingOf, verdictOf } from "../../src/consensus/verdict.ts";
import { type Core, loadCore, sourceRoot } from "../support/simulation/core.ts";
import { runSeed } from "../support/simulation/runner.ts";

/**
 * Readings of random sessions against what the core itself says under the other rule, asked wherever a session rested: after
 * all that followed from one command. A log does not say where that was, so the readings have to find it out by themselves.
 */

type Rule = Protocol["stop"];
const rules: readonly Rule[] = ["all", "settled", "agreed"];
const patient = 60_000;
let core: Core;
beforeAll(async () => {
	core = await loadCore(sourceRoot);
});

/** What happened, a batch for each command. */
function batchesOf(seed: number): readonly (readonly SessionEvent[])[] {
	const batches: (readonly SessionEvent[])[] = [];
	const transition: Core["transition"] = (state, command) => {
		const outcome = core.transition(state, command);
		if (outcome.ok && outcome.events.length > 0) batches.push(outcome.events);
		return outcome;
	};
	runSeed({ ...core, transition }, seed, { faults: seed % 2 === 0 });
	return batches;
}

type Read = { readonly rule: Rule; readonly early: boolean; readonly winner: string | null };

function endingUnder(rule: Rule, session: Session): ReturnType<typeof endingOf> {
	const team = { ...session.team, protocol: { ...session.team.protocol, stop: rule } };
	return session.current === null ? { kind: "none" } : endingOf({ ...session, team }, session.current);
}

function winnerUnder(rule: Rule, session: Session): string | null {
	const ending = endingUnder(rule, session);
	return ending.kind === "verdict" ? verdictOf(ending.event).winner : null;
}

function rests(state: SessionState): state is Session {
	if (state.status !== "open" || state.current === null) return false;
	return state.current.phase.status === "deliberating" && state.current.waiting === null;
}

/** By turn: how each other rule would have ended its last attempt. */
function expectedOf(batches: readonly (readonly SessionEvent[])[]): Map<number, readonly Read[]> {
	const found = new Map<number, readonly Read[]>();
	let early = new Map<Rule, string | null>();
	let state: SessionState = emptySession;
	for (const batch of batches) {
		for (const event of batch) {
			const decides = event.type === "consensus.reached" || event.type === "consensus.failed";
			if (decides && state.status === "open" && state.current !== null)
				found.set(state.current.turn, readOf(state, early));
			if (event.type === "turn.started" || event.type === "attempt.started") early = new Map();
			state = reduce(state, event);
		}
		if (rests(state)) early = endedBy(state, early);
	}
	return found;
}

/** With those rules that would have ended it by now. */
function endedBy(session: Session, early: ReadonlyMap<Rule, string | null>): Map<Rule, string | null> {
	const ended = rules.filter((rule) => ["verdict", "judge"].includes(endingUnder(rule, session).kind));
	return new Map([...ended.map((rule) => [rule, winnerUnder(rule, session)] as const), ...early]);
}

function readOf(session: Session, early: ReadonlyMap<Rule, string | null>): readonly Read[] {
	return rules
		.filter((rule) => rule !== session.team.protocol.stop)
		.map((rule) => {
			const before = early.get(rule);
			return {
				rule,
				early: before !== undefined,
				winner: before === undefined ? winnerUnder(rule, session) : before,
			};
		});
}

function logged(events: readonly SessionEvent[]): readonly LoggedEvent[] {
	return events.map((event, i) => ({ seq: i + 1, at: "2026-01-01T00:00:00.000Z", ...event }));
}

test(
	"every rule would have ended an attempt where the core says so, with the answer that it says",
	() => {
		const wrong = Array.from({ length: 400 }, (_, seed) => seed).filter((seed) => {
			const batches = batchesOf(seed);
			const expected = expectedOf(batches);
			const read = counterfactualsOf(logged(batches.flat())).map(({ turn, what_if }) => [
				turn,
				what_if.flatMap((one) =>
					one.what === "stop" ? [{ rule: one.rule, early: one.at_seq !== null, winner: one.winner }] : [],
				),
			]);
			return JSON.stringify(read) !== JSON.stringify([...expected]);
		});
		expect(wrong).toEqual([]);
	},
	patient,
);
