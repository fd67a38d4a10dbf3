import { expect, test } from "vitest";
import { resultOf } from "../../../src/backends/demo/answer-text.ts";
import { convertByCard } from "../../../src/backends/demo/left-to-right-units.ts";
import { convertBySize } from "../../../src/backends/demo/precedence-units.ts";
import { convertByDefinitions } from "../../../src/backends/demo/rewriter-units.ts";
import { sameResult } from "../../../src/backends/demo/answer-text.ts";
import { notUnderstood } from "../../../src/backends/demo/outcome.ts";

const converters = [convertBySize, convertByDefinitions, convertByCard];

test.each<[question: string, result: string]>([
	["Convert 5 miles to km", "8.04672 km"],
	["5 km in miles?", "≈ 3.10685596119 mi"],
	["5km to mi", "≈ 3.10685596119 mi"],
	["How many feet are in 3 yards?", "9 ft"],
	["how many km in 5 miles", "8.04672 km"],
	["how many seconds are there in 2 hours", "7200 s"],
	["how many inches in a foot?", "12 in"],
	["5 in to cm", "12.7 cm"],
	["10 cm in in", "≈ 3.93700787402 in"],
	["what is 1,000 mb in gib", "≈ 0.931322574615 GiB"],
	["How much is 70 kilograms in stone?", "≈ 11.0231131092 st"],
	["16 oz to lb", "1 lb"],
	["60 mph to km/h", "96.56064 km/h"],
	["36 km/h in metres per second", "10 m/s"],
	["10 knots in kph", "18.52 km/h"],
	["2 gallons to liters", "7.570823568 L"],
	["1.5 hours in minutes", "90 min"],
	["how many bits are in 1 byte", "8 bit"],
	["100 F in C", "≈ 37.7777777778 °C"],
	["What is 212°F in °C?", "100 °C"],
	["-40 degrees celsius to fahrenheit", "-40 °F"],
	["0 K to C", "-273.15 °C"],
	["32 f to c", "0 °C"],
	["25 celsius to kelvin", "298.15 K"],
	["3 m to m", "3 m"],
	["3 kg to m", "none (kg cannot be turned into m)"],
	["5 hours to celsius", "none (h cannot be turned into °C)"],
])("all three methods convert %s to %s", (question, result) => {
	expect(converters.map((convert) => resultOf(convert(question)))).toEqual([result, result, result]);
});

const units = {
	length: ["m", "km", "cm", "mm", "mi", "yd", "ft", "inches", "nmi"],
	mass: ["kg", "g", "mg", "t", "lb", "oz", "st"],
	time: ["s", "ms", "min", "h", "d", "wk"],
	speed: ["m/s", "km/h", "mph", "kn"],
	volume: ["L", "mL", "gal"],
	memory: ["bit", "B", "kB", "MB", "GB", "TB", "KiB", "MiB", "GiB"],
	temperature: ["K", "°C", "°F"],
};

test.each(Object.entries(units))("the three tables of %s agree on every pair of units", (_, names) => {
	const pairs = names.flatMap((from) => names.map((to) => `convert 7.3 ${from} to ${to}`));
	const disputed = pairs.filter((question) => {
		const [a = null, b = null, c = null] = converters.map((convert) => resultOf(convert(question)));
		return a === null || b === null || c === null || !sameResult(a, b) || !sameResult(b, c);
	});
	expect(disputed).toEqual([]);
});

test.each<[question: string]>([
	["5 apples to pears"],
	["and to f"],
	["5 to 3"],
	["5 m"],
	["convert to km"],
	["5 km"],
	["m to km"],
	["5 km to"],
	[""],
	["5 m to constructor"],
	["1.2.3 m to km"],
])("none of the methods takes %j for a conversion", (question) => {
	expect(converters.map((convert) => convert(question))).toEqual([notUnderstood, notUnderstood, notUnderstood]);
});

test("each method shows its own way from one unit to the other", () => {
	expect(converters.map((convert) => convert("3 yd to m"))).toEqual([
		{ status: "solved", result: "2.7432 m", steps: ["3 × 0.9144 ÷ 1 = 2.7432"] },
		{
			status: "solved",
			result: "2.7432 m",
			steps: ["yd to ft to in to mm to cm to m: (((((3×3)×12)×25.4)/10)/100)", "= (3429/1250)"],
		},
		{ status: "solved", result: "2.7432 m", steps: ["key in 3 × 914.4: 2743.2", "key in 2743.2 ÷ 1000: 2.7432"] },
	]);
});
