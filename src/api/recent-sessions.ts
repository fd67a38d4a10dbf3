/** Sessions that this Worker knows to be its tenant's own, so that their index need not be asked again. */
export type RecentSessions = {
	readonly add: (id: string) => void;
	readonly has: (id: string) => boolean;
	readonly remove: (id: string) => void;
};

/** More are not remembered; the oldest are forgotten first. */
export const recentSessionsMax = 10_000;

/** None at first. One that was deleted elsewhere may still be here: its object then says that it is gone. */
export function makeRecentSessions(): RecentSessions {
	const ids = new Set<string>();
	return {
		add: (id) => {
			ids.add(id);
			const [oldest] = ids;
			if (ids.size > recentSessionsMax && oldest !== undefined) ids.delete(oldest);
		},
		has: (id) => ids.has(id),
		remove: (id) => void ids.delete(id),
	};
}
