import { expect, test } from "vitest";
import { append, logSteps } from "../../durable-objects/store/log.ts";
import { openSockets, type SocketHost } from "../../durable-objects/show/sockets.ts";
import { sqlStorage } from "../support/sql.ts";

/** Only visits end by the clock. */
const nowMs = 0;

/** A socket that has had everything before `next`, and a log of so many rows; `tick` lets timers go off. */
function connected({ rows, next = 1 }: { readonly rows: number; readonly next?: number }) {
	const sql = sqlStorage();
	for (const step of logSteps) sql.exec(step);
	const add = (from: number, count: number) => {
		for (let seq = from; seq < from + count; seq += 1)
			append(sql, [{ type: "note.added", text: "a" }], { lastSeq: seq - 1, at: "now", rest: false });
	};
	add(1, rows);
	const sent: number[] = [];
	let attached: unknown = { next };
	const socket = {
		readyState: WebSocket.OPEN,
		send: (line: string) => void sent.push(Number(/^{"seq":(\d+),/.exec(line)?.[1])),
		serializeAttachment: (value: unknown) => void (attached = value),
		deserializeAttachment: () => attached,
	};
	const timers: (() => void)[] = [];
	const host = { getWebSockets: () => [socket] } as unknown as SocketHost;
	const open = () => openSockets(host, { sql, later: (run) => void timers.push(run), now: () => nowMs });
	const tick = () => timers.splice(0).forEach((run) => run());
	return { open, socket, sent, add, tick, timers, attached: () => attached };
}

const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, at) => first + at);

test.each<[string, number, readonly number[], number]>([
	["a page of as many rows as may be is all there is", 64, upTo(64), 0],
	["one row more waits for the next page", 65, upTo(64), 1],
])("%s", (_, rows, expected, waiting) => {
	const { open, sent, timers } = connected({ rows });
	open().send(rows);
	expect([sent, timers.length]).toEqual([expected, waiting]);
});

test("page follows on page, each event once, also where commits come in between", () => {
	const { open, sent, add, tick, timers } = connected({ rows: 150 });
	const sockets = open();
	sockets.send(150);
	add(151, 1);
	sockets.send(151);
	expect([sent.length, timers.length]).toEqual([64, 1]);
	tick();
	tick();
	add(152, 1);
	sockets.send(152);
	expect([sent, timers.length]).toEqual([upTo(152), 0]);
});

test("what a socket has had outlives the object: after a sleep it gets what follows", () => {
	const { open, sent, add, attached } = connected({ rows: 3 });
	open().send(3);
	add(4, 2);
	open().send(5);
	expect([sent, attached()]).toEqual([upTo(5), { next: 6 }]);
});

test("a socket that is closing is sent nothing more", () => {
	const { open, socket, sent, tick, timers } = connected({ rows: 100 });
	open().send(100);
	socket.readyState = WebSocket.CLOSING;
	tick();
	expect([sent.length, timers.length]).toEqual([64, 0]);
});
