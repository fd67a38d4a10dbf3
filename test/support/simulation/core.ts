import type { labelsOf } from "../../../src/consensus/labels.ts";
import type { plan } from "../../../src/consensus/plan.ts";
import type { stateOf } from "../../../src/consensus/reduce.ts";
import type { transition } from "../../../src/consensus/transition.ts";

/** The doors of the core: everything the simulation may touch of it, so that a mutated copy can stand in its place. */
export type Core = {
	readonly transition: typeof transition;
	readonly plan: typeof plan;
	readonly stateOf: typeof stateOf;
	readonly labelsOf: typeof labelsOf;
};

/** Imports the core from a folder that holds `consensus/` and `std/`, given as a file URL that ends in a slash. */
export async function loadCore(root: URL): Promise<Core> {
	const names = ["transition", "plan", "reduce", "labels"] as const;
	const modules = await Promise.all(names.map((name) => import(new URL(`consensus/${name}.ts`, root).href)));
	return Object.assign({}, ...modules) as Core;
}

export const sourceRoot = new URL("../../../src/", import.meta.url);
