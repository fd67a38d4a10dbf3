import type { InvariantId } from "../../../src/consensus/invariants.ts";

/** An invariant that did not hold; it ends the simulated session. */
export class Breach extends Error {
	override readonly name = "Breach";
	readonly invariant: InvariantId;

	constructor(invariant: InvariantId, detail: string) {
		super(detail);
		this.invariant = invariant;
	}
}

/** Ends the session with a breach of this invariant unless the condition holds. */
export function hold(condition: boolean, invariant: InvariantId, detail: string): asserts condition {
	if (!condition) throw new Breach(invariant, detail);
}
