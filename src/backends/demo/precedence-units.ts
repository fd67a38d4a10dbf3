import { measured, measuredText, negated, over, plus, times, type MeasuredFloat } from "./measured-float.ts";
import { faults, impossible, notUnderstood, type Fault, type Outcome } from "./outcome.ts";

/** Converts units by their size in the international system: times the one, divided by the other. */
export function convertBySize(question: string): Outcome {
	const text = question
		.toLowerCase()
		.replace(/\s+/g, " ")
		.replace(/(?: please|[ =?.!])+$/, "")
		.trim();
	const groups = (forward.exec(text) ?? backward.exec(text))?.groups;
	const from = byName.get(groups?.["from"] ?? "");
	const to = byName.get(groups?.["to"] ?? "");
	if (groups === undefined || from === undefined || to === undefined) return notUnderstood;
	if (from.of !== to.of) return impossible(`${from.symbol} cannot be turned into ${to.symbol}`);
	return converted(amountOf(groups["amount"] ?? "one"), from, to);
}

/** `zero` is where the unit's scale has the zero of the base unit's: only temperatures have one of their own. */
type Unit = { readonly symbol: string; readonly of: string; readonly size: number; readonly zero: number };
type Row = readonly [names: string, size: number, zero?: number];

const amount = String.raw`(?<amount>[-−]?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)|(?:an?|one)(?![a-z]))`;
const word = String.raw`[a-z°][a-z°/ ]*?`;
const lead = "(?:please )?(?:convert |what is |what's |how much is )?";
const forward = new RegExp(`^${lead}${amount} ?(?<from>${word}) (?:to|in|into|as) (?<to>${word})$`);
const backward = new RegExp(`^how many (?<to>${word}) (?:are |is )?(?:there )?in ${amount} ?(?<from>${word})$`);

/** Names (the first is the symbol shown) and the size in SI units. */
const sizes: Record<string, readonly Row[]> = {
	length: [
		["m,metre,metres,meter,meters", 1],
		["km,kilometre,kilometres,kilometer,kilometers", 1000],
		["cm,centimetre,centimetres,centimeter,centimeters", 0.01],
		["mm,millimetre,millimetres,millimeter,millimeters", 0.001],
		["mi,mile,miles", 1609.344],
		["yd,yard,yards", 0.9144],
		["ft,foot,feet", 0.3048],
		["in,inch,inches", 0.0254],
		["nmi,nautical mile,nautical miles", 1852],
	],
	mass: [
		["kg,kilogram,kilograms,kilo,kilos", 1],
		["g,gram,grams", 0.001],
		["mg,milligram,milligrams", 0.000001],
		["t,tonne,tonnes", 1000],
		["lb,lbs,pound,pounds", 0.45359237],
		["oz,ounce,ounces", 0.028349523125],
		["st,stone,stones", 6.35029318],
	],
	time: [
		["s,sec,second,seconds", 1],
		["ms,millisecond,milliseconds", 0.001],
		["min,minute,minutes", 60],
		["h,hr,hour,hours", 3600],
		["d,day,days", 86_400],
		["wk,week,weeks", 604_800],
	],
	speed: [
		["m/s,metres per second,meters per second", 1],
		["km/h,kph,kmh,kilometres per hour,kilometers per hour", 1 / 3.6],
		["mph,miles per hour", 0.44704],
		["kn,knot,knots", 1852 / 3600],
	],
	volume: [
		["L,litre,litres,liter,liters", 0.001],
		["mL,millilitre,millilitres,milliliter,milliliters", 0.000001],
		["gal,gallon,gallons,us gallon,us gallons", 0.003785411784],
	],
	memory: [
		["bit,bits", 0.125],
		["B,byte,bytes", 1],
		["kB,kilobyte,kilobytes", 1e3],
		["MB,megabyte,megabytes", 1e6],
		["GB,gigabyte,gigabytes", 1e9],
		["TB,terabyte,terabytes", 1e12],
		["KiB,kibibyte,kibibytes", 2 ** 10],
		["MiB,mebibyte,mebibytes", 2 ** 20],
		["GiB,gibibyte,gibibytes", 2 ** 30],
	],
	temperature: [
		["K,kelvin,kelvins", 1],
		["°C,c,celsius,degrees celsius,degrees c,degree celsius", 1, 273.15],
		["°F,f,fahrenheit,degrees fahrenheit,degrees f,degree fahrenheit", 5 / 9, 459.67],
	],
};

const byName: ReadonlyMap<string, Unit> = new Map(
	Object.entries(sizes).flatMap(([of, rows]) =>
		rows.flatMap(([names, size, zero = 0]) => named(names.split(","), { of, size, zero })),
	),
);

function named(names: readonly string[], unit: Omit<Unit, "symbol">): readonly (readonly [string, Unit])[] {
	return names.map((name) => [name.toLowerCase(), { symbol: names[0] ?? name, ...unit }]);
}

function amountOf(text: string): number {
	return /^(?:an?|one)$/.test(text) ? 1 : Number(text.replaceAll(",", "").replace("−", "-"));
}

function converted(amountGiven: number, from: Unit, to: Unit): Outcome {
	const value = chained(measured(amountGiven), [
		[plus, from.zero],
		[times, from.size],
		[over, to.size],
		[(a, b) => plus(a, negated(b)), to.zero],
	]);
	if ("status" in value) return value;
	const text = measuredText(value);
	if (text === null) return faults.digits;
	const formula =
		from.zero === 0 && to.zero === 0
			? `${amountGiven} × ${from.size} ÷ ${to.size}`
			: `(${amountGiven} + ${from.zero}) × ${from.size} ÷ ${to.size} - ${to.zero}`;
	return { status: "solved", result: `${text} ${to.symbol}`, steps: [`${formula} = ${text.replace("≈ ", "")}`] };
}

type Link = readonly [apply: (a: MeasuredFloat, b: MeasuredFloat) => MeasuredFloat | Fault, by: number];

function chained(start: MeasuredFloat | Fault, links: readonly Link[]): MeasuredFloat | Fault {
	return links.reduce<MeasuredFloat | Fault>((value, [apply, by]) => {
		const operand = measured(by);
		if ("status" in value) return value;
		return "status" in operand ? operand : apply(value, operand);
	}, start);
}
