import { expect, test } from "vitest";
import { append, logSteps } from "../../durable-objects/store/log.ts";
import { makeWatchers, recentMax, unreadBeatsMax } from "../../durable-objects/show/watchers.ts";
import type { SessionEvent } from "../../src/consensus/events.ts";
import { sqlStorage } from "../support/sql.ts";

const at = "2026-01-01T00:00:00.000Z";

/** Only visits end by the clock. */
const nowMs = 0;

/** A log that grows and those who watch it. */
function watched() {
	const sql = sqlStorage();
	for (const step of logSteps) sql.exec(step);
	const watchers = makeWatchers(sql, () => nowMs);
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
	return { watchers, commit };
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

test.each<[string, number, number]>([
	["who has read nothing for as many beats as may be still has its place", unreadBeatsMax, 1],
	["with one beat more it is let go", unreadBeatsMax + 1, 0],
])("%s; and whoever waits for news keeps its own", async (_, beats, kept) => {
	const { watchers, commit } = watched();
	commit(false, "a");
	watchers.open(1);
	const reader = watchers.open(2).getReader();
	for (let beat = 0; beat < beats; beat++) {
		const waiting = next(reader);
		await new Promise((resolve) => setImmediate(resolve));
		watchers.beat();
		await waiting;
	}
	expect(watchers.count()).toBe(1 + kept);
});

test("a hundred watchers of one session each get every event once", async () => {
	const { watchers, commit } = watched();
	commit(false, "a");
	const readers = Array.from({ length: 100 }, () => watchers.open(1).getReader());
	const first = await Promise.all(readers.map(next));
	commit(true, "b");
	const second = await Promise.all(readers.map(next));
	const third = await Promise.all(readers.map(next));
	expect([...new Set([...first, ...second, ...third])]).toEqual([frame(1, "a"), frame(2, "b"), null]);
	expect([new Set(first).size, new Set(second).size, watchers.count()]).toEqual([1, 1, 0]);
});

test("a watcher that was let go comes back to where it was", async () => {
	const { watchers, commit } = watched();
	commit(false, "a");
	const slow = watchers.open(1).getReader();
	expect(await next(slow)).toBe(frame(1, "a"));
	commit(false, "b");
	await new Promise((resolve) => setImmediate(resolve));
	for (let beat = 0; beat <= unreadBeatsMax; beat++) watchers.beat();
	await expect(slow.read()).rejects.toThrow("Nothing was read for too long. Come back with Last-Event-ID.");
	expect(await next(watchers.open(2).getReader())).toBe(frame(2, "b"));
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

/** Rows that are in memory alone: whoever is given them was not served from the database. */
function remembered(rows: readonly { readonly text: string }[]) {
	const sql = sqlStorage();
	for (const step of logSteps) sql.exec(step);
	const watchers = makeWatchers(sql, () => nowMs);
	for (const [place, { text }] of rows.entries()) {
		const rest = place + 1 === rows.length ? 1 : 0;
		watchers.wake([{ first: place + 1, count: 1, rest, lines: lineOf(place + 1, text) }]);
	}
	return watchers;
}

const lineOf = (seq: number, text: string) => JSON.stringify({ seq, at, type: "note.added", text });

test.each<[string, number, number, number]>([
	["as many of the latest rows as may be are kept in memory", recentMax.rows, 1, recentMax.rows],
	["with one row more the oldest has to be read again", recentMax.rows + 1, 1, 0],
	["and those behind it need not", recentMax.rows + 1, 2, recentMax.rows],
])("%s", async (_, count, from, served) => {
	const watchers = remembered(Array.from({ length: count }, () => ({ text: "a" })));
	const text = (await next(watchers.open(from).getReader())) ?? "";
	expect(text.split("\n\n").length - 1).toBe(served);
});

test.each<[string, number, number]>([
	["rows as long together as may be are kept", 0, 2],
	["with one character more the older one has to be read again", 1, 0],
])("%s", async (_, more, served) => {
	const empty = lineOf(1, "").length;
	const rows = [recentMax.chars / 2 - empty, recentMax.chars / 2 - empty + more];
	const watchers = remembered(rows.map((chars) => ({ text: "x".repeat(chars) })));
	const text = (await next(watchers.open(1).getReader())) ?? "";
	expect(text.split("\n\n").length - 1).toBe(served);
});
