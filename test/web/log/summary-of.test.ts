import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import type { LoggedEvent } from "../../../src/consensus/events.ts";
import { summaryCharsMax, summaryOf } from "../../../src/web/log/summary-of.ts";
import { rowHeightPx, windowOf } from "../../../src/web/log/window-of.ts";
import { logged } from "../state/logged.ts";

const golden = readdirSync("test/logs").filter((name) => name.endsWith(".ndjson"));
const parsed = (line: string) => JSON.parse(line) as LoggedEvent;

test.each(golden)("every line of %s is told in one line", (name) => {
	const lines = readFileSync(`test/logs/${name}`, "utf8").trim().split("\n").map(parsed).map(summaryOf);
	expect(lines.filter((line) => line === "" || line.includes("\n") || line.includes("undefined"))).toEqual([]);
});

test("an event of a newer server is told as it came", () => {
	expect(logged([{ type: "invented", what: 1 }]).map(summaryOf)).toEqual(['{"what":1}']);
});

test("a line ends at its limit", () => {
	const of = (length: number) => logged([{ type: "final.text", text: "x".repeat(length) }]).map(summaryOf)[0]?.length;
	expect([of(summaryCharsMax), of(summaryCharsMax + 1)]).toEqual([summaryCharsMax, summaryCharsMax]);
});

test.each([
	["the top of a long list", 5000, 0, { from: 0, to: 30 }],
	["its middle", 5000, 1000 * rowHeightPx, { from: 990, to: 1020 }],
	["its end", 5000, 4990 * rowHeightPx, { from: 4970, to: 5000 }],
	["all of a short one", 5, 0, { from: 0, to: 5 }],
	["an empty one", 0, 500, { from: 0, to: 0 }],
])("only the rows in sight are drawn: %s", (_, count, top, expected) => {
	expect(windowOf(count, { top, height: 10 * rowHeightPx })).toEqual(expected);
});
