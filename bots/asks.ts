import type { InstallationRpc } from "../durable-objects/installation/rpc.ts";

/** What is remembered of threads and of the messages that asked; the value is the platform's own. */

const dayMs = 24 * 60 * 60 * 1000;
/** A thread that nobody wrote in for so long starts afresh. */
const threadMsMax = 90 * dayMs;
const askMsMax = 30 * dayMs;

type Notes = Pick<InstallationRpc, "keep" | "kept" | "drop">;

/** The session that a thread is, and who began it. */
export type ThreadSession = { readonly session: string; readonly asker: string };

/** Null where nobody asked in this thread, or long ago. */
export async function threadSession(installation: Notes, thread: string): Promise<ThreadSession | null> {
	const kept = parsed(await installation.kept("thread", thread));
	return kept as ThreadSession | null;
}

/** The sessions of the threads that were begun last, each once. */
export async function threadSessions(
	installation: Pick<InstallationRpc, "newest">,
	limit: number,
): Promise<readonly string[]> {
	const threads = await installation.newest("thread", limit);
	return [...new Set(threads.map(({ value }) => (parsed(value) as ThreadSession).session))];
}

/** From now on this thread is that session. */
export async function keepThread(installation: Notes, thread: string, session: ThreadSession): Promise<void> {
	await installation.keep({ kind: "thread", key: thread, value: JSON.stringify(session), forMs: threadMsMax });
}

/** What `keepAsk` kept of the message that this address names, in the shape that the same platform gave it; null where nothing is. */
export async function askOf(installation: Notes, address: string): Promise<unknown> {
	return parsed(await installation.kept("ask", address));
}

/** What a delivery to this address will need besides the address. */
export async function keepAsk(installation: Notes, address: string, ask: object): Promise<void> {
	await installation.keep({ kind: "ask", key: address, value: JSON.stringify(ask), forMs: askMsMax });
}

/** Written by us, so that the parse is trusted. */
function parsed(value: string | null): unknown {
	return value === null ? null : JSON.parse(value);
}
