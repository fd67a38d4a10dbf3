import { pressAll } from "./left-to-right.ts";
import type { Key } from "./left-to-right-keys.ts";
import { impossible, notUnderstood, type Outcome } from "./outcome.ts";

/** Converts units from a card of keys to press: those that lead to a common unit, then those that lead from it. */
export function convertByCard(question: string): Outcome {
	const words = wordsOf(question);
	const at = words.findIndex((word) => /^-?(?:\d+\.?\d*|\.\d+)$/.test(word) || ["a", "an", "one"].includes(word));
	const from = unitAt(words, at + 1);
	if (at === -1 || from === null) return notUnderstood;
	const others = [...words.slice(0, at), "|", ...words.slice(at + 1 + from.words)];
	const to = otherUnit(others);
	if (to === null) return notUnderstood;
	if (from.entry.of !== to.of) return impossible(`${from.entry.symbol} cannot be turned into ${to.symbol}`);
	const amount = Number(words[at]);
	return pressAll([Number.isNaN(amount) ? 1 : amount, ...from.entry.there, ...to.back], ` ${to.symbol}`);
}

type Entry = {
	readonly symbol: string;
	readonly of: string;
	readonly there: readonly Key[];
	readonly back: readonly Key[];
};

const filler: ReadonlySet<string> = new Set([
	"|",
	"what",
	"is",
	"what's",
	"how",
	"much",
	"many",
	"are",
	"there",
	"convert",
	"please",
	"to",
	"in",
	"into",
	"as",
]);

/** What is measured: then per line the symbol, the keys to the common unit, `;`, other names. */
const card: Record<string, string> = {
	length: `mm ;millimetre millimetres millimeter millimeters
		cm * 10 ;centimetre centimetres centimeter centimeters
		m * 1000 ;metre metres meter meters
		km * 1000000 ;kilometre kilometres kilometer kilometers
		in * 25.4 ;inch inches
		ft * 304.8 ;foot feet
		yd * 914.4 ;yard yards
		mi * 1609344 ;mile miles
		nmi * 1852000 ;nautical_mile nautical_miles`,
	mass: `mg ;milligram milligrams
		g * 1000 ;gram grams
		kg * 1000000 ;kilogram kilograms kilo kilos
		t * 1000000000 ;tonne tonnes
		oz * 28349.523125 ;ounce ounces
		lb * 453592.37 ;lbs pound pounds
		st * 6350293.18 ;stone stones`,
	time: `ms ;millisecond milliseconds
		s * 1000 ;sec second seconds
		min * 60000 ;minute minutes
		h * 3600000 ;hr hour hours
		d * 86400000 ;day days
		wk * 604800000 ;week weeks`,
	speed: `km/h ;kph kmh kilometres_per_hour kilometers_per_hour
		m/s * 3.6 ;metres_per_second meters_per_second
		mph * 1.609344 ;miles_per_hour
		kn * 1.852 ;knot knots`,
	volume: `mL ;millilitre millilitres milliliter milliliters
		L * 1000 ;litre litres liter liters
		gal * 3785.411784 ;gallon gallons us_gallon us_gallons`,
	memory: `bit ;bits
		B * 8 ;byte bytes
		kB * 8000 ;kilobyte kilobytes
		MB * 8000000 ;megabyte megabytes
		GB * 8000000000 ;gigabyte gigabytes
		TB * 8000000000000 ;terabyte terabytes
		KiB * 8192 ;kibibyte kibibytes
		MiB * 8388608 ;mebibyte mebibytes
		GiB * 8589934592 ;gibibyte gibibytes`,
	temperature: `°C ;c celsius degrees_celsius degrees_c degree_celsius
		°F - 32 * 5 / 9 ;f fahrenheit degrees_fahrenheit degrees_f degree_fahrenheit
		K - 273.15 ;kelvin kelvins`,
};

const undoing: Partial<Record<Key, Key>> = { "*": "/", "/": "*", "-": "+", "+": "-" };

const entries: ReadonlyMap<string, Entry> = new Map(
	Object.entries(card).flatMap(([of, lines]) => lines.split("\n").flatMap((line) => entriesOf(of, line.trim()))),
);

function entriesOf(of: string, line: string): readonly (readonly [string, Entry])[] {
	const [left = "", names = ""] = line.split(";");
	const [symbol = "", ...keys] = left.trim().split(" ");
	const there = keys.map(keyOf);
	const entry: Entry = { symbol, of, there, back: undone(there) };
	return [symbol.toLowerCase(), ...names.split(" ")].map((name) => [name.replaceAll("_", " "), entry]);
}

function keyOf(text: string): Key {
	return text === "*" || text === "/" || text === "+" || text === "-" ? text : Number(text);
}

/** The same keys from the last to the first, each operator turned round. */
function undone(keys: readonly Key[]): readonly Key[] {
	const pairs = Array.from({ length: keys.length / 2 }, (_, i) => keys.slice(2 * i, 2 * i + 2));
	return pairs.toReversed().flatMap(([operator = "+", by = 0]) => [undoing[operator] ?? operator, by]);
}

function wordsOf(question: string): readonly string[] {
	const spaced = question
		.toLowerCase()
		.replace(/[?!=]|\.(?!\d)/g, " ")
		.replace("−", "-")
		.replace(/(?<=\d),(?=\d{3}(?!\d))/g, "")
		.replace(/(?<=\d)(?=[a-z°])/g, " ");
	return spaced.split(/\s+/).filter((word) => word !== "");
}

/** The longest name that starts at this word. */
function unitAt(words: readonly string[], at: number): { readonly entry: Entry; readonly words: number } | null {
	for (const count of [3, 2, 1]) {
		const entry = at < words.length ? entries.get(words.slice(at, at + count).join(" ")) : undefined;
		if (entry !== undefined) return { entry, words: Math.min(count, words.length - at) };
	}
	return null;
}

/** The one unit among the remaining words; null where there are two, or other words than asking takes. */
function otherUnit(words: readonly string[]): Entry | null {
	let found: Entry | null = null;
	for (let at = 0; at < words.length; at += 1) {
		if (isFiller(words, at)) continue;
		const unit = unitAt(words, at);
		if (unit === null || found !== null) return null;
		found = unit.entry;
		at += unit.words - 1;
	}
	return found;
}

/** `in` at the very end is the inch, elsewhere a preposition. */
function isFiller(words: readonly string[], at: number): boolean {
	const word = words[at] ?? "";
	return filler.has(word) && (word !== "in" || at !== words.length - 1);
}
