/// <reference types="@cloudflare/vitest-plugin/types" />
import {
	abortAllDurableObjects,
	env,
	evictDurableObject,
	runDurableObjectAlarm,
	runInDurableObject,
} from "cloudflare:test";
import { expect, test } from "vitest";
import type { SessionOpening, TenantRpc } from "../../durable-objects/rpc.ts";
import { socketsMax } from "../../durable-objects/show/sockets.ts";
import { watchersMax } from "../../durable-objects/show/watchers.ts";
import { png } from "../support/attachments.ts";
import { picked } from "../support/trace.ts";
import { alone, demo, finished, rowsOf, sessionOf, until } from "./real-objects.ts";

test("a session of the demo team: an alarm while calls are open, nothing left running at rest", async () => {
	const name = "whole";
	expect(await sessionOf(name).open({ id: name, team: demo, question: "What is 6 times 7?" })).toEqual({ ok: true });
	const alarm = () => runInDurableObject(sessionOf(name), (_, state) => state.storage.getAlarm());
	const dueMs = await alarm();
	expect(dueMs !== null && dueMs - Date.now() <= 25_000).toBe(true);
	expect((await rowsOf(name, "SELECT state FROM calls")).map(({ state }) => state)).toEqual([
		"dispatched",
		"dispatched",
		"dispatched",
	]);
	const running = await rowsOf(name, "SELECT key FROM deadlines ORDER BY key");
	expect(running.map(({ key }) => key)).toEqual([
		"hurry:t1.a1.r1",
		"hurry:t1.a2.r1",
		"hurry:t1.a3.r1",
		"round:t1.a1.r1",
		"round:t1.a2.r1",
		"round:t1.a3.r1",
		"soft:t1",
		"turn:t1",
	]);

	const events = await until(name, finished(1));
	expect(picked(events, "turn.finished").map(({ consensus, answer }) => [consensus, /\b42\b/.test(answer)])).toEqual([
		[true, true],
	]);
	// The index of sessions is told a moment later, and the alarm is kept until it was.
	for (let look = 0; look < 100 && (await alarm()) !== null; look++) await new Promise((r) => setTimeout(r, 20));
	expect(await alarm()).toBe(null);
	expect(await rowsOf(name, "SELECT key FROM deadlines")).toEqual([]);
	expect(await rowsOf(name, "SELECT id FROM calls WHERE state = 'dispatched'")).toEqual([]);
	expect((await rowsOf(name, "SELECT DISTINCT state FROM calls")).map(({ state }) => state)).toEqual(["ok"]);
	expect(await rowsOf(name, "SELECT epoch FROM boots")).toEqual([]);
});

test("aborted in the middle of its calls, an object goes on at its alarm and loses nothing", async () => {
	const name = "aborted";
	await sessionOf(name).open({ id: name, team: demo, question: "What is 17 + 4?" });
	const before = await until(name, (events) => events.some(({ type }) => type === "agent.reasoning"));
	await abortAllDurableObjects();
	expect(await runDurableObjectAlarm(sessionOf(name))).toBe(true);
	const events = await until(name, finished(1));
	expect(events.slice(0, before.length)).toEqual(before);
	expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
	expect(picked(events, "call.finished").filter(({ outcome }) => outcome === "lost").length).toBe(3);
	expect(
		picked(events, "call.started")
			.map(({ paid }) => paid)
			.filter((paid) => paid > 1),
	).toEqual([2, 2, 2]);
	expect(picked(events, "turn.finished").map(({ consensus, answer }) => [consensus, /\b21\b/.test(answer)])).toEqual([
		[true, true],
	]);
	expect(await rowsOf(name, "SELECT epoch FROM boots")).toEqual([{ epoch: 1 }]);
});

test("a session that nobody opened answers so, and leaves no table", async () => {
	const name = "unknown";
	expect(await sessionOf(name).summary()).toBe(null);
	expect(await sessionOf(name).send("Hello?")).toEqual({
		ok: false,
		code: "not_found",
		detail: "There is no such session.",
	});
	expect((await sessionOf(name).fetch("http://session/events")).status).toBe(404);
	expect(await rowsOf(name, "SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf\\_%' ESCAPE '\\'")).toEqual(
		[],
	);
});

const posted = (opening: SessionOpening) =>
	sessionOf(opening.id).fetch("http://session/events", { method: "POST", body: JSON.stringify(opening) });

