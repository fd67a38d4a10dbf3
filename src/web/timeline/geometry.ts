import type { Viewport } from "./viewport.ts";

export const laneHeight = 58;
export const headHeight = 38;
/** Where within a lane a round's band lies, the calls in it, and the marks upon it. */
export const band = { top: 8, height: 42, call: 34, callHeight: 8, mark: 22 } as const;

export type Geometry = { readonly viewport: Viewport; readonly width: number };

/** Where a moment lies, in pixels from the left. */
export function xOf({ viewport: { fromMs, toMs }, width }: Geometry, ms: number): number {
	return Math.round(((ms - fromMs) / (toMs - fromMs)) * width * 10) / 10;
}

/** The moment that lies so many pixels from the left. */
export function msAt({ viewport: { fromMs, toMs }, width }: Geometry, x: number): number {
	return fromMs + (x / width) * (toMs - fromMs);
}

/** The top of a lane. */
export function laneTop(lane: number): number {
	return headHeight + lane * laneHeight;
}

/** How high the picture of so many lanes is. */
export function heightOf(lanes: number): number {
	return headHeight + Math.max(1, lanes) * laneHeight;
}
