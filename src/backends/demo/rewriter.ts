import { difference, fraction, fractionOf, power, product, quotient, sum, type Fraction } from "./fraction.ts";
import { fractionText } from "./number-text.ts";
import { faults, nestingMax, notUnderstood, stepsMax, type Fault, type Outcome } from "./outcome.ts";
import { spelled } from "./rewriter-spelling.ts";

/** Arithmetic by rewriting: the question becomes a formula, and one piece at a time is replaced by its exact value. */
export function rewrite(question: string): Outcome {
	const formula = spelled(question);
	return formula === null ? notUnderstood : rewriteFormula(formula.text, formula.suffix);
}

/** Rewrites a formula of digits, brackets and `+ - * / ^ % & ~` to its value; also what conversions are made of. */
export function rewriteFormula(formula: string, suffix: string): Outcome {
	if (deepest(formula) > nestingMax) return faults.nesting;
	const steps: string[] = [];
	let term = withFractions(formula);
	for (let turn = 0; turn <= formula.length * 2; turn += 1) {
		if (typeof term !== "string") return term;
		const value = asFraction(term);
		if (value !== null)
			return { status: "solved", result: `${fractionText(value.top, value.bottom)}${suffix}`, steps };
		const next: Step | null = inBrackets(term);
		if (next === null) return notUnderstood;
		if (typeof next === "string" && steps.length < stepsMax)
			steps.push(stepText(steps.length === 0 ? term : "", next));
		term = next;
	}
	return notUnderstood;
}

/** A term is text in which every number stands as `<top|bottom>`. A step is the term after one replacement. */
type Step = string | Fault;
type Rule = readonly [pattern: RegExp, replacement: (parts: readonly Fraction[], operator: string) => Fraction | Fault];

const lineCharsMax = 400;
const number = "<(-?\\d+)\\|(\\d+)>";
const hundred: Fraction = { top: 100n, bottom: 1n };
const one: Fraction = { top: 1n, bottom: 1n };

/** In order: the first rule that fits is applied once. The kept text before and after is captured first and last. */
const rules: readonly Rule[] = [
	[new RegExp(`^(.*?)${number}()(%)(.*)$`), ([a = one]) => quotient(a, hundred)],
	[new RegExp(`^(.*)${number}(\\^\\+*)${number}((?!\\^).*)$`), ([a = one, b = one]) => power(a, b)],
	[new RegExp(`^(.*\\^[-+]*)([-+])${number}(.*)$`), ([a = one], sign) => signed(a, sign)],
	[new RegExp(`^((?:.*?[-+*/&~])??)([-+])${number}(.*)$`), ([a = one], sign) => signed(a, sign)],
	[new RegExp(`^(.*?)${number}([*/&~])${number}(.*)$`), ([a = one, b = one], operator) => scaled(a, operator, b)],
	[
		new RegExp(`^(.*?)${number}([-+])${number}(.*)$`),
		([a = one, b = one], operator) => (operator === "+" ? sum(a, b) : difference(a, b)),
	],
];

/** Works on the first innermost bracket, which loses its brackets once it is a single number. */
function inBrackets(term: string): Step | null {
	const group = /\(([^()]*)\)/.exec(term);
	if (group === null) return /[()]/.test(term) ? null : once(term);
	const inside = group[1] ?? "";
	const before = term.slice(0, group.index);
	const after = term.slice(group.index + group[0].length);
	if (asFraction(inside) !== null) return `${before}${inside}${after}`;
	const next = once(inside);
	return typeof next === "string" ? `${before}(${next})${after}` : next;
}

function once(term: string): Step | null {
	for (const [pattern, replacement] of rules) {
		const match = pattern.exec(term);
		if (match === null) continue;
		const value = replacement(operands(match), operatorOf(match));
		return "status" in value ? value : `${match[1] ?? ""}${written(value)}${match.at(-1) ?? ""}`;
	}
	return null;
}

/** Tops and bottoms are the captured runs of digits that stand next to each other. */
function operands(match: RegExpExecArray): readonly Fraction[] {
	const parts = match.slice(2, -1);
	return parts.flatMap((part, i) =>
		isDigits(part) && isDigits(parts[i + 1]) ? [{ top: BigInt(part), bottom: BigInt(parts[i + 1] ?? "1") }] : [],
	);
}

function operatorOf(match: RegExpExecArray): string {
	return match.slice(2, -1).find((part) => part !== "" && !isDigits(part)) ?? "";
}

function isDigits(part: string | undefined): boolean {
	return part !== undefined && /^-?\d+$/.test(part);
}

function signed(a: Fraction, sign: string): Fraction {
	return sign === "-" ? { top: -a.top, bottom: a.bottom } : a;
}

function scaled(a: Fraction, operator: string, b: Fraction): Fraction | Fault {
	if (operator === "*") return product(a, b);
	if (operator === "/") return quotient(a, b);
	const percent = operator === "&" ? a : signed(a, "-");
	const factor = fraction(percent.top + 100n * percent.bottom, 100n * percent.bottom);
	return "status" in factor ? factor : product(b, factor);
}

function withFractions(formula: string): Step {
	let fault: Fault | null = null;
	const term = formula.replace(/\d*\.?\d+/g, (decimal) => {
		const value = fractionOf(decimal);
		if ("status" in value) fault ??= value;
		return "status" in value ? decimal : written(value);
	});
	return fault ?? term;
}

function asFraction(term: string): Fraction | null {
	const match = /^<(-?\d+)\|(\d+)>$/.exec(term);
	return match === null ? null : { top: BigInt(match[1] ?? "0"), bottom: BigInt(match[2] ?? "1") };
}

function written(value: Fraction): string {
	return `<${value.top}|${value.bottom}>`;
}

function stepText(before: string, after: string): string {
	return before.length + after.length > lineCharsMax
		? "= (too long to show)"
		: `${readable(before)} = ${readable(after)}`.trim();
}

/** The term for people: whole numbers bare, others as `top/bottom` in brackets. */
function readable(term: string): string {
	const bare = term.replace(/<(-?\d+)\|1>/g, "$1").replace(/<(-?\d+)\|(\d+)>/g, "($1/$2)");
	return bare.replaceAll("&", "% more than ").replaceAll("~", "% less than ").replaceAll("*", "×");
}

function deepest(formula: string): number {
	let depth = 0;
	let most = 0;
	for (const character of formula) {
		if (character === "(") depth += 1;
		if (character === ")") depth -= 1;
		most = Math.max(most, depth);
	}
	return most;
}
