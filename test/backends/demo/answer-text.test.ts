import { expect, test } from "vitest";
import { answerText, helpText, sameResult, statedIn, type Stated } from "../../../src/backends/demo/answer-text.ts";
import { impossible, notUnderstood, type Outcome } from "../../../src/backends/demo/outcome.ts";

test.each<[what: string, outcome: Outcome, text: string]>([
	[
		"a result with its working",
		{ status: "solved", result: "14", steps: ["3 × 4 = 12", "2 + 12 = 14"] },
		"Result: 14\nWorking: 3 × 4 = 12\nWorking: 2 + 12 = 14\nMethod: by hand",
	],
	[
		"three steps in full",
		{ status: "solved", result: "4", steps: ["a", "b", "c"] },
		"Result: 4\nWorking: a\nWorking: b\nWorking: c\nMethod: by hand",
	],
	[
		"four steps shortened",
		{ status: "solved", result: "4", steps: ["a", "b", "c", "d"] },
		"Result: 4\nWorking: a\nWorking: ... 2 more ...\nWorking: d\nMethod: by hand",
	],
	["why there is no result", impossible("division by zero"), "Result: none (division by zero)\nMethod: by hand"],
	["what the team is, for anything else", notUnderstood, helpText],
])("an answer states %s", (_, outcome, text) => {
	expect(answerText(outcome, "by hand")).toBe(text);
});

test("the explanation says what the team can do and how to get another one", () => {
	expect(helpText.split("\n")).toEqual([
		"This is MassGen Edge's built-in demo team. It only calculates (arithmetic, percentages, units, dates), and this question is nothing it can compute.",
		"It can answer, for example: What is 17*23+4? Or: How many days from 3 March to 1 June 2026?",
		"For everything else add a provider key: set ANTHROPIC_API_KEY, OPENAI_API_KEY or GEMINI_API_KEY in the environment or in .dev.vars, or use a local model server (LM Studio, Ollama, vLLM, SGLang, llama.cpp).",
	]);
});

test.each<[what: string, text: string, stated: Stated]>([
	[
		"its result line",
		"Result: 14\nWorking: 2 + 12 = 14\nMethod: by hand",
		{ result: "14", method: "by hand", steps: 1 },
	],
	["no number of the explanation", helpText, { result: null, method: null, steps: 0 }],
	[
		"what another model sets in bold",
		"First 3*4=12, so it is **14** in all, not 20.",
		{ result: "14", method: null, steps: 0 },
	],
	["the last number otherwise", "3*4 is 12, and 2 more makes 1,014.", { result: "1014", method: null, steps: 0 }],
	["nothing where no number stands", "I do not know.", { result: null, method: null, steps: 0 }],
])("an answer is read for %s", (_, text, stated) => {
	expect(statedIn(text)).toEqual(stated);
});

test.each<[a: string, b: string, same: boolean]>([
	["14", "14", true],
	["14", "20", false],
	["14", "14.0", true],
	["≈ 0.333333333333", "≈ 0.333333333334", true],
	["≈ 0.333333333333", "0.3333", false],
	["1267650600228229401496703205376", "≈ 1.26765060023e+30", true],
	["1267650600228229401496703205376", "1267650600228229401496703205377", false],
	["90 days", "90", true],
	["90 days", "90 km", false],
	["15%", "15", true],
	["-90 days", "90 days", false],
	["0", "≈ 1e-20", false],
	["Saturday", "Saturday", true],
	["Saturday", "Sunday", false],
	["none (division by zero)", "0", false],
])("%s and %s: the same result is %s", (a, b, same) => {
	expect([sameResult(a, b), sameResult(b, a)]).toEqual([same, same]);
});
