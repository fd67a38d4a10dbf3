import { unreachable } from "../../std/assert.ts";
import type { Outcome } from "./outcome.ts";

/** What an answer says of itself. `method` is null where it names none. */
export type Stated = { readonly result: string | null; readonly method: string | null; readonly steps: number };

const linesOfWorkingMax = 3;

/** The same words from every method, so that the three pool. */
export const helpText = [
	"This is MassGen Edge's built-in demo team. It only calculates (arithmetic, percentages, units, dates), and this question is nothing it can compute.",
	"It can answer, for example: What is 17*23+4? Or: How many days from 3 March to 1 June 2026?",
	"For everything else add a provider key: set ANTHROPIC_API_KEY, OPENAI_API_KEY or GEMINI_API_KEY in the environment or in .dev.vars, or use a local model server (LM Studio, Ollama, vLLM, SGLang, llama.cpp).",
].join("\n");

/** The text of a new answer: the result, its working in a few lines, and the method. */
export function answerText(outcome: Outcome, method: string): string {
	switch (outcome.status) {
		case "not_understood":
			return helpText;
		case "impossible":
			return `Result: ${resultOf(outcome)}\nMethod: ${method}`;
		case "solved":
			return [
				`Result: ${outcome.result}`,
				...workingOf(outcome.steps).map((line) => `Working: ${line}`),
				`Method: ${method}`,
			].join("\n");
		default:
			return unreachable(outcome);
	}
}

/** The result as an answer states it; null where there is none to state. */
export function resultOf(outcome: Outcome): string | null {
	if (outcome.status === "not_understood") return null;
	return outcome.status === "solved" ? outcome.result : `none (${outcome.reason})`;
}

/** Reads an answer, by whomever: its `Result:` line, else what it sets in bold, else its last number. */
export function statedIn(text: string): Stated {
	const result = /^Result: (.+)$/m.exec(text)?.[1] ?? (text.trim() === helpText ? null : freeResult(text));
	const steps = text.split("\n").filter((line) => line.startsWith("Working: ")).length;
	return { result, method: /^Method: (.+)$/m.exec(text)?.[1] ?? null, steps };
}

/** Whether two results say the same: whole numbers digit by digit, others as far as twelve digits can tell. */
export function sameResult(a: string, b: string): boolean {
	if (a === b) return true;
	const [left, right] = [quantityOf(a), quantityOf(b)];
	if (left === null || right === null) return false;
	if (left.unit !== right.unit && left.unit !== "" && right.unit !== "") return false;
	if (left.whole && right.whole) return left.digits === right.digits;
	return (
		Math.abs(left.value - right.value) <= relativeErrorMax * Math.max(Math.abs(left.value), Math.abs(right.value))
	);
}

/** Twice what rounding to twelve significant digits can be off, and a little more. */
const relativeErrorMax = 5e-11;

type Quantity = { readonly digits: string; readonly value: number; readonly unit: string; readonly whole: boolean };

function quantityOf(text: string): Quantity | null {
	const match = /^(≈ )?(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?) ?(\D*)$/.exec(text.trim());
	if (match === null) return null;
	const digits = match[2] ?? "";
	return {
		digits,
		value: Number(digits),
		unit: match[3] ?? "",
		whole: match[1] === undefined && /^-?\d+$/.test(digits),
	};
}

function freeResult(text: string): string | null {
	const bold = /\*\*([^*\n]{1,200})\*\*/.exec(text)?.[1];
	const number = text.match(/-?\d+(?:,\d{3})*(?:\.\d+)?/g)?.at(-1);
	return bold ?? number?.replaceAll(",", "") ?? null;
}

function workingOf(steps: readonly string[]): readonly string[] {
	if (steps.length <= linesOfWorkingMax) return steps;
	return [steps[0] ?? "", `... ${steps.length - 2} more ...`, steps.at(-1) ?? ""];
}
