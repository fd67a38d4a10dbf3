import { clockText } from "../room/figures.ts";
import type { Viewport } from "./viewport.ts";

export type Tick = { readonly ms: number; readonly text: string };

const steps = [
	5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000,
	1_800_000, 3_600_000, 7_200_000, 21_600_000, 86_400_000,
];

/** Round moments of a stretch of time, at most so many. */
export function ticksOf({ fromMs, toMs }: Viewport, countMax: number): readonly Tick[] {
	const least = (toMs - fromMs) / Math.max(1, countMax);
	const step = steps.find((wide) => wide >= least) ?? Math.ceil(least);
	const first = Math.ceil(fromMs / step);
	const last = Math.floor(toMs / step);
	return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
		const ms = (first + i) * step;
		return { ms, text: momentText(ms, step) };
	});
}

/** A moment of a turn, as finely as the step beside it tells moments apart. */
export function momentText(ms: number, step: number): string {
	if (step >= 1_000) return clockText(ms);
	return `${(ms / 1_000).toFixed(step >= 100 ? 1 : step >= 10 ? 2 : 3)} s`;
}
