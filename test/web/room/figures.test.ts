import { expect, test } from "vitest";
import { clockText, countText, counted, dollarsText } from "../../../src/web/room/figures.ts";

test.each([
	[-1, "0:00"],
	[59_999, "0:59"],
	[60_000, "1:00"],
	[754_000, "12:34"],
	[3_600_000, "1:00:00"],
])("%d ms are %s", (ms, text) => {
	expect(clockText(ms)).toBe(text);
});

test.each([
	[null, "unknown"],
	[0, "$0"],
	[0.001_24, "$0.0012"],
	[0.01, "$0.01"],
	[12.345, "$12.35"],
])("%j dollars are %s", (usd, text) => {
	expect(dollarsText(usd)).toBe(text);
});

test.each([
	[999, "999"],
	[1000, "1.0k"],
	[12_345, "12k"],
	[999_999, "1000k"],
	[1_000_000, "1.0M"],
])("%d are %s", (count, text) => {
	expect(countText(count)).toBe(text);
});

test("one is one, more are many", () => {
	expect([counted(1, "vote"), counted(0, "vote"), counted(2, "entry", "entries")]).toEqual([
		"1 vote",
		"0 votes",
		"2 entries",
	]);
});
