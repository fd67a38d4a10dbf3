import { dayText, daysText, monthNames, weekdayNames, type Day } from "./date-text.ts";
import { daysMax, faults, impossible, notUnderstood, yearMax, yearMin, type Outcome } from "./outcome.ts";

/** Dates by rewriting the question until only ISO dates are left, then counting by years passed and days of the year. */
export function reckonByYearDays(question: string): Outcome {
	const asked = rules
		.reduce((text, [pattern, by]) => text.replace(pattern, by), ` ${question.toLowerCase()} `)
		.trim();
	const dated = withYears(asked);
	if (dated === null) return looksDated(asked) ? impossible("a year is missing") : notUnderstood;
	const span = /^(from|between) (\S+) to (\S+)$/.exec(dated);
	if (span !== null) return spanned(span[1] ?? "", dayFrom(span[2] ?? ""), dayFrom(span[3] ?? ""));
	const shift = /^([+-])(\d{1,9}) ([dw]) (\S+)$/.exec(dated);
	if (shift !== null)
		return shifted(Number(`${shift[1]}${shift[2]}`) * (shift[3] === "w" ? 7 : 1), dayFrom(shift[4] ?? ""));
	const weekday = /^weekday (\S+)$/.exec(dated);
	return weekday === null ? notUnderstood : namedDay(dayFrom(weekday[1] ?? ""));
}

type Replacement = readonly [pattern: RegExp, by: string];

/** Every month becomes `#3#`, every date `2026-3-3` or, without its year, `?-3-3`; then the wording around them. */
const rules: readonly Replacement[] = [
	[/\s+/g, " "],
	[/(?: please|[ ?.!])+$/, " "],
	...monthNames.map((name, i): Replacement => [
		new RegExp(` (?:${name}|${name.slice(0, 3)}${i === 8 ? "t?" : ""})(?=[ ,])`, "gi"),
		` #${i + 1}#`,
	]),
	[/ (?:the )?(\d{1,2})(?:st|nd|rd|th)? (?:of )?#(\d+)#,? (\d{4})(?= )/g, " $3-$2-$1"],
	[/ #(\d+)# (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?= )/g, " $3-$1-$2"],
	[/ (?:the )?(\d{1,2})(?:st|nd|rd|th)? (?:of )?#(\d+)#,?(?= )/g, " ?-$2-$1"],
	[/ #(\d+)# (\d{1,2})(?:st|nd|rd|th)?,?(?= )/g, " ?-$1-$2"],
	[
		/^ (?:how many days(?: are)?(?: there)?(?: is it)?|(?:the )?(?:number of )?days) (from|between) (\S+) (?:to|and|until|till) /,
		" $1 $2 to ",
	],
	[/^ (?:(?:what|which) (?:date|day) is(?: it)?|what is the date|what's the date) /, " when "],
	[/^(?: when)? (?:a|one) (?=days?|weeks?)/, " 1 "],
	[/^(?: when)? (\d{1,9}) ([dw])(?:ays?|eeks?) (?:after|from) /, " +$1 $2 "],
	[/^(?: when)? (\d{1,9}) ([dw])(?:ays?|eeks?) before /, " -$1 $2 "],
	[/^ (?:when|(?:what|which) (?:weekday|day of the week|day) (?:is|was|will be)) (?=\S+ $)/, " weekday "],
];

/** A date without a year takes that of the other one; null where a year stays unknown or a month stands alone. */
function withYears(text: string): string | null {
	const year = /(?<= )(\d{4})-\d/.exec(text)?.[1];
	const filled = year === undefined ? text : text.replaceAll("?-", `${year}-`);
	return /[?#]/.test(filled) ? null : filled;
}

function looksDated(text: string): boolean {
	return (
		/^(?:(?:from|between) \S+ to \S+|[+-]\d+ [dw] \S+|weekday \S+)$/.test(text) &&
		/\?-\d/.test(text) &&
		!text.includes("#")
	);
}

/** Null where the text is no date at all; `none` where it names a day that never was. */
function dayFrom(text: string): Day | "none" | null {
	const match = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
	if (match === null) return null;
	const [year, month, day] = match.slice(1).map(Number);
	if (year === undefined || month === undefined || day === undefined) return null;
	const exists =
		year >= yearMin && year <= yearMax && month >= 1 && month <= 12 && day >= 1 && day <= lengthOf(month, year);
	return exists ? { year, month, day } : "none";
}

function spanned(kind: string, from: Day | "none" | null, to: Day | "none" | null): Outcome {
	if (from === null || to === null) return notUnderstood;
	if (from === "none" || to === "none") return faults.date;
	const [first, second] = [ordinal(from), ordinal(to)];
	const steps = [
		`${dayText(to)} is day ${second} and ${dayText(from)} day ${first} since the year 1`,
		`${second}-${first} = ${second - first}`,
	];
	return {
		status: "solved",
		result: daysText(kind === "between" ? Math.abs(second - first) : second - first),
		steps,
	};
}

function shifted(days: number, from: Day | "none" | null): Outcome {
	if (from === null) return notUnderstood;
	if (Math.abs(days) > daysMax) return faults.days;
	if (from === "none") return faults.date;
	const day = dayOf(ordinal(from) + days);
	if (day.year < yearMin || day.year > yearMax) return faults.date;
	return {
		status: "solved",
		result: `${weekdayOf(day)} ${dayText(day)}`,
		steps: [`day ${ordinal(from)} since the year 1, and ${days} more: ${ordinal(day)}`],
	};
}

function namedDay(day: Day | "none" | null): Outcome {
	if (day === null) return notUnderstood;
	if (day === "none") return faults.date;
	return {
		status: "solved",
		result: weekdayOf(day),
		steps: [`Zeller's congruence for ${day.year}-${day.month}-${day.day}`],
	};
}

const lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

function isLeap(year: number): boolean {
	return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function lengthOf(month: number, year: number): number {
	return (lengths[month - 1] ?? 0) + (month === 2 && isLeap(year) ? 1 : 0);
}

function daysBeforeYear(year: number): number {
	const past = year - 1;
	return 365 * past + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
}

function ordinal({ year, month, day }: Day): number {
	const before = lengths.slice(0, month - 1).reduce<number>((total, length) => total + length, 0);
	return daysBeforeYear(year) + before + (month > 2 && isLeap(year) ? 1 : 0) + day;
}

function dayOf(number: number): Day {
	const guess = Math.ceil(number / 365.2425);
	const year = [guess + 1, guess, guess - 1].find((candidate) => daysBeforeYear(candidate) < number) ?? guess;
	let day = number - daysBeforeYear(year);
	let month = 1;
	while (month < 12 && day > lengthOf(month, year)) {
		day -= lengthOf(month, year);
		month += 1;
	}
	return { year, month, day };
}

/** Zeller's congruence, in which January and February belong to the year before; its 0 is Saturday. */
function weekdayOf({ year, month, day }: Day): string {
	const [y, m] = month < 3 ? [year - 1, month + 12] : [year, month];
	const h =
		(day + Math.floor((13 * (m + 1)) / 5) + y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400)) % 7;
	return weekdayNames[(h + 5) % 7] ?? "?";
}
