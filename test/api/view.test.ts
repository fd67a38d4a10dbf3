import { expect, test } from "vitest";
import type { LoggedEvent, SessionEvent } from "../../src/consensus/events.ts";
import {
	agentTextCharsMax,
	answersShownMax,
	ballotLinesMax,
	emptyView,
	finalCharsMax,
	notesShownMax,
	type View,
	viewOf,
} from "../../src/api/view.ts";
import { teamOf } from "../support/api.ts";

const team = teamOf({
	name: "duo",
	agents: [
		{ id: "a", backend: "openai", model: "x" },
		{ id: "b", backend: "gemini", model: "y" },
		{ id: "c", backend: "xai", model: "z" },
	],
});
const seat = (id: string, backend: string, model: string) => ({
	id,
	backend,
	model,
	status: "idle",
	round: 0,
	text: "",
	answers: [],
	vote: null,
	images: [],
	failure: null,
	fellBack: null,
});
const idle = [seat("a", "openai", "x"), seat("b", "gemini", "y"), seat("c", "xai", "z")];

/** Events without their envelope, as a table can hold them. */
type Bare = { readonly type: SessionEvent["type"] } & Readonly<Record<string, unknown>>;
const log = (events: readonly Bare[]) =>
	events.map((event, at) => ({ seq: at + 1, at: "2026-01-02T03:04:05.000Z", ...event }) as unknown as LoggedEvent);
const seen = (...events: readonly Bare[]): View => log(events).reduce(viewOf, emptyView);

const opened: Bare[] = [
	{ type: "session.created", team, seed: 1 },
	{ type: "turn.started", turn: 1, question: "Why?" },
];
const answer = (agent: string, id: string, text = id): Bare => ({ type: "answer.accepted", agent, answer: id, text });
const vote = (agent: string, id: string): Bare => ({ type: "vote.cast", agent, answer: id, reason: `for ${id}` });
const voided = (by: string, ...votes: readonly [string, string][]): Bare => ({
	type: "votes.voided",
	votes: votes.map(([agent, id]) => ({ agent, answer: id })),
	by,
});
const tallied = (id: string, votes: number, self_votes = 0, pooled: string[] = []) => ({
	answer: id,
	votes,
	self_votes,
	pooled,
});
const begun: View = {
	...emptyView,
	team: "duo",
	agents: idle as unknown as View["agents"],
	phase: "deliberating",
	turn: 1,
	question: "Why?",
	attempt: 1,
	sealed: true,
	last_seq: 2,
};

test("a session that began: everyone idle, the start sealed", () => {
	expect(seen(...opened)).toEqual(begun);
});

test.each<[string, Bare[], unknown[], string | null]>([
	[
		"without votes nobody leads",
		[answer("a", "a1.1"), answer("b", "a2.1")],
		[tallied("a1.1", 0), tallied("a2.1", 0)],
		null,
	],
	[
		"a vote counts for its answer",
		[answer("a", "a1.1"), answer("b", "a2.1"), vote("a", "a2.1")],
		[tallied("a2.1", 1), tallied("a1.1", 0)],
		"a2.1",
	],
	[
		"support from others beats support of one's own",
		[answer("a", "a1.1"), answer("b", "a2.1"), vote("a", "a1.1"), vote("c", "a2.1")],
		[tallied("a2.1", 1), tallied("a1.1", 1, 1)],
		"a2.1",
	],
	[
		"of equals the earlier one leads",
		[answer("a", "a1.1"), answer("b", "a2.1"), vote("b", "a1.1"), vote("a", "a2.1")],
		[tallied("a1.1", 1), tallied("a2.1", 1)],
		"a1.1",
	],
	[
		"a new answer stands last and its author's old one is out",
		[answer("a", "a1.1"), answer("b", "a2.1"), answer("a", "a1.2"), vote("c", "a1.2")],
		[tallied("a1.2", 1), tallied("a2.1", 0)],
		"a1.2",
	],
	[
		"identical answers are one pool and gain by it",
		[answer("a", "a1.1", "yes"), answer("b", "a2.1", "no"), answer("c", "a3.1", " yes\n"), vote("b", "a2.1")],
		[tallied("a1.1", 0, 0, ["a3.1"]), tallied("a2.1", 1, 1)],
		"a1.1",
	],
	[
		"voided votes count no more",
		[answer("a", "a1.1"), vote("b", "a1.1"), answer("c", "a3.1"), voided("a3.1", ["b", "a1.1"])],
		[tallied("a1.1", 0), tallied("a3.1", 0)],
		null,
	],
	[
		"nor do suspended ones",
		[answer("a", "a1.1"), vote("b", "a1.1"), { ...voided("a3.1", ["b", "a1.1"]), type: "votes.suspended" }],
		[tallied("a1.1", 0)],
		null,
	],
	[
		"a vote anew replaces the one before",
		[answer("a", "a1.1"), answer("b", "a2.1"), vote("c", "a1.1"), vote("c", "a2.1")],
		[tallied("a2.1", 1), tallied("a1.1", 0)],
		"a2.1",
	],
])("tally: %s", (_, events, tally, leader) => {
	const view = seen(...opened, ...events);
	expect([view.tally, view.leader]).toEqual([tally, leader]);
});

