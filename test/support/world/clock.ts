import type { Life } from "./life.ts";

/** Simulated time. Timers follow the time that passes; the wall clock beside it may be set. */
export type Clock = {
	/** Milliseconds since the world began. */
	readonly elapsedMs: () => number;
	/** What a machine takes for the time (ms since the epoch). */
	readonly now: () => number;
	/** The wall clock is set by this much. */
	readonly set: (byMs: number) => void;
	/** Rings after so long, unless whose it is has died: null is the world's own. */
	readonly after: (ms: number, life: Life | null, ring: () => void) => void;
	/** Resolves after so long, or at once when it is aborted; never in a machine that has died. */
	readonly sleep: (ms: number, life: Life | null, signal: AbortSignal) => Promise<void>;
	/** When the next timer rings (elapsed ms); null where none runs. */
	readonly next: () => number | null;
	/** Moves on to this moment. */
	readonly reach: (elapsedMs: number) => void;
	/** Rings the next timer. */
	readonly ring: () => void;
};

type Timer = { readonly atMs: number; readonly life: Life | null; readonly ring: () => void };

const startMs = Date.UTC(2026, 0, 1);

/** A clock that moves only when the world says so. */
export function makeClock(): Clock {
	let elapsed = 0;
	let skew = 0;
	let timers: Timer[] = [];
	const first = (): Timer | null => {
		if (timers.some(({ life }) => life?.state === "dead"))
			timers = timers.filter(({ life }) => life?.state !== "dead");
		let soonest: Timer | null = null;
		// Of two at the same moment the one that was set first.
		for (const timer of timers) if (soonest === null || timer.atMs < soonest.atMs) soonest = timer;
		return soonest;
	};
	const after: Clock["after"] = (ms, life, ring) => void timers.push({ atMs: elapsed + Math.max(0, ms), life, ring });
	return {
		elapsedMs: () => elapsed,
		now: () => startMs + elapsed + skew,
		set: (byMs) => {
			skew += byMs;
		},
		after,
		sleep: (ms, life, signal) =>
			new Promise((resolve) => {
				if (signal.aborted) return resolve();
				const end = () => {
					signal.removeEventListener("abort", end);
					timers = timers.filter(({ ring }) => ring !== end);
					resolve();
				};
				signal.addEventListener("abort", end, { once: true });
				after(ms, life, end);
			}),
		next: () => first()?.atMs ?? null,
		reach: (elapsedMs) => {
			elapsed = Math.max(elapsed, elapsedMs);
		},
		ring: () => {
			const timer = first();
			if (timer === null) return;
			timers.splice(timers.indexOf(timer), 1);
			elapsed = Math.max(elapsed, timer.atMs);
			timer.ring();
		},
	};
}
