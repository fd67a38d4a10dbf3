/** What waits for a moment that keeps moving: `ring` is called once it has passed. Nothing waits at `Infinity`. */
export type Waiting = { dueMs: number; readonly ring: () => void };

/** One timer for all that waits: a read only moves a deadline, since setting a timer for each would cost more than parsing. */
export type DeadlineTimer = {
	readonly add: (waiting: Waiting) => void;
	/** The deadline may be earlier than it was. */
	readonly moved: (waiting: Waiting) => void;
	readonly remove: (waiting: Waiting) => void;
};

/** No timer runs where nothing waits. One that rings before its time is set anew. */
export function makeDeadlineTimer(now: () => number): DeadlineTimer {
	const all = new Set<Waiting>();
	let timer: ReturnType<typeof setTimeout> | undefined;
	let armedMs = Number.POSITIVE_INFINITY;
	const clear = (): void => {
		clearTimeout(timer);
		armedMs = Number.POSITIVE_INFINITY;
	};
	const arm = (dueMs: number): void => {
		if (dueMs >= armedMs) return;
		clear();
		armedMs = dueMs;
		timer = setTimeout(ring, dueMs - now());
	};
	const ring = (): void => {
		armedMs = Number.POSITIVE_INFINITY;
		const nowMs = now();
		for (const waiting of all) {
			if (waiting.dueMs > nowMs) arm(waiting.dueMs);
			else if (all.delete(waiting)) waiting.ring();
		}
	};
	return {
		add: (waiting) => void all.add(waiting),
		moved: ({ dueMs }) => arm(dueMs),
		remove: (waiting) => {
			all.delete(waiting);
			if (all.size === 0) clear();
		},
	};
}
