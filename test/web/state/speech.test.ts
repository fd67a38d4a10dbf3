import { expect, test } from "vitest";
import {
	sourcesShownMax,
	speechCharsMax,
	speechesAfter,
	speechesMax,
	toolsShownMax,
	type Speech,
} from "../../../src/web/state/speech.ts";
import { at, logged, round, said, type Bare } from "./logged.ts";

const after = (...events: readonly Bare[]) => logged(events).reduce(speechesAfter, [] as readonly Speech[]);
const speech = (changes: Partial<Speech> | Record<string, unknown>) => ({
	agent: "a",
	round: 1,
	attempt: 1,
	at: at(1),
	shown: [],
	recheck: false,
	text: "",
	reasoning: "",
	tools: [],
	sources: [],
	informed: [],
	reminders: 0,
	call: null,
	ending: { how: "open" },
	...changes,
});
const called = (tool: string) => ({ type: "tool.called", agent: "a", call: "c", tool, arguments: { q: 1 } }) as const;
const back = (tool: string, ok = true) =>
	({ type: "tool.returned", agent: "a", call: "c", tool, ok, result: "r" }) as const;
const judged = (decision: string, reason: string): Bare => ({
	type: "presentation.judged",
	agent: "a",
	decision,
	reason,
});
const cite = { type: "agent.cited", agent: "a", call: "c", url: "https://x.test", title: "X" } as const;

test.each<[string, readonly Bare[], Partial<Speech> | Record<string, unknown>]>([
	["says its pieces in their order", [said("a", "one "), said("a", "two")], { text: "one two", call: "c" }],
	[
		"thinks beside what it says",
		[{ type: "agent.reasoning", agent: "a", call: "c", text: "hm" }, said("a", "so")],
		{ text: "so", reasoning: "hm", call: "c" },
	],
	[
		"begins anew where another call speaks",
		[said("a", "half a"), { type: "agent.text", agent: "a", call: "d", text: "all" }],
		{ text: "half a\n\nall", call: "d" },
	],
	["has a tool called", [called("web")], { tools: [{ tool: "web", arguments: { q: 1 }, outcome: null }] }],
	[
		"has the result of the call that waits for it",
		[called("web"), called("web"), back("web", false)],
		{
			tools: [
				{ tool: "web", arguments: { q: 1 }, outcome: null },
				{ tool: "web", arguments: { q: 1 }, outcome: { ok: false, result: "r" } },
			],
		},
	],
	["names its sources", [cite], { sources: [{ url: "https://x.test", title: "X" }] }],
	[
		"is told of others",
		[{ type: "agent.informed", agent: "a", answers: ["b1.1"], notes: 0 }],
		{ informed: ["b1.1"] },
	],
	["is reminded", [{ type: "agent.reminded", agent: "a", reason: "no_decision" }], { reminders: 1 }],
	[
		"ends with an answer",
		[{ type: "answer.accepted", agent: "a", answer: "a1.1", text: "42" }],
		{ ending: { how: "answered", answer: "a1.1" } },
	],
	[
		"ends with a vote",
		[{ type: "vote.cast", agent: "a", answer: "b1.1", reason: "good" }],
		{ ending: { how: "voted", answer: "b1.1", reason: "good" } },
	],
	[
		"goes on after a failure that is tried again",
		[{ type: "agent.failed", agent: "a", code: "overloaded", retry_in_ms: 5 }],
		{},
	],
	[
		"ends with a failure for good",
		[{ type: "agent.failed", agent: "a", code: "refused", retry_in_ms: null }],
		{ ending: { how: "failed", code: "refused" } },
	],
])("an agent in its round %s", (_, events, changes) => {
	expect(after(round("a"), ...events)).toEqual([speech(changes)]);
});

test("each round is a speech of its own, of whoever speaks", () => {
	expect(after(round("a"), round("b"), said("a", "1"), said("b", "2"), round("a", 2), said("a", "3"))).toEqual([
		speech({ text: "1", call: "c" }),
		speech({ agent: "b", at: at(2), text: "2", call: "c" }),
		speech({ round: 2, at: at(5), text: "3", call: "c" }),
	]);
});

test("the presentation is one too, and a new turn begins without any", () => {
	const presented = [round("a"), { type: "presentation.started", agent: "a", try: 1, mode: "present" }] as const;
	expect(after(...presented)).toEqual([speech({}), speech({ round: 0, attempt: 0, at: at(2) })]);
	expect(after(...presented, { type: "turn.started", turn: 2, question: "?" })).toEqual([]);
});

test.each<[string, readonly Bare[], Speech["ending"]]>([
	["it has not ended while it is written", [], { how: "open" }],
	["the turn's end makes it the final answer", [{ type: "turn.finished", turn: 1 }], { how: "presented" }],
	["its author may let it stand", [judged("submit", "")], { how: "open" }],
	[
		"or send the team back instead",
		[judged("restart", "Not checked.")],
		{ how: "sent_back", reason: "Not checked." },
	],
])("of a presentation: %s", (_, events, ending) => {
	const presented: Bare = { type: "presentation.started", agent: "a", try: 1, mode: "present" };
	expect(after(round("b"), presented, ...events)).toEqual([
		speech({ agent: "b" }),
		speech({ round: 0, attempt: 0, at: at(2), ending }),
	]);
});

test("words of nobody's round are let go", () => {
	expect(after(said("a", "lost"))).toEqual([]);
});

test.each([
	[
		"text",
		speechCharsMax,
		(n: number) => [said("a", "x".repeat(n))],
		([first]: readonly Speech[]) => first?.text.length,
	],
	[
		"tools",
		toolsShownMax,
		(n: number) => Array.from({ length: n }, () => called("t")),
		([first]: readonly Speech[]) => first?.tools.length,
	],
	[
		"sources",
		sourcesShownMax,
		(n: number) => Array.from({ length: n }, () => cite),
		([first]: readonly Speech[]) => first?.sources.length,
	],
	[
		"speeches",
		speechesMax,
		(n: number) => Array.from({ length: n - 1 }, () => round("b")),
		(all: readonly Speech[]) => all.length,
	],
] as const)("%s are kept up to %d", (_, max, events, count) => {
	const kept = (n: number) => count(after(round("a"), ...events(n)));
	expect([kept(max), kept(max + 1)]).toEqual([max, max]);
});
