import { expect, test } from "vitest";
import type { AgentId } from "../../../src/consensus/team.ts";
import { entriesAfter } from "../../../src/web/state/entry.ts";
import { costText, timeText } from "../../../src/web/timeline/item-text.ts";
import { sceneOf, type Scene } from "../../../src/web/timeline/scene.ts";
import { tableLines } from "../../../src/web/timeline/table-lines.ts";
import { logged, opened, round, said, type Bare } from "../state/logged.ts";

const agents = ["a", "b"] as AgentId[];
const scene = (events: readonly Bare[], turn = 1): Scene =>
	sceneOf(entriesAfter([], logged([...opened, ...events])), turn, agents);
const call = (agent: string | null, id: string): Bare => ({
	type: "call.started",
	call: id,
	purpose: agent === null ? "judge" : "round",
	agent,
	provider: "openai",
	model: "x",
	paid: 1,
	offers: [],
});
const ended = (id: string, cost_usd: number | null = 0.25): Bare => ({
	type: "call.finished",
	call: id,
	outcome: "ok",
	usage: null,
	cost_usd,
});
const answers = (agent: string, answer: string): Bare => ({ type: "answer.accepted", agent, answer, text: answer });
const votes = (agent: string, answer: string): Bare => ({ type: "vote.cast", agent, answer, reason: "so" });
const shape = ({ items }: Scene) =>
	items.map((item) => [item.kind, item.lane, item.fromMs, item.toMs, item.shape === "span" && item.open]);

test.each<[string, readonly Bare[], readonly unknown[]]>([
	[
		"a round lasts until its agent has decided, a call until it ends",
		[round("a"), call("a", "c1"), said("a", "Hm"), ended("c1"), answers("a", "a1.1")],
		[
			["round", 0, 1000, 5000, false],
			["call", 0, 2000, 4000, false],
			["answer", 0, 5000, 5000, false],
		],
	],
	["what is not over lasts until now", [round("b"), said("b", "Hm")], [["round", 1, 1000, 2000, true]]],
	[
		"a new round of the same agent ends the one before",
		[round("a"), round("a", 2)],
		[
			["round", 0, 1000, 2000, false],
			["round", 0, 2000, 2000, true],
		],
	],
	[
		"a verdict ends all rounds",
		[
			round("a"),
			round("b"),
			{ type: "consensus.failed", reason: "split", best: "a1.1", tally: [], votes: [], agreement: 0 },
		],
		[
			["round", 0, 1000, 3000, false],
			["round", 1, 2000, 3000, false],
		],
	],
	[
		"a vote falls in the lane of who cast it",
		[votes("b", "a1.1"), { type: "votes.voided", votes: [{ agent: "b", answer: "a1.1" }], by: "a1.2" }],
		[
			["vote", 1, 1000, 1000, false],
			["fell", 1, 2000, 2000, false],
		],
	],
	["the judge has a lane of its own", [call(null, "c9"), ended("c9")], [["call", 2, 1000, 2000, false]]],
])("%s", (_, events, expected) => expect(shape(scene(events))).toEqual(expected));

test("an arrow leads from an answer to where another agent first sees it", () => {
	const told = (agent: string, seen: readonly string[]): Bare => ({
		type: "agent.informed",
		agent,
		answers: seen,
		notes: 0,
	});
	const { influences } = scene([
		answers("a", "a1.1"),
		{ ...round("b"), shown: ["a1.1", "a9.9"] },
		told("b", ["a1.1"]),
		{ ...round("a"), shown: ["a1.1"] },
		answers("b", "a2.1"),
		told("a", ["a2.1"]),
	]);
	expect(influences).toEqual([
		{ seq: 4, answer: "a1.1", from: { lane: 0, ms: 1000 }, to: { lane: 1, ms: 2000 } },
		{ seq: 8, answer: "a2.1", from: { lane: 1, ms: 5000 }, to: { lane: 0, ms: 6000 } },
	]);
});

test("what concerns all stands across the lanes; a first attempt is no news", () => {
	const { turnings } = scene([
		{ type: "attempt.started", attempt: 1 },
		{ type: "seal.opened", reason: "all" },
		{ type: "attempt.started", attempt: 2 },
	]);
	expect(turnings.map(({ short, atMs }) => [short, atMs])).toEqual([
		["seal opens", 2000],
		["attempt 2", 3000],
	]);
});

test("only the turn that was asked for is drawn, and one that never was is empty", () => {
	const events = [votes("a", "a2.1"), { type: "turn.started", turn: 2, question: "" }, votes("b", "a1.1")] as Bare[];
	expect([shape(scene(events, 1)).length, shape(scene(events, 2)), scene(events, 3).endMs]).toEqual([
		1,
		[["vote", 1, 1000, 1000, false]],
		0,
	]);
});

test("time and cost are told in words, and the table says all that the picture shows", () => {
	const told = scene([
		round("a"),
		call("a", "c1"),
		ended("c1", null),
		answers("a", "a1.1"),
		{ ...round("b"), shown: ["a1.1"] },
	]);
	expect(tableLines(told).map(({ who, what, when, cost }) => [who, what, when, cost])).toEqual([
		["a", "Round", "from 1.00 s, took 3.00 s", ""],
		["a", "Call", "from 2.00 s, took 1.00 s", "unknown"],
		["a", "Answer", "at 4.00 s", ""],
		["b", "Round", "from 5.00 s, for 0.00 s so far", ""],
		["b", "Sees", "at 5.00 s", ""],
	]);
	expect(told.items.map((item) => [timeText(item), costText(item)]).length).toBe(4);
});
