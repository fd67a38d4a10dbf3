import { expect, test } from "vitest";
import { emptyView, viewOf } from "../../../src/api/view.ts";
import { announcementOf, linkAnnouncement } from "../../../src/web/room/announcement.ts";
import { logged, opened, round, said, type Bare } from "../state/logged.ts";

const seen = (events: readonly Bare[]) => logged(events).reduce(viewOf, emptyView);
const answer: Bare = { type: "answer.accepted", agent: "a", answer: "a1.1", text: "42" };
const vote = (agent: string): Bare => ({ type: "vote.cast", agent, answer: "a1.1", reason: "" });
const voided = (...agents: string[]): Bare => ({
	type: "votes.voided",
	votes: agents.map((agent) => ({ agent, answer: "a1.1" })),
	by: "a2.1",
});

test.each<[readonly Bare[], readonly Bare[], string | null]>([
	[[], opened, "Turn 1 has begun."],
	[opened, [round("a"), said("a", "hm")], null],
	[opened, [{ type: "seal.opened", reason: "all" }], "The seal is open: the agents see each other's answers."],
	[[...opened, answer], [vote("b")], "a1.1 leads."],
	[[...opened, answer, vote("a"), vote("b")], [voided("a", "b")], "A new answer voided 2 votes."],
	[[...opened, answer, vote("a")], [voided("a")], "A new answer voided one vote."],
	[
		opened,
		[{ type: "session.waiting", for: "budget", detail: "The cap is reached." }],
		"Waiting for you: The cap is reached.",
	],
	[opened, [{ type: "presentation.started", agent: "a", try: 1, mode: "present" }], "Writing the answer."],
	[opened, [{ type: "session.cancelled", turn: 1 }], "Cancelled."],
	[opened, [{ type: "turn.failed", turn: 1, reasons: [] }], "Failed."],
])("of a change one sentence is said: %#", (before, events, expected) => {
	expect(announcementOf(seen(before), seen([...before, ...events]))).toBe(expected);
});

test.each([
	["live", "lost", "Connection lost. Trying again."],
	["lost", "live", "Connected again. Nothing was missed."],
	["lost", "rest", "Connected again. Nothing was missed."],
	["lost", "lost", null],
	["connecting", "live", null],
	["live", "rest", null],
] as const)("a connection that was %s and is %s", (before, after, expected) => {
	expect(linkAnnouncement(before, after)).toBe(expected);
});
