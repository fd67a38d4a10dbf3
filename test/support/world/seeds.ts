import type { WorldBreach } from "./breaches.ts";
import { check, isComparable } from "./check.ts";
import type { Code } from "./code.ts";
import { drawn, withFaults } from "./drawn.ts";
import { referenceSetting } from "./setting.ts";
import type { Outcome } from "./outcome.ts";
import { runWorld } from "./world.ts";

/** What became of one seed. `compared`: whether its winners were held against those without faults. */
export type WorldVerdict = { readonly breach: WorldBreach | null; readonly compared: boolean };

export type Worlds = {
	/** How many places of the reference session there are to die at. */
	readonly boundaries: number;
	/** The first seeds die at the reference session's boundaries, one each; all others are drawn. */
	readonly run: (seed: number, options: { readonly faults: boolean }) => Promise<WorldVerdict>;
};

/** The worlds that this code can live in; it has to bear the reference session first. */
export async function worldsOf(code: Code): Promise<Worlds> {
	const reference = await runWorld(code, referenceSetting());
	check(reference, reference);
	const boundaries = reference.steps.length;
	return {
		boundaries,
		run: async (seed, { faults }) => {
			if (reference.breaches.first() !== null) return verdictOf(reference, reference);
			if (faults && seed < boundaries) {
				const outcome = await runWorld(code, referenceSetting({ deaths: [seed + 1] }));
				check(outcome, reference);
				return verdictOf(outcome, reference);
			}
			const setting = drawn(seed);
			// Where time decides there is nothing to compare with.
			if (faults && !setting.timeless) {
				const outcome = await runWorld(code, withFaults(setting, stormyStepsMax));
				check(outcome, outcome);
				return verdictOf(outcome, outcome);
			}
			const calm = await runWorld(code, setting);
			check(calm, calm);
			if (!faults || calm.breaches.first() !== null) return verdictOf(calm, calm);
			const outcome = await runWorld(code, withFaults(setting, calm.steps.length));
			check(outcome, calm);
			return verdictOf(outcome, calm);
		},
	};
}

/** As many steps as most of the drawn sessions have. */
const stormyStepsMax = 200;

function verdictOf(outcome: Outcome, calm: Outcome): WorldVerdict {
	return { breach: outcome.breaches.first(), compared: isComparable(outcome) && isComparable(calm) };
}
