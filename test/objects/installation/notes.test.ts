import { expect, test } from "vitest";
import {
	drop,
	keep,
	kept,
	newest,
	noteBytesMax,
	notesMax,
	noteSteps,
} from "../../../durable-objects/installation/notes.ts";
import { migrate } from "../../../durable-objects/store/migrations.ts";
import { sqlStorage } from "../../support/sql.ts";

function opened(): SqlStorage {
	const sql = sqlStorage();
	migrate(sql, { notes: noteSteps });
	return sql;
}
const thread = (key: string, value = key) => ({ kind: "thread", key, value, forMs: 1000 });

test("a note stands until its time is over, and a new one replaces it", () => {
	const sql = opened();
	keep(sql, thread("t", "one"), 0);
	keep(sql, thread("t", "two"), 500);
	const at = (nowMs: number) => kept(sql, { kind: "thread", key: "t" }, nowMs);
	expect([at(500), at(1499), at(1500)]).toEqual(["two", "two", null]);
});

test("notes of another kind or key are others", () => {
	const sql = opened();
	keep(sql, thread("t"), 0);
	expect([kept(sql, { kind: "home", key: "t" }, 0), kept(sql, { kind: "thread", key: "u" }, 0)]).toEqual([
		null,
		null,
	]);
	drop(sql, "thread", "t");
	expect(kept(sql, { kind: "thread", key: "t" }, 0)).toBe(null);
});

test("the last kept come first, without those whose time is over", () => {
	const sql = opened();
	for (const [i, key] of ["a", "b", "c"].entries()) keep(sql, thread(key), i * 600);
	expect(newest(sql, { kind: "thread", limit: 10 }, 1200).map(({ key }) => key)).toEqual(["c", "b"]);
	expect(newest(sql, { kind: "thread", limit: 1 }, 1200).map(({ key }) => key)).toEqual(["c"]);
});

test("a value may have as many bytes as may be kept, and not one more", () => {
	const sql = opened();
	keep(sql, thread("t", "x".repeat(noteBytesMax)), 0);
	expect(() => keep(sql, thread("t", "x".repeat(noteBytesMax + 1)), 0)).toThrow("larger than");
});

test("with one note more than may be kept the oldest is forgotten", () => {
	const sql = opened();
	sql.exec(
		`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${notesMax})
		INSERT INTO notes SELECT 'thread', 'k' || i, 'v', i, 1000000 FROM n`,
	);
	expect(kept(sql, { kind: "thread", key: "k1" }, 0)).toBe("v");
	keep(sql, { ...thread("new"), forMs: 1_000_000 }, notesMax + 1);
	expect([kept(sql, { kind: "thread", key: "k1" }, 0), kept(sql, { kind: "thread", key: "k2" }, 0)]).toEqual([
		null,
		"v",
	]);
});
