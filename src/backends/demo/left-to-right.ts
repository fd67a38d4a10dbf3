import {
	exponentMax,
	faults,
	magnitudeMax,
	nestingMax,
	notUnderstood,
	stepsMax,
	type Fault,
	type Outcome,
} from "./outcome.ts";
import { keystrokes, type Key } from "./left-to-right-keys.ts";
import { floatText } from "./number-text.ts";

/** Arithmetic as a pocket calculator does it: each operator at once as it is keyed in, none before another. */
export function press(question: string): Outcome {
	const tape = keystrokes(question);
	return tape === null ? notUnderstood : pressAll(tape.keys, tape.suffix);
}

/** Runs a tape of keys; conversions are such tapes too. */
export function pressAll(keys: readonly Key[], suffix: string): Outcome {
	const steps: string[] = [];
	const display: Display = { open: [emptyEntry()], steps };
	for (const key of keys) {
		const fault = pressed(display, key);
		if (fault !== null) return fault;
	}
	const last = display.open.length === 1 ? settled(display) : notUnderstood;
	return typeof last === "number" ? { status: "solved", result: `${floatText(last)}${suffix}`, steps } : last;
}

/** What stands between two brackets: the running total, the operator waiting for its right side, and that side. */
type Entry = { total: number | null; operator: Operator | null; negative: boolean; entered: number | null };
type Display = { readonly open: Entry[]; readonly steps: string[] };
type Operator = "+" | "-" | "*" | "/" | "^" | "more" | "less";

const keyNames: Record<Operator, string> = {
	"+": "+",
	"-": "-",
	"*": "×",
	"/": "÷",
	"^": "^",
	more: "% more than",
	less: "% less than",
};

/** Twelve are shown; two more guard them, as in a real one. */
const digitsKept = 14;

const compute = {
	"+": (a, b) => a + b,
	"-": (a, b) => a - b,
	"*": (a, b) => a * b,
	"/": (a, b) => (b === 0 ? faults.zero : a / b),
	"^": raised,
	more: (a, b) => b * (1 + a),
	less: (a, b) => b * (1 - a),
} as const satisfies Record<Operator, (a: number, b: number) => number | Fault>;

function pressed(display: Display, key: Key): Fault | null {
	const entry = display.open.at(-1);
	if (entry === undefined) return notUnderstood;
	if (typeof key === "number") return entered(entry, key);
	if (key === "(") return opened(display, entry);
	if (key === ")") return closed(display);
	if (key === "%") return percent(entry);
	if (entry.entered === null) return sign(entry, key);
	const total = settled(display);
	if (typeof total !== "number") return total;
	display.open[display.open.length - 1] = { ...emptyEntry(), total, operator: key };
	return null;
}

function entered(entry: Entry, value: number): Fault | null {
	if (entry.entered !== null) return notUnderstood;
	if (!(value < 10 ** magnitudeMax)) return faults.large;
	entry.entered = entry.negative ? -value : value;
	return null;
}

function opened(display: Display, entry: Entry): Fault | null {
	if (entry.entered !== null) return notUnderstood;
	if (display.open.length > nestingMax) return faults.nesting;
	display.open.push(emptyEntry());
	return null;
}

function closed(display: Display): Fault | null {
	if (display.open.length === 1) return notUnderstood;
	const inside = settled(display);
	if (typeof inside !== "number") return inside;
	display.open.pop();
	const outside = display.open.at(-1);
	if (outside !== undefined) outside.entered = outside.negative ? -inside : inside;
	return null;
}

function percent(entry: Entry): Fault | null {
	if (entry.entered === null) return notUnderstood;
	entry.entered /= 100;
	return null;
}

/** A minus with nothing before it changes the sign of what comes. */
function sign(entry: Entry, key: Operator): Fault | null {
	if (key === "-") entry.negative = !entry.negative;
	return key === "-" || key === "+" ? null : notUnderstood;
}

/** Carries out the waiting operator, whatever it is. */
function settled({ open, steps }: Display): number | Fault {
	const entry = open.at(-1);
	if (entry === undefined || entry.entered === null) return notUnderstood;
	if (entry.operator === null || entry.total === null) return entry.entered;
	const exact = compute[entry.operator](entry.total, entry.entered);
	if (typeof exact !== "number") return exact;
	const value = Number(exact.toPrecision(digitsKept));
	if (!(Math.abs(value) < 10 ** magnitudeMax)) return faults.large;
	if (Math.abs(value) < 10 ** -magnitudeMax && vanished(entry, value)) return faults.small;
	if (steps.length < stepsMax)
		steps.push(`key in ${shown(entry.total)} ${keyNames[entry.operator]} ${shown(entry.entered)}: ${shown(value)}`);
	return value;
}

/** Only these turn two numbers other than zero into a zero that is none. */
const vanishing: ReadonlySet<Operator | null> = new Set<Operator>(["*", "/", "^"]);

function vanished(entry: Entry, value: number): boolean {
	return value !== 0 || (vanishing.has(entry.operator) && entry.total !== 0 && entry.entered !== 0);
}

function raised(base: number, exponent: number): number | Fault {
	if (!Number.isInteger(exponent) || Math.abs(exponent) > exponentMax) return faults.power;
	return base === 0 && exponent < 0 ? faults.zero : base ** exponent;
}

function shown(value: number): string {
	return floatText(value).replace("≈ ", "");
}

function emptyEntry(): Entry {
	return { total: null, operator: null, negative: false, entered: null };
}
