import { budgetMutants } from "./mutants-budget.ts";
import { deliberationMutants } from "./mutants-deliberation.ts";
import { endingMutants } from "./mutants-ending.ts";

/** One check of the core taken out, by the rule it stands for. `find` must stand exactly once in the file. */
export type Mutant = {
	readonly rule: string;
	readonly name: string;
	readonly file: string;
	readonly find: string;
	readonly replace: string;
};

export type MutantRow = readonly [rule: string, name: string, file: string, find: string, replace: string];

/** Every mutant: together they take out each check of the protocol once. */
export const mutants: readonly Mutant[] = [...deliberationMutants, ...endingMutants, ...budgetMutants].map(
	([rule, name, file, find, replace]) => ({
		rule,
		name,
		file,
		find,
		replace,
	}),
);
