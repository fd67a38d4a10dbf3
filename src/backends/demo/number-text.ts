const digitsShown = 12;
/** A decimal fraction is written out in full up to this many places. */
const placesMax = 20;

/** Writes a float to at most `digits` significant ones; `≈` where that rounding may have cut something off. */
export function floatText(value: number, digits: number = digitsShown): string {
	if (Number.isSafeInteger(value) && digits >= digitsShown) return String(value === 0 ? 0 : value);
	const text = String(Number(value.toPrecision(Math.min(digits, digitsShown))));
	// Past the safe integers a float no longer knows its last digits, however round it looks.
	const cut = significantDigits(text) >= Math.min(digits, digitsShown) || Math.abs(value) > Number.MAX_SAFE_INTEGER;
	return cut ? `≈ ${text}` : text;
}

/** Writes a fraction in full where its decimals end soon, else to twelve significant digits with `≈`. */
export function fractionText(numerator: bigint, denominator: bigint): string {
	const places = decimalPlaces(denominator);
	if (places === 0) return String(numerator);
	if (places !== null) return withPoint((numerator * 10n ** BigInt(places)) / denominator, places);
	return `≈ ${roundedText(numerator, denominator)}`;
}

function significantDigits(text: string): number {
	const mantissa = (text.split("e")[0] ?? "").replace(/[-.]/g, "");
	return mantissa.replace(/^0+/, "").replace(/0+$/, "").length;
}

function decimalPlaces(denominator: bigint): number | null {
	let power = 1n;
	for (let places = 0; places <= placesMax; places += 1) {
		if (power % denominator === 0n) return places;
		power *= 10n;
	}
	return null;
}

function withPoint(scaled: bigint, places: number): string {
	const sign = scaled < 0n ? "-" : "";
	const digits = String(scaled < 0n ? -scaled : scaled).padStart(places + 1, "0");
	return `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

function roundedText(numerator: bigint, denominator: bigint): string {
	const sign = numerator < 0n ? "-" : "";
	const top = numerator < 0n ? -numerator : numerator;
	const guess = String(top).length - String(denominator).length;
	// The quotient has the decimal exponent `guess` or `guess - 1`: one or two digits more than are shown, to round by.
	const shift = digitsShown + 1 - guess;
	const scaled =
		shift >= 0 ? (top * 10n ** BigInt(shift)) / denominator : top / (denominator * 10n ** BigInt(-shift));
	const digits = String(scaled);
	const spare = digits.length - digitsShown;
	const half = spare > 0 ? 5n * 10n ** BigInt(spare - 1) : 0n;
	const kept = (scaled + half) / 10n ** BigInt(Math.max(spare, 0));
	return `${sign}${String(Number(`${kept}e${Math.max(spare, 0) - shift}`))}`;
}
