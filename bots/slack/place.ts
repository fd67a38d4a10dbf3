/** Where a question was asked, as the address of its run: no two messages have the same. */
export type Place = {
	readonly workspace: string;
	readonly channel: string;
	/** The first message of the thread that the answer goes to. */
	readonly thread: string;
	/** The message that asked, or the moment of the click that did. */
	readonly ts: string;
};

/** The place as one text, read again by `placeOf`. */
export function addressOf({ workspace, channel, thread, ts }: Place): string {
	return `${workspace}/${channel}/${thread}/${ts}`;
}

/** Null for what is no address of ours. */
export function placeOf(address: string): Place | null {
	const [workspace = "", channel = "", thread = "", ts = "", ...more] = address.split("/");
	const isWhole = [workspace, channel, thread, ts].every((part) => part !== "") && more.length === 0;
	return isWhole ? { workspace, channel, thread, ts } : null;
}

/** Under which name a thread and its session are remembered. */
export function threadKey({ channel, thread }: Pick<Place, "channel" | "thread">): string {
	return `${channel}/${thread}`;
}
