import { expect, test } from "vitest";
import { partCharsMax } from "../../durable-objects/store/files.ts";
import { unwritten } from "../../durable-objects/run/disk.ts";
import { openStore } from "../../durable-objects/store/store.ts";
import type { ModelEvent } from "../../src/backends/backend.ts";
import type { NewFile } from "../../src/consensus/events.ts";
import { imagesPerCallMax } from "../../src/consensus/files.ts";
import { png } from "../support/attachments.ts";
import { sqlStorage } from "../support/sql.ts";
import { picked } from "../support/trace.ts";
import { teamOf } from "../consensus/scenario.ts";
import { abandoned, answering, rig, saying, type Rig, type Script } from "./rig.ts";

const one = teamOf({ agents: 1 });
const table: NewFile = { name: "t.csv", media_type: "text/csv", base64: "QUI=" };
const answers: Script = async function* answers() {
	yield answering("42");
};
/** Waits for good, so that nothing of a turn is over. */
const stuck: Script = async function* stuck(_, signal) {
	yield [];
	await abandoned(signal);
};
const drawing = (...events: readonly ModelEvent[]): Script =>
	async function* draws(_, signal) {
		yield events;
		await abandoned(signal);
	};
const image = (base64: string, mediaType = "image/png"): ModelEvent => ({ type: "image", mediaType, base64 });
const opens = (session: Rig, ...attachments: readonly NewFile[]) =>
	session.runner.submit({ type: "open", team: one, seed: 7, question: "?", attachments });
const rowsOf = ({ sql }: Rig) =>
	sql.exec("SELECT id, part, LENGTH(base64) AS chars FROM files ORDER BY id, part").toArray();
const hasTable = ({ sql }: Rig) =>
	sql.exec<{ n: number }>("SELECT COUNT(*) AS n FROM sqlite_master WHERE name = 'files'").one().n === 1;

test("what was sent is kept beside the log, and every call of the turn gets it", async () => {
	const session = rig(async function* talks({ messages }) {
		yield messages.length === 2 ? saying("Hm.") : answering("42");
	});
	opens(session, png("a.png", 900), table);
	await session.settle();
	const sent = [
		{ name: "a.png", mediaType: "image/png", base64: png("a.png", 900).base64 },
		{ name: "t.csv", mediaType: "text/csv", base64: "QUI=" },
	];
	expect(session.requests.map(({ messages: [first] }) => first)).toEqual(
		Array.from({ length: 2 }, () => ({
			role: "user",
			text: "<question>\n?\n</question>\n\nattached: a.png, t.csv",
			attachments: sent,
		})),
	);
	expect([session.store.fileOf("f1"), session.store.fileOf("f2"), session.store.fileOf("f3")]).toEqual([
		png("a.png", 900),
		table,
		null,
	]);
	expect(JSON.stringify(session.log()).includes(table.base64)).toBe(false);
});

test("calls that start together read a file once, so that they hold one text of it between them", async () => {
	const sql = sqlStorage();
	const read: string[] = [];
	const exec = (query: string, ...bindings: unknown[]) => {
		if (query.includes("FROM files")) read.push(String(bindings[0]));
		return sql.exec(query, ...bindings);
	};
	const session = rig(stuck, { sql: { ...sql, exec } as SqlStorage });
	const team = teamOf({ agents: 3 });
	session.runner.submit({ type: "open", team, seed: 7, question: "?", attachments: [png(), table] });
	await session.settle();
	expect([session.requests.length, read]).toEqual([3, ["f1", "f2"]]);
});

test("a session without files has no table for them, and knows none", async () => {
	const session = rig(answers);
	opens(session);
	await session.settle();
	expect([hasTable(session), session.store.fileOf("f1")]).toEqual([false, null]);
	expect(openStore({ sql: sqlStorage(), transaction: (write) => write() }, 0).fileOf("f1")).toBe(null);
});

test("a file stands in rows of a bounded length", () => {
	const session = rig(stuck);
	const bytesOfRow = (partCharsMax / 4) * 3;
	opens(session, png("a.png", bytesOfRow), png("b.png", bytesOfRow + 1));
	expect(rowsOf(session)).toEqual([
		{ id: "f1", part: 0, chars: partCharsMax },
		{ id: "f2", part: 0, chars: partCharsMax },
		{ id: "f2", part: 1, chars: 4 },
	]);
	expect(session.store.fileOf("f2")).toEqual(png("b.png", bytesOfRow + 1));
});

