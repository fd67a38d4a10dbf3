import { expect, test } from "vitest";
import { progressLines } from "../../src/cli/progress.ts";
import type { LoggedEvent } from "../../src/consensus/events.ts";

const long = "word ".repeat(60);
const counted = { tally: [], votes: [], agreement: 2 / 3 };

test.each<[string, object, readonly string[]]>([
	[
		"a round without answers",
		{ type: "round.started", agent: "a", round: 1, shown: [] },
		["a thinks (round 1, sees no other answer)"],
	],
	[
		"a round with answers",
		{ type: "round.started", agent: "a", round: 2, shown: ["a1.1", "a2.1"] },
		["a thinks (round 2, sees a1.1, a2.1)"],
	],
	[
		"an answer, cut to one line",
		{ type: "answer.accepted", agent: "a", answer: "a1.1", text: `x\n\ny ${long}` },
		[`a answers a1.1: ${`x y ${long}`.slice(0, 159)}…`],
	],
	[
		"a picture",
		{ type: "agent.image", agent: "a", file: "f1", media_type: "image/png", bytes: 3 },
		["a draws f1 (image/png, 3 bytes)"],
	],
	[
		"a picture that is not kept",
		{ type: "agent.image_dropped", agent: "a", media_type: "image/png", reason: "call_limit" },
		["a picture of a (image/png) is not kept: call_limit"],
	],
	[
		"a copy",
		{ type: "answer.refused", agent: "a", reason: "copy", of: "a2.1" },
		["a's answer is not taken: copy of a2.1"],
	],
	[
		"an answer beyond the cap",
		{ type: "answer.refused", agent: "a", reason: "cap" },
		["a's answer is not taken: cap"],
	],
	["a vote", { type: "vote.cast", agent: "a", answer: "a2.1", reason: "sound" }, ["a votes for a2.1: sound"]],
	[
		"a vote that does not count",
		{ type: "vote.refused", agent: "a", reason: "unseen" },
		["a's vote does not count: unseen"],
	],
	["one vote voided", { type: "votes.voided", votes: [{ agent: "a" }], by: "a2.2" }, ["a2.2 voids the vote of a"]],
	[
		"two votes voided",
		{ type: "votes.voided", votes: [{ agent: "a" }, { agent: "b" }], by: "a2.2" },
		["a2.2 voids the votes of a, b"],
	],
	[
		"a failure that is tried again",
		{ type: "agent.failed", agent: "a", code: "server", message: "boom", retry_in_ms: 250 },
		["a fails: server: boom; again in 250 ms"],
	],
	[
		"a failure that is not",
		{ type: "agent.failed", agent: "a", code: "auth", message: "no key", retry_in_ms: null },
		["a fails: auth: no key"],
	],
	[
		"a fallback",
		{ type: "agent.fell_back", agent: "a", to: { backend: "gemini", model: "y" }, code: "quota" },
		["a goes on with gemini/y: quota"],
	],
	["an agent that is out", { type: "agent.quarantined", agent: "a", code: "auth" }, ["a is out for this turn: auth"]],
	["the seal", { type: "seal.opened", reason: "all" }, ["the seal opens: all answers are shown to all"]],
	["consensus", { type: "consensus.reached", answer: "a1.1", ...counted }, ["consensus on a1.1 (67 % of the team)"]],
	[
		"no consensus",
		{ type: "consensus.failed", best: "a1.1", reason: "split", ...counted },
		["no consensus (split); best is a1.1 (67 % of the team)"],
	],
	[
		"dissent with a vote",
		{ type: "turn.finished", dissent: { answer: "a2.1", votes: 1, text: "else" } },
		["dissent: a2.1 holds 1: else"],
	],
	["dissent without one", { type: "turn.finished", dissent: { answer: "a2.1", votes: 0, text: "else" } }, []],
	["no dissent", { type: "turn.finished", dissent: null }, []],
	[
		"no answer",
		{ type: "turn.failed", reasons: [{ agent: "a", code: "auth", message: "no key" }] },
		["no answer:", "  a: auth: no key"],
	],
	["cancelled", { type: "session.cancelled" }, ["cancelled"]],
	["nothing for what only machines need", { type: "call.finished" }, []],
])("at a terminal: %s", (_, event, expected) => {
	expect(progressLines({ seq: 1, at: "", ...event } as LoggedEvent)).toEqual(expected);
});
