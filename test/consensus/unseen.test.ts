import { describe } from "vitest";
import { answered, session, spec, type Scenario } from "./scenario.ts";

/** Everybody has answered; c's round is running when a improves its answer. */
const overtaken = (s = answered()): Scenario => s.asks("c").answers("a", "A2");
const note = { type: "note", text: "Be brief." } as const;

describe("P3: seen, or not cast", () => {
	spec([
		[
			"P3: a vote whose voter was not shown every current answer is not cast, and the update is that tool's result",
			() => overtaken().next().votes("c", "a2.1"),
			["vote.refused c unseen", "agent.informed c: a1.2, notes 0"],
		],
		[
			"P3: the same round goes on",
			() => overtaken().votes("c", "a2.1").next().votes("c", "a1.2"),
			["vote.cast c a1.2"],
		],
		[
			"P3: `enforcement_max` is not used up",
			() =>
				overtaken(answered({ limits: { enforcement_max: 0 } }))
					.votes("c", "a1.1")
					.next()
					.votes("c", "a1.2"),
			["vote.cast c a1.2"],
		],
		[
			"P3: all that is new is told at once",
			() => overtaken().answers("b", "B2").next().votes("c", "a3.1"),
			["vote.refused c unseen", "agent.informed c: a1.2 a2.2, notes 0"],
		],
		[
			"P3: what was told once is not told again",
			() => overtaken().votes("c", "a3.1").answers("b", "B2").next().votes("c", "a3.1"),
			["vote.refused c unseen", "agent.informed c: a2.2, notes 0"],
		],
		[
			"P3: of an agent that has answered twice meanwhile, only the current version is told",
			() => overtaken().answers("a", "A3").next().votes("c", "a3.1"),
			["vote.refused c unseen", "agent.informed c: a1.3, notes 0"],
		],
		[
			"P3: even a vote for the new answer's author is not cast unseen",
			() => overtaken().next().votes("c", "a1.1"),
			["vote.refused c unseen", "agent.informed c: a1.2, notes 0"],
		],
		[
			"P3: a label means the version last shown",
			() => overtaken().replies("c").next().votes("c", "a1.1"),
			["vote.cast c a1.2"],
		],
		[
			"P3: a new answer in flight is accepted",
			() => overtaken().next().answers("c", "C2"),
			["answer.accepted c a3.2", "round.started c 3: a2.1 a1.2 a3.2"],
		],
		[
			"P3: a running round is informed at its next safe point, whatever that is",
			() => overtaken().next().replies("c"),
			["agent.reminded c no_decision", "agent.informed c: a1.2, notes 0"],
		],
		[
			"P3: a running round is not informed before its next safe point",
			() => answered().asks("c").next().answers("a", "A2"),
			["answer.accepted a a1.2", "round.started a 3: a2.1 a3.1 a1.2"],
		],
		[
			"P3: a failed call is no safe point: the retry says what the first try said",
			() => overtaken().fails("c", { retryable: true }).next().votes("c", "a2.1"),
			["vote.refused c unseen", "agent.informed c: a1.2, notes 0"],
		],
		[
			"P3: a round that starts later shows the new answer at once",
			() => answered().votes("c", "a2.1").next().answers("a", "A2").votes("c", "a1.2"),
			[
				"answer.accepted a a1.2",
				"votes.voided c:a2.1 by a1.2",
				"round.started a 3: a2.1 a3.1 a1.2",
				"round.started c 3: a2.1 a3.1 a1.2",
				"vote.cast c a1.2",
			],
		],
		[
			"P6: an answer identical to one already shown is nothing new",
			() =>
				session({ agents: 4 })
					.answers("a", "A")
					.answers("b", "B")
					.answers("c", "C")
					.passes("seal")
					.asks("c")
					.answers("d", "A")
					.next()
					.votes("c", "a1.1"),
			["vote.cast c a1.1"],
		],
		[
			"P6: two new answers that are identical are told once",
			() =>
				session({ agents: 5 })
					.answers("a", "A")
					.answers("b", "B")
					.answers("c", "C")
					.passes("seal")
					.asks("c")
					.answers("d", "D")
					.answers("e", "D")
					.next()
					.votes("c", "a1.1"),
			["vote.refused c unseen", "agent.informed c: a4.1, notes 0"],
		],
		[
			"P6: a vote after two identical answers were told once is cast",
			() =>
				session({ agents: 5 })
					.answers("a", "A")
					.answers("b", "B")
					.answers("c", "C")
					.passes("seal")
					.asks("c")
					.answers("d", "D")
					.answers("e", "D")
					.votes("c", "a1.1")
					.next()
					.votes("c", "a4.1"),
			["vote.cast c a4.1"],
		],
	]);
});

describe("P16: a note reaches agents at their next safe point", () => {
	spec([
		[
			"P16: a note interrupts nobody and voids nothing",
			() => answered().votes("a", "a1.1").asks("b").next().sends(note),
			["note.added Be brief."],
		],
		[
			"P16: a running round is told with its next tool result",
			() => session().asks("a").sends(note).next().replies("a"),
			["agent.reminded a no_decision", "agent.informed a: -, notes 1"],
		],
		[
			"P16: a note is told once",
			() => session().asks("a").sends(note).replies("a").next().replies("a"),
			["agent.reminded a no_decision"],
		],
		[
			"P16: several notes are told together, with the answers",
			() => overtaken().sends(note, note).next().votes("c", "a1.1"),
			["vote.refused c unseen", "agent.informed c: a1.2, notes 2"],
		],
		[
			"P16: a note does not hinder a decision",
			() => answered().asks("c").sends(note).next().votes("c", "a1.1"),
			["vote.cast c a1.1"],
		],
		[
			"P16: a round that starts after the note has it in its prompt",
			() => session({ agents: 2 }).sends(note).answers("a", "A").answers("b", "B").next().replies("a"),
			["agent.reminded a no_decision"],
		],
	]);
});
