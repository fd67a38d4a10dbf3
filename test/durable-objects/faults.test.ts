/// <reference types="@cloudflare/vitest-plugin/types" />
import { abortAllDurableObjects, env, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import type { SessionRpc, TenantRpc } from "../../durable-objects/rpc.ts";
import { diskFull } from "../support/full-disk.ts";
import { picked } from "../support/trace.ts";
import { alone, demo, finished, logOf, rowsOf, sessionOf, until } from "./real-objects.ts";

/** From now on the object's disk takes no event: a trigger of the database itself refuses it. */
async function fill(name: string): Promise<void> {
	await rowsOf(name, `CREATE TRIGGER full BEFORE INSERT ON log BEGIN SELECT RAISE(ABORT, '${diskFull}'); END`);
}

const tables = (name: string) =>
	rowsOf(name, "SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf\\_%' ESCAPE '\\'");
const alarmOf = (name: string) => runInDurableObject(sessionOf(name), (_, state) => state.storage.getAlarm());
const passing = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const opening = (name: string) => ({ id: name, team: demo, question: "What is 6 times 7?" });

test("P15: on a full disk a session can be read, refuses what is asked, keeps what it paid for, and goes on by itself", async () => {
	const name = "on a full disk";
	await sessionOf(name).open(opening(name));
	await until(name, (events) => events.some(({ type }) => type === "agent.reasoning"));
	await fill(name);
	const before = await logOf(name);
	expect(await sessionOf(name).steer({ action: "cancel" })).toEqual({
		ok: false,
		code: "unavailable",
		detail: "The session's storage takes no writes at the moment, so nothing was changed. Send it again a little later.",
	});
	// Longer than the demo's agents take for a round.
	await passing(4000);
	const failing = await sessionOf(name).summary();
	expect([failing?.status, failing?.last_seq, failing?.storage]).toEqual([
		"running",
		before.length,
		{ state: "failing", since: expect.any(String), detail: expect.stringContaining(diskFull) },
	]);
	expect(await logOf(name)).toEqual(before);
	expect(await alarmOf(name)).not.toBe(null);
	await rowsOf(name, "DROP TRIGGER full");
	const events = await until(name, finished(1));
	expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
	const calls = picked(events, "call.finished").map(({ call, outcome }) => [call, outcome]);
	expect(calls.filter(([, outcome]) => outcome !== "ok")).toEqual([]);
	expect(picked(events, "call.started").every(({ paid }) => paid === 1)).toBe(true);
	expect((await sessionOf(name).summary())?.storage).toEqual({ state: "ok" });
});

test("a machine that dies on a full disk: the next one goes on when there is room", async () => {
	const name = "dies on a full disk";
	await sessionOf(name).open({ ...opening(name), team: alone });
	await fill(name);
	await abortAllDurableObjects();
	expect((await sessionOf(name).summary())?.storage?.state).toBe("failing");
	expect(picked(await logOf(name), "call.finished")).toEqual([]);
	await rowsOf(name, "DROP TRIGGER full");
	const events = await until(name, finished(1));
	expect(picked(events, "call.finished").map(({ outcome }) => outcome)).toEqual(["lost", "ok"]);
});

test("a session that is to be opened on a full disk is refused as one that may be asked for again", async () => {
	const name = "opened on a full disk";
	await rowsOf(name, "CREATE TABLE migrations (part TEXT, step INTEGER, PRIMARY KEY (part, step)) WITHOUT ROWID");
	await rowsOf(name, `CREATE TRIGGER full BEFORE INSERT ON migrations BEGIN SELECT RAISE(ABORT, '${diskFull}'); END`);
	const hooked = { ...opening(name), team: alone, webhooks: [{ name: "hook", events: null }] };
	// Asked in the object itself: an error that crosses an RPC counts as nobody's in these tests.
	const open = () =>
		runInDurableObject(sessionOf(name), (session) => (session as unknown as SessionRpc).open(hooked));
	expect(await open()).toEqual({ ok: false, code: "unavailable", detail: expect.any(String) });
	await rowsOf(name, "DROP TRIGGER full");
	expect(await open()).toEqual({ ok: true });
	await sessionOf(name).destroy();
});

test("an alarm that finds a session unreadable comes again, and goes on once it can be read", async () => {
	const name = "unreadable";
	await sessionOf(name).open({ ...opening(name), team: alone });
	await rowsOf(name, "UPDATE log SET lines = '?' || lines WHERE first = 1");
	await abortAllDurableObjects();
	expect(await runDurableObjectAlarm(sessionOf(name))).toBe(true);
	expect(await alarmOf(name)).not.toBe(null);
	await rowsOf(name, "UPDATE log SET lines = substr(lines, 2) WHERE first = 1");
	expect(await runDurableObjectAlarm(sessionOf(name))).toBe(true);
	expect(picked(await until(name, finished(1)), "turn.finished").length).toBe(1);
});

test("a session that is deleted while it runs leaves nothing, ends its watchers, and its name is free again", async () => {
	const name = "deleted while it runs";
	await sessionOf(name).open(opening(name));
	await until(name, (events) => events.some(({ type }) => type === "agent.reasoning"));
	const streams = await sessionOf(name).fetch("http://session/events?from=1");
	const { webSocket } = await sessionOf(name).fetch("http://session/events", { headers: { upgrade: "websocket" } });
	const closed = new Promise((resolve) =>
		webSocket?.addEventListener("close", ({ code, reason }) => resolve([code, reason])),
	);
	webSocket?.accept();
	await sessionOf(name).destroy();
	// The stream ends, it does not break.
	expect((await streams.text()).startsWith("id: 1\nevent: session.created\n")).toBe(true);
	expect(await closed).toEqual([1000, "The session was deleted."]);
	// Streams, flushes, endings and what the index was to be told of would all have come by now.
	await passing(4000);
	expect([await tables(name), await alarmOf(name), await sessionOf(name).summary()]).toEqual([[], null, null]);
	await sessionOf(name).open({ ...opening(name), team: alone, question: "What is 2 + 2?" });
	const events = await until(name, finished(1));
	expect([events[0]?.seq, picked(events, "turn.started").map(({ question }) => question)]).toEqual([
		1,
		["What is 2 + 2?"],
	]);
	await sessionOf(name).destroy();
});

test("whatever is asked of a session while it is deleted leaves nothing of it", async () => {
	const name = "asked while deleted";
	await sessionOf(name).open(opening(name));
	const session = sessionOf(name);
	await Promise.all([
		session.steer({ action: "note", text: "x" }),
		session.destroy(),
		session.summary(),
		session.send("And?"),
		session.fetch("http://session/events").then(({ body }) => body?.cancel()),
		session.destroy(),
		session.steer({ action: "note", text: "y" }),
	]);
	await passing(2000);
	expect([await tables(name), await alarmOf(name), await sessionOf(name).summary()]).toEqual([[], null, null]);
});

test("a session that was deleted before it was opened is not opened", async () => {
	const name = "deleted too early";
	await sessionOf(name).destroy();
	expect(await sessionOf(name).open(opening(name))).toEqual({
		ok: false,
		code: "not_found",
		detail: "The session was deleted before it was opened.",
	});
	expect([await tables(name), await alarmOf(name)]).toEqual([[], null]);
});

test("a tenant whose disk fills up between two writes of a reservation keeps neither", async () => {
	const tenants = (env as unknown as { readonly TENANT: DurableObjectNamespace }).TENANT;
	const stub = tenants.getByName("full");
	const rows = (query: string) => runInDurableObject(stub, (_, state) => state.storage.sql.exec(query).toArray());
	await rows(`CREATE TRIGGER full BEFORE INSERT ON sessions BEGIN SELECT RAISE(ABORT, '${diskFull}'); END`);
	const asked = { id: "s1", title: "t", team: "demo", idempotencyKey: "k", fingerprint: "f" };
	// Asked in the object itself: an error that crosses an RPC counts as nobody's in these tests.
	const reserve = () => runInDurableObject(stub, (tenant) => (tenant as unknown as TenantRpc).reserve(asked));
	await expect(reserve()).rejects.toThrow(diskFull);
	expect(await rows("SELECT key FROM idempotency")).toEqual([]);
	await rows("DROP TRIGGER full");
	expect(await reserve()).toEqual({ outcome: "new", id: "s1" });
});
