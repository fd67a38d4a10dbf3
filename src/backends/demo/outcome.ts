/** What one method made of a question. `result` is what the answer states; `steps` is the working, one line each. */
export type Outcome = { readonly status: "solved"; readonly result: string; readonly steps: readonly string[] } | Fault;

/** `impossible`: read, but there is no result. `not_understood`: nothing this method can compute. */
export type Fault = { readonly status: "impossible"; readonly reason: string } | { readonly status: "not_understood" };

/** One way to read and compute a kind of question. */
export type Solve = (question: string) => Outcome;

/** Bounds all methods keep, so that none hangs and none claims a result the others may not reach. */
export const questionCharsMax = 2_000;
export const nestingMax = 64;
export const exponentMax = 1_000;
/** Values stay below ten to this power, and (unless zero) above ten to its negative. */
export const magnitudeMax = 300;
export const stepsMax = 24;
export const yearMin = 1583;
export const yearMax = 9999;
export const daysMax = 3_000_000;

export const notUnderstood: Fault = { status: "not_understood" };

/** The faults every method names alike; how each one notices them is its own affair. */
export const faults = {
	zero: impossible("division by zero"),
	large: impossible(`a number of 10^${magnitudeMax} or more`),
	small: impossible(`a number closer to zero than 10^-${magnitudeMax}`),
	power: impossible(`only whole powers from -${exponentMax} to ${exponentMax} are computed`),
	nesting: impossible(`brackets nested deeper than ${nestingMax}`),
	length: impossible(`the question is longer than ${questionCharsMax} characters`),
	digits: impossible("more digits than this method keeps"),
	date: impossible(`no such date (years ${yearMin} to ${yearMax})`),
	days: impossible(`more than ${daysMax} days`),
} as const satisfies Record<string, Fault>;

/** A fault with a reason that depends on the question. */
export function impossible(reason: string): Fault {
	return { status: "impossible", reason };
}
