/** Colours far apart from each other, however many seats there are: steps of the golden angle. */
export function hueOf(seat: number): number {
	return Math.round((262 + (seat - 1) * 137.5) % 360);
}
