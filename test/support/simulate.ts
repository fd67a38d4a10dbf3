import { parseArgs } from "node:util";
import { invariants } from "../../src/consensus/invariants.ts";
import { experiment } from "./simulation/experiments.ts";
import { mutants } from "./simulation/mutants.ts";
import { inParallel } from "./simulation/parallel.ts";
import { huntWorldMutants, runWorldSeeds } from "./world/simulate-world.ts";

const usage = `Usage: simulate --seeds N [--from S] [--faults] [--world] [--mutants | --experiment]
  --seeds N      how many sessions (1 to 10000000); for each mutant: how many at most
  --from S       the first seed (default 0)
  --faults       the process may die between any two commands
  --world        whole sessions with their disk, providers, receivers and watchers on simulated time; with --faults the
                 first seeds die at every step of a reference session, and the others at random, with all else that fails
  --mutants      takes each check out of the core in turn; each must be caught (with --world: out of what performs it)
  --experiment   accuracy and calls of the protocol's settings, over N questions each`;

const seedMax = 2 ** 31 - 1;
const seedsMax = 10_000_000;
const failuresShownMax = 10;

type Request = {
	readonly seeds: number;
	readonly from: number;
	readonly faults: boolean;
	readonly mode: "seeds" | "mutants" | "experiment" | "world" | "world-mutants";
};
type Count = { readonly passed: number; readonly failed: number };

const request = requestOf(process.argv.slice(2));
if (request === null) {
	console.error(usage);
	process.exitCode = 64;
} else {
	const ofCore = { seeds: runSeeds, mutants: huntMutants, experiment: runExperiment } as const;
	const modes = { ...ofCore, world: runWorldSeeds, "world-mutants": huntWorldMutants } as const;
	const { passed, failed } = await modes[request.mode](request);
	console.log(`${passed} passed, ${failed} failed`);
	process.exitCode = failed > 0 ? 1 : 0;
}

/** Null: not a request this command understands. */
function requestOf(args: string[]): Request | null {
	const values = valuesOf(args);
	const mode = values === null ? null : modeOf(values);
	const seeds = countOf(values?.seeds, 1, seedsMax);
	const from = countOf(values?.from ?? "0", 0, seedMax);
	if (mode === null || seeds === null || from === null || from + seeds - 1 > seedMax) return null;
	return { seeds, from, faults: values?.faults === true, mode };
}

type Flags = { readonly [flag in "mutants" | "experiment" | "world"]?: boolean | undefined };

function modeOf({ mutants: hunts, experiment: measures, world }: Flags): Request["mode"] | null {
	if (measures === true) return hunts === true || world === true ? null : "experiment";
	if (world === true) return hunts === true ? "world-mutants" : "world";
	return hunts === true ? "mutants" : "seeds";
}

function valuesOf(args: string[]) {
	const flag = { type: "boolean" } as const;
	const text = { type: "string" } as const;
	try {
		const flags = { faults: flag, world: flag, mutants: flag, experiment: flag };
		return parseArgs({ args, options: { seeds: text, from: text, ...flags } }).values;
	} catch {
		// Unknown flags and missing values: the usage says what would do.
		return null;
	}
}

function countOf(text: string | undefined, min: number, max: number): number | null {
	const count = /^\d{1,10}$/.test(text ?? "") ? Number(text) : Number.NaN;
	return count >= min && count <= max ? count : null;
}

async function runSeeds({ seeds, from, faults }: Request): Promise<Count> {
	const failures = (await inParallel({ kind: "seeds", seeds, from, faults })).toSorted((a, b) => a.seed - b.seed);
	for (const { seed, detail, invariant } of failures.slice(0, failuresShownMax)) {
		console.log(`seed ${seed} broke ${invariant}, ${invariants[invariant]}\n    ${detail}`);
		console.log(`    again: npm run --silent simulate -- --seeds 1 --from ${seed}${faults ? " --faults" : ""}`);
	}
	if (failures.length > failuresShownMax) console.log(`and ${failures.length - failuresShownMax} more`);
	return { passed: seeds - failures.length, failed: failures.length };
}

/** Faults are always on: some mutants show only after a crash. */
async function huntMutants({ seeds, from }: Request): Promise<Count> {
	const verdicts = await inParallel({ kind: "mutants", seeds, from, faults: true });
	let passed = 0;
	for (const [at, { rule, name }] of mutants.entries()) {
		const verdict = verdicts.find(({ mutant }) => mutant === at)?.verdict;
		if (verdict?.kind === "caught") passed++;
		const caught = verdict?.kind === "caught" ? `caught by ${verdict.invariant} at seed ${verdict.seed}` : null;
		const stale =
			verdict?.kind === "stale" ? `stale mutant: its text stands ${verdict.found} times in the file` : "SURVIVED";
		console.log(`${rule.padEnd(4)} ${name.padEnd(50)} ${caught ?? stale}`);
	}
	return { passed, failed: mutants.length - passed };
}

async function runExperiment({ seeds, from }: Request): Promise<Count> {
	const { lines, ended } = await experiment({ questions: seeds, from });
	for (const line of lines) console.log(line);
	return { passed: ended.answered, failed: ended.asked - ended.answered };
}
