import { expect, test } from "vitest";
import type { LoggedEvent } from "../../../src/consensus/events.ts";
import { emptyPageSession, pageSessionAfter } from "../../../src/web/state/page-session.ts";
import {
	countAt,
	emptyRecording,
	eventsMax,
	gapMsMax,
	lengthOf,
	marksMax,
	recordingAfter,
	sessionAt,
} from "../../../src/web/replay/recording.ts";
import { logged, opened, round, said, type Bare } from "../state/logged.ts";

const vote: Bare = { type: "vote.cast", agent: "a", answer: "a2.1", reason: "so" };
const answer: Bare = { type: "answer.accepted", agent: "b", answer: "a2.1", text: "4" };
const log = logged([...opened, round("a"), round("b"), said("a", "Hm"), answer, vote]);
const recorded = (events: readonly LoggedEvent[]) => recordingAfter(emptyRecording, events);
/** The same log with these times, in milliseconds. */
const timed = (events: readonly LoggedEvent[], ms: readonly number[]) =>
	events.map((event, i) => ({ ...event, at: new Date(ms[i] ?? 0).toISOString() }));
const start = emptyRecording.checkpoints[0] ?? { count: 0, session: emptyPageSession };

test("at each moment a session is what it was live", () => {
	const recording = recorded(log);
	const replayed = log.map((_, i) => sessionAt(recording, i + 1, start).session);
	const live = log.map((_, i) => pageSessionAfter(emptyPageSession, log.slice(0, i + 1)));
	expect(replayed).toEqual(live);
});

test("also far into a long log, forwards and backwards, and from wherever one was", () => {
	const long = logged([...opened, round("a"), ...Array.from({ length: 1800 }, (_, i) => said("a", `${i} `)), vote]);
	const recording = recorded(long);
	let near = start;
	for (const count of [10, 1700, 499, 500, 501, 1804, 0]) {
		near = sessionAt(recording, count, near);
		expect(near).toEqual({ count, session: pageSessionAfter(emptyPageSession, long.slice(0, count)) });
	}
	expect(recording.checkpoints.map(({ count }) => count)).toEqual([0, 500, 1000, 1500]);
});

test("a log that comes in pieces, some of them twice, is the same recording", () => {
	const pieces = recordingAfter(recordingAfter(recorded(log.slice(0, 3)), log.slice(1, 5)), log);
	expect(pieces).toEqual(recorded(log));
});

test.each<[string, readonly number[], readonly number[]]>([
	["events keep their distances", [0, 100, 1100], [0, 100, 1100]],
	["longer waits are shortened", [0, gapMsMax, 2 * gapMsMax + 1], [0, gapMsMax, 2 * gapMsMax]],
	["a clock that was set back holds nothing up", [5000, 1000, 1500], [0, 0, 500]],
])("%s", (_, times, played) => expect(recorded(timed(log.slice(0, 3), times)).atMs).toEqual(played));

test.each([
	[-1, 0],
	[0, 1],
	[99, 1],
	[100, 3],
	[5000, 4],
])("at %i ms %i events have happened", (ms, count) => {
	const recording = recorded(timed(log.slice(0, 4), [0, 100, 100, 900]));
	expect([countAt(recording, ms), lengthOf(recording)]).toEqual([count, 900]);
});

test("answers, votes and what felled them are marked", () => {
	const voided: Bare = { type: "votes.voided", votes: [{ agent: "a", answer: "a2.1" }], by: "a2.2" };
	const { marks } = recorded(logged([...opened, answer, vote, voided]));
	expect(marks.map(({ kind, seq }) => [kind, seq])).toEqual([
		["turn", 2],
		["answer", 3],
		["vote", 4],
		["void", 5],
	]);
});

test("more marks than so many are not made", () => {
	const votes = Array.from({ length: marksMax + 1 }, () => vote);
	expect(recorded(logged([...opened, ...votes])).marks.length).toBe(marksMax);
});

test("an event beyond the last that is kept is shown live, and not replayed", () => {
	const some: LoggedEvent[] = logged([...opened]);
	const full = { ...recorded(some), events: Array.from({ length: eventsMax - 1 }, () => some[0]) as LoggedEvent[] };
	const more = recordingAfter(
		full,
		logged(
			[
				{ type: "note.added", text: "one" },
				{ type: "note.added", text: "two" },
			],
			3,
		),
	);
	expect([more.events.length, more.atMs.length, more.live.view.notes]).toEqual([eventsMax, 3, ["one", "two"]]);
});
