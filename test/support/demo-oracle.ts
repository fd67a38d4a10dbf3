/** A question with the answer known beforehand: it was made from the answer's own tree, so nothing is ever parsed. */
export type Posed = { readonly kind: Kind; readonly question: string; readonly expected: Expected };

export type Kind = (typeof kinds)[number];
export const kinds = [
	"one operator",
	"one level",
	"mixed operators",
	"brackets",
	"powers",
	"percentages",
	"units",
	"temperatures",
	"spans of days",
	"shifted dates",
	"weekdays",
] as const;

/** A number with its unit, or the exact words. */
export type Expected = { readonly ratio: Ratio; readonly unit: string } | string;

/** Poses the question that belongs to this seed; the same seed poses the same question for ever. */
export function posed(seed: number): Posed {
	const random = mulberry32(seed);
	const kind = kinds[seed % kinds.length] ?? "one operator";
	return { kind, ...posers[kind](random) };
}

/** Whether a stated result is the expected one: whole numbers to the digit, others to ten significant digits. */
export function isRight(result: string, expected: Expected): boolean {
	if (typeof expected === "string") return result === expected;
	const { ratio, unit } = expected;
	const ending = unit === "" || unit === "%" ? unit : ` ${unit}`;
	if (!result.endsWith(ending)) return false;
	const digits = result.slice(0, result.length - ending.length).replace("≈ ", "");
	if (ratio.top % ratio.bottom === 0n) return digits === String(ratio.top / ratio.bottom);
	const exact = Number(ratio.top) / Number(ratio.bottom);
	return digits !== "" && Math.abs(Number(digits) - exact) <= 1e-10 * Math.abs(exact);
}

/** Never reduced: the trees are small. */
type Ratio = { readonly top: bigint; readonly bottom: bigint };
type Random = () => number;
type Operator = "+" | "-" | "*" | "/" | "^";
type Tree =
	| { readonly digits: string; readonly ratio: Ratio }
	| { readonly operator: Operator; readonly left: Tree; readonly right: Tree };
type Pose = (random: Random) => Omit<Posed, "kind">;

const posers: Record<Kind, Pose> = {
	"one operator": (random) =>
		arithmetic(random, { operator: oneOf(random, ["+", "-", "*", "/"]), left: leaf(random), right: leaf(random) }),
	"one level": (random) => {
		const operators = oneOf<readonly Operator[]>(random, [
			["+", "-"],
			["*", "/"],
		]);
		return arithmetic(random, leftChain(random, operators, 2 + whole(random, 3)));
	},
	"mixed operators": (random) => {
		const product: Tree = { operator: oneOf(random, ["*", "/"]), left: leaf(random), right: leaf(random) };
		const late: Tree = { operator: oneOf(random, ["+", "-"]), left: leaf(random), right: product };
		return arithmetic(
			random,
			random() < 0.5 ? late : { operator: oneOf(random, ["+", "-"]), left: late, right: leaf(random) },
		);
	},
	brackets: (random) => arithmetic(random, grown(random, 3)),
	powers: (random) => {
		const power: Tree = {
			operator: "^",
			left: leafOf(String(2 + whole(random, 11))),
			right: leafOf(String(2 + whole(random, 6))),
		};
		return arithmetic(
			random,
			random() < 0.5 ? power : { operator: oneOf(random, ["+", "-", "*"]), left: leaf(random), right: power },
		);
	},
	percentages: percentage,
	units: conversion,
	temperatures: temperature,
	"spans of days": (random) => {
		const [from, to] = [dayNumber(random), dayNumber(random)];
		const days = to - from;
		const question =
			random() < 0.5
				? `How many days from ${dateText(random, from)} to ${dateText(random, to)}?`
				: `how many days are there between ${dateText(random, from)} and ${dateText(random, to)}`;
		const stated = question.startsWith("How") ? days : Math.abs(days);
		return { question, expected: `${stated} ${Math.abs(stated) === 1 ? "day" : "days"}` };
	},
	"shifted dates": (random) => {
		const [from, count, unit] = [dayNumber(random), 1 + whole(random, 900), oneOf(random, ["day", "week"])];
		const way = oneOf(random, ["after", "before"]);
		const to = from + count * (unit === "week" ? 7 : 1) * (way === "before" ? -1 : 1);
		return {
			question: `What date is ${count} ${unit}s ${way} ${dateText(random, from)}?`,
			expected: `${weekday(to)} ${plainDate(to)}`,
		};
	},
	weekdays: (random) => {
		const day = dayNumber(random);
		return {
			question: `${oneOf(random, ["What weekday is", "what day of the week was", "Which weekday is"])} ${dateText(random, day)}?`,
			expected: weekday(day),
		};
	},
};

