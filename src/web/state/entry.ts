import type { LoggedEvent } from "../../consensus/events.ts";

/** A line of the log as people read it: an event, or streamed pieces of the same kind and agent that came in a row. */
export type Entry = {
	readonly seq: number;
	/** The last event's, where there are several. */
	readonly lastSeq: number;
	readonly at: string;
	/** Any string: a newer server has events that this page does not know. */
	readonly type: string;
	readonly agent: string | null;
	readonly pieces: number;
	readonly event: LoggedEvent;
	/** What the pieces said together. */
	readonly text: string;
};

export const entryTextCharsMax = 100_000;

const streamed: ReadonlySet<string> = new Set(["agent.text", "agent.reasoning", "final.text"]);

/** The entries with these events added. */
export function entriesAfter(entries: readonly Entry[], events: readonly LoggedEvent[]): readonly Entry[] {
	const all = [...entries];
	for (const event of events) {
		const entry = entryOf(event);
		const last = all.at(-1);
		if (last !== undefined && isSameSpeech(last, entry)) all[all.length - 1] = joined(last, entry);
		else all.push(entry);
	}
	return all;
}

function entryOf(event: LoggedEvent): Entry {
	const { seq, at, type } = event;
	const agent = "agent" in event ? event.agent : null;
	const text = streamed.has(type) && "text" in event ? event.text : "";
	return { seq, lastSeq: seq, at, type, agent, pieces: 1, event, text };
}

function isSameSpeech(last: Entry, next: Entry): boolean {
	return streamed.has(next.type) && last.type === next.type && last.agent === next.agent;
}

function joined(last: Entry, next: Entry): Entry {
	return {
		...last,
		lastSeq: next.seq,
		pieces: last.pieces + 1,
		text: (last.text + next.text).slice(0, entryTextCharsMax),
	};
}
