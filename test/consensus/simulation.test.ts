import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { brokenBy, type InvariantId } from "../../src/consensus/invariants.ts";
import { transition } from "../../src/consensus/transition.ts";
import type { Seat, Session, Tries } from "../../src/consensus/state.ts";
import { type Core, loadCore, sourceRoot } from "../support/simulation/core.ts";
import { chanceOf } from "../support/simulation/chance.ts";
import { mutants } from "../support/simulation/mutants.ts";
import { hunt, mutate } from "../support/simulation/mutate.ts";
import { runSeed, stepsMax } from "../support/simulation/runner.ts";
import { scenarioOf } from "../support/simulation/scenario.ts";

const patient = 60_000;
let core: Core;
beforeAll(async () => {
	core = await loadCore(sourceRoot);
});

/** Null where the session came to rest with every invariant held. */
function brokenIn(subject: Core, seed: number): InvariantId | null {
	const outcome = runSeed(subject, seed, { faults: true });
	return outcome.passed ? null : outcome.invariant;
}

test(
	"five hundred sessions with crashes keep every invariant",
	() => {
		const failures = Array.from({ length: 500 }, (_, seed) => ({ seed, broken: brokenIn(core, seed) }));
		expect(failures.filter(({ broken }) => broken !== null)).toEqual([]);
	},
	patient,
);

// Each of these seeds failed once. They are of use as long as the population draws the same sessions from them: whoever
// changes it hunts the mutant of the same name and pins the seed that catches it now.
test.each<[string, number]>([
	["a re-check shows a pool once", 25],
	["a copy of an answer that was replaced since is a vote for nothing", 205],
	["a tally whose votes were suspended is kept for the limit", 287],
])("%s (seed %i)", (_, seed) => expect(brokenIn(core, seed)).toEqual(null));

test("the same seed gives the same session", () => {
	expect(runSeed(core, 7, { faults: true })).toEqual(runSeed(core, 7, { faults: true }));
	expect(scenarioOf(chanceOf(7))).toEqual(scenarioOf(chanceOf(7)));
});

test.each<[string, InvariantId]>([
	["reminders without end", "I3"],
	["votes outlive a new answer", "I4"],
	["a vote unseen", "I5"],
	["no seal", "I7"],
	["nothing is pooled", "I13"],
	["one's own vote counts in full", "I12"],
	["a call is not asked what it may use", "I41"],
	["nobody waits for what is in flight", "I42"],
	["answers per agent without end", "I20"],
	["a round without a deadline", "I22"],
	["a fallback again and again", "I39"],
	["pauses without end", "I40"],
	["pieces of an earlier try count", "I28"],
])(
	"a core with %s is caught",
	async (name, invariant) => {
		const mutant = mutants.find((candidate) => candidate.name === name);
		const verdict = mutant === undefined ? null : await hunt(mutant, { from: 0, seeds: 10_000 });
		expect(verdict).toEqual({ kind: "caught", invariant, seed: expect.any(Number) });
	},
	patient,
);

test("every rule has its mutants, and no name stands twice", () => {
	const rules = [...new Set(mutants.map(({ rule }) => rule))];
	expect(rules).toEqual([
		"P1",
		"P2",
		"P3",
		"P4",
		"P5",
		"P6",
		"P7",
		"P8",
		"P9",
		"P10",
		"P11",
		"P12",
		"P14",
		"P15",
		"P16",
		"P13",
	]);
	expect(new Set(mutants.map(({ name }) => name)).size).toEqual(mutants.length);
});

test.each<[string, string, string, { text: string; found: number }]>([
	["found once, it is replaced", "if (a) b();", "if (a)", { text: "no b();", found: 1 }],
	["broken over lines, it is the same text", "call(\n\ta,\n\tb,\n);", "call(a, b)", { text: "no;", found: 1 }],
	["not found, the row is stale", "if (b) b();", "if (a)", { text: "if (b) b();", found: 0 }],
	["found twice, the row is stale", "if (a) b(); if (a) c();", "if (a)", { text: "no b(); no c();", found: 2 }],
])("a mutant's text: %s", (_, source, find, expected) =>
	expect(mutate(source, { find, replace: "no" })).toEqual(expected),
);

test("a mutant whose text is gone is stale, not caught", async () => {
	const gone = { rule: "P1", name: "gone", file: "ballot", find: "no such text", replace: "" };
	expect(await hunt(gone, { from: 0, seeds: 1 })).toEqual({ kind: "stale", found: 0 });
});

test(
	"a session that never rests is a failure after the last step allowed",
	() => {
		let asked = 0;
		// Wants another call each time it is asked, and none of them is ever the one it wants by then.
		const restless: Core = {
			...core,
			plan: (state) => {
				const { calls, deadlines } = core.plan(state);
				const id = `call-${asked++}` as (typeof calls)[number]["id"];
				return {
					calls: calls.slice(0, 1).map((call) => ({ ...call, id, gate: null, status: "due" })),
					deadlines,
				};
			},
		};
		const { seed, steps, ...outcome } = runSeed(restless, 3, { faults: false });
		expect({ seed, steps, broken: outcome.passed ? null : outcome.invariant }).toEqual({
			seed: 3,
			steps: stepsMax,
			broken: "I23",
		});
	},
	patient,
);

