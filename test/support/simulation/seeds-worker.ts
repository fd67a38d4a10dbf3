import { parentPort, workerData } from "node:worker_threads";
import type { InvariantId } from "../../../src/consensus/invariants.ts";
import { loadCore, sourceRoot } from "./core.ts";
import { mutants } from "./mutants.ts";
import { hunt, type Verdict } from "./mutate.ts";
import { runSeed } from "./runner.ts";

/** One thread's part: every `of`-th seed or mutant, from the `at`-th on. */
export type Share = {
	readonly kind: "seeds" | "mutants";
	readonly seeds: number;
	readonly from: number;
	readonly faults: boolean;
	readonly at: number;
	readonly of: number;
};

export type Failure = { readonly seed: number; readonly invariant: InvariantId; readonly detail: string };
export type HuntResult = { readonly mutant: number; readonly verdict: Verdict };

const share = workerData as Share;
const results = share.kind === "seeds" ? await failuresOf(share) : await huntsOf(share);
// With a list of what is handed over (nothing), because a window's postMessage has another second argument.
parentPort?.postMessage(results, []);

async function failuresOf({ seeds, from, faults, at, of }: Share): Promise<readonly Failure[]> {
	const core = await loadCore(sourceRoot);
	const failures: Failure[] = [];
	for (let seed = from + at; seed < from + seeds; seed += of) {
		const outcome = runSeed(core, seed, { faults });
		if (!outcome.passed) failures.push({ seed, invariant: outcome.invariant, detail: outcome.detail });
	}
	return failures;
}

async function huntsOf({ seeds, from, at, of }: Share): Promise<readonly HuntResult[]> {
	const hunts: HuntResult[] = [];
	for (const [mutant, row] of mutants.entries()) {
		if (mutant % of === at) hunts.push({ mutant, verdict: await hunt(row, { from, seeds }) });
	}
	return hunts;
}
