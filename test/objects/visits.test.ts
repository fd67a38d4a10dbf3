import { beforeEach, expect, test } from "vitest";
import { append, logSteps } from "../../durable-objects/store/log.ts";
import { visitIn, visitorsMax, type Visit } from "../../durable-objects/show/shared.ts";
import { openSockets, type SocketHost } from "../../durable-objects/show/sockets.ts";
import { makeWatchers } from "../../durable-objects/show/watchers.ts";
import { endShare, watching } from "../../durable-objects/show/watching.ts";
import { recentNames } from "../../src/std/recent-names.ts";
import { sqlStorage } from "../support/sql.ts";

/** Those who watch with a link, by either way, and a clock that the test turns. */
const at = "2026-01-01T00:00:00.000Z";
let nowMs = 0;
beforeEach(() => void (nowMs = 0));

type FakeSocket = {
	readonly tags: readonly string[];
	readonly sent: string[];
	readonly closed: string[];
	readonly readyState: number;
	readonly send: (line: string) => void;
	readonly close: (code: number, reason: string) => void;
	readonly serializeAttachment: (value: unknown) => void;
	readonly deserializeAttachment: () => unknown;
};

function socketOf(tags: readonly string[], visit: Visit): FakeSocket {
	let attached: unknown = { next: 1, visit };
	const sent: string[] = [];
	const closed: string[] = [];
	return {
		tags,
		sent,
		closed,
		readyState: WebSocket.OPEN,
		send: (line) => void sent.push(line),
		close: (code, reason) => void closed.push(`${code} ${reason}`),
		serializeAttachment: (value) => void (attached = value),
		deserializeAttachment: () => attached,
	};
}

function session(sockets: readonly FakeSocket[] = []) {
	const sql = sqlStorage();
	for (const step of logSteps) sql.exec(step);
	const now = () => nowMs;
	const watchers = makeWatchers(sql, now);
	const getWebSockets = (tag?: string) => sockets.filter(({ tags }) => tag === undefined || tags.includes(tag));
	const host = { getWebSockets } as unknown as SocketHost;
	const watched = {
		watchers,
		sockets: openSockets(host, { sql, later: (run) => run(), now }),
		endedShares: recentNames(10),
	};
	let lastSeq = 0;
	const note = (text: string) => {
		watchers.wake(append(sql, [{ type: "note.added", text }], { lastSeq, at, rest: false }));
		lastSeq += 1;
		watched.sockets.send(lastSeq);
	};
	return { watched, note };
}

const visit = (share: string, untilMs = 1000) =>
	new Request("http://o/", { headers: { "massgen-share": `${share} ${untilMs}` } });
const line = (seq: number, text: string) => `{"seq":${seq},"at":"${at}","type":"note.added","text":"${text}"}`;

async function next(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string | null> {
	const { done, value } = await reader.read();
	return done ? null : new TextDecoder().decode(value);
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const framed = (seq: number, text: string) => `id: ${seq}\nevent: note.added\ndata: ${line(seq, text)}\n\n`;

test("a visitor reads the log without what is its owner's alone, and the owner reads all of it", async () => {
	const { watched, note } = session();
	note("psst");
	const [guest, owner] = [watching(watched, visit("1")), watching(watched, new Request("http://o/"))];
	const heard = await Promise.all([guest, owner].map(async ({ body }) => next(body!.getReader())));
	expect([heard, guest.headers.get("massgen-shared"), owner.headers.get("massgen-shared")]).toEqual([
		[framed(1, ""), framed(1, "psst")],
		"yes",
		null,
	]);
});

test("when a link is ended its visitors are let go at once, and nobody else is", async () => {
	const { watched, note } = session();
	note("a");
	const requests = [visit("1"), visit("2"), new Request("http://o/")];
	const readers = requests.map((request) => watching(watched, request).body!.getReader());
	await Promise.all(readers.map(next));
	const waiting = readers.map(next);
	await turn();
	endShare(watched, "1");
	expect([await waiting[0], watched.watchers.count(), watched.watchers.visitors()]).toEqual([null, 2, 1]);
});

test("who was let in just before a link was ended does not begin", async () => {
	const { watched } = session();
	endShare(watched, "1");
	expect([watching(watched, visit("1")).status, watching(watched, visit("2")).status]).toEqual([404, 200]);
});

test("a visit ends in time: nothing is shown after it", async () => {
	const { watched, note } = session();
	note("a");
	const reader = watching(watched, visit("1")).body!.getReader();
	await next(reader);
	const waiting = next(reader);
	await turn();
	nowMs = 999;
	note("b");
	expect(await waiting).toBe(framed(2, ""));
	await turn();
	nowMs = 1000;
	note("c");
	expect([await next(reader), watched.watchers.count()]).toEqual([null, 0]);
});

test.each<[string, number, number]>([
	["the last place for visitors is taken", visitorsMax - 1, 200],
	["one more is refused", visitorsMax, 503],
])("%s, and the owner still finds one", (_, others, status) => {
	const { watched } = session();
	for (let other = 0; other < others; other += 1) watching(watched, visit("2"));
	expect([watching(watched, visit("1")).status, watching(watched, new Request("http://o/")).status]).toEqual([
		status,
		200,
	]);
});

test("more sockets of visitors than may be are refused", async () => {
	const sockets = Array.from({ length: visitorsMax }, () => socketOf(["visitors"], { share: "1", untilMs: 1 }));
	const { watched } = session(sockets);
	const upgrade = new Request("http://o/", { headers: { upgrade: "websocket", "massgen-share": "1 1000" } });
	const refused = watching(watched, upgrade);
	expect([refused.status, await refused.text()]).toEqual([503, "At most 128 visitors at once."]);
});

test("a visitor's socket is sent the log without what is its owner's alone, until its time is over", () => {
	const guest = socketOf(["visitors", "share:1"], { share: "1", untilMs: 1000 });
	const { note } = session([guest]);
	note("psst");
	nowMs = 1000;
	note("more");
	expect([guest.sent, guest.closed]).toEqual([[line(1, "")], ["1000 Ask again with the link."]]);
});

test("when a link is ended its sockets are closed, also those from before a sleep, and no other", () => {
	const sockets = ["1", "2"].map((share) => socketOf(["visitors", `share:${share}`], { share, untilMs: 1000 }));
	endShare(session(sockets).watched, "1");
	expect(sockets.map(({ closed }) => closed)).toEqual([["1000 Ask again with the link."], []]);
});

test("whose visit a request is stands in its header alone", () => {
	expect([visitIn(visit("7", 9)), visitIn(new Request("http://o/?massgen-share=7"))]).toEqual([
		{ share: "7", untilMs: 9 },
		null,
	]);
});