const strength: Record<Operator, number> = { "+": 1, "-": 1, "*": 2, "/": 2, "^": 3 };
const spellings: Record<Operator, readonly string[]> = {
	"+": [" + ", "+", " plus "],
	"-": [" - ", "-", " minus ", " − "],
	"*": [" * ", "*", " times ", " x ", " × ", " multiplied by "],
	"/": [" / ", "/", " divided by ", " ÷ "],
	"^": ["^", " ^ ", "**", " to the power of "],
};

function arithmetic(random: Random, tree: Tree): Omit<Posed, "kind"> {
	const ratio = valueOf(tree);
	const question = `${oneOf(random, ["What is ", "", "Calculate ", "what's ", "How much is "])}${printed(random, tree)}${oneOf(random, ["?", "", " ?", " =", "."])}`;
	return { question, expected: ratio === null ? "none (division by zero)" : { ratio, unit: "" } };
}

function leftChain(random: Random, operators: readonly Operator[], length: number): Tree {
	let tree = leaf(random);
	for (let i = 0; i < length; i += 1) tree = { operator: oneOf(random, operators), left: tree, right: leaf(random) };
	return tree;
}

function grown(random: Random, depth: number): Tree {
	if (depth === 0 || (depth < 3 && random() < 0.25)) return leaf(random);
	return {
		operator: oneOf(random, ["+", "-", "*", "/"]),
		left: grown(random, depth - 1),
		right: grown(random, depth - 1),
	};
}

function leaf(random: Random): Tree {
	const places = random() < 0.2 ? 1 + whole(random, 2) : 0;
	const digits = places === 0 ? String(whole(random, 100)) : (whole(random, 1000) / 10 ** places).toFixed(places);
	return leafOf(random() < 0.1 ? `-${digits}` : digits);
}

function leafOf(digits: string): Tree {
	const places = digits.includes(".") ? digits.length - digits.indexOf(".") - 1 : 0;
	return { digits, ratio: { top: BigInt(digits.replace(".", "")), bottom: 10n ** BigInt(places) } };
}

/** Null: somewhere something is divided by zero. */
function valueOf(tree: Tree): Ratio | null {
	if ("digits" in tree) return tree.ratio;
	const [a, b] = [valueOf(tree.left), valueOf(tree.right)];
	if (a === null || b === null) return null;
	switch (tree.operator) {
		case "+":
			return { top: a.top * b.bottom + b.top * a.bottom, bottom: a.bottom * b.bottom };
		case "-":
			return { top: a.top * b.bottom - b.top * a.bottom, bottom: a.bottom * b.bottom };
		case "*":
			return { top: a.top * b.top, bottom: a.bottom * b.bottom };
		case "/":
			return b.top === 0n ? null : upright({ top: a.top * b.bottom, bottom: a.bottom * b.top });
		case "^":
			return { top: a.top ** b.top, bottom: a.bottom ** b.top };
	}
}

function upright({ top, bottom }: Ratio): Ratio {
	return bottom < 0n ? { top: -top, bottom: -bottom } : { top, bottom };
}

/** Brackets only where the tree needs them. */
function printed(random: Random, tree: Tree): string {
	if ("digits" in tree) return tree.digits;
	const sign = oneOf(random, spellings[tree.operator]);
	return `${side(random, tree.left, strength[tree.operator])}${sign}${side(random, tree.right, strength[tree.operator] + (tree.operator === "^" ? 0 : 1))}`;
}

function side(random: Random, tree: Tree, strengthMin: number): string {
	const bare = "digits" in tree || strength[tree.operator] >= strengthMin;
	return bare ? printed(random, tree) : `(${printed(random, tree)})`;
}

function percentage(random: Random): Omit<Posed, "kind"> {
	const [percent, base] = [1 + whole(random, 150), 1 + whole(random, 5000)];
	return oneOf(random, [
		{ question: `What is ${percent}% of ${base}?`, expected: over(percent * base, 100) },
		{ question: `${percent} percent of ${base}`, expected: over(percent * base, 100) },
		{ question: `what is ${percent}% more than ${base}`, expected: over((100 + percent) * base, 100) },
		{ question: `What is ${percent}% less than ${base}?`, expected: over((100 - percent) * base, 100) },
		{ question: `${percent}% off ${base}`, expected: over((100 - percent) * base, 100) },
		{ question: `What percent of ${base} is ${percent}?`, expected: over(percent * 100, base, "%") },
		{ question: `${percent} is what percentage of ${base}?`, expected: over(percent * 100, base, "%") },
	]);
}

function over(top: number, bottom: number, unit: string = ""): Expected {
	return { ratio: { top: BigInt(top), bottom: BigInt(bottom) }, unit };
}

