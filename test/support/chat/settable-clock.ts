/** What a fake platform takes for the time, in milliseconds since the Unix epoch. */
export type SettableClock = {
	readonly now: () => number;
	/** Stands still from now on, at this time. */
	readonly set: (ms: number) => void;
	/** Moves on by this much, standing or running. */
	readonly advance: (ms: number) => void;
};

/** Runs with `base` until a test sets it. */
export function settableClock(base: () => number = Date.now): SettableClock {
	let standsAtMs: number | null = null;
	let aheadMs = 0;
	return {
		now: () => (standsAtMs ?? base()) + aheadMs,
		set: (ms) => {
			standsAtMs = ms;
			aheadMs = 0;
		},
		advance: (ms) => void (aheadMs += ms),
	};
}
