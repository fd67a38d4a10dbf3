import type { InstallationRpc } from "../../durable-objects/installation/rpc.ts";

/** What has become of a turn's messages, by the address it was asked at. */

const keptMs = 30 * 24 * 60 * 60 * 1000;

type Notes = Pick<InstallationRpc, "keep" | "kept">;

/** The message that is the card: what the final replies to. */
export async function keepCard(notes: Notes, address: string, message: string): Promise<void> {
	await notes.keep({ kind: "card", key: address, value: message, forMs: keptMs });
}

/** Null where none has come. */
export async function cardAt(notes: Notes, address: string): Promise<string | null> {
	return notes.kept("card", address);
}

/** The card is not edited any more. */
export async function stop(notes: Notes, address: string, reason: string): Promise<void> {
	await notes.keep({ kind: "stopped", key: address, value: reason, forMs: keptMs });
}

/** Why the card is not edited any more; null where it is. */
export async function stopped(notes: Notes, address: string): Promise<string | null> {
	return notes.kept("stopped", address);
}

/** How far the final has come: its message, its thread, and how many pieces stand there. */
export type Posted = { readonly message: string; readonly thread: string | null; readonly chunks: number };

/** Written down as soon as it is known, so that nothing is posted a second time. */
export async function keepPosted(notes: Notes, address: string, posted: Posted): Promise<void> {
	await notes.keep({ kind: "posted", key: address, value: JSON.stringify(posted), forMs: keptMs });
}

/** Null where nothing is known to have been posted. */
export async function postedAt(notes: Notes, address: string): Promise<Posted | null> {
	const kept = await notes.kept("posted", address);
	const parsed: unknown = kept === null ? null : JSON.parse(kept);
	return parsed as Posted | null;
}
