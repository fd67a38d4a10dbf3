import { impossible, notUnderstood, type Outcome } from "./outcome.ts";
import { rewriteFormula } from "./rewriter.ts";

/** Converts units by walking from one definition to the next; the walk becomes one formula, rewritten exactly. */
export function convertByDefinitions(question: string): Outcome {
	const asked = rules.reduce((text, [pattern, by]) => text.replace(pattern, by), question.toLowerCase().trim());
	const [number = "", from = "", to = ""] = asked.split(" > ");
	const start = symbolOf(from);
	const goal = symbolOf(to);
	if (!/^-?(?:\d+\.?\d*|\.\d+)$/.test(number) || start === undefined || goal === undefined) return notUnderstood;
	const walk = walkFrom(start, goal);
	if (walk === null) return impossible(`${start} cannot be turned into ${goal}`);
	const formula = walk.reduce((inner, step) => step.formula.replace("x", inner), `(${number})`);
	const outcome = rewriteFormula(formula, ` ${goal}`);
	if (outcome.status !== "solved") return outcome;
	const path = [start, ...walk.map((step) => step.to)].join(" to ");
	return {
		...outcome,
		steps: [`${path}: ${formula.replaceAll("*", "×").replace(`(${number})`, number)}`, ...outcome.steps.slice(-1)],
	};
}

