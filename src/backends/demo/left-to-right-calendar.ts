import { monthNames } from "./date-text.ts";

/** A date as it was written, perhaps without a year. */
export type PartialDay = { readonly day: number; readonly month: number; readonly year: number | null };

export type Asked =
	| { readonly kind: "span"; readonly from: PartialDay; readonly to: PartialDay; readonly signed: boolean }
	| { readonly kind: "shift"; readonly from: PartialDay; readonly days: number }
	| { readonly kind: "weekday"; readonly day: PartialDay };

/** Reads a date question word by word: the dates in it, a count of days, and which way; null if words are left over. */
export function askedOf(question: string): Asked | null {
	const read = sorted(wordsOf(question));
	if (read === null) return null;
	const [first, second] = read.dates;
	if (first === undefined || read.dates.length > 2) return null;
	if (second !== undefined) return read.count === null ? spanOf(first, second, read.words) : null;
	if (read.count !== null) return shiftOf(first, read.count, read.words);
	const named = read.words.has("weekday") || read.words.has("day");
	return named && !read.words.has("days") ? { kind: "weekday", day: first } : null;
}

type Read = { readonly dates: PartialDay[]; readonly words: Set<string>; count: number | null };

const known: ReadonlySet<string> = new Set(
	`how many what which what's is was will be are there it the number of please a one
		date day days week weeks weekday from between to and until till after before`.split(/\s+/),
);

function spanOf(from: PartialDay, to: PartialDay, words: ReadonlySet<string>): Asked | null {
	const signed = words.has("from");
	return words.has("days") && (signed || words.has("between")) ? { kind: "span", from, to, signed } : null;
}

function shiftOf(from: PartialDay, count: number, words: ReadonlySet<string>): Asked | null {
	const unit = words.has("week") || words.has("weeks") ? 7 : 1;
	const way = words.has("before") ? -1 : 1;
	return ["before", "after", "from"].some((word) => words.has(word))
		? { kind: "shift", from, days: count * unit * way }
		: null;
}

function sorted(words: readonly string[]): Read | null {
	const read: Read = { dates: [], words: new Set(), count: null };
	let at = 0;
	while (at < words.length) {
		const date = dateAt(words, at);
		const word = words[at] ?? "";
		if (date !== null) read.dates.push(date.date);
		else if (isCount(word, words[at + 1]) && read.count === null) read.count = /\d/.test(word) ? Number(word) : 1;
		else if (known.has(word)) read.words.add(word);
		else return null;
		at += date?.words ?? 1;
	}
	return read;
}

function isCount(word: string, next: string | undefined): boolean {
	return /^(?:\d{1,9}|a|one)$/.test(word) && /^(?:day|week)s?$/.test(next ?? "");
}

function wordsOf(question: string): readonly string[] {
	const words = question
		.toLowerCase()
		.replace(/[?!.,]/g, " ")
		.split(/\s+/);
	return words.map((word) => word.replace(/^(\d{1,2})(?:st|nd|rd|th)$/, "$1")).filter((word) => word !== "");
}

/** `3 march 2026`, `march 3 2026`, either without its year, or `2026-03-03`. */
function dateAt(words: readonly string[], at: number): { readonly date: PartialDay; readonly words: number } | null {
	const [first = "", second = "", third = "", fourth = ""] = words.slice(at);
	const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(first);
	if (iso !== null) return { date: { year: Number(iso[1]), month: Number(iso[2]), day: Number(iso[3]) }, words: 1 };
	if (second === "of" && monthOf(third) > 0) return withYear({ day: first, month: monthOf(third) }, fourth, 3);
	if (monthOf(second) > 0) return withYear({ day: first, month: monthOf(second) }, third, 2);
	return monthOf(first) > 0 ? withYear({ day: second, month: monthOf(first) }, third, 2) : null;
}

function withYear(
	date: { readonly day: string; readonly month: number },
	year: string,
	words: number,
): { readonly date: PartialDay; readonly words: number } | null {
	if (!/^\d{1,2}$/.test(date.day)) return null;
	const hasYear = /^\d{4}$/.test(year);
	return {
		date: { day: Number(date.day), month: date.month, year: hasYear ? Number(year) : null },
		words: hasYear ? words + 1 : words,
	};
}

function monthOf(word: string): number {
	return (
		monthNames.findIndex((name) =>
			word === "sept"
				? name === "September"
				: word.length >= 3 && (name.toLowerCase() === word || name.slice(0, 3).toLowerCase() === word),
		) + 1
	);
}
