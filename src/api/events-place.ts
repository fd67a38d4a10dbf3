import { receivedQuery } from "./body.ts";
import { EventsQuery, LastEventId } from "./contract.ts";
import { below, parsed } from "./fields.ts";
import { badInput } from "./problem.ts";

/** Null where the place that a request for events names is one, else the problem to answer with. */
export function placeIn(request: Request): Response | null {
	const query = receivedQuery(request, EventsQuery);
	if (query instanceof Response) return query;
	const last = request.headers.get("last-event-id");
	const read = last === null ? { ok: true as const } : parsed(LastEventId, last);
	return read.ok ? null : badInput(below("Last-Event-ID", read.errors));
}
