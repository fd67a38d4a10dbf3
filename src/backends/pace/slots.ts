/** At most `slotsMax` calls wait for their headers at once: Cloudflare allows six, and would queue the seventh unseen. */
export type Slots = {
	readonly take: (signal: AbortSignal) => Promise<"taken" | "full" | "aborted">;
	readonly release: () => void;
	readonly state: () => SlotsState;
};

/** How many calls may wait for their headers, do so, and would like to. */
export type SlotsState = { readonly max: number; readonly taken: number; readonly queued: number };

/** First come, first served; a call that finds `queueMax` others waiting is turned away. */
export function makeSlots({ slotsMax, queueMax }: { readonly slotsMax: number; readonly queueMax: number }): Slots {
	let free = slotsMax;
	const queue = new Set<() => void>();
	return {
		take: async (signal) => {
			if (signal.aborted) return "aborted";
			if (free > 0) {
				free -= 1;
				return "taken";
			}
			if (queue.size >= queueMax) return "full";
			return new Promise((resolve) => {
				const grant = (): void => {
					signal.removeEventListener("abort", leave);
					resolve("taken");
				};
				const leave = (): void => {
					queue.delete(grant);
					resolve("aborted");
				};
				queue.add(grant);
				signal.addEventListener("abort", leave, { once: true });
			});
		},
		release: () => {
			const [next] = queue;
			if (next === undefined) free += 1;
			else {
				queue.delete(next);
				next();
			}
		},
		state: () => ({ max: slotsMax, taken: slotsMax - free, queued: queue.size }),
	};
}
