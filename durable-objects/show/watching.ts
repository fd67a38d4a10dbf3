import type { RecentNames } from "../../src/std/recent-names.ts";
import { visitIn, visitorsMax, visitShown } from "./shared.ts";
import type { Sockets } from "./sockets.ts";
import { startOf, watchersMax, type Watchers } from "./watchers.ts";

type Watched = {
	readonly watchers: Watchers & { readonly count: () => number };
	readonly sockets: Sockets;
	readonly endedShares: RecentNames;
};

/** The events of a session that is there: as Server-Sent Events, or over a WebSocket on `Upgrade`. */
export function watching({ watchers, sockets, endedShares }: Watched, request: Request): Response {
	const visit = visitIn(request);
	const shown = visit === null ? {} : visitShown;
	if (visit !== null && endedShares.has(visit.share))
		return new Response("It ended.", { status: 404, headers: shown });
	const seq = startOf(request);
	if (request.headers.get("upgrade")?.toLowerCase() === "websocket") return sockets.accept(seq, visit);
	if (visit !== null && watchers.visitors() >= visitorsMax)
		return new Response(`At most ${visitorsMax} visitors at once.`, { status: 503, headers: shown });
	if (watchers.count() >= watchersMax)
		return new Response(`At most ${watchersMax} watchers at once.`, { status: 503, headers: shown });
	const headers = { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" };
	return new Response(watchers.open(seq, visit), { headers: { ...headers, ...shown } });
}

/** The link is gone: nobody goes on watching with it, and nobody who was let in just now begins. */
export function endShare({ watchers, sockets, endedShares }: Watched, share: string): void {
	endedShares.add(share);
	watchers.endShare(share);
	sockets.endShare(share);
}
