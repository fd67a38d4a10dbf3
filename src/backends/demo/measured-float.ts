import { exponentMax, faults, magnitudeMax, type Fault } from "./outcome.ts";
import { floatText } from "./number-text.ts";

/** A float and a bound on how far it may be from the true value: what it may honestly state follows from both. */
export type MeasuredFloat = { readonly value: number; readonly error: number };

type Measured = MeasuredFloat | Fault;

const roundoff = 2 ** -53;
/** Where the bound swallows the value, it counts as zero only if the bound is this small. */
const zeroErrorMax = 1e-9;

/** A literal as it was typed; a decimal fraction is off by one rounding. */
export function measured(value: number): Measured {
	return checked(value, Number.isSafeInteger(value) ? 0 : Math.abs(value) * roundoff);
}

/** The sum, with the error of both terms and of this rounding. */
export function plus(a: MeasuredFloat, b: MeasuredFloat): Measured {
	return rounded(a.value + b.value, a.error + b.error);
}

/** The negative; exact. */
export function negated(a: MeasuredFloat): MeasuredFloat {
	return { value: -a.value, error: a.error };
}

/** The product. */
export function times(a: MeasuredFloat, b: MeasuredFloat): Measured {
	const value = a.value * b.value;
	if (value === 0 && a.value !== 0 && b.value !== 0) return faults.small;
	return rounded(value, Math.abs(a.value) * b.error + Math.abs(b.value) * a.error + a.error * b.error);
}

/** The quotient; a divisor that cannot be told from zero is zero. */
export function over(a: MeasuredFloat, b: MeasuredFloat): Measured {
	if (Math.abs(b.value) <= b.error) return faults.zero;
	const value = a.value / b.value;
	if (value === 0 && a.value !== 0) return faults.small;
	if (Number.isInteger(value) && a.error === 0 && b.error === 0 && a.value % b.value === 0) return checked(value, 0);
	const inherited = (a.error + Math.abs(value) * b.error) / (Math.abs(b.value) - b.error);
	return checked(value, inherited + Math.abs(value) * roundoff);
}

/** A whole power by repeated multiplication, so that the error bound is that of the products. */
export function toPower(base: MeasuredFloat, exponent: MeasuredFloat): Measured {
	const count = Math.abs(exponent.value);
	if (exponent.error !== 0 || !Number.isInteger(count) || count > exponentMax) return faults.power;
	let power: MeasuredFloat = { value: 1, error: 0 };
	for (let i = 0; i < count; i += 1) {
		const next = times(power, base);
		if ("status" in next) return exponent.value < 0 ? inverse(next) : next;
		power = next;
	}
	return exponent.value < 0 ? over({ value: 1, error: 0 }, power) : power;
}

/** As many digits as the error bound leaves certain, twelve at most. */
export function measuredText({ value, error }: MeasuredFloat): string | null {
	if (error === 0) return floatText(value);
	if (Math.abs(value) <= error) return error < zeroErrorMax ? "0" : null;
	return floatText(value, Math.max(1, Math.floor(Math.log10(Math.abs(value) / error))));
}

function inverse(fault: Fault): Fault {
	if (fault === faults.large) return faults.small;
	return fault === faults.small ? faults.large : fault;
}

function rounded(value: number, inherited: number): Measured {
	const exact = inherited === 0 && Number.isSafeInteger(value);
	return checked(value, exact ? 0 : inherited + Math.abs(value) * roundoff);
}

function checked(value: number, error: number): Measured {
	const size = Math.abs(value);
	if (!(size < 10 ** magnitudeMax)) return faults.large;
	if (size !== 0 && size < 10 ** -magnitudeMax) return faults.small;
	return { value, error };
}
