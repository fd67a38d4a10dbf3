/** A day of the Gregorian calendar; `month` from 1. */
export type Day = { readonly year: number; readonly month: number; readonly day: number };

export const monthNames = [
	"January",
	"February",
	"March",
	"April",
	"May",
	"June",
	"July",
	"August",
	"September",
	"October",
	"November",
	"December",
] as const;
export const weekdayNames = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;

/** `24 February 2026`. */
export function dayText({ year, month, day }: Day): string {
	return `${day} ${monthNames[month - 1] ?? "?"} ${year}`;
}

/** `1 day`, `90 days`. */
export function daysText(days: number): string {
	return `${days} ${Math.abs(days) === 1 ? "day" : "days"}`;
}
