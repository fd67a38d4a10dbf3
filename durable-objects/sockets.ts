import { linesFrom } from "./watchers.ts";
import { readFrom, type Sql } from "./log.ts";

/** Watchers by WebSocket. They may sleep with the object: what each has had is kept beside its socket. */
export type Sockets = {
	/** Answers an upgrade with everything from `seq` on, and then with what comes. */
	readonly accept: (seq: number) => Response;
	/** Sends every socket what the log has up to `lastSeq`. */
	readonly send: (lastSeq: number) => void;
};

/** More sockets of one session are refused. */
export const socketsMax = 256;
const rowsPerRead = 64;

type Cursor = { readonly next: number };

/** The part of an object's state that holds sockets. */
export type SocketHost = Pick<DurableObjectState, "acceptWebSocket" | "getWebSockets" | "setWebSocketAutoResponse">;

/** The sockets of one session, those from before a sleep included. */
export function openSockets(host: SocketHost, sql: Sql): Sockets {
	return {
		accept: (seq) => {
			if (host.getWebSockets().length >= socketsMax)
				return new Response(`At most ${socketsMax} sockets at once.`, { status: 503 });
			host.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
			const { 0: client, 1: server } = new WebSocketPair();
			host.acceptWebSocket(server);
			catchUp(server, sql, seq);
			return new Response(null, { status: 101, webSocket: client });
		},
		send: (lastSeq) => {
			for (const socket of host.getWebSockets()) {
				const { next } = cursorOf(socket);
				if (next <= lastSeq) catchUp(socket, sql, next);
			}
		},
	};
}

/** Tells every socket that its session is gone, also those from before a sleep. */
export function closeSockets(host: Pick<SocketHost, "getWebSockets">): void {
	for (const socket of host.getWebSockets()) socket.close(1000, "The session was deleted.");
}

/** A socket that is closing throws on send; its close event removes it. */
function catchUp(socket: WebSocket, sql: Sql, from: number): void {
	let next = from;
	for (;;) {
		const rows = readFrom(sql, next, rowsPerRead);
		if (rows.length === 0 || socket.readyState !== WebSocket.OPEN) break;
		for (const row of rows) {
			for (const line of linesFrom(row, next)) socket.send(line);
			next = row.first + row.count;
		}
	}
	socket.serializeAttachment({ next } satisfies Cursor);
}

function cursorOf(socket: WebSocket): Cursor {
	const attached: unknown = socket.deserializeAttachment();
	return attached as Cursor;
}
