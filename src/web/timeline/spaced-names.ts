import { xOf, type Geometry } from "./geometry.ts";
import type { Turning } from "./scene.ts";

const letterPx = 6.5;
const gapPx = 8;

export type Spaced = {
	readonly turning: Turning;
	/** Whether there is room for its name. */
	readonly named: boolean;
	/** Whether the name stands to its left, because there is no room to its right. */
	readonly late: boolean;
};

/** Names only where they do not run into the one before. */
export function spacedNames(turnings: readonly Turning[], geometry: Geometry): readonly Spaced[] {
	let taken = -Infinity;
	return turnings.map((turning) => {
		const x = xOf(geometry, turning.atMs);
		const wide = turning.short.length * letterPx + gapPx;
		const late = x + wide > geometry.width;
		const named = (late ? x - wide : x) >= taken;
		if (named) taken = late ? x : x + wide;
		return { turning, named, late };
	});
}