test("what is sent to be opened is followed from its first event to its last, and again by who sends it again", async () => {
	const opening = { id: "posted", team: alone, question: "What is 2 + 2?" };
	const first = await posted(opening);
	expect([first.status, first.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
	const events = await first.text();
	expect(events.match(/^event: (session|turn)\..*$/gm)).toEqual([
		"event: session.created",
		"event: turn.started",
		"event: turn.finished",
	]);
	expect(await (await posted(opening)).text()).toBe(events);
});

test("what was deleted before it is sent to be opened says so, once", async () => {
	const opening = { id: "deleted before", team: alone, question: "What is 2 + 2?" };
	await sessionOf(opening.id).destroy();
	const refused = await posted(opening);
	expect([refused.status, await refused.json()]).toEqual([
		409,
		{ ok: false, code: "not_found", detail: "The session was deleted before it was opened." },
	]);
	expect((await posted(opening)).status).toBe(200);
	await sessionOf(opening.id).destroy();
});

test("opening a session again changes nothing", async () => {
	const name = "twice";
	await sessionOf(name).open({ id: name, team: alone, question: "What is 1 + 1?" });
	const first = await sessionOf(name).summary();
	expect(await sessionOf(name).open({ id: name, team: alone, question: "Another one?" })).toEqual({ ok: true });
	expect(first?.turns.map(({ question }) => question)).toEqual(["What is 1 + 1?"]);
	const again = await sessionOf(name).summary();
	expect(again?.turns.map(({ question }) => question)).toEqual(["What is 1 + 1?"]);
	await sessionOf(name).destroy();
});

test("a deleted session is as if it had never been, and its name can be used again", async () => {
	const name = "deleted";
	await sessionOf(name).open({ id: name, team: alone, question: "What is 1 + 1?" });
	await sessionOf(name).destroy();
	expect(await sessionOf(name).summary()).toBe(null);
	expect(await runDurableObjectAlarm(sessionOf(name))).toBe(false);
	await sessionOf(name).open({ id: name, team: alone, question: "What is 2 + 2?" });
	const events = await until(name, finished(1));
	expect(picked(events, "turn.started").map(({ question }) => question)).toEqual(["What is 2 + 2?"]);
	expect(events[0]?.seq).toBe(1);
});

test("files outlive the object's end, not the session's", async () => {
	const name = "with files";
	// Larger than a row may be.
	const picture = png("a.png", 2 * 1024 * 1024);
	const words = { name: "t.txt", media_type: "text/plain", base64: "QUJD" };
	const question = "What is 1 + 1?";
	await sessionOf(name).open({ id: name, team: alone, question, attachments: [picture, words] });
	await sessionOf(name).send("And 2 + 2?", [words]);
	await abortAllDurableObjects();
	const files = await Promise.all(["f1", "f2", "f3", "f4"].map((file) => sessionOf(name).file(file)));
	expect(files).toEqual([picture, words, words, null]);
	const { turns = [] } = (await sessionOf(name).summary()) ?? {};
	expect(turns[0]?.attachments?.map(({ file, bytes }) => [file, bytes])).toEqual([
		["f1", 2 * 1024 * 1024],
		["f2", 3],
	]);
	await sessionOf(name).destroy();
	expect(await sessionOf(name).file("f1")).toBe(null);
	expect(await rowsOf(name, "SELECT name FROM sqlite_master WHERE name = 'files'")).toEqual([]);
});

test("a WebSocket outlives its object's sleep and gets the next turn, each event once", async () => {
	const name = "sleeper";
	await sessionOf(name).open({ id: name, team: alone, question: "What is 3 + 4?" });
	await until(name, finished(1));
	const response = await sessionOf(name).fetch("http://session/events?from=3", { headers: { upgrade: "websocket" } });
	const socket = response.webSocket;
	if (socket === null) throw new Error("the object upgrades");
	const seqs: number[] = [];
	socket.accept();
	socket.addEventListener("message", ({ data }) => void seqs.push(Number(JSON.parse(String(data)).seq)));
	await evictDurableObject(sessionOf(name));
	await sessionOf(name).send("And 4 + 5?");
	const events = await until(name, finished(2));
	await new Promise((resolve) => setTimeout(resolve, 200));
	expect(seqs).toEqual(events.slice(2).map(({ seq }) => seq));
	socket.close();
});

test("a WebSocket is closed when its session is deleted, also while the object sleeps", async () => {
	const name = "deleted asleep";
	await sessionOf(name).open({ id: name, team: alone, question: "What is 3 + 4?" });
	await until(name, finished(1));
	const { webSocket } = await sessionOf(name).fetch("http://session/events", { headers: { upgrade: "websocket" } });
	if (webSocket === null) throw new Error("the object upgrades");
	const closed = new Promise((resolve) => {
		webSocket.addEventListener("close", ({ code, reason }) => resolve([code, reason]));
		setTimeout(() => resolve("still open"), 2000);
	});
	webSocket.accept();
	await evictDurableObject(sessionOf(name));
	await sessionOf(name).destroy();
	expect(await closed).toEqual([1000, "The session was deleted."]);
});

test.each<[string, Record<string, string>, number, number]>([
	["event streams", {}, watchersMax, 200],
	["WebSockets", { upgrade: "websocket" }, socketsMax, 101],
])("a session takes so many %s, and not one more", async (kind, headers, max, accepted) => {
	const name = `crowded by ${kind}`;
	await sessionOf(name).open({ id: name, team: alone, question: "What is 5 + 6?" });
	const crowd = await Promise.all(
		Array.from({ length: max + 1 }, () => sessionOf(name).fetch("http://session/events", { headers })),
	);
	const counted = [accepted, 503].map((status) => crowd.filter((response) => response.status === status).length);
	expect(counted).toEqual([max, 1]);
	for (const { body, webSocket } of crowd) {
		webSocket?.accept();
		webSocket?.close();
		await body?.cancel();
	}
	await sessionOf(name).destroy();
});

test("an index that was not told before a crash is told at the alarm that was kept for it", async () => {
	const name = "untold";
	const tenants = (env as unknown as { readonly TENANT: DurableObjectNamespace }).TENANT;
	// A stub does not outlive the object's end.
	const tenant = () => tenants.getByName("default") as unknown as TenantRpc;
	const row = { id: name, title: "t", team: "demo", idempotencyKey: null, fingerprint: "" };
	await tenant().reserve(row);
	await sessionOf(name).open({ id: name, team: alone, question: "What is 6 times 7?" });
	await until(name, finished(1));
	// As if the machine had died after its last commit and before it told anybody.
	await tenant().touch(name, "running");
	await runInDurableObject(sessionOf(name), (_, state) => state.storage.setAlarm(Date.now() + 60_000));
	await abortAllDurableObjects();
	expect(await runDurableObjectAlarm(sessionOf(name))).toBe(true);
	expect((await tenant().row(name))?.status).toBe("done");
	expect(await runInDurableObject(sessionOf(name), (_, state) => state.storage.getAlarm())).toBe(null);
});
