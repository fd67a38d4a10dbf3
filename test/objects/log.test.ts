import { describe, expect, test } from "vitest";
import {
	append,
	atRest,
	logSteps,
	readCharsMax,
	readFrom,
	rowCharsMax,
	wholeLog,
} from "../../durable-objects/store/log.ts";
import type { SessionEvent } from "../../src/consensus/events.ts";
import { sqlStorage } from "../support/sql.ts";

const at = "2026-01-01T00:00:00.000Z";
const note = (text: string): SessionEvent => ({ type: "note.added", text });

function emptyLog(): SqlStorage {
	const sql = sqlStorage();
	for (const step of logSteps) sql.exec(step);
	return sql;
}

/** A log of three commits: events 1 to 3, 4, and 5 to 6. */
function threeCommits(): SqlStorage {
	const sql = emptyLog();
	append(sql, ["a", "b", "c"].map(note), { lastSeq: 0, at, rest: false });
	append(sql, [note("d")], { lastSeq: 3, at, rest: false });
	append(sql, ["e", "f"].map(note), { lastSeq: 4, at, rest: true });
	return sql;
}

test("a commit is one row; seq, at and type come first in each line", () => {
	const rows = append(emptyLog(), [note("line\nbreak"), note("b")], { lastSeq: 7, at, rest: true });
	const lines = [
		`{"seq":8,"at":"${at}","type":"note.added","text":"line\\nbreak"}`,
		`{"seq":9,"at":"${at}","type":"note.added","text":"b"}`,
	].join("\n");
	expect(rows).toEqual([{ first: 8, count: 2, rest: 1, lines }]);
});

test("the whole log comes back as it was", () => {
	const events = [...wholeLog(threeCommits())];
	expect(events).toEqual(
		["a", "b", "c", "d", "e", "f"].map((text, i) => ({ seq: i + 1, at, type: "note.added", text })),
	);
});

test.each<[number, number, readonly (readonly [number, number])[]]>([
	[
		1,
		10,
		[
			[1, 3],
			[4, 1],
			[5, 2],
		],
	],
	[
		2,
		10,
		[
			[1, 3],
			[4, 1],
			[5, 2],
		],
	],
	[
		4,
		10,
		[
			[4, 1],
			[5, 2],
		],
	],
	[6, 10, [[5, 2]]],
	[7, 10, []],
	[999, 10, []],
	[
		1,
		2,
		[
			[1, 3],
			[4, 1],
		],
	],
])("from event %i, %i rows at most: %j", (seq, rowsMax, expected) => {
	expect(readFrom(threeCommits(), seq, rowsMax).rows.map(({ first, count }) => [first, count])).toEqual(expected);
});

test.each([
	["rows with as much text as is read together are read, and no more", readCharsMax, { rows: 2, more: true }],
	["with one character less the next one is read with them", readCharsMax - 1, { rows: 3, more: false }],
])("%s", (_, chars, expected) => {
	const sql = emptyLog();
	const rows = [chars - 10, 10, 1].map((length) => "x".repeat(length));
	for (const [place, lines] of rows.entries())
		sql.exec("INSERT INTO log (first, count, rest, lines) VALUES (?, 1, 0, ?)", place + 1, lines);
	const read = readFrom(sql, 1, 10);
	expect({ rows: read.rows.length, more: read.more }).toEqual(expected);
});

test("a session rests if its last commit left it at rest", () => {
	const sql = threeCommits();
	expect([atRest(emptyLog()), atRest(sql)]).toEqual([false, true]);
	append(sql, [note("g")], { lastSeq: 6, at, rest: false });
	expect(atRest(sql)).toBe(false);
});

describe("a commit that is too large for one row", () => {
	/** Two events whose lines have this many characters together. */
	const pair = (chars: number) => {
		const first = note("x".repeat(1000));
		const fixed = [first, note("")].map((event, i) => JSON.stringify({ seq: i + 1, at, ...event }).length);
		return [first, note("y".repeat(chars - fixed.reduce((sum, length) => sum + length, 0)))];
	};

	test.each([
		["at the limit it is one row", rowCharsMax, [[1, 2, 1]]],
		[
			"one character more, and it is two, of which only the last is at rest",
			rowCharsMax + 1,
			[
				[1, 1, 0],
				[2, 1, 1],
			],
		],
	])("%s", (_, chars, expected) => {
		const sql = emptyLog();
		const rows = append(sql, pair(chars), { lastSeq: 0, at, rest: true });
		expect(rows.map(({ first, count, rest }) => [first, count, rest])).toEqual(expected);
		expect([...wholeLog(sql)].map(({ seq }) => seq)).toEqual([1, 2]);
	});
});
