import { flushClock } from "../../../durable-objects/run/clocks.ts";

const stepMs = 20;

/** How often text is committed while it never ceases for so long, on a machine that keeps time: by the session's own clock. */
export function flushesIn(seconds: number, begunAtSecond: number | null = null): number {
	let [nowMs, ringAtMs, flushes] = [0, Number.POSITIVE_INFINITY, 0];
	let ring = () => {};
	const clock = flushClock({
		now: () => nowMs,
		later: (run, ms) => ([ring, ringAtMs] = [run, nowMs + ms]),
		flush: () => {
			flushes += 1;
			clock.committed(nowMs);
		},
	});
	for (; nowMs < seconds * 1000; nowMs += stepMs) {
		if (nowMs === (begunAtSecond ?? -1) * 1000) clock.begun();
		clock.soon();
		if (nowMs >= ringAtMs) ring();
	}
	return flushes;
}