const statusOf = (events: readonly Bare[]) => seen(...opened, ...events).agents.map(({ status }) => status)[0];
const round: Bare = { type: "round.started", agent: "a", round: 2, attempt: 1, shown: [], recheck: false };
const failed = (retry_in_ms: number | null): Bare => ({
	type: "agent.failed",
	agent: "a",
	code: "overloaded",
	retryable: true,
	message: "busy",
	begun: false,
	retry_in_ms,
});
test.each<[string, Bare[], string]>([
	["idle before its round", [], "idle"],
	["thinking within it", [round], "thinking"],
	["answered", [round, answer("a", "a1.1")], "answered"],
	["voted", [round, vote("a", "a2.1")], "voted"],
	["answered again once its vote is void", [round, vote("a", "a2.1"), voided("a2.2", ["a", "a2.1"])], "answered"],
	["retrying while it backs off", [round, failed(500)], "retrying"],
	[
		"thinking again when words come",
		[round, failed(500), { type: "agent.text", agent: "a", call: "k", text: "hm" }],
		"thinking",
	],
	[
		"quarantined after the last failure",
		[round, failed(null), { type: "agent.quarantined", agent: "a", code: "overloaded" }],
		"quarantined",
	],
	["not thinking when the turn was cancelled", [round, { type: "session.cancelled", turn: 1 }], "idle"],
	["not touched by what others do", [round, answer("b", "a2.1"), vote("c", "a2.1")], "thinking"],
])("an agent is %s", (_, events, status) => {
	expect(statusOf(events)).toBe(status);
});

