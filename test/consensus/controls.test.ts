import { describe, expect, test } from "vitest";
import { notesMax, queueMax } from "../../src/consensus/decide.ts";
import { emptySession } from "../../src/consensus/state.ts";
import { transition } from "../../src/consensus/transition.ts";
import { all } from "./outcome.ts";
import { agentId, answered, session, spec, teamOf, type Scenario } from "./scenario.ts";

const note = (text = "Be brief.") => ({ type: "note", text }) as const;
const now = { type: "answer_now" } as const;
const cancel = { type: "cancel" } as const;
const drop = (agent: string) => ({ type: "drop_agent", agent: agentId(agent) }) as const;
const message = (text: string) => ({ type: "message", text }) as const;
const calls = (count: number | null) =>
	({ type: "budget", budget: { usd: null, tokens: null, calls: count } }) as const;
const many = (count: number) => Array.from({ length: count }, (_, i) => `${i + 1}`);
const reuse = { protocol: { final: "reuse" } } as const;
const over = (text: string, agent = "a", number = 1) => [
	`presentation.started ${agent} ${number} reuse`,
	`final.text ${text}`,
	`turn.finished 1 no consensus: ${text}`,
];
const presenting = () => answered().votes("a", "a1.1").votes("b", "a1.1").votes("c", "a1.1").next();
const first = ["attempt.started 1", "round.started a 1: -", "round.started b 1: -", "round.started c 1: -"];

describe("P16: note", () => {
	spec([
		[
			"P16: a note voids nothing",
			() => answered().votes("a", "a2.1").next().sends(note()).votes("b", "a2.1"),
			["note.added Be brief.", "vote.cast b a2.1"],
		],
		[
			"P16: a note in the presentation changes nothing but the record",
			() => presenting().sends(note()).presents("All."),
			["note.added Be brief.", "final.text All.", "turn.finished 1 consensus: All."],
		],
		[
			"P16: a turn takes so many notes",
			() =>
				session()
					.sends(...many(notesMax - 1).map(note))
					.next()
					.sends(note("last")),
			["note.added last"],
		],
		[
			"P16: one note more is refused",
			() =>
				session()
					.sends(...many(notesMax).map(note))
					.next()
					.sends(note("too many")),
			["refused queue_full"],
		],
		[
			"P16: the next turn takes notes again",
			() =>
				session()
					.sends(...many(notesMax).map(note), cancel, message("Next?"))
					.next()
					.sends(note()),
			["note.added Be brief."],
		],
		[
			"P16: without a turn there is nobody to tell",
			() => session().sends(cancel).next().sends(note()),
			["refused no_turn"],
		],
	]);
});

describe("P16: drop_agent", () => {
	spec([
		[
			"P16: quarantine with code `dropped`, its call aborted",
			() => session().asks("a").next().sends(drop("a")),
			["call aborted t1.a1.r1.c1.x1", "agent.quarantined a dropped"],
		],
		[
			"P16: an agent that has no call under way",
			() => session().next().sends(drop("a")),
			["agent.quarantined a dropped"],
		],
		[
			"P16: its answer stays a candidate",
			() => answered().next().sends(drop("a")).votes("b", "a1.1"),
			["agent.quarantined a dropped", "vote.cast b a1.1"],
		],
		["P16: dropped twice is dropped once", () => session().sends(drop("a")).next().sends(drop("a")), []],
		["P16: an agent that is none of the team", () => session().next().sends(drop("x")), ["refused unknown_agent"]],
		[
			"P16: without a turn there is nobody to drop",
			() => session().sends(cancel).next().sends(drop("a")),
			["refused no_turn"],
		],
		[
			"P10, P16: the last agent without an answer fails the turn",
			() => session({ agents: 1 }).next().sends(drop("a")),
			["agent.quarantined a dropped", "turn.failed 1: a dropped"],
		],
		[
			"P8, P16: the last outstanding agent ends the deliberation",
			() => answered(reuse).votes("a", "a1.1").votes("b", "a2.1").next().sends(drop("c")),
			["agent.quarantined c dropped", "consensus.failed split a1.1 33%", ...over("A")],
		],
		[
			"P16: in the next turn it is back",
			() => session().sends(drop("a"), cancel).next().sends(message("Next?")),
			["turn.started 2 Next?", ...first],
		],
		[
			"P12, P16: the presenter",
			() => presenting().sends(drop("a")),
			[
				"agent.quarantined a dropped",
				"presentation.started a 2 reuse",
				"final.text A",
				"turn.finished 1 consensus: A",
			],
		],
	]);
});

