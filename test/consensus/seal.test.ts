import { describe } from "vitest";
import { agentId, answered, session, spec } from "./scenario.ts";

const eager = { protocol: { start: "eager" } } as const;
const drop = (agent: string) => ({ type: "drop_agent", agent: agentId(agent) }) as const;
const openings = [
	"round.started a 2: a1.1 a2.1 a3.1",
	"round.started b 2: a1.1 a2.1 a3.1",
	"round.started c 2: a1.1 a2.1 a3.1",
];

describe("P4: nobody sees a peer's answer until the seal opens, for all at once", () => {
	spec([
		[
			"P4: at the start every agent is shown nothing",
			() => session(),
			[
				"session.created",
				"turn.started 1 ?",
				"attempt.started 1",
				"round.started a 1: -",
				"round.started b 1: -",
				"round.started c 1: -",
			],
		],
		[
			"P4: those who have answered wait while others have not",
			() => session().answers("a", "A").next().answers("b", "B"),
			["answer.accepted b a2.1"],
		],
		[
			"P4: the seal opens when every live agent has answered",
			() => session().answers("a", "A").answers("b", "B").next().answers("c", "C"),
			["answer.accepted c a3.1", "seal.opened all", ...openings],
		],
		[
			"P4: the seal opens when the last agent without an answer has failed",
			() => session().answers("a", "A").answers("b", "B").next().fails("c"),
			[
				"agent.failed c server",
				"agent.quarantined c server",
				"seal.opened all",
				"round.started a 2: a1.1 a2.1",
				"round.started b 2: a1.1 a2.1",
			],
		],
		[
			"P4: a dropped agent is not waited for",
			() => session().answers("a", "A").answers("b", "B").next().sends(drop("c")),
			[
				"agent.quarantined c dropped",
				"seal.opened all",
				"round.started a 2: a1.1 a2.1",
				"round.started b 2: a1.1 a2.1",
			],
		],
		[
			"P4: an agent that is retried has not failed",
			() => session().answers("a", "A").answers("b", "B").next().fails("c", { retryable: true }),
			["agent.failed c server, retry in 500"],
		],
		[
			"P4: `seal_seconds` after a quorum of first answers the seal opens for those who have answered",
			() => session().answers("a", "A").answers("b", "B").next().passes("seal"),
			["seal.opened deadline", "round.started a 2: a1.1 a2.1", "round.started b 2: a1.1 a2.1"],
		],
		[
			"P4: a late agent still answers sealed",
			() => session().answers("a", "A").answers("b", "B").passes("seal").asks("c").next().replies("c"),
			["agent.reminded c no_decision"],
		],
		[
			"P4: a late agent whose call is repeated still answers sealed",
			() =>
				session()
					.answers("a", "A")
					.answers("b", "B")
					.passes("seal")
					.fails("c", { retryable: true })
					.next()
					.votes("c", "a1.1"),
			["vote.refused c unknown_label", "agent.reminded c unknown_label"],
		],
		[
			"P4: what a late agent answers is not judged by what it was not shown",
			() => session().answers("a", "A").answers("b", "B").passes("seal").next().answers("c", "A"),
			["answer.accepted c a3.1", "round.started c 2: a1.1 a2.1"],
		],
		[
			"P4: a note reaches a sealed agent, peers' answers do not",
			() =>
				session()
					.answers("a", "A")
					.answers("b", "B")
					.passes("seal")
					.sends({ type: "note", text: "n" })
					.next()
					.replies("c"),
			["agent.reminded c no_decision", "agent.informed c: -, notes 1"],
		],
		[
			"P4: the seal opens once",
			() => answered().next().answers("a", "A2"),
			["answer.accepted a a1.2", "round.started a 3: a2.1 a3.1 a1.2"],
		],
		[
			"P4: first answers do not count against `answers_per_attempt`",
			() =>
				session({ limits: { answers_per_attempt: 0 } })
					.next()
					.answers("a", "A")
					.answers("b", "B")
					.answers("c", "C"),
			[
				"answer.accepted a a1.1",
				"answer.accepted b a2.1",
				"answer.accepted c a3.1",
				"seal.opened all",
				...openings,
			],
		],
	]);
});

describe("P4: `start: eager`: each agent's seal opens with its own first answer", () => {
	spec([
		[
			"P4: an eager agent goes on at once, with what there is",
			() => session(eager).next().answers("a", "A").answers("b", "B"),
			[
				"answer.accepted a a1.1",
				"round.started a 2: a1.1",
				"answer.accepted b a2.1",
				"round.started b 2: a1.1 a2.1",
			],
		],
		[
			"P4: an eager agent is not shown a peer's answer before its own",
			() => session(eager).answers("a", "A").next().votes("b", "a1.1"),
			["vote.refused b unknown_label", "agent.reminded b unknown_label"],
		],
		[
			"P4: an eager agent that has answered is informed of later first answers",
			() => session(eager).answers("a", "A").asks("a").answers("b", "B").next().votes("a", "a1.1"),
			["vote.refused a unseen", "agent.informed a: a2.1, notes 0"],
		],
		[
			"P4: an eager team's last first answer opens no seal",
			() => session(eager).answers("a", "A").answers("b", "B").next().answers("c", "C"),
			["answer.accepted c a3.1", "round.started c 2: a1.1 a2.1 a3.1"],
		],
	]);
});
