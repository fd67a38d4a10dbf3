import { linesFrom } from "./watchers.ts";
import { readFrom, type Sql } from "../store/log.ts";
import { lineFor, visitorsMax, visitShown, type Visit } from "./shared.ts";

/** Watchers by WebSocket. They may sleep with the object: what each has had is kept beside its socket. */
export type Sockets = {
	/** Answers an upgrade with everything from `seq` on, page by page, and then with what comes. `visit`: who has a link. */
	readonly accept: (seq: number, visit?: Visit | null) => Response;
	/** Sends every socket what the log has up to `lastSeq`. */
	readonly send: (lastSeq: number) => void;
	/** This link is gone: its visitors are let go. */
	readonly endShare: (share: string) => void;
};

/** More sockets of one session are refused. */
export const socketsMax = 256;
/** A page for one socket; the next one follows a moment later, so that no socket is handed a long log in one go. */
const rowsPerPage = 64;
const pageApartMs = 20;

/** `visit` is there only for who has a link. */
type Cursor = { readonly next: number; readonly visit?: Visit };

/** The part of an object's state that holds sockets. */
export type SocketHost = Pick<DurableObjectState, "acceptWebSocket" | "getWebSockets" | "setWebSocketAutoResponse">;

export type SocketDeps = {
	readonly sql: Sql;
	readonly later: (run: () => void, ms: number) => void;
	readonly now: () => number;
};

/** The sockets of one session, those from before a sleep included: what they have had stands beside them. */
export function openSockets(host: SocketHost, { sql, later, now }: SocketDeps): Sockets {
	/** Those whose next page is on its way. An object with a timer does not sleep. */
	const paging = new Set<WebSocket>();
	const page = (socket: WebSocket, cursor: Cursor): void => {
		paging.delete(socket);
		if (isOver(cursor, now())) return letGo(socket);
		const next = sendPage(socket, sql, cursor);
		if (next === null) return;
		paging.add(socket);
		later(() => page(socket, next), pageApartMs);
	};
	return {
		accept: (seq, visit = null) => {
			const shown = visit === null ? {} : visitShown;
			if (host.getWebSockets().length >= socketsMax)
				return new Response(`At most ${socketsMax} sockets at once.`, { status: 503, headers: shown });
			if (visit !== null && host.getWebSockets(visitors).length >= visitorsMax)
				return new Response(`At most ${visitorsMax} visitors at once.`, { status: 503, headers: shown });
			host.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
			const { 0: client, 1: server } = new WebSocketPair();
			host.acceptWebSocket(server, visit === null ? [] : [visitors, tagOf(visit.share)]);
			page(server, { next: seq, ...(visit && { visit }) });
			return new Response(null, { status: 101, webSocket: client, headers: shown });
		},
		send: (lastSeq) => {
			for (const socket of host.getWebSockets()) {
				const cursor = cursorOf(socket);
				if (cursor.next <= lastSeq && !paging.has(socket)) page(socket, cursor);
			}
		},
		endShare: (share) => host.getWebSockets(tagOf(share)).forEach(letGo),
	};
}

/** Tells every socket that its session is gone, also those from before a sleep. */
export function closeSockets(host: Pick<SocketHost, "getWebSockets">): void {
	for (const socket of host.getWebSockets()) socket.close(1000, "The session was deleted.");
}

/** Tags by which the platform finds sockets again, also those from before a sleep. */
const visitors = "visitors";
const tagOf = (share: string) => `share:${share}`;

function isOver({ visit }: Cursor, nowMs: number): boolean {
	return visit !== undefined && visit.untilMs <= nowMs;
}

/** Whose link still holds may come back, and go on behind what it has had. */
function letGo(socket: WebSocket): void {
	socket.close(1000, "Ask again with the link.");
}

/** What the next page begins with; null where there is none, or nobody to have it. */
function sendPage(socket: WebSocket, sql: Sql, cursor: Cursor): Cursor | null {
	const { next: from, visit = null } = cursor;
	// A socket that is closing throws on send; its close event removes it.
	if (socket.readyState !== WebSocket.OPEN) return null;
	const { rows, more } = readFrom(sql, from, rowsPerPage);
	const shown = lineFor(visit);
	for (const row of rows) for (const line of linesFrom(row, from)) socket.send(shown(line));
	const last = rows.at(-1);
	const after: Cursor = { ...cursor, next: last === undefined ? from : last.first + last.count };
	socket.serializeAttachment(after);
	return more ? after : null;
}

function cursorOf(socket: WebSocket): Cursor {
	const attached: unknown = socket.deserializeAttachment();
	return attached as Cursor;
}