describe("what a single state shows", () => {
	const calm = { ...scenarioOf(chanceOf(1)).team, agents: scenarioOf(chanceOf(1)).team.agents.slice(0, 1) };
	const limits = {
		...calm.limits,
		retries: 2,
		enforcement_max: 2,
		rounds_per_agent: 3,
		answers_per_agent: 2,
		answers_per_attempt: 1,
	};
	const team = { ...calm, limits, budget: { usd: null, tokens: null, calls: null } };
	const opened = transition({ status: "empty" }, { type: "open", team, seed: 1, question: "?" });
	if (!opened.ok || opened.state.status !== "open") throw new Error("the session opens");
	const session: Session = opened.state;

	const queued = (length: number): Session => ({
		...session,
		queue: Array.from({ length }, () => ({ question: "next", attachments: [] })),
	});
	const turned = (change: Partial<NonNullable<Session["current"]>>): Session =>
		session.current === null ? session : { ...session, current: { ...session.current, ...change } };
	const noted = (length: number) => turned({ notes: Array.from({ length }, () => "note") });
	const seated = (change: (seat: Seat) => Seat) => turned({ seats: session.current?.seats.map(change) ?? [] });
	const answered = (answers: number) => seated((seat) => ({ ...seat, answers }));
	const rounds = (roundsUsed: number) => seated((seat) => ({ ...seat, roundsUsed }));
	const inRound = (change: { reminders?: number; pauses?: number; tries?: Tries; seen?: readonly string[] }) =>
		seated((seat) => {
			if (seat.activity.status !== "thinking") return seat;
			return {
				...seat,
				activity: { status: "thinking", round: { ...seat.activity.round, ...(change as object) } },
			};
		});
	const tried = (change: Partial<Tries>) =>
		inRound({ tries: { call: { status: "due" }, paid: 0, retries: 0, begunRetries: 0, lost: 0, ...change } });

	test.each<[string, Session, InvariantId | null]>([
		["eight messages may wait", queued(8), null],
		["a ninth may not", queued(9), "I35"],
		["thirty-two notes are taken", noted(32), null],
		["one more is not", noted(33), "I35"],
		["two reminders are within two", inRound({ reminders: 2 }), null],
		["three are not", inRound({ reminders: 3 }), "I3"],
		["eight pauses are allowed", inRound({ pauses: 8 }), null],
		["a ninth is not", inRound({ pauses: 9 }), "I40"],
		["two retries are within two", tried({ retries: 2 }), null],
		["three are not", tried({ retries: 3 }), "I24"],
		["one retry may follow a stream that had begun", tried({ begunRetries: 1 }), null],
		["two may not", tried({ begunRetries: 2 }), "I24"],
		["a call may be lost once", tried({ lost: 1 }), null],
		["but not twice", tried({ lost: 2 }), "I32"],
		["three rounds are within three", rounds(3), null],
		["four are not", rounds(4), "I18"],
		["two answers are within two", answered(2), null],
		["three are not", answered(3), "I17"],
		["nothing is seen under the seal", inRound({ seen: ["a1.1"] }), "I7"],
		[
			"who has a counted vote is in no round",
			seated((seat) => ({ ...seat, vote: { answer: "a1.1" as never, reason: "", known: [], suspended: false } })),
			"I5",
		],
	])("%s", (_, state, broken) => expect(brokenBy(state)).toEqual(broken));
});

describe("the command", () => {
	const run = promisify(execFile);
	const path = fileURLToPath(new URL("../support/simulate.ts", import.meta.url).href);
	const simulate = async (...args: readonly string[]) => {
		const ended = run(process.execPath, [path, ...args]).then(({ stdout }) => ({
			code: 0,
			last: stdout.trim().split("\n").at(-1),
		}));
		return ended.catch((error: { code: number; stderr: string }) => ({
			code: error.code,
			last: error.stderr.split("\n")[0],
		}));
	};
	const usage = "Usage: simulate --seeds N [--from S] [--faults] [--world] [--mutants | --experiment]";

	test.each<[string, readonly string[], { code: number; last: string }]>([
		[
			"ends with the count",
			["--seeds", "3", "--from", "2147483645", "--faults"],
			{ code: 0, last: "3 passed, 0 failed" },
		],
		["refuses a seed beyond the last", ["--seeds", "4", "--from", "2147483645"], { code: 64, last: usage }],
		["refuses to run nothing", ["--seeds", "0"], { code: 64, last: usage }],
		["refuses what is no number", ["--seeds", "3", "--from", "x"], { code: 64, last: usage }],
		["refuses what it does not know", ["--seeds", "3", "--fault"], { code: 64, last: usage }],
		["refuses two things at once", ["--seeds", "3", "--mutants", "--experiment"], { code: 64, last: usage }],
		["refuses to measure worlds", ["--seeds", "3", "--world", "--experiment"], { code: 64, last: usage }],
	])("%s", async (_, args, expected) => expect(await simulate(...args)).toEqual(expected), patient);
});
