import { dayText, daysText, monthNames, weekdayNames, type Day } from "./date-text.ts";
import { daysMax, faults, impossible, notUnderstood, yearMax, yearMin, type Fault, type Outcome } from "./outcome.ts";

/** Dates by Julian day numbers: every day is one integer, so a span is a subtraction. */
export function reckonByJulianDay(question: string): Outcome {
	const text = question
		.toLowerCase()
		.replace(/\s+/g, " ")
		.replace(/(?: please|[ ?.!])+$/, "")
		.trim();
	const span = spans.exec(text);
	if (span !== null) return spanned(span[1] ?? "", span[2] ?? "", span[3] ?? "");
	const shift = shifts.exec(text);
	if (shift !== null) return shifted(daysOf(shift), shift[4] ?? "");
	const weekday = weekdays.exec(text);
	return weekday === null ? notUnderstood : namedDay(weekday[1] ?? "");
}

const spans =
	/^(?:how many days(?: are)?(?: there)?(?: is it)?|(?:the )?(?:number of )?days) (from|between) (.+?) (?:to|and|until|till) (.+)$/;
const shifts =
	/^(?:(?:what|which) (?:date|day) is(?: it)? |what is the date |what's the date )?(\d{1,9}|a|one) (days?|weeks?) (after|before|from) (.+)$/;
const weekdays = /^(?:(?:what|which) (?:weekday|day of the week|day) (?:is|was|will be)|weekday) (.+)$/;
const forms = [
	/^(?:the )?(?<day>\d{1,2})(?:st|nd|rd|th)? (?:of )?(?<month>[a-z]+),?(?: (?<year>\d{4}))?$/,
	/^(?<month>[a-z]+) (?<day>\d{1,2})(?:st|nd|rd|th)?,?(?: (?<year>\d{4}))?$/,
	/^(?<year>\d{4})-(?<number>\d{2})-(?<day>\d{2})$/,
] as const;

type Written = { readonly day: number; readonly month: number; readonly year: number | null };

function spanned(kind: string, from: string, to: string): Outcome {
	const [first, second] = [written(from), written(to)];
	if (first === null || second === null) return notUnderstood;
	const [a, b] = [numbered(first, second.year), numbered(second, first.year)];
	if (typeof a !== "number") return a;
	if (typeof b !== "number") return b;
	const days = kind === "between" ? Math.abs(b - a) : b - a;
	return { status: "solved", result: daysText(days), steps: [`Julian days ${b} - ${a} = ${b - a}`] };
}

function shifted(days: number, from: string): Outcome {
	const start = written(from);
	if (start === null) return notUnderstood;
	if (Math.abs(days) > daysMax) return faults.days;
	const number = numbered(start, null);
	if (typeof number !== "number") return number;
	const day = dayOf(number + days);
	if (day.year < yearMin || day.year > yearMax) return faults.date;
	return {
		status: "solved",
		result: `${weekdayOf(number + days)} ${dayText(day)}`,
		steps: [`Julian day ${number} + ${days} = ${number + days}`],
	};
}

function namedDay(text: string): Outcome {
	const start = written(text);
	if (start === null) return notUnderstood;
	const number = numbered(start, null);
	if (typeof number !== "number") return number;
	return {
		status: "solved",
		result: weekdayOf(number),
		steps: [`Julian day ${number} leaves ${number % 7} when divided by 7`],
	};
}

function daysOf(shift: RegExpExecArray): number {
	const count = /\d/.test(shift[1] ?? "") ? Number(shift[1]) : 1;
	return count * (shift[2]?.startsWith("week") === true ? 7 : 1) * (shift[3] === "before" ? -1 : 1);
}

function written(text: string): Written | null {
	const groups = forms.map((form) => form.exec(text)?.groups).find((match) => match !== undefined);
	if (groups === undefined) return null;
	const month = groups["number"] === undefined ? monthNumbered(groups["month"] ?? "") : Number(groups["number"]);
	return month === 0
		? null
		: { day: Number(groups["day"]), month, year: groups["year"] === undefined ? null : Number(groups["year"]) };
}

/** The name in full or its first three letters (and `sept`); 0 for anything else. */
function monthNumbered(word: string): number {
	return (
		1 +
		monthNames.findIndex(
			(name) =>
				name.toLowerCase() === word ||
				(name.slice(0, 3).toLowerCase() === word.slice(0, 3) && (word.length === 3 || word === "sept")),
		)
	);
}

/** The formula of Fliegel and Van Flandern (1968); a day that comes back as another one never existed. */
function numbered(date: Written, yearElse: number | null): number | Fault {
	const year = date.year ?? yearElse;
	if (year === null) return impossible("a year is missing");
	if (year < yearMin || year > yearMax || date.month > 12) return faults.date;
	const early = Math.trunc((date.month - 14) / 12);
	const years = year + 4800 + early;
	const months = Math.trunc((367 * (date.month - 2 - early * 12)) / 12);
	const number =
		Math.trunc((1461 * years) / 4) +
		months -
		Math.trunc((3 * Math.trunc((years + 100) / 100)) / 4) +
		date.day -
		32_075;
	const back = dayOf(number);
	return back.day === date.day && back.month === date.month ? number : faults.date;
}

function dayOf(number: number): Day {
	const shiftedDays = number + 68_569;
	const centuries = Math.trunc((4 * shiftedDays) / 146_097);
	const inCentury = shiftedDays - Math.trunc((146_097 * centuries + 3) / 4);
	const years = Math.trunc((4000 * (inCentury + 1)) / 1_461_001);
	const inYear = inCentury - Math.trunc((1461 * years) / 4) + 31;
	const months = Math.trunc((80 * inYear) / 2447);
	const late = Math.trunc(months / 11);
	return {
		day: inYear - Math.trunc((2447 * months) / 80),
		month: months + 2 - 12 * late,
		year: 100 * (centuries - 49) + years + late,
	};
}

function weekdayOf(number: number): string {
	return weekdayNames[number % 7] ?? "?";
}
