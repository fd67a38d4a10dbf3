import { unreachable } from "../std/assert.ts";
import type { CallId, SessionEvent } from "./events.ts";

/** What the calls of a session cost so far, as far as anybody can say. */
export type Cost = {
	/** Null, for good, once a call that may have cost something ended without a price: a sum without it would be wrong. */
	readonly usd: number | null;
	/** Open calls that cost nothing, whatever comes of them. */
	readonly free: readonly CallId[];
};

export const noCost: Cost = { usd: 0, free: [] };

/** More free calls are not remembered; a session has at most one open call for each agent, and one more. */
export const freeCallsMax = 64;

/** Computed by ourselves: nobody sends a bill. */
const freeProvider = "demo";

/** The cost after a call has started or ended. Also a failed, aborted or lost one may have been billed. */
export function costAfter(cost: Cost, event: SessionEvent & { type: "call.started" | "call.finished" }): Cost {
	if (cost.usd === null) return cost;
	switch (event.type) {
		case "call.started":
			return event.provider === freeProvider && cost.free.length < freeCallsMax
				? { ...cost, free: [...cost.free, event.call] }
				: cost;
		case "call.finished": {
			const free = cost.free.filter((call) => call !== event.call);
			if (event.cost_usd !== null) return { usd: cost.usd + event.cost_usd, free };
			return free.length < cost.free.length ? { ...cost, free } : { usd: null, free: [] };
		}
		default:
			return unreachable(event);
	}
}

/**
 * US dollars that caches saved so far, after a call has ended; null, for good, once a cache was used and nobody knows at
 * what price. Calls that report no use of a cache saved nothing that anybody measured.
 */
export function savedAfter(
	saved: number | null,
	{ usage, saved_usd: more }: SessionEvent & { type: "call.finished" },
): number | null {
	if (saved === null || (usage?.cached ?? 0) + (usage?.written ?? 0) === 0) return saved;
	return more === undefined || more === null ? null : saved + more;
}
