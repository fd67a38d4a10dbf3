import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { mutate } from "../simulation/mutate.ts";
import type { WorldInvariant } from "./breaches.ts";
import { loadCode, partsOfSource, repositoryRoot } from "./code.ts";
import type { WorldMutant } from "./mutants.ts";
import { worldsOf } from "./seeds.ts";

export type WorldHunt =
	| { readonly kind: "caught"; readonly invariant: WorldInvariant; readonly seed: number }
	| { readonly kind: "survived" }
	| { readonly kind: "stale"; readonly found: number };

/** Breaks a copy as the mutant says and lets it live in one world after the other until one notices. */
export async function huntInWorld(
	mutant: WorldMutant,
	{ from, seeds }: { from: number; seeds: number },
): Promise<WorldHunt> {
	const folder = await mkdtemp(join(tmpdir(), "world-"));
	try {
		for (const part of ["durable-objects", ...partsOfSource.map((name) => join("src", name))])
			await cp(new URL(part, repositoryRoot), join(folder, part), { recursive: true });
		await writeFile(join(folder, "package.json"), '{ "type": "module" }');
		const path = join(folder, mutant.file);
		const { text, found } = mutate(await readFile(path, "utf8"), mutant);
		if (found !== 1) return { kind: "stale", found };
		await writeFile(path, text);
		const worlds = await worldsOf(await loadCode(pathToFileURL(`${folder}/`)));
		for (let seed = from; seed < from + seeds; seed++) {
			const { breach } = await worlds.run(seed, { faults: true });
			if (breach !== null) return { kind: "caught", invariant: breach.invariant, seed };
		}
		return { kind: "survived" };
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