test("started again, a lost call is made with the same files, and the next one goes on counting", async () => {
	const before = rig(stuck);
	opens(before, png());
	before.runner.submit({ type: "message", text: "Next?", attachments: [table] });
	await before.settle();
	const after = rig(answers, { sql: before.sql, fromMs: 1000 });
	after.runner.resume();
	await after.settle();
	expect(after.requests[0]).toEqual(before.requests[0]);
	// The queued turn came with its own, and with the name of the earlier one.
	expect(after.requests.map(({ messages: [first] }) => first && "attachments" in first && first.attachments)).toEqual(
		[
			[{ name: "a.png", mediaType: "image/png", base64: png().base64 }],
			[{ name: "t.csv", mediaType: "text/csv", base64: "QUI=" }],
		],
	);
	after.runner.submit({ type: "message", text: "And?", attachments: [table] });
	expect(picked(after.log(), "turn.started").map(({ attachments }) => attachments?.map(({ file }) => file))).toEqual([
		["f1"],
		["f2"],
		["f3"],
	]);
});

test("pictures are kept as they come, each under the number that the log gives it", async () => {
	const session = rig(drawing(image("QUJD"), image("PHN2", "image/svg+xml"), image("QUI=", "image/webp")));
	opens(session, table);
	await session.pass(1000);
	expect(picked(session.log(), "agent.image", "agent.image_dropped")).toEqual([
		{ type: "agent.image", agent: "a", call: "t1.a1.r1.c1.x1", file: "f2", media_type: "image/png", bytes: 3 },
		{
			type: "agent.image_dropped",
			agent: "a",
			call: "t1.a1.r1.c1.x1",
			media_type: "image/svg+xml",
			reason: "unreadable",
		},
		{ type: "agent.image", agent: "a", call: "t1.a1.r1.c1.x1", file: "f3", media_type: "image/webp", bytes: 2 },
	]);
	expect([session.store.fileOf("f2"), session.store.fileOf("f3")]).toEqual([
		{ name: "f2.png", media_type: "image/png", base64: "QUJD" },
		{ name: "f3.webp", media_type: "image/webp", base64: "QUI=" },
	]);
});

test("a picture too many is not kept, and the log says so", async () => {
	const session = rig(drawing(...Array.from({ length: imagesPerCallMax + 1 }, () => image("QUJD"))));
	opens(session);
	await session.pass(1000);
	expect([rowsOf(session).length, picked(session.log(), "agent.image_dropped").map(({ reason }) => reason)]).toEqual([
		imagesPerCallMax,
		["call_limit"],
	]);
});

test("a judge's pictures are neither told nor kept", async () => {
	const judge = { backend: "demo", model: "j", params: {} };
	const tied = teamOf({ agents: 2, protocol: { judge, final: "reuse" } });
	const session = rig(async function* tying({ tools, messages }, signal) {
		const words = JSON.stringify(messages);
		if (words.includes("is tied")) return yield* drawing(image("QUJD"))({ tools, messages } as never, signal);
		if (!words.includes("<answer")) return yield answering(`${words.length} ${session.requests.length}`);
		// Each for another one.
		const label = session.requests.length % 2 === 0 ? "answer_1" : "answer_2";
		yield [
			{ type: "tool_call", call: { id: "c", name: "vote", arguments: { answer: label, reason: "" } } },
			{ type: "end", stop: "tools" },
		];
	});
	session.runner.submit({ type: "open", team: tied, seed: 7, question: "?" });
	await session.pass(1000);
	expect(picked(session.log(), "judge.asked").length).toBe(1);
	expect([picked(session.log(), "agent.image", "agent.image_dropped"), hasTable(session)]).toEqual([[], false]);
});

test("files and the event that names them are written together, or neither is", async () => {
	const session = rig(stuck);
	opens(session, png());
	session.sql.exec("CREATE TRIGGER full BEFORE INSERT ON log BEGIN SELECT RAISE(ABORT, 'disk full'); END");
	const sends = () => session.runner.submit({ type: "message", text: "x", attachments: [table] });
	expect(sends()).toEqual(unwritten);
	expect([rowsOf(session).map(({ id }) => id), session.store.fileOf("f2")]).toEqual([["f1"], null]);
	session.sql.exec("DROP TRIGGER full");
	session.sql.exec("CREATE TRIGGER full BEFORE INSERT ON files BEGIN SELECT RAISE(ABORT, 'disk full'); END");
	const before = session.log();
	expect(sends()).toEqual(unwritten);
	expect(session.log()).toEqual(before);
});