/** Bring every way of asking to `5 > mile > km`. */
const rules: readonly (readonly [RegExp, string])[] = [
	[/\s+/g, " "],
	[/(?: please|[ =?.!])+$/, ""],
	[/^please /, ""],
	[/−/g, "-"],
	[/(?<=\d),(?=\d{3}(?!\d))/g, ""],
	[/^(?:convert|what is|what's|how much is) /, ""],
	[/^how many (.+?) (?:are |is )?(?:there )?in (.+)$/, "$2 to $1"],
	[/^(?:an?|one) /, "1 "],
	[/^(-?[\d.]+) ?(.+?) (?:to|into|as|in) (.+)$/, "$1 > $2 > $3"],
];

/** Each unit by another, as schools define them; the inverse is written beside it where it is no plain division. */
const definitions: readonly (readonly [unit: string, by: string, formula: string, inverse: string])[] = [
	["km", "m", "(x*1000)", "(x/1000)"],
	["m", "cm", "(x*100)", "(x/100)"],
	["cm", "mm", "(x*10)", "(x/10)"],
	["mi", "yd", "(x*1760)", "(x/1760)"],
	["yd", "ft", "(x*3)", "(x/3)"],
	["ft", "in", "(x*12)", "(x/12)"],
	["in", "mm", "(x*25.4)", "(x/25.4)"],
	["nmi", "m", "(x*1852)", "(x/1852)"],
	["t", "kg", "(x*1000)", "(x/1000)"],
	["kg", "g", "(x*1000)", "(x/1000)"],
	["g", "mg", "(x*1000)", "(x/1000)"],
	["lb", "g", "(x*453.59237)", "(x/453.59237)"],
	["lb", "oz", "(x*16)", "(x/16)"],
	["st", "lb", "(x*14)", "(x/14)"],
	["s", "ms", "(x*1000)", "(x/1000)"],
	["min", "s", "(x*60)", "(x/60)"],
	["h", "min", "(x*60)", "(x/60)"],
	["d", "h", "(x*24)", "(x/24)"],
	["wk", "d", "(x*7)", "(x/7)"],
	["m/s", "km/h", "(x*3.6)", "(x/3.6)"],
	["mph", "km/h", "(x*1.609344)", "(x/1.609344)"],
	["kn", "km/h", "(x*1.852)", "(x/1.852)"],
	["L", "mL", "(x*1000)", "(x/1000)"],
	["gal", "mL", "(x*3785.411784)", "(x/3785.411784)"],
	["B", "bit", "(x*8)", "(x/8)"],
	["kB", "B", "(x*1000)", "(x/1000)"],
	["MB", "kB", "(x*1000)", "(x/1000)"],
	["GB", "MB", "(x*1000)", "(x/1000)"],
	["TB", "GB", "(x*1000)", "(x/1000)"],
	["KiB", "B", "(x*1024)", "(x/1024)"],
	["MiB", "KiB", "(x*1024)", "(x/1024)"],
	["GiB", "MiB", "(x*1024)", "(x/1024)"],
	["°C", "°F", "(x*9/5+32)", "((x-32)*5/9)"],
	["K", "°C", "(x-273.15)", "(x+273.15)"],
];

type Step = { readonly from: string; readonly to: string; readonly formula: string };

const steps: readonly Step[] = definitions.flatMap(([unit, by, formula, inverse]) => [
	{ from: unit, to: by, formula },
	{ from: by, to: unit, formula: inverse },
]);

const spellings: Record<string, RegExp> = {
	m: /^(?:m|met(?:re|er)s?)$/,
	km: /^(?:km|kilomet(?:re|er)s?)$/,
	cm: /^(?:cm|centimet(?:re|er)s?)$/,
	mm: /^(?:mm|millimet(?:re|er)s?)$/,
	mi: /^(?:mi|miles?)$/,
	yd: /^(?:yd|yards?)$/,
	ft: /^(?:ft|foot|feet)$/,
	in: /^(?:in|inch|inches)$/,
	nmi: /^(?:nmi|nautical miles?)$/,
	kg: /^(?:kg|kilos?|kilograms?)$/,
	g: /^(?:g|grams?)$/,
	mg: /^(?:mg|milligrams?)$/,
	t: /^(?:t|tonnes?)$/,
	lb: /^(?:lbs?|pounds?)$/,
	oz: /^(?:oz|ounces?)$/,
	st: /^(?:st|stones?)$/,
	s: /^(?:s|sec|seconds?)$/,
	ms: /^(?:ms|milliseconds?)$/,
	min: /^(?:min|minutes?)$/,
	h: /^(?:h|hr|hours?)$/,
	d: /^(?:d|days?)$/,
	wk: /^(?:wk|weeks?)$/,
	"m/s": /^(?:m\/s|met(?:re|er)s per second)$/,
	"km/h": /^(?:km\/h|kph|kmh|kilomet(?:re|er)s per hour)$/,
	mph: /^(?:mph|miles per hour)$/,
	kn: /^(?:kn|knots?)$/,
	L: /^(?:l|lit(?:re|er)s?)$/,
	mL: /^(?:ml|millilit(?:re|er)s?)$/,
	gal: /^(?:gal|(?:us )?gallons?)$/,
	bit: /^bits?$/,
	B: /^(?:b|bytes?)$/,
	kB: /^(?:kb|kilobytes?)$/,
	MB: /^(?:mb|megabytes?)$/,
	GB: /^(?:gb|gigabytes?)$/,
	TB: /^(?:tb|terabytes?)$/,
	KiB: /^(?:kib|kibibytes?)$/,
	MiB: /^(?:mib|mebibytes?)$/,
	GiB: /^(?:gib|gibibytes?)$/,
	"°C": /^(?:°c|(?:degrees? )?c(?:elsius)?)$/,
	"°F": /^(?:°f|(?:degrees? )?f(?:ahrenheit)?)$/,
	K: /^(?:k|kelvins?)$/,
};

function symbolOf(name: string): string | undefined {
	return Object.keys(spellings).find((symbol) => spellings[symbol]?.test(name));
}

/** Breadth first, so the walk is a shortest one; every unit is visited at most once. */
function walkFrom(start: string, goal: string): readonly Step[] | null {
	const reached = new Map<string, readonly Step[]>([[start, []]]);
	for (const [place, walk] of reached) {
		if (place === goal) return walk;
		for (const step of steps) {
			if (step.from === place && !reached.has(step.to)) reached.set(step.to, [...walk, step]);
		}
	}
	return null;
}
