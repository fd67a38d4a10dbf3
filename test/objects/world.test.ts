import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { check, isComparable } from "../support/world/check.ts";
import { loadCode, repositoryRoot, type Code } from "../support/world/code.ts";
import { drawn, withFaults } from "../support/world/drawn.ts";
import { huntInWorld } from "../support/world/hunt.ts";
import { worldMutants } from "../support/world/mutants.ts";
import { worldsOf, type Worlds } from "../support/world/seeds.ts";
import { referenceSetting } from "../support/world/setting.ts";
import { runWorld } from "../support/world/world.ts";

const patient = 240_000;
let code: Code;
let worlds: Worlds;
beforeAll(async () => {
	code = await loadCode(repositoryRoot);
	worlds = await worldsOf(code);
}, patient);

async function failuresAmong(from: number, to: number) {
	const failures: { readonly seed: number; readonly breach: unknown }[] = [];
	for (let seed = from; seed < to; seed++) {
		const { breach } = await worlds.run(seed, { faults: true });
		if (breach !== null) failures.push({ seed, breach });
	}
	return failures;
}

test(
	"P15: whoever dies at any step of the reference session loses nothing, pays once more at most and ends the same",
	async () => {
		expect(await failuresAmong(0, worlds.boundaries)).toEqual([]);
	},
	patient,
);

test(
	"P15: two hundred worlds in which everything fails keep every invariant",
	async () => {
		expect(await failuresAmong(10_000, 10_200)).toEqual([]);
	},
	patient,
);

test("the reference session has every kind of step to die at, and its outcome can be compared", async () => {
	const outcome = await runWorld(code, referenceSetting());
	check(outcome, outcome);
	expect([outcome.breaches.first(), isComparable(outcome)]).toEqual([null, true]);
	const dead = await runWorld(code, referenceSetting({ deaths: [outcome.steps.indexOf("chunk") + 40] }));
	const kinds = new Set([...outcome.steps, ...dead.steps]);
	expect([...kinds].toSorted()).toEqual([
		"alarm",
		"asked",
		"chunk",
		"delivered",
		"ended",
		"resumed",
		"write",
		"written",
	]);
});

test("the same seed gives the same world", async () => {
	const setting = withFaults(drawn(10_007), 200);
	const [once, again] = [await runWorld(code, setting), await runWorld(code, setting)];
	expect([once.logs, once.steps, once.arrivals]).toEqual([again.logs, again.steps, again.arrivals]);
});

describe("the world notices", () => {
	test.each([
		["no row in the ledger before the dispatch", "W4"],
		["calls of this machine's own epoch are orphans", "W5"],
		["a boot begins no new epoch", "W1"],
		["one key for all events of a webhook", "W9"],
		["deadlines are no rows", "W11"],
	])(
		"%s",
		async (name, invariant) => {
			const mutant = worldMutants.find((candidate) => candidate.name === name);
			const hunt = mutant === undefined ? null : await huntInWorld(mutant, { from: 0, seeds: 1_000 });
			expect(hunt).toEqual({ kind: "caught", invariant, seed: expect.any(Number) });
		},
		patient,
	);
});

test("no two mutants have one name", () => {
	const names = worldMutants.map(({ name }) => name);
	expect(names).toEqual([...new Set(names)]);
});

describe("the command", () => {
	const script = fileURLToPath(new URL("../support/simulate.ts", import.meta.url).href);

	test(
		"runs worlds and counts them",
		async () => {
			const { stdout } = await promisify(execFile)(process.execPath, [
				script,
				"--seeds",
				"4",
				"--faults",
				"--world",
			]);
			expect(stdout).toBe("4 passed, 0 failed\n");
		},
		patient,
	);
});
