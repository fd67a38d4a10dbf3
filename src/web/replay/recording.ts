import type { LoggedEvent } from "../../consensus/events.ts";
import { emptyPageSession, pageSessionAfter, type PageSession } from "../state/page-session.ts";

/** Something worth stopping at while a session is replayed. */
export type PlayMark = {
	readonly kind: "turn" | "answer" | "vote" | "void" | "verdict";
	readonly seq: number;
	readonly ms: number;
};

/** A log as it came, from which the session can be had as it was at any moment. */
export type Recording = {
	/** After everything that came. */
	readonly live: PageSession;
	readonly events: readonly LoggedEvent[];
	/** When each event is played, in milliseconds since the first; never falling. */
	readonly atMs: readonly number[];
	readonly marks: readonly PlayMark[];
	/** The session after so many events, every now and then: from there it is not far to any other moment. */
	readonly checkpoints: readonly Checkpoint[];
};

export type Checkpoint = { readonly count: number; readonly session: PageSession };

/** What comes later is shown as it comes, and cannot be replayed. */
export const eventsMax = 200_000;
export const marksMax = 5_000;
/** Nobody wants to watch a session wait for longer than this. */
export const gapMsMax = 4_000;
const checkpointEvery = 500;

export const emptyRecording: Recording = {
	live: emptyPageSession,
	events: [],
	atMs: [],
	marks: [],
	checkpoints: [{ count: 0, session: emptyPageSession }],
};

/** The recording with more of the log, in its order. Events that came before change nothing. */
export function recordingAfter(recording: Recording, events: readonly LoggedEvent[]): Recording {
	const fresh = events.filter(({ seq }) => seq > recording.live.view.last_seq);
	let after = recording;
	for (let from = 0; from < fresh.length; from += checkpointEvery)
		after = withPiece(after, fresh.slice(from, from + checkpointEvery));
	return after;
}

/** How many events have happened at a moment of the replay. */
export function countAt({ atMs }: Pick<Recording, "atMs">, ms: number): number {
	let [low, high] = [0, atMs.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((atMs[middle] ?? Infinity) <= ms) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** How long the replay takes. */
export function lengthOf({ atMs }: Pick<Recording, "atMs">): number {
	return atMs.at(-1) ?? 0;
}

/** The session after its first `count` events: the very fold that shows it live, from the nearest place that is known. */
export function sessionAt(recording: Recording, count: number, near: Checkpoint): Checkpoint {
	const { events, checkpoints } = recording;
	const marked = checkpoints.findLast((checkpoint) => checkpoint.count <= count) ?? near;
	const from = near.count <= count && near.count > marked.count ? near : marked;
	if (from.count === count) return from;
	return { count, session: pageSessionAfter(from.session, events.slice(from.count, count)) };
}

function withPiece(recording: Recording, fresh: readonly LoggedEvent[]): Recording {
	const live = pageSessionAfter(recording.live, fresh);
	const kept = fresh.slice(0, Math.max(0, eventsMax - recording.events.length));
	if (kept.length === 0) return { ...recording, live };
	const events = [...recording.events, ...kept];
	const atMs = [...recording.atMs];
	const marks = [...recording.marks];
	for (const [i, event] of kept.entries()) {
		const before = i === 0 ? recording.events.at(-1) : kept[i - 1];
		const ms = (atMs.at(-1) ?? 0) + gapOf(before, event);
		atMs.push(ms);
		const kind = markKinds[event.type];
		if (kind !== undefined && marks.length < marksMax) marks.push({ kind, seq: event.seq, ms });
	}
	const { checkpoints } = recording;
	const far = kept.length === fresh.length && events.length - (checkpoints.at(-1)?.count ?? 0) >= checkpointEvery;
	const more = far ? [...checkpoints, { count: events.length, session: live }] : checkpoints;
	return { live, events, atMs, marks, checkpoints: more };
}

const markKinds: Readonly<Partial<Record<LoggedEvent["type"], PlayMark["kind"]>>> = {
	"turn.started": "turn",
	"answer.accepted": "answer",
	"vote.cast": "vote",
	"votes.voided": "void",
	"votes.suspended": "void",
	"consensus.reached": "verdict",
	"consensus.failed": "verdict",
};

/** A clock that was set back holds the replay up for no time at all. */
function gapOf(before: LoggedEvent | undefined, { at }: LoggedEvent): number {
	if (before === undefined) return 0;
	return Math.max(0, Math.min(Date.parse(at) - Date.parse(before.at), gapMsMax));
}
