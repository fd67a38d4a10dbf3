import type { Message } from "./message.ts";
import type { Tried } from "./faults.ts";
import { inLane, laneOf, type Workspace } from "./workspace.ts";

/** Messages in Slack. Nothing that is posted looks for names, shows previews of links, or is taken for a person's. */

export type Where = { readonly channel: string; readonly thread: string };
/** By which a message of ours is known again, whoever has posted it. */
export type Mark = { readonly session: string; readonly turn: number; readonly what: string };

const quiet = { parse: "none", link_names: false, unfurl_links: false, unfurl_media: false } as const;

/** A new message in a thread; its `ts`. */
export function posted(
	workspace: Workspace,
	{ channel, thread }: Where,
	message: Message & { readonly mark?: Mark },
): Promise<Tried<string>> {
	const { mark, ...content } = message;
	const metadata = mark === undefined ? {} : { metadata: metadataOf(mark) };
	return inLane(workspace, laneOf("chat.postMessage", channel), async () => {
		const root = thread === "" ? {} : { thread_ts: thread };
		// oxlint-disable-next-line unicorn/require-post-message-target-origin -- not the window's
		const answer = await workspace.client.chat.postMessage({ channel, ...root, ...content, ...metadata, ...quiet });
		return answer.ts ?? "";
	});
}

export type Edit = { readonly channel: string; readonly ts: string; readonly shows: "course" | "end" };

/**
 * What stands there is replaced. All runs of a workspace share its edits: one that will be followed by others leaves a turn
 * to those that show an end.
 */
export function edited(workspace: Workspace, { channel, ts, shows }: Edit, message: Message): Promise<Tried<string>> {
	const lane = { ...laneOf("chat.update"), spared: shows === "end" ? 0 : 1 };
	return inLane(workspace, lane, async () => {
		const answer = await workspace.client.chat.update({
			channel,
			ts,
			...message,
			parse: "none",
			link_names: false,
		});
		return answer.ts ?? ts;
	});
}

/** The thread's message with this mark, posted at `sinceTs` or later: its `ts`, or null where there is none. */
export function found(
	workspace: Workspace,
	{ channel, thread }: Where,
	{ mark, sinceTs }: { readonly mark: Mark; readonly sinceTs: string },
): Promise<Tried<string | null>> {
	return inLane(workspace, laneOf("conversations.replies"), async () => {
		const asked = { channel, ts: thread, oldest: sinceTs, inclusive: true, limit: lookedAtMax };
		const { messages = [] } = await workspace.client.conversations.replies({
			...asked,
			include_all_metadata: true,
		});
		const ours = messages.find((message) => isMarked(message, mark));
		return ours?.ts ?? null;
	});
}

/** Replies since the question; ours is among the first of them. */
const lookedAtMax = 100;
const eventType = "massgen_message";

function metadataOf(mark: Mark) {
	return { event_type: eventType, event_payload: { ...mark } };
}

function isMarked(message: object, { session, turn, what }: Mark): boolean {
	if (!("metadata" in message)) return false;
	// Slack's own type leaves the metadata out.
	const metadata = message.metadata as ReturnType<typeof metadataOf> | undefined;
	const payload = metadata?.event_type === eventType ? metadata.event_payload : null;
	return payload?.session === session && payload.turn === turn && payload.what === what;
}

/** Only one person sees it, and only while they look. */
export function whispered(
	workspace: Workspace,
	{ channel, thread, user }: Where & { readonly user: string },
	message: Message,
): Promise<Tried<void>> {
	return inLane(workspace, laneOf("chat.postEphemeral"), async () => {
		const root = thread === "" ? {} : { thread_ts: thread };
		await workspace.client.chat.postEphemeral({
			channel,
			user,
			...root,
			...message,
			parse: "none",
			link_names: false,
		});
	});
}
