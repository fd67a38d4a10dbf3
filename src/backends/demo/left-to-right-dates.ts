import { dayText, daysText, monthNames, weekdayNames, type Day } from "./date-text.ts";
import { askedOf, type PartialDay } from "./left-to-right-calendar.ts";
import { daysMax, faults, impossible, notUnderstood, yearMax, yearMin, type Fault, type Outcome } from "./outcome.ts";

/** Dates by turning the leaves of a calendar: month after month, counting as it goes. */
export function reckonByWalking(question: string): Outcome {
	const asked = askedOf(question);
	switch (asked?.kind) {
		case "span": {
			const [from, to] = [placed(asked.from, asked.to.year), placed(asked.to, asked.from.year)];
			if ("status" in from) return from;
			return "status" in to ? to : spanned(from, to, asked.signed);
		}
		case "shift": {
			if (Math.abs(asked.days) > daysMax) return faults.days;
			const from = placed(asked.from, null);
			return "status" in from ? from : shifted(from, asked.days);
		}
		case "weekday": {
			const day = placed(asked.day, null);
			return "status" in day
				? day
				: {
						status: "solved",
						result: weekdayOf(day),
						steps: [`${walked(knownDay, day)} days from ${dayText(knownDay)}, a ${knownWeekday}`],
					};
		}
		case undefined:
			return notUnderstood;
	}
}

const knownDay: Day = { year: 2000, month: 1, day: 1 };
const knownWeekday = "Saturday";

function placed(date: PartialDay, yearElse: number | null): Day | Fault {
	const year = date.year ?? yearElse;
	if (year === null) return impossible("a year is missing");
	const exists =
		year >= yearMin &&
		year <= yearMax &&
		date.month >= 1 &&
		date.month <= 12 &&
		date.day >= 1 &&
		date.day <= leaf(year, date.month);
	return exists ? { year, month: date.month, day: date.day } : faults.date;
}

function spanned(from: Day, to: Day, signed: boolean): Outcome {
	const days = walked(from, to);
	return {
		status: "solved",
		result: daysText(signed ? days : Math.abs(days)),
		steps: [`turned the calendar from ${dayText(from)} to ${dayText(to)}: ${days} days`],
	};
}

function shifted(from: Day, days: number): Outcome {
	let { year, month } = from;
	let day = from.day + days;
	// Every turn moves a month and `days` is bounded, so this ends.
	while (day < 1 || day > leaf(year, month)) {
		if (day < 1) {
			[year, month] = month === 1 ? [year - 1, 12] : [year, month - 1];
			day += leaf(year, month);
		} else {
			day -= leaf(year, month);
			[year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
		}
		if (year < yearMin || year > yearMax) return faults.date;
	}
	const end = { year, month, day };
	return {
		status: "solved",
		result: `${weekdayOf(end)} ${dayText(end)}`,
		steps: [
			`turned the calendar ${days} days on from ${dayText(from)}, ending in ${monthNames[month - 1] ?? "?"} ${year}`,
		],
	};
}

/** Days from one day to another, negative when it lies before. */
function walked(from: Day, to: Day): number {
	if (isBefore(to, from)) return -walked(to, from);
	let days = 0;
	let { year, month } = from;
	while (year < to.year || month < to.month) {
		days += leaf(year, month);
		[year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
	}
	return days - from.day + to.day;
}

function isBefore(a: Day, b: Day): boolean {
	if (a.year !== b.year) return a.year < b.year;
	return a.month === b.month ? a.day < b.day : a.month < b.month;
}

/** `Thirty days hath September, April, June, and November.` */
function leaf(year: number, month: number): number {
	if (month === 2) return (year % 25 === 0 ? year % 16 === 0 : year % 4 === 0) ? 29 : 28;
	return [9, 4, 6, 11].includes(month) ? 30 : 31;
}

function weekdayOf(day: Day): string {
	const days = walked(knownDay, day);
	return weekdayNames[(((weekdayNames.indexOf(knownWeekday) + days) % 7) + 7) % 7] ?? "?";
}