describe("P16: answer_now ends deliberation with the best so far, or at the first accepted answer", () => {
	const judge = { backend: "demo", model: "judge", params: {} };
	const tied = () =>
		answered({ agents: 2, protocol: { judge, final: "reuse" } })
			.votes("a", "a2.1")
			.votes("b", "a1.1");

	spec([
		[
			"P16: with answers, the best so far",
			() => answered(reuse).asks("a").next().sends(now),
			[
				"answer_now.requested",
				"call aborted t1.a1.r2.c1.x1",
				"consensus.failed answer_now a1.1 0%",
				...over("A"),
			],
		],
		[
			"P16: with votes, what they say",
			() => answered(reuse).votes("b", "a3.1").next().sends(now),
			["answer_now.requested", "consensus.failed answer_now a3.1 33%", ...over("C", "c")],
		],
		[
			"P16: with sealed answers too",
			() => session(reuse).answers("b", "B").next().sends(now),
			["answer_now.requested", "consensus.failed answer_now a2.1 0%", ...over("B", "b")],
		],
		[
			"P16: the winner presents",
			() => answered().next().sends(now),
			["answer_now.requested", "consensus.failed answer_now a1.1 0%", "presentation.started a 1 present"],
		],
		[
			"P16: before any answer, deliberation goes on",
			() => session().asks("a").next().sends(now),
			["answer_now.requested"],
		],
		[
			"P16: to the first accepted answer",
			() => session(reuse).asks("a", "c").sends(now).next().answers("c", "C"),
			[
				"answer.accepted c a3.1",
				"call aborted t1.a1.r1.c1.x1",
				"consensus.failed answer_now a3.1 0%",
				...over("C", "c"),
			],
		],
		[
			"P16: a refused reply is not an answer",
			() => session(reuse).sends(now).next().replies("c"),
			["agent.reminded c no_decision"],
		],
		[
			"P16: if nobody answers the turn fails",
			() => session({ agents: 2 }).sends(now).fails("a").next().fails("b"),
			["agent.failed b server", "agent.quarantined b server", "turn.failed 1: a server, b server"],
		],
		["P16: asked twice is asked once", () => session().sends(now).next().sends(now), []],
		[
			"P16: during a presentation that nothing can follow nothing changes",
			() => presenting().streams("a", "All").sends(now).presents("All."),
			["final.text All", "final.text .", "turn.finished 1 consensus: All."],
		],
		[
			"P16: nobody waits for the judge",
			() => tied().asks("judge").next().sends(now),
			["answer_now.requested", "call aborted t1.j.x1", "consensus.failed answer_now a1.1 50%", ...over("A")],
		],
		[
			"P14, P16: a team of one answers as it would have",
			() => session({ agents: 1 }).sends(now).next().answers("a", "A"),
			[
				"answer.accepted a a1.1",
				"consensus.reached alone a1.1 100%",
				"presentation.started a 1 reuse",
				"final.text A",
				"turn.finished 1 consensus: A",
			],
		],
		[
			"P16: without a turn there is nothing to end",
			() => session().sends(cancel).next().sends(now),
			["refused no_turn"],
		],
		[
			"P16: the next turn knows nothing of it",
			() => session().sends(now, cancel, message("Next?")).next().answers("a", "A"),
			["answer.accepted a a1.1"],
		],
	]);
});

describe("P16: cancel ends this turn, and later turns are allowed", () => {
	spec([
		[
			"P16: every call is aborted",
			() => session().asks("a", "b").next().sends(cancel),
			["call aborted t1.a1.r1.c1.x1", "call aborted t1.a2.r1.c1.x1", "session.cancelled 1"],
		],
		[
			"P16: the presentation too",
			() => presenting().asks("a").sends(cancel),
			["call aborted t1.p1.x1", "session.cancelled 1"],
		],
		[
			"P16: a later turn starts afresh",
			() => answered().sends(cancel).next().sends(message("Next?")),
			["turn.started 2 Next?", ...first],
		],
		[
			"P16: its answers have names of their own",
			() => answered().sends(cancel, message("Next?")).next().answers("a", "A"),
			["answer.accepted a a1.2"],
		],
		[
			"P16: what was queued starts",
			() => session().sends(message("Next?")).next().sends(cancel),
			["session.cancelled 1", "turn.started 2 Next?", ...first],
		],
		[
			"P16: cancelled twice: there is no turn any more",
			() => session().sends(cancel).next().sends(cancel),
			["refused no_turn"],
		],
	]);
});