/** Each row measures one thing; sizes are whole multiples of a unit small enough for that. */
const scales: readonly (readonly (readonly [symbol: string, names: readonly string[], size: bigint])[])[] = [
	[
		["m", ["m", "metres"], 10_000n],
		["km", ["km", "kilometers"], 10_000_000n],
		["cm", ["cm", "centimetres"], 100n],
		["ft", ["ft", "feet"], 3048n],
		["in", ["inches"], 254n],
		["yd", ["yards"], 9144n],
		["mi", ["miles", "mi"], 16_093_440n],
		["nmi", ["nautical miles"], 18_520_000n],
	],
	[
		["kg", ["kg", "kilograms"], 100_000_000n],
		["g", ["g", "grams"], 100_000n],
		["lb", ["lb", "pounds"], 45_359_237n],
		["st", ["stone"], 635_029_318n],
		["t", ["tonnes"], 100_000_000_000n],
	],
	[
		["s", ["seconds", "s"], 1n],
		["min", ["minutes", "min"], 60n],
		["h", ["hours", "h"], 3600n],
		["d", ["days"], 86_400n],
		["wk", ["weeks"], 604_800n],
	],
	[
		["km/h", ["km/h", "kph"], 1_000_000n],
		["m/s", ["m/s", "metres per second"], 3_600_000n],
		["mph", ["mph", "miles per hour"], 1_609_344n],
		["kn", ["knots"], 1_852_000n],
	],
	[
		["B", ["bytes"], 8n],
		["bit", ["bits"], 1n],
		["kB", ["kB", "kilobytes"], 8000n],
		["MB", ["MB"], 8_000_000n],
		["MiB", ["MiB", "mebibytes"], 8_388_608n],
		["GiB", ["GiB"], 8_589_934_592n],
	],
	[
		["L", ["litres", "liters"], 1_000_000_000n],
		["mL", ["ml"], 1_000_000n],
		["gal", ["gallons"], 3_785_411_784n],
	],
];

function conversion(random: Random): Omit<Posed, "kind"> {
	const scale = oneOf(random, scales);
	const [, fromNames, fromSize] = oneOf(random, scale);
	const [unit, toNames, toSize] = oneOf(random, scale);
	const [from, to, tenths] = [oneOf(random, fromNames), oneOf(random, toNames), 1 + whole(random, 5000)];
	const amount = String(tenths / 10);
	const question = oneOf(random, [
		`Convert ${amount} ${from} to ${to}`,
		`How many ${to} are in ${amount} ${from}?`,
		`what is ${amount} ${from} in ${to}?`,
		`${amount} ${from} to ${to}`,
	]);
	return { question, expected: { ratio: { top: BigInt(tenths) * fromSize, bottom: 10n * toSize }, unit } };
}

function temperature(random: Random): Omit<Posed, "kind"> {
	const degrees = whole(random, 600) - 200;
	const d = BigInt(degrees);
	return oneOf(random, [
		{ question: `Convert ${degrees} F to C`, expected: { ratio: { top: (d - 32n) * 5n, bottom: 9n }, unit: "°C" } },
		{
			question: `what is ${degrees} °C in °F?`,
			expected: { ratio: { top: d * 9n + 160n, bottom: 5n }, unit: "°F" },
		},
		{
			question: `${degrees} celsius to kelvin`,
			expected: { ratio: { top: d * 100n + 27_315n, bottom: 100n }, unit: "K" },
		},
		{
			question: `how much is ${degrees} degrees fahrenheit in kelvin`,
			expected: { ratio: { top: (d - 32n) * 500n + 27_315n * 9n, bottom: 900n }, unit: "K" },
		},
	]);
}

const months = [
	"January",
	"February",
	"March",
	"April",
	"May",
	"June",
	"July",
	"August",
	"September",
	"October",
	"November",
	"December",
];
const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const dayMs = 86_400_000;

/** Days since 1970, between 1850 and 2150. */
function dayNumber(random: Random): number {
	return whole(random, 109_000) - 43_800;
}

function plainDate(day: number): string {
	const date = new Date(day * dayMs);
	return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

function dateText(random: Random, day: number): string {
	const date = new Date(day * dayMs);
	const [number, month, year] = [date.getUTCDate(), months[date.getUTCMonth()] ?? "", date.getUTCFullYear()];
	return oneOf(random, [
		plainDate(day),
		`${month} ${number}, ${year}`,
		`${number} ${month.slice(0, 3)} ${year}`,
		date.toISOString().slice(0, 10),
	]);
}

function weekday(day: number): string {
	return weekdays[new Date(day * dayMs).getUTCDay()] ?? "";
}

function whole(random: Random, below: number): number {
	return Math.floor(random() * below);
}

function oneOf<T>(random: Random, choices: readonly T[]): T {
	const choice = choices[whole(random, choices.length)];
	if (choice === undefined) throw new RangeError("nothing to choose from");
	return choice;
}

/** Tommy Ettinger's generator: 32 bits of state, the same sequence everywhere. */
function mulberry32(seed: number): Random {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}
