import { expect, test } from "vitest";
import { diskFault } from "../../src/std/disk-fault.ts";

test.each<[string, unknown, boolean]>([
	["a disk that is full", new Error("database or disk is full: SQLITE_FULL"), true],
	["what SQLite itself says of it", new Error("database or disk is full"), true],
	["an object at its limit", new Error("Durable Object has exceeded its storage limit."), true],
	["a disk that breaks", new Error("disk I/O error: SQLITE_IOERR"), true],
	["a database that may only be read", new Error("attempt to write a readonly database: SQLITE_READONLY"), true],
	["a row that is too long", new Error("string or blob too big: SQLITE_TOOBIG"), false],
	["a row that is there already", new Error("UNIQUE constraint failed: log.first: SQLITE_CONSTRAINT"), false],
	["a fault of ours", new TypeError("Do not know how to serialize a BigInt"), false],
	["what is no error", "disk is full", false],
])("the disk is told from the words: %s", (_, error, expected) => {
	expect(diskFault(error) !== null).toBe(expected);
});

test("what the disk says is shown up to 200 characters", () => {
	const long = `disk I/O error ${"x".repeat(300)}`;
	expect([diskFault(new Error(long)), diskFault(new Error(long.slice(0, 200)))]).toEqual([
		long.slice(0, 200),
		long.slice(0, 200),
	]);
});
