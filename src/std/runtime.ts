/** Time, identity and chance as a value, so that the simulation and the tests can supply their own. */
export type Runtime = {
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	/** A fresh identifier: at least 96 bits, URL-safe. */
	readonly newId: () => string;
	/** Uniform in [0, 1). */
	readonly random: () => number;
};
