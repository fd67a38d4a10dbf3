import { parentPort, workerData } from "node:worker_threads";
import type { Share } from "../simulation/seeds-worker.ts";
import type { WorldBreach } from "./breaches.ts";
import { loadCode, repositoryRoot } from "./code.ts";
import { huntInWorld, type WorldHunt } from "./hunt.ts";
import { worldMutants } from "./mutants.ts";
import { worldsOf } from "./seeds.ts";

export type WorldFailure = WorldBreach & { readonly seed: number };
export type WorldHuntResult = { readonly mutant: number; readonly hunt: WorldHunt };

const share = workerData as Share;
const results = share.kind === "seeds" ? await failuresOf(share) : await huntsOf(share);
// With a list of what is handed over (nothing), because a window's postMessage has another second argument.
parentPort?.postMessage(results, []);

async function failuresOf({ seeds, from, faults, at, of }: Share): Promise<readonly WorldFailure[]> {
	const worlds = await worldsOf(await loadCode(repositoryRoot));
	const failures: WorldFailure[] = [];
	for (let seed = from + at; seed < from + seeds; seed += of) {
		const { breach } = await worlds.run(seed, { faults });
		if (breach !== null) failures.push({ ...breach, seed });
	}
	return failures;
}

async function huntsOf({ seeds, from, at, of }: Share): Promise<readonly WorldHuntResult[]> {
	const hunts: WorldHuntResult[] = [];
	for (const [mutant, row] of worldMutants.entries()) {
		if (mutant % of === at) hunts.push({ mutant, hunt: await huntInWorld(row, { from, seeds }) });
	}
	return hunts;
}
