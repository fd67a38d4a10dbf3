/** A clock that only a test moves, and waits that it ends. */
export type ManualClock = {
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
	/** Moves on by this much; each wait ends on the way, and whatever follows from it happens before the next one. */
	readonly pass: (ms: number) => Promise<void>;
};

const ringsMax = 100_000;

/** A clock that stands at `startMs` (Unix time) until it is moved. */
export function manualClock(startMs: number): ManualClock {
	let nowMs = startMs;
	const waits = new Set<{ readonly atMs: number; readonly end: () => void }>();
	const settle = async () => {
		for (let turn = 0; turn < 20; turn++) await Promise.resolve();
	};
	return {
		now: () => nowMs,
		sleep: (ms, signal) =>
			new Promise((resolve) => {
				if (signal.aborted) return resolve();
				const end = () => {
					waits.delete(wait);
					signal.removeEventListener("abort", end);
					resolve();
				};
				const wait = { atMs: nowMs + ms, end };
				waits.add(wait);
				signal.addEventListener("abort", end, { once: true });
			}),
		pass: async (ms) => {
			const untilMs = nowMs + ms;
			await settle();
			for (let rings = 0; rings < ringsMax; rings++) {
				const [next] = [...waits].toSorted((a, b) => a.atMs - b.atMs);
				if (next === undefined || next.atMs > untilMs) break;
				nowMs = Math.max(nowMs, next.atMs);
				next.end();
				await settle();
			}
			nowMs = untilMs;
		},
	};
}
