import { makeClient } from "../api/client.ts";

/** Sessions older than these wait for their alarms. */
export const wakePagesMax = 20;
const sessionsPerPage = 100;

/** A look at a session wakes it: what a killed server left open goes on at once, not at its next alarm. */
export async function wakeUnfinished({ url, key }: { readonly url: string; readonly key: string }): Promise<void> {
	const client = makeClient({ baseUrl: url, key, fetch: (request) => fetch(request) });
	let cursor: string | null = null;
	for (let page = 0; page < wakePagesMax; page += 1) {
		const listed: Awaited<ReturnType<typeof client.sessions>> = await client.sessions({
			limit: sessionsPerPage,
			...(cursor !== null && { cursor }),
		});
		const running = listed.sessions.filter(({ status }) => status === "running");
		// One that cannot be seen must not keep the server from starting; it has its alarm.
		await Promise.allSettled(running.map(({ id }) => client.session(id)));
		cursor = listed.cursor;
		if (cursor === null) return;
	}
}
