import { amongThreads } from "../simulation/parallel.ts";
import { worldInvariants } from "./breaches.ts";
import { worldMutants } from "./mutants.ts";
import type { WorldFailure, WorldHuntResult } from "./worker.ts";

type Count = { readonly passed: number; readonly failed: number };
type Seeds = { readonly seeds: number; readonly from: number; readonly faults: boolean };

const failuresShownMax = 10;
const worker = import.meta.resolve("./worker.ts");

/** Lets every seed's world run; of those that failed it prints how to see them again. */
export async function runWorldSeeds({ seeds, from, faults }: Seeds): Promise<Count> {
	const failures = (await amongThreads(worker, { kind: "seeds", seeds, from, faults })) as readonly WorldFailure[];
	const sorted = failures.toSorted((a, b) => a.seed - b.seed);
	for (const { seed, detail, invariant } of sorted.slice(0, failuresShownMax)) {
		console.log(`seed ${seed} broke ${invariant}, ${worldInvariants[invariant]}\n    ${detail}`);
		const flags = `${faults ? " --faults" : ""} --world`;
		console.log(`    again: npm run --silent simulate -- --seeds 1 --from ${seed}${flags}`);
	}
	if (failures.length > failuresShownMax) console.log(`and ${failures.length - failuresShownMax} more`);
	return { passed: seeds - failures.length, failed: failures.length };
}

/** Takes out one thing after the other; the world must notice each. */
export async function huntWorldMutants({ seeds, from }: Omit<Seeds, "faults">): Promise<Count> {
	const hunts = (await amongThreads(worker, { kind: "mutants", seeds, from, faults: true })) as WorldHuntResult[];
	let passed = 0;
	for (const [at, { rule, name }] of worldMutants.entries()) {
		const hunt = hunts.find(({ mutant }) => mutant === at)?.hunt;
		if (hunt?.kind === "caught") passed++;
		const caught = hunt?.kind === "caught" ? `caught by ${hunt.invariant} at seed ${hunt.seed}` : null;
		const stale =
			hunt?.kind === "stale" ? `stale mutant: its text stands ${hunt.found} times in the file` : "SURVIVED";
		console.log(`${rule.padEnd(4)} ${name.padEnd(50)} ${caught ?? stale}`);
	}
	return { passed, failed: worldMutants.length - passed };
}
