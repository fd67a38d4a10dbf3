import { expect, test } from "vitest";
import type { ModelEvent } from "../../src/backends/backend.ts";
import { teamOf } from "../consensus/scenario.ts";
import { sqlStorage } from "../support/sql.ts";
import { abandoned, answering, rig, type Script } from "./rig.ts";

/** A database that tells of each time a call's handle or cursor is written, as `HANDLE CURSOR`. */
function watchedStorage(): { readonly sql: SqlStorage; readonly written: string[] } {
	const sql = sqlStorage();
	const written: string[] = [];
	const exec = ((query: string, ...bindings: unknown[]) => {
		if (query.includes("SET handle")) written.push(bindings.slice(0, 2).map(String).join(" "));
		return sql.exec(query, ...bindings);
	}) as SqlStorage["exec"];
	return { sql: { ...sql, exec }, written };
}

const handle = (cursor: number | null): ModelEvent => ({
	type: "handle",
	handle: "h1",
	cursor: cursor === null ? null : `${cursor}`,
});
const text: ModelEvent = { type: "text", text: "word " };

/** Each read brings a piece and a cursor; then comes whatever `last` does. */
function streaming(reads: number, last: (signal: AbortSignal) => AsyncIterable<readonly ModelEvent[]>): Script {
	return async function* stream(_, signal) {
		yield [handle(null)];
		for (let read = 1; read <= reads; read += 1) yield [text, handle(read)];
		yield* last(signal);
	};
}

// oxlint-disable-next-line require-yield
async function* silence(signal: AbortSignal): AsyncIterable<readonly ModelEvent[]> {
	await abandoned(signal);
}

async function* decision(): AsyncIterable<readonly ModelEvent[]> {
	yield answering("42");
}

const rowOf = (sql: SqlStorage): unknown => ({ ...sql.exec("SELECT handle, cursor FROM calls").toArray()[0] });

test("a handle is on disk at once, before any of the answer is", async () => {
	const { sql, written } = watchedStorage();
	const session = rig(streaming(0, silence), { sql });
	session.open(teamOf({ agents: 1 }));
	await session.settle();
	expect([written, rowOf(sql)]).toEqual([["h1 null"], { handle: "h1", cursor: null }]);
});

test("a thousand cursors cost one write for each commit of text, and none of their own", async () => {
	const { sql, written } = watchedStorage();
	const more = Promise.withResolvers<void>();
	const script: Script = async function* stream(_, signal) {
		yield [handle(null)];
		for (let read = 1; read <= 1000; read += 1) {
			if (read === 501) await more.promise;
			yield [text, handle(read)];
		}
		yield* silence(signal);
	};
	const session = rig(script, { sql });
	session.open(teamOf({ agents: 1 }));
	await session.pass(5000);
	more.resolve();
	await session.pass(5000);
	expect(session.log().filter(({ type }) => type === "agent.text").length).toBe(2);
	expect([written, rowOf(sql)]).toEqual([["h1 null", "h1 500", "h1 1000"], { handle: "h1", cursor: "1000" }]);
});

test("a cursor is written once, however often text is committed after it", async () => {
	const { sql, written } = watchedStorage();
	const more = Promise.withResolvers<void>();
	const script: Script = async function* stream(_, signal) {
		yield [handle(null), text, handle(1)];
		await more.promise;
		yield [text];
		yield* silence(signal);
	};
	const session = rig(script, { sql });
	session.open(teamOf({ agents: 1 }));
	await session.pass(5000);
	more.resolve();
	await session.pass(5000);
	expect(session.log().filter(({ type }) => type === "agent.text").length).toBe(2);
	expect(written).toEqual(["h1 null", "h1 1"]);
});

test("a cursor stands for what is in the log, and for nothing that is not", async () => {
	const { sql } = watchedStorage();
	const session = rig(
		async function* stream(_, signal) {
			yield [text, handle(1)];
			await abandoned(signal);
		},
		{ sql },
	);
	session.open(teamOf({ agents: 1 }));
	await session.settle();
	const unwritten = session.log().filter(({ type }) => type === "agent.text").length;
	expect([unwritten, rowOf(sql)]).toEqual([0, { handle: "h1", cursor: null }]);
	await session.pass(1000);
	const inLog = session.log().filter(({ type }) => type === "agent.text").length;
	expect([inLog, rowOf(sql)]).toEqual([1, { handle: "h1", cursor: "1" }]);
});

test("a call that ends before its text is written leaves no cursor", async () => {
	const { sql } = watchedStorage();
	const session = rig(streaming(10, decision), { sql });
	session.open(teamOf({ agents: 1 }));
	await session.settle();
	expect(rowOf(sql)).toEqual({ handle: "h1", cursor: null });
});
