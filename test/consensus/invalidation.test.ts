import { describe } from "vitest";
import { agentId, answered, session, spec } from "./scenario.ts";

const affected = { protocol: { invalidation: "affected" } } as const;
const four = { agents: 4, ...affected };

describe("P2: an accepted new answer voids every vote cast so far", () => {
	spec([
		[
			"P2: all votes are voided, the event names them, and each holder must decide again having seen it",
			() => answered().votes("a", "a2.1").votes("b", "a3.1").next().answers("c", "C2"),
			[
				"answer.accepted c a3.2",
				"votes.voided a:a2.1 b:a3.1 by a3.2",
				"round.started a 3: a1.1 a2.1 a3.2",
				"round.started b 3: a1.1 a2.1 a3.2",
				"round.started c 3: a1.1 a2.1 a3.2",
			],
		],
		[
			"P2: where no vote stands nothing is voided",
			() => answered().next().answers("c", "C2"),
			["answer.accepted c a3.2", "round.started c 3: a1.1 a2.1 a3.2"],
		],
		[
			"P2: votes voided once are not named again",
			() => answered().votes("a", "a2.1").answers("b", "B2").votes("a", "a2.2").next().answers("c", "C2"),
			[
				"answer.accepted c a3.2",
				"votes.voided a:a2.2 by a3.2",
				"round.started a 4: a1.1 a2.2 a3.2",
				"round.started c 3: a1.1 a2.2 a3.2",
			],
		],
		[
			"P2: the vote of a quarantined agent is voided like any other, and it does not vote again",
			() =>
				answered({ agents: 4 })
					.votes("a", "a2.1")
					.sends({ type: "drop_agent", agent: agentId("a") })
					.next()
					.answers("c", "C2"),
			["answer.accepted c a3.2", "votes.voided a:a2.1 by a3.2", "round.started c 3: a1.1 a2.1 a4.1 a3.2"],
		],
		[
			"P4, P2: the first answer of a late agent voids the votes cast since the seal opened",
			() =>
				session()
					.answers("a", "A")
					.answers("b", "B")
					.passes("seal")
					.votes("a", "a2.1")
					.next()
					.answers("c", "C"),
			[
				"answer.accepted c a3.1",
				"votes.voided a:a2.1 by a3.1",
				"round.started a 3: a1.1 a2.1 a3.1",
				"round.started c 2: a1.1 a2.1 a3.1",
			],
		],
	]);
});

describe("P2: `invalidation: affected` suspends instead", () => {
	spec([
		[
			"P2: each holder gets a vote-only round on its choice and the new answer",
			() => answered(four).votes("a", "a2.1").votes("b", "a1.1").next().answers("c", "C2"),
			[
				"answer.accepted c a3.2",
				"votes.suspended a:a2.1 b:a1.1 by a3.2",
				"round.started a 3 vote-only: a2.1 a3.2",
				"round.started b 3 vote-only: a1.1 a3.2",
				"round.started c 3: a1.1 a2.1 a4.1 a3.2",
			],
		],
		[
			"P2: a vote for a superseded version is voided, and its holder starts afresh",
			() => answered(four).votes("a", "a3.1").votes("b", "a1.1").next().answers("c", "C2"),
			[
				"answer.accepted c a3.2",
				"votes.voided a:a3.1 by a3.2",
				"votes.suspended b:a1.1 by a3.2",
				"round.started a 3: a1.1 a2.1 a4.1 a3.2",
				"round.started b 3 vote-only: a1.1 a3.2",
				"round.started c 3: a1.1 a2.1 a4.1 a3.2",
			],
		],
		[
			"P2: a vote-only round takes no new answer",
			() => answered(four).votes("a", "a2.1").answers("c", "C2").next().answers("a", "A2"),
			["answer.refused a not_offered", "agent.reminded a not_offered"],
		],
		[
			"P2: a vote-only round may confirm the choice",
			() => answered(four).votes("a", "a2.1").answers("c", "C2").next().votes("a", "a2.1"),
			["vote.cast a a2.1"],
		],
		[
			"P2: a vote-only round may change to the new answer",
			() => answered(four).votes("a", "a2.1").answers("c", "C2").next().votes("a", "a3.2"),
			["vote.cast a a3.2"],
		],
		[
			"P2: a vote-only round is about these two: no other answer has a label in it",
			() => answered(four).votes("a", "a2.1").answers("c", "C2").next().votes("a", "a4.1"),
			["vote.refused a unknown_label", "agent.reminded a unknown_label"],
		],
		[
			"P2, P10: the vote of a quarantined holder stands",
			() =>
				answered(four)
					.votes("a", "a2.1")
					.sends({ type: "drop_agent", agent: agentId("a") })
					.votes("b", "a2.1")
					.next()
					.answers("c", "C2"),
			[
				"answer.accepted c a3.2",
				"votes.suspended b:a2.1 by a3.2",
				"round.started b 3 vote-only: a2.1 a3.2",
				"round.started c 3: a1.1 a2.1 a4.1 a3.2",
			],
		],
		[
			"P2, P10: a quarantined holder's vote for a superseded version is voided",
			() =>
				answered(four)
					.votes("a", "a3.1")
					.sends({ type: "drop_agent", agent: agentId("a") })
					.next()
					.answers("c", "C2"),
			["answer.accepted c a3.2", "votes.voided a:a3.1 by a3.2", "round.started c 3: a1.1 a2.1 a4.1 a3.2"],
		],
		[
			"P2: a vote already suspended is not named again; its round is informed instead",
			() =>
				answered(four)
					.votes("a", "a2.1")
					.answers("c", "C2")
					.asks("a")
					.answers("d", "D2")
					.next()
					.votes("a", "a2.1"),
			["vote.refused a unseen", "agent.informed a: a4.2, notes 0"],
		],
		[
			"P2: only standing votes are suspended",
			() => answered(four).votes("a", "a2.1").answers("c", "C2").next().answers("d", "D2"),
			["answer.accepted d a4.2", "round.started d 3: a1.1 a2.1 a3.2 a4.2"],
		],
		[
			"P10: a vote that waits for its re-check stands when its holder is out, since nobody can re-check it",
			() =>
				answered({ agents: 3, ...affected })
					.votes("a", "a2.1")
					.votes("b", "a2.1")
					.answers("c", "C2")
					.votes("b", "a2.1")
					.votes("c", "a3.2")
					.next()
					.sends({ type: "drop_agent", agent: agentId("a") }),
			["agent.quarantined a dropped", "consensus.reached all a2.1 67%", "presentation.started b 1 present"],
		],
		[
			"P8: a suspended vote does not count until its holder has voted again",
			() =>
				answered({ agents: 3, ...affected })
					.votes("a", "a1.1")
					.votes("b", "a1.1")
					.answers("c", "C2")
					.votes("c", "a1.1")
					.votes("b", "a1.1")
					.next()
					.votes("a", "a3.2"),
			["vote.cast a a3.2", "consensus.reached all a1.1 67%", "presentation.started a 1 present"],
		],
	]);
});
