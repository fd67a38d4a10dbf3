import { expect, test } from "vitest";
import { countOf, faultsOf, type Ended } from "./report.ts";

/** A log in few words: what its events are, with all that is looked at. */
function logOf(...events: readonly object[]): readonly string[] {
	return events.map((event, at) => JSON.stringify({ seq: at + 1, at: "2026-01-01T00:00:00.000Z", ...event }));
}

const asked = { type: "turn.started", turn: 1, question: "?" };
const answered = { type: "turn.finished", consensus: true, winner: { agent: "stone" }, answer: "Stone." };
const quarantined = { type: "agent.quarantined", agent: "brick", code: "lost" };
const log = logOf(asked, answered);

function ended(changes: Partial<Ended>): Ended {
	const unkilled = { paid: 7, resumable: 4, end: '[true,"stone","Stone."]' };
	const resumable = { paid: 4, unreachable: 0 };
	const session = {
		session: 1,
		kind: "mixed",
		id: "s1",
		lost: 0,
		paid: 7,
		openAtKills: 0,
		resumable,
		unkilled,
	} as const;
	return { ...session, log, lines: changes.log ?? log, ...changes };
}

test.each<[string, Partial<Ended>, readonly string[]]>([
	["a session that went as it goes without a kill has no fault", {}, []],
	["P15: what was open at a kill may be paid once more", { paid: 9, openAtKills: 2 }, []],
	["and not one call more", { paid: 10, openAtKills: 2 }, ["paid 10 times, not 7 and 2 that were open at a kill"]],
	[
		"P15: what a provider keeps is paid for once, however often it was open at a kill",
		{ paid: 8, openAtKills: 2, resumable: { paid: 5, unreachable: 0 } },
		["paid 5 times for what is kept, not 4 and 0 out of reach"],
	],
	[
		"unless its name could not be known by then",
		{ paid: 8, openAtKills: 2, resumable: { paid: 5, unreachable: 1 } },
		[],
	],
	[
		"which has to be paid for again",
		{ resumable: { paid: 4, unreachable: 1 } },
		["paid 4 times for what is kept, not 4 and 1 out of reach"],
	],
	[
		"a session that never ended is a fault",
		{ log: logOf(asked) },
		["did not finish", "paid 7 times and ended otherwise than without a kill: turn.started"],
	],
	["an event that a client has seen and the log does not have is lost", { lines: [...log, "{}"] }, ["lost 1 events"]],
	["so is one that reads otherwise now", { lines: [log[0] ?? "", "{}"] }, ["lost 1 events"]],
	["and one that a client was never sent", { lost: 1 }, ["lost 1 events"]],
	["a log with a gap has lost what stood there", { log: log.slice(1) }, ["lost 1 events"]],
	[
		"another answer than without a kill is a fault",
		{ log: logOf(asked, { ...answered, answer: "Brick." }) },
		['paid 7 times and ended otherwise than without a kill: [true,"stone","Brick."]'],
	],
	[
		"as are calls that were never made",
		{ paid: 6 },
		['paid 6 times and ended otherwise than without a kill: [true,"stone","Stone."]'],
	],
	[
		"unless an agent was out, since its call was lost twice",
		{
			log: logOf(asked, quarantined, { ...answered, consensus: false }),
			paid: 6,
			resumable: { paid: 3, unreachable: 0 },
		},
		[],
	],
])("%s", (_, changes, expected) => {
	expect(faultsOf([ended(changes)])).toEqual(expected.map((fault) => `session 1 (mixed, s1) ${fault}`));
});

test("a run is the sum of its sessions", () => {
	const sessions = [
		ended({ paid: 9, openAtKills: 2, resumable: { paid: 5, unreachable: 1 } }),
		ended({ log: logOf(asked, quarantined), lines: [], paid: 5, openAtKills: 4, lost: 2 }),
	];
	expect(countOf(sessions)).toEqual({
		sessions: 2,
		finished: 1,
		lost_events: 2,
		paid: 14,
		baseline_paid: 14,
		open_at_kills: 6,
		paid_resumable: 5,
		baseline_resumable: 4,
		unreachable: 1,
		lost_twice: 1,
	});
});