describe("P16: a message while a turn runs is queued, at most 8", () => {
	const full = (s: Scenario = session()) => s.sends(...many(queueMax).map(message));

	test("P16: the queue holds 8", () => {
		expect(queueMax).toBe(8);
	});

	spec([
		["P16: the first", () => session().next().sends(message("Next?")), ["turn.queued Next?"]],
		[
			"P16: the eighth",
			() =>
				session()
					.sends(...many(7).map(message))
					.next()
					.sends(message("8")),
			["turn.queued 8"],
		],
		["P16: the ninth is refused", () => full().next().sends(message("9")), ["refused queue_full"]],
		[
			"P16: it is worked off in order",
			() =>
				full(session({ agents: 1 }))
					.fails("a")
					.next()
					.fails("a"),
			[
				"agent.failed a server",
				"agent.quarantined a server",
				"turn.failed 2: a server",
				"turn.started 3 2",
				"attempt.started 1",
				"round.started a 1: -",
			],
		],
		["P16: then there is room again", () => full().sends(cancel).next().sends(message("9")), ["turn.queued 9"]],
		[
			"P16: the same message twice is two messages",
			() => session({ agents: 1 }).sends(message("x"), message("x"), cancel).next().sends(cancel),
			["session.cancelled 2", "turn.started 3 x", "attempt.started 1", "round.started a 1: -"],
		],
		[
			"P16: without a turn a message starts one",
			() => session({ agents: 1 }).answers("a", "A").next().sends(message("Next?")),
			["turn.started 2 Next?", "attempt.started 1", "round.started a 1: -"],
		],
	]);
});

describe("P16: budget", () => {
	const spent = (s: Scenario) => s.asks("a", "b", "c").next();

	spec([
		["P16: a budget may change while a turn runs", () => session().next().sends(calls(3)), ["budget.changed"]],
		["P16: between turns there is none", () => session().sends(cancel).next().sends(calls(3)), ["refused no_turn"]],
		[
			"P9, P16: a budget below what is spent ends the turn",
			() => answered(reuse).next().sends(calls(3)),
			["budget.changed", "consensus.failed budget.calls a1.1 0%", ...over("A")],
		],
		[
			"P9, P16: calls in flight are awaited",
			() => spent(session(reuse)).sends(calls(2)).answers("a", "A"),
			["budget.changed", "answer.accepted a a1.1"],
		],
		[
			"P9, P16: a budget raised in time lets the turn go on",
			() =>
				spent(session({ ...reuse, budget: { calls: 3 } }))
					.answers("a", "A")
					.answers("b", "B")
					.sends(calls(null))
					.answers("c", "C"),
			[
				"answer.accepted a a1.1",
				"answer.accepted b a2.1",
				"budget.changed",
				"answer.accepted c a3.1",
				"seal.opened all",
				"round.started a 2: a1.1 a2.1 a3.1",
				"round.started b 2: a1.1 a2.1 a3.1",
				"round.started c 2: a1.1 a2.1 a3.1",
			],
		],
		[
			"P9, P16: a presentation that can no longer be paid is reuse",
			() => presenting().sends(calls(6)),
			["budget.changed", "presentation.started a 2 reuse", "final.text A", "turn.finished 1 consensus: A"],
		],
		[
			"P9, P16: one that is under way goes on",
			() => presenting().asks("a").sends(calls(6)).presents("All."),
			["budget.changed", "final.text All.", "turn.finished 1 consensus: All."],
		],
	]);
});

describe("a session", () => {
	test.each<readonly [string, Parameters<typeof transition>, string]>([
		["a session that was never opened takes no message", [emptySession, message("?")], "not_open"],
		["a session that was never opened cannot be cancelled", [emptySession, cancel], "not_open"],
		[
			"a session is opened once",
			[session().state, { type: "open", team: teamOf({}), seed: 1, question: "?" }],
			"already_open",
		],
	])("%s", (_, [state, command], code) => {
		const next = transition(state, command);
		expect(next.ok ? "accepted" : next.refusal.code).toBe(code);
	});

	test("a session starts with its team and the question as it was asked", () => {
		const s = session({ agents: 1, seed: 5 });
		expect([...all(s, "session.created"), ...all(s, "turn.started")]).toEqual([
			{ type: "session.created", team: teamOf({ agents: 1 }), seed: 5 },
			{ type: "turn.started", turn: 1, question: "?" },
		]);
	});
});
