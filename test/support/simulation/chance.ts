/** A stream of chance that a seed determines: the only source of it in the simulation. */
export type Chance = {
	/** Uniform in [0, 1). */
	readonly next: () => number;
	/** An integer from `min` to `max`, both included. */
	readonly between: (min: number, max: number) => number;
	readonly happens: (probability: number) => boolean;
	readonly pick: <T>(items: readonly [T, ...T[]]) => T;
};

/** splitmix32: neighbouring seeds give unrelated streams. */
export function chanceOf(seed: number): Chance {
	let state = Math.imul(seed + 1, 0x9e3779b1) | 0;
	const next = () => {
		state = (state + 0x9e3779b9) | 0;
		let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
		z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
		return ((z ^ (z >>> 15)) >>> 0) / 4_294_967_296;
	};
	const between = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
	return {
		next,
		between,
		happens: (probability) => next() < probability,
		pick: (items) => items[between(0, items.length - 1)] ?? items[0],
	};
}
