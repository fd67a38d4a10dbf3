import { expect, test } from "vitest";
import { resultOf } from "../../../src/backends/demo/answer-text.ts";
import { fraction, fractionBitsMax } from "../../../src/backends/demo/fraction.ts";
import { methods } from "../../../src/backends/demo/methods.ts";
import {
	exponentMax,
	faults,
	magnitudeMax,
	nestingMax,
	questionCharsMax,
	stepsMax,
} from "../../../src/backends/demo/outcome.ts";

const solved = (question: string) => [...methods.values()].map((method) => resultOf(method.solve(question)));
const nested = (depth: number) => `${"(".repeat(depth)}7${")".repeat(depth)}`;
const sum = (terms: number) => Array(terms).fill("1").join("+");
const alike = <T>(each: T) => [each, each, each];
const stepsOf = (question: string) =>
	[...methods.values()]
		.map((method) => method.solve(question))
		.map((outcome) => (outcome.status === "solved" ? outcome.steps.length : -1));

test.each<[limit: string, question: string, result: string]>([
	["a question of the most characters", `1${sum(questionCharsMax / 2)}`, String(questionCharsMax / 2 + 10)],
	["one character more", `11${sum(questionCharsMax / 2)}`, "none (the question is longer than 2000 characters)"],
	["spaces around it do not count", `${" ".repeat(3_000)}1+1${" ".repeat(3_000)}`, "2"],
	["the deepest brackets", nested(nestingMax), "7"],
	["one bracket deeper", nested(nestingMax + 1), "none (brackets nested deeper than 64)"],
	["the largest power", `1^${exponentMax}`, "1"],
	["one power more", `1^${exponentMax + 1}`, "none (only whole powers from -1000 to 1000 are computed)"],
	["the least power", `1^-${exponentMax}`, "1"],
	["one power less", `1^-${exponentMax + 1}`, "none (only whole powers from -1000 to 1000 are computed)"],
	["a number too large", `10^${magnitudeMax}`, "none (a number of 10^300 or more)"],
	["a literal too large", "9".repeat(magnitudeMax + 1), "none (a number of 10^300 or more)"],
	["a product too large", "10^200*10^200", "none (a number of 10^300 or more)"],
	["a number too close to zero", "10^-301", "none (a number closer to zero than 10^-300)"],
	["a quotient too close to zero", "10^-200/10^200", "none (a number closer to zero than 10^-300)"],
	["powers of powers", "9^999^999^999", "none (a number of 10^300 or more)"],
])("%s", (_, question, result) => {
	expect(solved(question)).toEqual(alike(result));
});

test("the largest and the least numbers are still computed", () => {
	expect(solved(`10^${magnitudeMax - 1}`)).toEqual(["≈ 1e+299", `1${"0".repeat(magnitudeMax - 1)}`, "≈ 1e+299"]);
	expect(solved(`10^-${magnitudeMax - 1}`)).toEqual(["1e-299", "≈ 1e-299", "1e-299"]);
});

test("an exact fraction keeps so many bits and no more", () => {
	const longest = 2n ** BigInt(fractionBitsMax - 4);
	expect(fraction(longest + 1n, longest)).toEqual({ top: longest + 1n, bottom: longest });
	expect(fraction(longest * 16n + 1n, longest * 16n)).toEqual(faults.digits);
});

test("working is kept up to a number of steps", () => {
	expect(stepsOf(sum(stepsMax + 1))).toEqual(alike(stepsMax));
	expect(stepsOf(sum(stepsMax + 2))).toEqual(alike(stepsMax));
	expect(stepsOf(sum(stepsMax))).toEqual(alike(stepsMax - 1));
});

test.each<[what: string, question: string]>([
	["minus signs", `${"-".repeat(questionCharsMax - 1)}5`],
	["percent signs", `5${"%".repeat(questionCharsMax - 1)}`],
	["open brackets", "(".repeat(questionCharsMax)],
	["powers", "1^".repeat(questionCharsMax / 2 - 1) + "1"],
	["long fractions", "1/3^599+1/7^350*".repeat(120) + "1"],
	["digits", "1".repeat(questionCharsMax)],
	["spaces and commas", "1 , ".repeat(questionCharsMax / 4)],
	["lead-ins", "what is ".repeat(questionCharsMax / 8)],
	["months", "may ".repeat(questionCharsMax / 4)],
	["words that look like a share", "what percent of ".repeat(questionCharsMax / 16)],
	["words that look like a shift", "how many in in ".repeat(questionCharsMax / 16)],
])("the longest question of nothing but %s comes to an end in every method", (_, question) => {
	// What must not happen is a method that never returns: the runner's own patience fails this test then.
	expect(solved(question).length).toBe(methods.size);
});
