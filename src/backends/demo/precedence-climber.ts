import { faults, nestingMax, notUnderstood, stepsMax, type Fault, type Outcome } from "./outcome.ts";
import { measured, measuredText, negated, over, plus, times, toPower, type MeasuredFloat } from "./measured-float.ts";
import { tokensOf, type Sign, type Token } from "./precedence-tokens.ts";

/** Arithmetic by precedence climbing: one pass over tokens, each operator binding as strongly as algebra says. */
export function climb(question: string): Outcome {
	const tokens = tokensOf(question);
	if (tokens === null) return notUnderstood;
	const cursor: Cursor = { tokens, at: 0, depth: 0, fault: null, steps: [] };
	const { value, suffix } = whole(cursor);
	if (cursor.at < tokens.length) return cursor.fault === faults.nesting ? cursor.fault : notUnderstood;
	if (cursor.fault !== null) return cursor.fault;
	const text = measuredText(value);
	return text === null ? faults.digits : { status: "solved", result: `${text}${suffix}`, steps: cursor.steps };
}

/** The first fault stays; after it the climb only finds out whether the rest could be read. */
type Cursor = {
	readonly tokens: readonly Token[];
	at: number;
	depth: number;
	fault: Fault | null;
	readonly steps: string[];
};
type Apply = (a: MeasuredFloat, b: MeasuredFloat) => MeasuredFloat | Fault;
type Operator = { readonly binds: number; readonly right: number; readonly word: string; readonly apply: Apply };

const hundred: MeasuredFloat = { value: 100, error: 0 };
const one: MeasuredFloat = { value: 1, error: 0 };
const nothing: MeasuredFloat = { value: Number.NaN, error: 0 };
const negation = 25;

/** `right` is the least binding its right operand may have: below `binds` where the operator groups to the right. */
const operators: Partial<Record<Sign, Operator>> = {
	"+": { binds: 10, right: 11, word: "+", apply: plus },
	"-": { binds: 10, right: 11, word: "-", apply: (a, b) => plus(a, negated(b)) },
	"*": { binds: 20, right: 21, word: "×", apply: times },
	"/": { binds: 20, right: 21, word: "÷", apply: over },
	more: { binds: 20, right: 21, word: "% more than", apply: (a, b) => changed(a, b) },
	less: { binds: 20, right: 21, word: "% less than", apply: (a, b) => changed(negated(a), b) },
	"^": { binds: 30, right: 30, word: "^", apply: toPower },
};

function whole(cursor: Cursor): { readonly value: MeasuredFloat; readonly suffix: string } {
	if (take(cursor, "share")) {
		const base = expression(cursor, 0);
		if (!take(cursor, "is")) return { value: failed(cursor, notUnderstood), suffix: "" };
		return { value: share(cursor, expression(cursor, 0), base), suffix: "%" };
	}
	const value = expression(cursor, 0);
	if (!take(cursor, "is")) return { value, suffix: "" };
	if (!take(cursor, "share")) return { value: failed(cursor, notUnderstood), suffix: "" };
	return { value: share(cursor, value, expression(cursor, 0)), suffix: "%" };
}

function share(cursor: Cursor, part: MeasuredFloat, base: MeasuredFloat): MeasuredFloat {
	const ratio = applied(cursor, "÷", over, [part, base]);
	return applied(cursor, "×", times, [ratio, hundred]);
}

function expression(cursor: Cursor, bindsMin: number): MeasuredFloat {
	let left = percentages(cursor, operand(cursor));
	for (let token = cursor.tokens[cursor.at]; token !== undefined; token = cursor.tokens[cursor.at]) {
		const operator = token.kind === "number" ? undefined : operators[token.kind];
		if (operator === undefined || operator.binds < bindsMin) return left;
		cursor.at += 1;
		left = applied(cursor, operator.word, operator.apply, [left, expression(cursor, operator.right)]);
	}
	return left;
}

function operand(cursor: Cursor): MeasuredFloat {
	const token = cursor.tokens[cursor.at];
	cursor.at += 1;
	switch (token?.kind) {
		case "number":
			return kept(cursor, measured(token.value));
		case "+":
			return expression(cursor, negation);
		case "-":
			return negated(expression(cursor, negation));
		case "(":
			return bracket(cursor);
		default:
			return failed(cursor, notUnderstood);
	}
}

function bracket(cursor: Cursor): MeasuredFloat {
	if (cursor.depth === nestingMax) return failed(cursor, faults.nesting);
	cursor.depth += 1;
	const inside = expression(cursor, 0);
	cursor.depth -= 1;
	return take(cursor, ")") ? inside : failed(cursor, notUnderstood);
}

function percentages(cursor: Cursor, value: MeasuredFloat): MeasuredFloat {
	let left = value;
	while (take(cursor, "%")) left = applied(cursor, "÷", over, [left, hundred]);
	return left;
}

function changed(percent: MeasuredFloat, base: MeasuredFloat): MeasuredFloat | Fault {
	const part = over(percent, hundred);
	if ("status" in part) return part;
	const factor = plus(one, part);
	return "status" in factor ? factor : times(base, factor);
}

function applied(
	cursor: Cursor,
	word: string,
	apply: Apply,
	[a, b]: readonly [MeasuredFloat, MeasuredFloat],
): MeasuredFloat {
	if (cursor.fault !== null) return nothing;
	const value = kept(cursor, apply(a, b));
	if (cursor.fault === null && cursor.steps.length < stepsMax)
		cursor.steps.push(`${shown(a)} ${word} ${shown(b)} = ${shown(value)}`);
	return value;
}

function shown(value: MeasuredFloat): string {
	return (measuredText(value) ?? "?").replace("≈ ", "");
}

function kept(cursor: Cursor, value: MeasuredFloat | Fault): MeasuredFloat {
	return "status" in value ? failed(cursor, value) : value;
}

/** What cannot be read outweighs what cannot be computed, but for a nesting that was never looked into. */
function failed(cursor: Cursor, fault: Fault): MeasuredFloat {
	if (cursor.fault === null || (fault === notUnderstood && cursor.fault !== faults.nesting)) cursor.fault = fault;
	return nothing;
}

function take(cursor: Cursor, kind: Sign): boolean {
	if (cursor.tokens[cursor.at]?.kind !== kind) return false;
	cursor.at += 1;
	return true;
}
