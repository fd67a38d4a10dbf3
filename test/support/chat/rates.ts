/** At most `max` in any `windowMs`. */
export type Budget = { readonly max: number; readonly windowMs: number };

/** Counts by key, in windows that slide. */
export type Rates = {
	/** The milliseconds to wait before there is room again, or null if it is let in. */
	readonly take: (key: string, budget: Budget) => number | null;
	/** How many more would be let in now. */
	readonly left: (key: string, budget: Budget) => number;
	/** How long it takes until nothing is counted any more. */
	readonly resetInMs: (key: string, budget: Budget) => number;
};

/** What is refused is not counted. */
export function slidingRates(now: () => number): Rates {
	const taken = new Map<string, number[]>();
	const recent = (key: string, { windowMs }: Budget): number[] => {
		const kept = (taken.get(key) ?? []).filter((atMs) => atMs > now() - windowMs);
		taken.set(key, kept);
		return kept;
	};
	return {
		take: (key, budget) => {
			const kept = recent(key, budget);
			const oldest = kept.at(-budget.max) ?? now();
			if (kept.length >= budget.max) return Math.max(1, oldest + budget.windowMs - now());
			kept.push(now());
			return null;
		},
		left: (key, budget) => Math.max(0, budget.max - recent(key, budget).length),
		resetInMs: (key, budget) => (recent(key, budget).at(-1) ?? now() - budget.windowMs) + budget.windowMs - now(),
	};
}
