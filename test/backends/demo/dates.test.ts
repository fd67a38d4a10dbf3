import { expect, test } from "vitest";
import { resultOf } from "../../../src/backends/demo/answer-text.ts";
import { reckonByWalking } from "../../../src/backends/demo/left-to-right-dates.ts";
import { reckonByJulianDay } from "../../../src/backends/demo/precedence-dates.ts";
import { reckonByYearDays } from "../../../src/backends/demo/rewriter-dates.ts";
import { notUnderstood } from "../../../src/backends/demo/outcome.ts";

const calendars = [reckonByJulianDay, reckonByYearDays, reckonByWalking];
const noDate = "none (no such date (years 1583 to 9999))";

test.each<[question: string, result: string]>([
	["How many days from 3 March to 1 June 2026?", "90 days"],
	["How many days are there between March 3, 2026 and 2026-06-01?", "90 days"],
	["days between 1 June 2026 and 3 March 2026", "90 days"],
	["how many days from 1 June to 3 March 2026", "-90 days"],
	["how many days from 28 February 2024 to 1 March", "2 days"],
	["how many days from 28 February 2100 until 1 March 2100", "1 day"],
	["how many days from 28 February 2000 till 1 March 2000", "2 days"],
	["number of days between 5 May 2026 and 5 May 2026", "0 days"],
	["what date is 45 days after 10 Jan 2026", "Tuesday 24 February 2026"],
	["what date is 45 days from 10 Jan 2026", "Tuesday 24 February 2026"],
	["2 weeks before 1 march 2024", "Friday 16 February 2024"],
	["What is the date a week from 28 february 2024?", "Wednesday 6 March 2024"],
	["which day is 1 day before 1 january 2026?", "Wednesday 31 December 2025"],
	["What is the date 100 days after the 1st of January 2026?", "Saturday 11 April 2026"],
	["what weekday is 4 July 2026", "Saturday"],
	["What day of the week was the 20th of July, 1969?", "Sunday"],
	["weekday 4 July 2026", "Saturday"],
	["which weekday is sept 5 2026", "Saturday"],
	["what day is 2000-01-01", "Saturday"],
	["what weekday is 29 feb 2000", "Tuesday"],
	["what day was 1 jan 1583", "Saturday"],
	["what day was 31 dec 1582", noDate],
	["what day will be 31 dec 9999", "Friday"],
	["1 day after 31 december 9999", noDate],
	["1 day before 1 january 1583", noDate],
	["what weekday is 29 feb 1900", noDate],
	["what weekday is 30 February 2026", noDate],
	["what weekday is 2026-13-01", noDate],
	["what weekday is 0 May 2026", noDate],
	["what weekday is 4 July", "none (a year is missing)"],
	["how many days from 3 March to 1 June", "none (a year is missing)"],
	["3000000 days before 1 jan 9999", "Tuesday 12 April 1785"],
	["3000001 days before 1 jan 9999", "none (more than 3000000 days)"],
])("all three methods answer %s with %s", (question, result) => {
	expect(calendars.map((reckon) => resultOf(reckon(question)))).toEqual([result, result, result]);
});

test.each<[question: string]>([
	["What day is it today?"],
	["what date is 45 days after tomorrow"],
	["how many days in 2 weeks"],
	["how many days until 1 june 2026"],
	["what weekday is May 2026"],
	["what happened on 4 July 1776"],
	["in may 2026"],
	[""],
])("none of the methods takes %j for a date question", (question) => {
	expect(calendars.map((reckon) => reckon(question))).toEqual([notUnderstood, notUnderstood, notUnderstood]);
});

test("each method shows its own way of counting", () => {
	expect(calendars.map((reckon) => reckon("How many days from 3 March to 1 June 2026?"))).toEqual([
		{ status: "solved", result: "90 days", steps: ["Julian days 2461193 - 2461103 = 90"] },
		{
			status: "solved",
			result: "90 days",
			steps: ["1 June 2026 is day 739768 and 3 March 2026 day 739678 since the year 1", "739768-739678 = 90"],
		},
		{
			status: "solved",
			result: "90 days",
			steps: ["turned the calendar from 3 March 2026 to 1 June 2026: 90 days"],
		},
	]);
});