test("a whole turn, to its end", () => {
	const dissent = { agent: "b", answer: "a2.1", text: "two", votes: 0, reasons: [] };
	const tally = [tallied("a1.1", 3, 1), tallied("a2.1", 0)];
	const finished = {
		type: "turn.finished",
		turn: 1,
		answer: "one!",
		consensus: true,
		agreement: 1,
		winner: { agent: "a", answer: "a1.1" },
		tally,
		votes: [],
		dissent,
	} as const;
	const view = seen(
		...opened,
		answer("a", "a1.1", "one"),
		answer("b", "a2.1", "two"),
		{ type: "seal.opened", reason: "deadline" },
		{ type: "vote.refused", agent: "c", reason: "unseen" },
		...["a", "b", "c"].map((agent) => vote(agent, "a1.1")),
		{
			type: "call.finished",
			call: "k1",
			outcome: "ok",
			usage: { input: 10, output: 5, cached: null, reasoning: 2 },
			cost_usd: 0.5,
		},
		{ type: "call.finished", call: "k2", outcome: "lost", usage: null, cost_usd: 0.25 },
		{ type: "consensus.reached", answer: "a1.1", tally, votes: [], agreement: 1, stop: "all" },
		{ type: "presentation.started", agent: "a", try: 1, mode: "present" },
		{ type: "final.text", text: "half an ans" },
		{ type: "presentation.started", agent: "a", try: 2, mode: "present" },
		{ type: "final.text", text: "one" },
		{ type: "final.text", text: "!" },
		finished,
	);
	const voted = (at: number, text: string | null) => ({
		...idle[at],
		status: "voted",
		answers: text === null ? [] : [{ answer: `a${at + 1}.1`, text }],
		vote: { answer: "a1.1", reason: "for a1.1" },
	});
	const cast = (seq: number, agent: string) => ({ seq, what: "cast", agent, answer: "a1.1", reason: "for a1.1" });
	expect(view).toEqual({
		...begun,
		agents: [voted(0, "one"), voted(1, "two"), voted(2, null)],
		phase: "done",
		sealed: false,
		tally,
		leader: "a1.1",
		outcome: { status: "consensus", winner: "a1.1", agreement: 1 },
		ballot: [
			{ seq: 6, what: "unseen", agent: "c", answer: null, reason: "" },
			cast(7, "a"),
			cast(8, "b"),
			cast(9, "c"),
		],
		presenter: "a",
		final: "one!",
		dissent,
		spent: { calls: 2, input: 10, output: 5, cached: 0, saved_usd: 0, cost_usd: 0.75, free: [] },
		last_seq: 18,
		accepted: [
			{ agent: "a", answer: "a1.1", text: "one" },
			{ agent: "b", answer: "a2.1", text: "two" },
		],
	});
});

test.each<[string, Bare[], Partial<View>]>([
	[
		"no consensus says why",
		[{ type: "consensus.failed", reason: "split", best: "a1.1", tally: [], votes: [], agreement: 0.3 }],
		{
			outcome: { status: "no_consensus", winner: "a1.1" as never, agreement: 0.3, reason: "split" },
			leader: "a1.1" as never,
		},
	],
	[
		"a failed turn says why for each agent",
		[{ type: "turn.failed", turn: 1, reasons: [{ agent: "a", code: "auth", message: "no" }] }],
		{ phase: "failed", sealed: false, reasons: [{ agent: "a" as never, code: "auth", message: "no" }] },
	],
	[
		"an unknown price stays unknown",
		[
			{ type: "call.finished", call: "k", outcome: "ok", usage: null, cost_usd: null },
			{ type: "call.finished", call: "l", outcome: "ok", usage: null, cost_usd: 1 },
		],
		{ spent: { calls: 2, input: 0, output: 0, cached: 0, saved_usd: 0, cost_usd: null, free: [] } },
	],
	[
		"what caches did is told",
		[
			{
				type: "call.finished",
				call: "k",
				outcome: "ok",
				usage: { input: 10, output: 5, cached: 8, reasoning: 0, written: 2 },
				cost_usd: 1,
				saved_usd: 0.5,
			},
			{
				type: "call.finished",
				call: "l",
				outcome: "ok",
				usage: { input: 10, output: 5, cached: 4, reasoning: 0 },
				cost_usd: 1,
				saved_usd: 0.25,
			},
		],
		{ spent: { calls: 2, input: 20, output: 10, cached: 12, saved_usd: 0.75, cost_usd: 2, free: [] } },
	],
	[
		"a call of the demo costs nothing, however it ends",
		[
			{ type: "call.started", call: "k", provider: "demo" },
			{ type: "call.finished", call: "k", outcome: "aborted", usage: null, cost_usd: null },
			{ type: "call.started", call: "l", provider: "demo" },
		],
		{ spent: { calls: 1, input: 0, output: 0, cached: 0, saved_usd: 0, cost_usd: 0, free: ["l" as never] } },
	],
	[
		"a lost call makes the price unknown",
		[
			{ type: "call.started", call: "k", provider: "openai" },
			{ type: "call.finished", call: "k", outcome: "lost", usage: null, cost_usd: null },
		],
		{ spent: { calls: 1, input: 0, output: 0, cached: 0, saved_usd: 0, cost_usd: null, free: [] } },
	],
	["an event of a later version changes nothing", [{ type: "agent.danced" as never, agent: "a" }], {}],
	["the name of an inherited property is no event", [{ type: "constructor" as never }], {}],
	[
		"only the pieces after the last start of a presentation count",
		[
			{ type: "presentation.started", agent: "a", try: 1, mode: "present" },
			{ type: "final.text", text: "half" },
			{ type: "presentation.started", agent: "b", try: 1, mode: "reuse" },
			{ type: "final.text", text: "whole" },
		],
		{ phase: "presenting", presenter: "b" as never, final: "whole" },
	],
	["a queued message waits until it is asked", [{ type: "turn.queued", message: "And?" }], { queued: ["And?"] }],
])("%s", (_, events, change) => {
	expect(seen(...opened, ...events)).toEqual({ ...begun, ...change, last_seq: 2 + events.length });
});

