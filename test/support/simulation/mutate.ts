import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { InvariantId } from "../../../src/consensus/invariants.ts";
import { loadCore, sourceRoot } from "./core.ts";
import type { Mutant } from "./mutants.ts";
import { runSeed } from "./runner.ts";

/** What became of one mutant. `stale`: the text to replace is not in the file exactly once, so the row needs care. */
export type Verdict =
	| { readonly kind: "caught"; readonly invariant: InvariantId; readonly seed: number }
	| { readonly kind: "survived" }
	| { readonly kind: "stale"; readonly found: number };

/** Breaks a copy of the core as the mutant says and runs seeds against it until one notices. */
export async function hunt(mutant: Mutant, { from, seeds }: { from: number; seeds: number }): Promise<Verdict> {
	const folder = await mkdtemp(join(tmpdir(), "mutant-"));
	try {
		for (const part of ["consensus", "std"])
			await cp(new URL(part, sourceRoot), join(folder, part), { recursive: true });
		await writeFile(join(folder, "package.json"), '{ "type": "module" }');
		const path = join(folder, "consensus", `${mutant.file}.ts`);
		const mutated = mutate(await readFile(path, "utf8"), mutant);
		if (mutated.found !== 1) return { kind: "stale", found: mutated.found };
		await writeFile(path, mutated.text);
		const core = await loadCore(pathToFileURL(`${folder}/`));
		for (let seed = from; seed < from + seeds; seed++) {
			const outcome = runSeed(core, seed, { faults: true });
			if (!outcome.passed) return { kind: "caught", invariant: outcome.invariant, seed };
		}
		return { kind: "survived" };
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** Replaces the text where it stands, whatever a formatter has done to its white space and last commas. */
export function mutate(
	source: string,
	{ find, replace }: Pick<Mutant, "find" | "replace">,
): { readonly text: string; readonly found: number } {
	const signs = Array.from(find.replace(/\s+/g, "")).map((sign) => sign.replace(/[.*+?^${}()|[\]\\]/, "\\$&"));
	const pattern = new RegExp(signs.map((sign) => (/[)\]}]/.test(sign) ? `,?\\s*${sign}` : sign)).join("\\s*"), "g");
	return { text: source.replace(pattern, () => replace), found: [...source.matchAll(pattern)].length };
}
