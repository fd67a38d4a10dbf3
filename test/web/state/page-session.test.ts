import { expect, test } from "vitest";
import { entryTextCharsMax } from "../../../src/web/state/entry.ts";
import { emptyPageSession, entriesMax, pageSessionAfter, pastTurnsMax } from "../../../src/web/state/page-session.ts";
import { at, logged, opened, round, said, team, type Bare } from "./logged.ts";

const seen = (...events: readonly Bare[]) => pageSessionAfter(emptyPageSession, logged(events));
const turn = (n: number): Bare => ({ type: "turn.started", turn: n, question: `Q${n}` });
const cancelled: Bare = { type: "session.cancelled", turn: 1 };

test("the team, the turn and its times are those of the log", () => {
	const running = seen(...opened);
	const { createdAt, turnStartedAt, turnEndedAt } = running;
	expect({ team: running.team, createdAt, turnStartedAt, turnEndedAt, question: running.view.question }).toEqual({
		team,
		createdAt: at(1),
		turnStartedAt: at(2),
		turnEndedAt: null,
		question: "Why?",
	});
	expect(seen(...opened, cancelled).turnEndedAt).toBe(at(3));
});

test("the budget in force is the last one that was set", () => {
	const budget = { usd: 1, tokens: null, calls: null };
	const set: Bare = { type: "budget.changed", budget };
	expect([seen(...opened).budget, seen(...opened, set).budget]).toEqual([team.budget, budget]);
});

test("a turn that is over stays as it ended when the next one begins", () => {
	const first = seen(...opened, round("a"), said("a", "hm"), cancelled);
	const second = pageSessionAfter(first, logged([turn(2)], 6));
	const { view, speeches, moments, turnStartedAt, turnEndedAt } = first;
	expect(second.past).toEqual([{ view, speeches, moments, turnStartedAt, turnEndedAt }]);
	expect([second.view.question, second.speeches, second.turnEndedAt]).toEqual(["Q2", [], null]);
});

test("the log in pieces of any size gives the same session as the log at once", () => {
	const log = logged([...opened, round("a"), said("a", "x"), said("a", "y"), round("b"), said("b", "z"), cancelled]);
	const whole = pageSessionAfter(emptyPageSession, log);
	for (let cut = 1; cut < log.length; cut++) {
		const pieces = [log.slice(0, cut), log.slice(cut)];
		expect(pieces.reduce(pageSessionAfter, emptyPageSession)).toEqual(whole);
	}
});

test("what was read already changes nothing", () => {
	const log = logged([...opened, round("a"), said("a", "x")]);
	const once = pageSessionAfter(emptyPageSession, log);
	expect(pageSessionAfter(once, log)).toBe(once);
});

test("pieces that an agent says in a row are one entry; any other event parts them", () => {
	const { entries } = seen(
		said("a", "1"),
		said("a", "2"),
		said("b", "3"),
		said("a", "4"),
		round("a"),
		said("a", "5"),
	);
	expect(
		entries.map(({ seq, lastSeq, type, agent, pieces, text }) => [seq, lastSeq, type, agent, pieces, text]),
	).toEqual([
		[1, 2, "agent.text", "a", 2, "12"],
		[3, 3, "agent.text", "b", 1, "3"],
		[4, 4, "agent.text", "a", 1, "4"],
		[5, 5, "round.started", "a", 1, ""],
		[6, 6, "agent.text", "a", 1, "5"],
	]);
});

test("an event of a newer server is an entry and changes nothing else", () => {
	const before = seen(...opened);
	const after = pageSessionAfter(before, logged([{ type: "invented", agent: "a", what: 1 }], 3));
	expect(after.entries.at(-1)).toEqual({
		seq: 3,
		lastSeq: 3,
		at: at(3),
		type: "invented",
		agent: "a",
		pieces: 1,
		event: { seq: 3, at: at(3), type: "invented", agent: "a", what: 1 },
		text: "",
	});
	expect({ ...after, entries: [] }).toEqual({ ...before, view: { ...before.view, last_seq: 3 }, entries: [] });
});

test("entries are kept up to their limit, and those dropped are counted", () => {
	const many = (n: number) => Array.from({ length: n }, (): Bare => ({ type: "session.resumed" }));
	const { entries, entriesDropped } = seen(...many(entriesMax));
	expect([entries.length, entriesDropped]).toEqual([entriesMax, 0]);
	const more = seen(...many(entriesMax + 1));
	expect([more.entries.length, more.entriesDropped, more.entries[0]?.seq]).toEqual([entriesMax, 1, 2]);
});

test("an entry's text is kept up to its limit", () => {
	const length = (n: number) => seen(said("a", "x"), said("a", "y".repeat(n - 1))).entries[0]?.text.length;
	expect([length(entryTextCharsMax), length(entryTextCharsMax + 1)]).toEqual([entryTextCharsMax, entryTextCharsMax]);
});

test("turns that are over are kept up to their limit", () => {
	const turns = (n: number) => Array.from({ length: n + 1 }, (_, i) => turn(i + 1));
	expect([seen(...turns(pastTurnsMax)).past.length, seen(...turns(pastTurnsMax + 1)).past.length]).toEqual([
		pastTurnsMax,
		pastTurnsMax,
	]);
});
