import { expect, test } from "vitest";
import { append, logSteps } from "../../durable-objects/log.ts";
import { makeWatchers, recentMax } from "../../durable-objects/watchers.ts";
import type { SessionEvent } from "../../src/consensus/events.ts";
import { sqlStorage } from "../support/sql.ts";

const at = "2026-01-01T00:00:00.000Z";

/** A log that grows and those who watch it. */
function watched() {
	const sql = sqlStorage();
	for (const step of logSteps) sql.exec(step);
	let reads = 0;
	const counting: SqlStorage["exec"] = (...query) => {
		reads += 1;
		return sql.exec(...query);
	};
	const watchers = makeWatchers({ exec: counting });
	let lastSeq = 0;
	const commit = (rest: boolean, ...texts: readonly string[]) => {
		const rows = append(
			sql,
			texts.map((text): SessionEvent => ({ type: "note.added", text })),
			{ lastSeq, at, rest },
		);
		lastSeq += texts.length;
		watchers.wake(rows);
	};
	return { watchers, commit, reads: () => reads };
}

const decoder = new TextDecoder();
const frame = (seq: number, text: string) =>
	`id: ${seq}\nevent: note.added\ndata: {"seq":${seq},"at":"${at}","type":"note.added","text":"${text}"}\n\n`;

async function next(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string | null> {
	const { done, value } = await reader.read();
	return done ? null : decoder.decode(value);
}

test("a watcher gets what there is, then what comes, and the end when the session rests", async () => {
	const { watchers, commit } = watched();
	commit(false, "a", "b");
	const reader = watchers.open(2).getReader();
	expect(await next(reader)).toBe(frame(2, "b"));
	commit(true, "c");
	expect(await next(reader)).toBe(frame(3, "c"));
	expect([await next(reader), watchers.count()]).toEqual([null, 0]);
});

test("who comes to a session at rest and has everything is told so at once", async () => {
	const { watchers, commit } = watched();
	commit(true, "a");
	expect([await next(watchers.open(2).getReader()), watchers.count()]).toEqual([null, 0]);
});

test("a slow watcher gets several commits in one frame, and nothing is kept for it meanwhile", async () => {
	const { watchers, commit } = watched();
	commit(false, "a");
	const reader = watchers.open(1).getReader();
	expect(await next(reader)).toBe(frame(1, "a"));
	commit(false, "b");
	// One frame is ready before it is asked for; the rest waits in the log.
	await new Promise((resolve) => setImmediate(resolve));
	for (const text of ["c", "d", "e"]) commit(text === "e", text);
	expect([await next(reader), await next(reader), await next(reader)]).toEqual([
		frame(2, "b"),
		frame(3, "c") + frame(4, "d") + frame(5, "e"),
		null,
	]);
});

test("those who wait are kept awake by a comment", async () => {
	const { watchers, commit } = watched();
	commit(false, "a");
	const reader = watchers.open(1).getReader();
	await next(reader);
	const waiting = next(reader);
	await new Promise((resolve) => setImmediate(resolve));
	watchers.beat();
	expect(await waiting).toBe(": still here\n\n");
});

test("who leaves is forgotten; all others are let go when the session is deleted", async () => {
	const { watchers, commit } = watched();
	commit(false, "a");
	const [leaves, stays] = [watchers.open(1).getReader(), watchers.open(1).getReader()];
	await Promise.all([next(leaves), next(stays)]);
	await leaves.cancel();
	expect(watchers.count()).toBe(1);
	watchers.close();
	expect([await next(stays), watchers.count()]).toEqual([null, 0]);
});

const lineChars = JSON.stringify({ seq: 1, at, type: "note.added", text: "" }).length;
const half = recentMax.chars / 2;
test.each<[string, readonly number[], number]>([
	["the latest rows are read from memory", Array.from({ length: recentMax.rows }, () => 1), 0],
	["not those before them", Array.from({ length: recentMax.rows + 1 }, () => 1), 1],
	["as long as their text has room", [half, half], 0],
	["and no longer", [half, half + 1], 1],
	["one that has none is not kept at all", [recentMax.chars + 1], 1],
])("%s", async (_, rows, expected) => {
	const { watchers, commit, reads } = watched();
	for (const chars of rows) commit(false, "x".repeat(Math.max(1, chars - lineChars)));
	await next(watchers.open(1).getReader());
	expect(reads()).toBe(expected);
});
