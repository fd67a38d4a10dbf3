import type { SessionEvent } from "./events.ts";

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
