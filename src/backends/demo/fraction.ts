import { exponentMax, faults, magnitudeMax, type Fault } from "./outcome.ts";

/** An exact rational in lowest terms; the bottom is positive. */
export type Fraction = { readonly top: bigint; readonly bottom: bigint };

/** Beyond this an exact value is longer than anyone wants to read or wait for. */
export const fractionBitsMax = 20_000;

const bound = 10n ** BigInt(magnitudeMax);

/** Lowest terms; a fault where the value is out of the demo's bounds or too long. */
export function fraction(top: bigint, bottom: bigint): Fraction | Fault {
	if (bottom === 0n) return faults.zero;
	const size = magnitude(top);
	const below = magnitude(bottom);
	if (size >= below * bound) return faults.large;
	if (size !== 0n && size * bound < below) return faults.small;
	const divisor = commonDivisor(size, below);
	const reduced = { top: (bottom < 0n ? -top : top) / divisor, bottom: below / divisor };
	return bits(reduced.bottom) > fractionBitsMax ? faults.digits : reduced;
}

/** Reads `12`, `0.25` or `.5` exactly. */
export function fractionOf(decimal: string): Fraction | Fault {
	const [whole = "", places = ""] = decimal.split(".");
	return fraction(BigInt(`${whole}${places}`), 10n ** BigInt(places.length));
}

/** `a + b`. */
export function sum(a: Fraction, b: Fraction): Fraction | Fault {
	return fraction(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom);
}

/** `a - b`. */
export function difference(a: Fraction, b: Fraction): Fraction | Fault {
	return fraction(a.top * b.bottom - b.top * a.bottom, a.bottom * b.bottom);
}

/** `a * b`. */
export function product(a: Fraction, b: Fraction): Fraction | Fault {
	return fraction(a.top * b.top, a.bottom * b.bottom);
}

/** `a / b`. */
export function quotient(a: Fraction, b: Fraction): Fraction | Fault {
	return fraction(a.top * b.bottom, a.bottom * b.top);
}

/** `a ^ b` for a whole `b`; refused before it is computed where it would grow out of bounds. */
export function power(a: Fraction, b: Fraction): Fraction | Fault {
	if (b.bottom !== 1n || magnitude(b.top) > BigInt(exponentMax)) return faults.power;
	const count = magnitude(b.top);
	if (b.top < 0n && a.top === 0n) return faults.zero;
	const longest = Math.max(bits(a.top), bits(a.bottom));
	if (longest * Number(count) > fractionBitsMax) return tooLong(a, b.top < 0n);
	const top = a.top ** count;
	const bottom = a.bottom ** count;
	return b.top < 0n ? fraction(bottom, top) : fraction(top, bottom);
}

function tooLong(base: Fraction, turned: boolean): Fault {
	if (base.bottom === 1n) return turned ? faults.small : faults.large;
	if (magnitude(base.top) === 1n) return turned ? faults.large : faults.small;
	return faults.digits;
}

function bits(value: bigint): number {
	return magnitude(value).toString(16).length * 4;
}

function magnitude(value: bigint): bigint {
	return value < 0n ? -value : value;
}

/** Euclid; at most about five steps per decimal digit, so it ends soon for numbers within the bounds. */
function commonDivisor(a: bigint, b: bigint): bigint {
	let [larger, smaller] = [b, a];
	while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller];
	return larger;
}
