import { recentNames, type RecentNames } from "../std/recent-names.ts";

/** More are not remembered; the oldest are forgotten first. */
export const recentSessionsMax = 10_000;

/**
 * Ids of sessions that this Worker knows to be its tenant's own, so that their index need not be asked again; none at
 * first. One that was deleted elsewhere may still be here: its object then says that it is gone.
 */
export function makeRecentSessions(): RecentNames {
	return recentNames(recentSessionsMax);
}
