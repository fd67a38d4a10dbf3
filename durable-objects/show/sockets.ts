import { linesFrom } from "./watchers.ts";
import { readFrom, type Sql } from "../store/log.ts";

/** Watchers by WebSocket. They may sleep with the object: what each has had is kept beside its socket. */
export type Sockets = {
	/** Answers an upgrade with everything from `seq` on, page by page, and then with what comes. */
	readonly accept: (seq: number) => Response;
	/** Sends every socket what the log has up to `lastSeq`. */
	readonly send: (lastSeq: number) => void;
};

/** More sockets of one session are refused. */
export const socketsMax = 256;
/** A page for one socket; the next one follows a moment later, so that no socket is handed a long log in one go. */
const rowsPerPage = 64;
const pageApartMs = 20;

type Cursor = { readonly next: number };

/** The part of an object's state that holds sockets. */
export type SocketHost = Pick<DurableObjectState, "acceptWebSocket" | "getWebSockets" | "setWebSocketAutoResponse">;

/** The sockets of one session, those from before a sleep included: what they have had stands beside them. */
export function openSockets(host: SocketHost, sql: Sql, later: (run: () => void, ms: number) => void): Sockets {
	/** Those whose next page is on its way. An object with a timer does not sleep. */
	const paging = new Set<WebSocket>();
	const page = (socket: WebSocket, from: number): void => {
		paging.delete(socket);
		const next = sendPage(socket, sql, from);
		if (next === null) return;
		paging.add(socket);
		later(() => page(socket, next), pageApartMs);
	};
	return {
		accept: (seq) => {
			if (host.getWebSockets().length >= socketsMax)
				return new Response(`At most ${socketsMax} sockets at once.`, { status: 503 });
			host.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
			const { 0: client, 1: server } = new WebSocketPair();
			host.acceptWebSocket(server);
			page(server, seq);
			return new Response(null, { status: 101, webSocket: client });
		},
		send: (lastSeq) => {
			for (const socket of host.getWebSockets()) {
				const { next } = cursorOf(socket);
				if (next <= lastSeq && !paging.has(socket)) page(socket, next);
			}
		},
	};
}

/** Tells every socket that its session is gone, also those from before a sleep. */
export function closeSockets(host: Pick<SocketHost, "getWebSockets">): void {
	for (const socket of host.getWebSockets()) socket.close(1000, "The session was deleted.");
}

/** Where the next page begins; null where there is none, or nobody to have it. */
function sendPage(socket: WebSocket, sql: Sql, from: number): number | null {
	// A socket that is closing throws on send; its close event removes it.
	if (socket.readyState !== WebSocket.OPEN) return null;
	const { rows, more } = readFrom(sql, from, rowsPerPage);
	for (const row of rows) for (const line of linesFrom(row, from)) socket.send(line);
	const last = rows.at(-1);
	const next = last === undefined ? from : last.first + last.count;
	socket.serializeAttachment({ next } satisfies Cursor);
	return more ? next : null;
}

function cursorOf(socket: WebSocket): Cursor {
	const attached: unknown = socket.deserializeAttachment();
	return attached as Cursor;
}