test("the next turn starts afresh, keeping the team and what was spent", () => {
	const view = seen(
		...opened,
		{ type: "turn.queued", message: "And?" },
		answer("a", "a1.1"),
		vote("b", "a1.1"),
		{ type: "note.added", text: "n" },
		{
			type: "call.finished",
			call: "k",
			outcome: "ok",
			usage: { input: 1, output: 2, cached: 0, reasoning: 0 },
			cost_usd: 1,
		},
		{ type: "session.cancelled", turn: 1 },
		{ type: "turn.started", turn: 2, question: "And?" },
	);
	expect(view).toEqual({
		...begun,
		turn: 2,
		question: "And?",
		spent: { calls: 1, input: 1, output: 2, cached: 0, saved_usd: 0, cost_usd: 1, free: [] },
		last_seq: 9,
	});
});

test("a new attempt judges anew; who is out stays out", () => {
	const view = seen(
		...opened,
		answer("a", "a1.1"),
		vote("b", "a1.1"),
		{ type: "agent.quarantined", agent: "c", code: "auth" },
		{ type: "attempt.started", attempt: 2, instructions: "again" },
	);
	const out = { ...idle[2], status: "quarantined", failure: { code: "auth", message: "" } };
	const ballot = [{ seq: 4, what: "cast", agent: "b", answer: "a1.1", reason: "for a1.1" }];
	expect(view).toEqual({ ...begun, attempt: 2, agents: [idle[0], idle[1], out], ballot, last_seq: 6 });
});

test("an event seen twice counts once", () => {
	const events = log([...opened, { type: "note.added", text: "n" }]);
	expect([...events, ...events].reduce(viewOf, emptyView)).toEqual({ ...begun, notes: ["n"], last_seq: 3 });
});

const many = (count: number, event: (at: number) => Bare) =>
	seen(...opened, ...Array.from({ length: count }, (_, at) => event(at)));
const said = (text: string): Bare => ({ type: "agent.text", agent: "a", call: "k", text });
test.each<[string, number, (count: number) => number]>([
	[
		"an agent's words",
		agentTextCharsMax,
		(count) => seen(...opened, said("x".repeat(count))).agents[0]?.text.length ?? 0,
	],
	[
		"an agent's answers",
		answersShownMax,
		(count) => many(count, (at) => answer("a", `a1.${at}`)).agents[0]?.answers.length ?? 0,
	],
	["all answers", answersShownMax, (count) => many(count, (at) => answer("a", `a1.${at}`)).accepted.length],
	["the ballot", ballotLinesMax, (count) => many(count, () => vote("a", "a1.1")).ballot.length],
	["notes", notesShownMax, (count) => many(count, () => ({ type: "note.added", text: "n" })).notes.length],
	[
		"the final answer",
		finalCharsMax,
		(count) => seen(...opened, { type: "final.text", text: "x".repeat(count) }).final.length,
	],
])("%s are kept up to %i", (_, max, kept) => {
	expect([kept(max), kept(max + 1)]).toEqual([max, max]);
});
