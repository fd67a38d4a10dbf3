import { expect, test } from "vitest";
import { resultOf } from "../../../src/backends/demo/answer-text.ts";
import { press } from "../../../src/backends/demo/left-to-right.ts";
import { climb } from "../../../src/backends/demo/precedence-climber.ts";
import { rewrite } from "../../../src/backends/demo/rewriter.ts";
import { notUnderstood } from "../../../src/backends/demo/outcome.ts";

test.each<[question: string, result: string]>([
	["What is 17*23+4?", "395"],
	["what's (2+3)*4", "20"],
	["Calculate 12,345.678 * 2.", "24691.356"],
	["How much is 7 divided by 2?", "3.5"],
	["3 times 4 plus 5", "17"],
	["3x4", "12"],
	["3 × 4 ÷ 6", "2"],
	["6 multiplied by 7 please", "42"],
	["1-2-3", "-4"],
	["8/4/2", "1"],
	["3--5", "8"],
	["-(-3)", "3"],
	["2 * -3", "-6"],
	["10 − 4", "6"],
	["5 minus 7", "-2"],
	["2^10", "1024"],
	["2**8", "256"],
	["2 to the power of 10", "1024"],
	["2^-1", "0.5"],
	["9 squared", "81"],
	["9squared plus1", "82"],
	["15percent of 80", "12"],
	["2 cubed", "8"],
	["0^0", "1"],
	["0.1+0.2", "0.3"],
	["0.1+0.2-0.3", "0"],
	[".5 + 1", "1.5"],
	["1/3", "≈ 0.333333333333"],
	["2/3", "≈ 0.666666666667"],
	["-2/3", "≈ -0.666666666667"],
	["100/3*3", "100"],
	["0*-1", "0"],
	["2+2=", "4"],
	["What is the value of 3 plus 4?", "7"],
	["15% of 80", "12"],
	["What is 15 percent of 80?", "12"],
	["15 per cent of 80 plus 3", "15"],
	["what is 20% more than 50", "60"],
	["20 percent less than 50", "40"],
	["30% off 90", "63"],
	["100% less than 50", "0"],
	["What percent of 80 is 12?", "15%"],
	["what percentage of 30 is 10", "≈ 33.3333333333%"],
	["12 is what percent of 80?", "15%"],
	["-5%", "-0.05"],
	["50 + 10%", "50.1"],
	["1/0", "none (division by zero)"],
	["0^-1", "none (division by zero)"],
	["5/(3-3)", "none (division by zero)"],
	["5/(0.3-0.1-0.2)", "none (division by zero)"],
	["12 is what percent of 0?", "none (division by zero)"],
	["2^0.5", "none (only whole powers from -1000 to 1000 are computed)"],
])("all three methods reckon %s as %s", (question, result) => {
	expect([climb, rewrite, press].map((method) => resultOf(method(question)))).toEqual([result, result, result]);
});

test.each<[question: string, byAlgebra: string, fromLeftToRight: string]>([
	["2+3*4", "14", "20"],
	["What is 2 plus 3 times 4?", "14", "20"],
	["10-6/2", "7", "2"],
	["1+1/2", "1.5", "1"],
	["2*3+4*5", "26", "50"],
	["10 - 20% of 30", "4", "294"],
	["(1+2*3)*2", "14", "18"],
	["-2^2", "-4", "4"],
	["2*3^2", "18", "36"],
	["2^3^2", "512", "64"],
	["2^3^-1", "none (only whole powers from -1000 to 1000 are computed)", "0.125"],
	["2^-1^2", "0.5", "0.25"],
	["3/(4-2*2)", "none (division by zero)", "0.75"],
	["4+4/4-2", "3", "0"],
])("%s is %s by algebra and %s from left to right", (question, byAlgebra, fromLeftToRight) => {
	expect([climb, rewrite, press].map((method) => resultOf(method(question)))).toEqual([
		byAlgebra,
		byAlgebra,
		fromLeftToRight,
	]);
});

test.each<[question: string, onFloats: string, onFractions: string, onACalculator: string]>([
	["2^100", "≈ 1.26765060023e+30", "1267650600228229401496703205376", "≈ 1.26765060023e+30"],
	["9007199254740991 + 2", "≈ 9007199254740000", "9007199254740993", "≈ 9007199254740000"],
	["(10^20+1) - (10^20)", "none (more digits than this method keeps)", "1", "0"],
	["1/8^6", "≈ 0.00000381469726563", "0.000003814697265625", "≈ 0.00000381469726563"],
	["1/8^8", "≈ 5.96046447754e-8", "≈ 5.96046447754e-8", "≈ 5.96046447754e-8"],
])("each method states %s as far as its numbers reach", (question, onFloats, onFractions, onACalculator) => {
	expect([climb, rewrite, press].map((method) => resultOf(method(question)))).toEqual([
		onFloats,
		onFractions,
		onACalculator,
	]);
});

test.each<[question: string]>([
	[""],
	["?"],
	["what is"],
	["Who won the 2022 World Cup?"],
	["Tell me about the number 7"],
	["What plush toy costs 5?"],
	["2 3"],
	["2(3)"],
	["(2)(3)"],
	["(1+2"],
	["1+2)"],
	["()"],
	["2+"],
	["*3"],
	["1.5.2"],
	["1..2"],
	["1,00"],
	["1e5"],
	["5 more than 3"],
	["%"],
	["5 , 6"],
	["x"],
	["5 is 5"],
	["constructor"],
	["5 & 3"],
	["squared ** 1,000"],
	["* 1^1001"],
	[".71,000"],
	["1234,567"],
	["1/0 5"],
	["2 squared 3"],
	["5%3"],
	["percents of 3"],
	["5 ~ 3"],
	["<1|2>"],
	["5 per 3"],
])("none of the methods takes %j for arithmetic", (question) => {
	expect([climb, rewrite, press].map((method) => method(question))).toEqual([
		notUnderstood,
		notUnderstood,
		notUnderstood,
	]);
});

test("each method shows its own working", () => {
	expect([climb, rewrite, press].map((method) => method("17*23+4"))).toEqual([
		{ status: "solved", result: "395", steps: ["17 × 23 = 391", "391 + 4 = 395"] },
		{ status: "solved", result: "395", steps: ["17×23+4 = 391+4", "= 395"] },
		{ status: "solved", result: "395", steps: ["key in 17 × 23: 391", "key in 391 + 4: 395"] },
	]);
});
