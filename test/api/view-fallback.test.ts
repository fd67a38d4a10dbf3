import { expect, test } from "vitest";
import { emptyView, viewOf } from "../../src/api/view.ts";
import type { LoggedEvent } from "../../src/consensus/events.ts";
import { teamOf } from "../support/api.ts";

const team = teamOf({ agents: [{ id: "a", backend: "openai", model: "x" }] });
const unused = { id: "a", backend: "openai", model: "x", status: "idle", round: 0, text: "", answers: [] };
const idle = { ...unused, vote: null, images: [], failure: null, fellBack: null };

/** Events without their envelope, as a table can hold them. */
type Bare = Readonly<Record<string, unknown>>;

const fellBack: Bare[] = [
	{ type: "session.created", team, seed: 1 },
	{ type: "turn.started", turn: 1, question: "Why?" },
	{ type: "round.started", agent: "a", round: 1, attempt: 1, shown: [], recheck: false },
	{ type: "agent.text", agent: "a", call: "k", text: "Well" },
	{ type: "agent.failed", agent: "a", code: "quota", message: "no more", retry_in_ms: null },
	{
		type: "agent.fell_back",
		agent: "a",
		from: { backend: "openai", model: "x" },
		to: { backend: "gemini", model: "y" },
		code: "quota",
	},
];
const spare = {
	...idle,
	backend: "gemini",
	model: "y",
	round: 1,
	text: "Well",
	failure: { code: "quota", message: "no more" },
	fellBack: { from: { backend: "openai", model: "x" }, code: "quota" },
};

test.each<[string, Bare[], unknown]>([
	["the model that speaks now is shown, with the one it speaks for", [], { ...spare, status: "retrying" }],
	[
		"what was said before is kept",
		[
			{ type: "agent.paused", agent: "a" },
			{ type: "agent.text", agent: "a", call: "l", text: ", yes." },
		],
		{ ...spare, status: "thinking", text: "Well, yes." },
	],
	[
		"it speaks on in a new attempt",
		[{ type: "attempt.started", attempt: 2, instructions: "again" }],
		{ ...spare, status: "idle", round: 0, text: "" },
	],
	[
		"the next turn begins with the agent's own",
		[
			{ type: "session.cancelled", turn: 1 },
			{ type: "turn.started", turn: 2, question: "And?" },
		],
		idle,
	],
])("after a fall-back: %s", (_, after, agent) => {
	const log = [...fellBack, ...after].map((event, i) => ({ seq: i + 1, at: "", ...event }) as unknown as LoggedEvent);
	expect(log.reduce(viewOf, emptyView).agents).toEqual([agent]);
});

test("a presenter that fails, is tried again and falls back has voted all the same", () => {
	const failed = { type: "agent.failed", agent: "a", code: "server", message: "down" };
	const told: readonly Bare[] = [
		...fellBack.slice(0, 4),
		{ type: "vote.cast", agent: "a", answer: "a1.1", reason: "" },
		{ type: "presentation.started", agent: "a", try: 1, mode: "present" },
		{ ...failed, retry_in_ms: 500 },
		{ type: "presentation.started", agent: "a", try: 2, mode: "present" },
		{ ...failed, retry_in_ms: null },
		...fellBack.slice(5),
		{ type: "presentation.started", agent: "a", try: 3, mode: "present" },
	];
	const log = told.map((event, i) => ({ seq: i + 1, at: "", ...event }) as unknown as LoggedEvent);
	expect(log.map((_, i) => log.slice(0, i + 1).reduce(viewOf, emptyView).agents[0]?.status)).toEqual([
		"idle",
		"idle",
		"thinking",
		"thinking",
		...Array.from({ length: 7 }, () => "voted"),
	]);
});
