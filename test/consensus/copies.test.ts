import { describe } from "vitest";
import { answered, session, spec, type Scenario } from "./scenario.ts";

const plain = "The capital of France is Paris. It lies on the Seine.";
const bold = "**The capital of France is Paris.** It lies on the Seine.";
const other = "The capital of France is Lyon. It lies on the Rhone.";
const third = "The capital of France is Metz. It lies on the Moselle.";
const cities = (novelty: "lenient" | "balanced" | "strict" = "balanced"): Scenario =>
	session({ protocol: { novelty } }).answers("a", plain).answers("b", other).answers("c", third);

describe("P7: a copy of a peer's answer is a vote for it", () => {
	spec([
		[
			"P7: a copy of a peer's answer is not accepted and counts as a vote for it",
			() => cities().next().answers("b", plain),
			["answer.refused b copy of a1.1", "vote.cast b a1.1"],
		],
		[
			"P7: so does one that only lays the same text out anew",
			() => cities().next().answers("b", bold),
			["answer.refused b copy of a1.1", "vote.cast b a1.1"],
		],
		[
			"P7: `novelty: lenient` refuses identical text only",
			() => cities("lenient").next().answers("b", bold),
			["answer.accepted b a2.2", "round.started b 3: a1.1 a3.1 a2.2"],
		],
		[
			"P7: `novelty: lenient` refuses identical text",
			() => cities("lenient").next().answers("b", plain),
			["answer.refused b copy of a1.1", "vote.cast b a1.1"],
		],
		[
			"P7: another name is never a copy",
			() => cities("strict").next().answers("b", plain.replace("Paris", "Nice")),
			["answer.accepted b a2.2", "round.started b 3: a1.1 a3.1 a2.2"],
		],
		[
			"P7: a negation is never a copy",
			() => cities("strict").next().answers("b", plain.replace("is Paris", "is not Paris")),
			["answer.accepted b a2.2", "round.started b 3: a1.1 a3.1 a2.2"],
		],
		[
			"P7: a copy uses up no answer",
			() =>
				answered({ limits: { answers_per_agent: 2 } })
					.answers("b", "A")
					.answers("c", "C2")
					.next()
					.answers("b", "B2"),
			["answer.accepted b a2.2", "round.started b 4: a1.1 a3.2 a2.2"],
		],
		[
			"P7, P9: a copy in flight is a vote even where the attempt has no answer left",
			() =>
				answered({ limits: { answers_per_attempt: 1 } })
					.asks("b")
					.answers("a", "A2")
					.next()
					.answers("b", "C"),
			["answer.refused b copy of a3.1", "vote.refused b unseen", "agent.informed b: a1.2, notes 0"],
		],
		[
			"P7, P3: a copy by an agent that has not seen every current answer is not cast",
			() => answered().asks("b").answers("c", "C2").next().answers("b", "A"),
			["answer.refused b copy of a1.1", "vote.refused b unseen", "agent.informed b: a3.2, notes 0"],
		],
		[
			"P7: an answer is judged against those its author was shown, not against others",
			() => answered().asks("b").answers("c", "C2").next().answers("b", "C2"),
			["answer.accepted b a2.2", "round.started b 3: a1.1 a3.2"],
		],
		[
			"P7: what an agent was informed of in the round, it was shown",
			() => answered().asks("b").answers("c", "C2").votes("b", "a1.1").next().answers("b", "C2"),
			["answer.refused b copy of a3.2", "vote.cast b a3.2"],
		],
		[
			"P7, P2: a copy of a version that was superseded has nothing behind it",
			() => answered().asks("b").answers("c", "C2").votes("b", "a1.1").next().answers("b", "C"),
			["answer.refused b copy of a3.1", "vote.refused b unknown_label", "agent.reminded b unknown_label"],
		],
		[
			"P7: first answers are sealed, so they are copies of nothing",
			() => session().answers("a", "A").next().answers("b", "A"),
			["answer.accepted b a2.1"],
		],
	]);
});

describe("P7: an answer that rephrases its author's own is a vote for it", () => {
	spec([
		[
			"P7: the same text again voids nothing and is its author's vote",
			() => answered().votes("a", "a2.1").next().answers("b", "B"),
			["answer.refused b rephrased of a2.1", "vote.cast b a2.1"],
		],
		[
			"P7: its own text in another layout",
			() => cities().next().answers("a", bold),
			["answer.refused a rephrased of a1.1", "vote.cast a a1.1"],
		],
		[
			"P7, P3: not before its author has seen every current answer",
			() => answered().asks("b").answers("c", "C2").next().answers("b", "B"),
			["answer.refused b rephrased of a2.1", "vote.refused b unseen", "agent.informed b: a3.2, notes 0"],
		],
		[
			"P7, P6: where its own and a peer's answer are one pool, it is its own that it repeats",
			() => session().answers("a", "A").answers("b", "A").answers("c", "C").next().answers("b", "A"),
			["answer.refused b rephrased of a2.1", "vote.cast b a2.1"],
		],
		[
			"P7: its own earlier version is not its current answer",
			() => answered().answers("b", "B2").next().answers("b", "B"),
			["answer.accepted b a2.3", "round.started b 4: a1.1 a3.1 a2.3"],
		],
	]);
});
