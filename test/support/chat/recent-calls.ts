/** What has been called, oldest first; the oldest are forgotten. */
export type RecentCalls<Call> = { readonly calls: readonly Call[]; readonly add: (call: Call) => void };

export function recentCalls<Call>(max = 10_000): RecentCalls<Call> {
	const calls: Call[] = [];
	const add = (call: Call): void => {
		calls.push(call);
		if (calls.length > max) calls.shift();
	};
	return { calls, add };
}
