import { describe, expect, test } from "vitest";
import { all } from "./outcome.ts";
import { agentId, answered, session, spec, type Failure, type Scenario } from "./scenario.ts";

const retryable = { code: "overloaded", retryable: true } as const;
const failing = (s: Scenario, times: number, failure: Partial<Failure> = retryable) =>
	Array.from({ length: times }).reduce<Scenario>((now) => now.fails("a", failure), s);
const again = "agent.failed a overloaded, retry in 500";
const over = ["agent.failed a overloaded", "agent.quarantined a overloaded"];
const drop = (agent: string) => ({ type: "drop_agent", agent: agentId(agent) }) as const;

describe("P10: retryable failures are retried within a bound", () => {
	spec([
		[
			"P10: a failure that is not retryable quarantines the agent",
			() => session().next().fails("a", { code: "auth" }),
			["agent.failed a auth", "agent.quarantined a auth"],
		],
		[
			"P10: a retryable one leaves it waiting for its delay",
			() =>
				session()
					.next()
					.fails("a", { ...retryable, retryInMs: 1234 }),
			["agent.failed a overloaded, retry in 1234"],
		],
		["P10: at `retries` it is tried again", () => failing(session().next(), 3), [again, again, again]],
		["P10: one failure more and the round fails", () => failing(failing(session(), 3).next(), 1), over],
		["P10: `retries` 0 tries once", () => failing(session({ limits: { retries: 0 } }).next(), 1), over],
		[
			"P10: a retry that succeeds is as good as any",
			() => failing(session(), 3).next().answers("a", "A"),
			["answer.accepted a a1.1"],
		],
		[
			"P10: the bound is the round's, over all its calls",
			() => failing(failing(session(), 3).replies("a").next(), 1),
			over,
		],
		[
			"P10: each round has its own bound",
			() => failing(failing(session(), 3).answers("a", "A").answers("b", "B").answers("c", "C").next(), 3),
			[again, again, again],
		],
		[
			"P10: one slow or dead agent does not block the team",
			() => session().fails("c").answers("a", "A").answers("b", "B").votes("a", "a1.1").next().votes("b", "a1.1"),
			["vote.cast b a1.1", "consensus.reached all a1.1 67%", "presentation.started a 1 present"],
		],
		[
			"P10: a round that takes longer than `round_seconds` fails, retries or not",
			() => session().fails("a", retryable).asks("a").next().passes("round", "a"),
			["call aborted t1.a1.r1.c1.x2", "agent.failed a round_timeout", "agent.quarantined a round_timeout"],
		],
		[
			"P10: a retry that just fits into `round_seconds` is waited for",
			() =>
				session({ limits: { round_seconds: 60 } })
					.next()
					.fails("a", { ...retryable, retryInMs: 59_999 }),
			["agent.failed a overloaded, retry in 59999"],
		],
		[
			"P10: one that does not fit is not: the round fails at once, with its true cause",
			() =>
				session({ limits: { round_seconds: 60 } })
					.next()
					.fails("a", { ...retryable, retryInMs: 60_000 }),
			["agent.failed a overloaded", "agent.quarantined a overloaded"],
		],
		[
			"P10: a round that waits for its retry fails at `round_seconds` too",
			() => session().fails("a", retryable).next().passes("round", "a"),
			["agent.failed a round_timeout", "agent.quarantined a round_timeout"],
		],
		["P10: a report about a call that is closed means nothing", () => late(), []],
	]);
});

describe("P10: a failed round quarantines the agent for the turn", () => {
	spec([
		[
			"P10: its answer stays a candidate",
			() => answered().fails("a").votes("b", "a1.1").next().votes("c", "a1.1"),
			[
				"vote.cast c a1.1",
				"consensus.reached all a1.1 67%",
				"presentation.started a 1 reuse",
				"final.text A",
				"turn.finished 1 consensus: A",
			],
		],
		[
			"P10: its vote stands",
			() => answered().votes("a", "a2.1").sends(drop("a")).votes("b", "a1.1").next().votes("c", "a2.1"),
			["vote.cast c a2.1", "consensus.reached all a2.1 67%", "presentation.started b 1 present"],
		],
		[
			"P10: until it is voided",
			() =>
				answered()
					.votes("a", "a2.1")
					.sends(drop("a"))
					.answers("b", "B2")
					.votes("b", "a2.2")
					.next()
					.votes("c", "a2.2")
					.votes("c", "a2.2"),
			[
				"vote.refused c unseen",
				"agent.informed c: a2.2, notes 0",
				"vote.cast c a2.2",
				"consensus.reached all a2.2 67%",
				"presentation.started b 1 present",
			],
		],
		[
			"P10: in the next turn it is back",
			() => session({ agents: 2 }).fails("a").fails("b").next().sends({ type: "message", text: "Again?" }),
			["turn.started 2 Again?", "attempt.started 1", "round.started a 1: -", "round.started b 1: -"],
		],
	]);
});

describe("P10: no answer at all: the turn fails, saying for each agent why", () => {
	spec([
		[
			"P10: at the last agent's failure",
			() => session({ agents: 2 }).fails("a", { code: "auth" }).next().fails("b", { code: "quota" }),
			["agent.failed b quota", "agent.quarantined b quota", "turn.failed 1: a auth, b quota"],
		],
		[
			"P10: one agent left may still answer",
			() => session({ agents: 2 }).fails("a").next().answers("b", "B"),
			["answer.accepted b a2.1", "seal.opened all", "round.started b 2: a2.1"],
		],
	]);

	test.each<readonly [string, () => Scenario, readonly { agent: string; code: string; message: string }[]]>([
		[
			"P10: a failure in the provider's words, a drop in ours",
			() => session({ agents: 2 }).fails("a", { code: "auth" }).sends(drop("b")),
			[
				{ agent: "a", code: "auth", message: "It broke." },
				{ agent: "b", code: "dropped", message: "Dropped from this turn by a person." },
			],
		],
		[
			"P10: an agent that was dropped while it waited for a retry was dropped",
			() => session({ agents: 1 }).fails("a", retryable).sends(drop("a")),
			[{ agent: "a", code: "dropped", message: "Dropped from this turn by a person." }],
		],
		[
			"P10: at a limit, what went wrong last, or the limit itself",
			() => session({ agents: 2 }).fails("a", retryable).passes("turn"),
			[
				{ agent: "a", code: "overloaded", message: "It broke." },
				{ agent: "b", code: "turn_seconds", message: "No answer before the limit turn_seconds." },
			],
		],
		[
			"P1, P10: an agent that never decided",
			() => session({ agents: 1, limits: { enforcement_max: 0 } }).replies("a"),
			[
				{
					agent: "a",
					code: "no_decision",
					message: "No valid decision after 0 reminders; the last reply was refused: no_decision.",
				},
			],
		],
		[
			"P10: a round that took too long",
			() => session({ agents: 1 }).passes("round"),
			[{ agent: "a", code: "round_timeout", message: "The round took longer than round_seconds (300 s)." }],
		],
	])("%s", (_, story, reasons) => {
		expect(all(story(), "turn.failed")).toEqual([{ type: "turn.failed", turn: 1, reasons }]);
	});
});

describe("P10: failures are events", () => {
	const ofA = { type: "agent.failed", agent: "a" } as const;
	test.each<readonly [string, () => Scenario, unknown]>([
		[
			"P10: a backend's, with what is needed to judge it",
			() => session().fails("a", { ...retryable, begun: true, retryInMs: 7 }),
			{ ...ofA, code: "overloaded", retryable: true, message: "It broke.", begun: true, retry_in_ms: 7 },
		],
		[
			"P10: that of a round out of time is final",
			() => session().passes("round", "a"),
			{
				...ofA,
				code: "round_timeout",
				retryable: false,
				message: "The round took longer than round_seconds (300 s).",
				begun: true,
				retry_in_ms: null,
			},
		],
		[
			"P1: so is that of a round without a decision",
			() => session({ limits: { enforcement_max: 0 } }).replies("a"),
			{
				...ofA,
				code: "no_decision",
				retryable: false,
				message: "No valid decision after 0 reminders; the last reply was refused: no_decision.",
				begun: true,
				retry_in_ms: null,
			},
		],
		[
			"P12: an empty presentation spends no retry of a stream that had begun",
			() =>
				session({ agents: 2 })
					.answers("a", "A")
					.answers("b", "B")
					.votes("a", "a1.1")
					.votes("b", "a1.1")
					.presents(""),
			{
				...ofA,
				code: "empty_presentation",
				retryable: true,
				message: "The presenter wrote nothing.",
				begun: false,
				retry_in_ms: 0,
			},
		],
		[
			"P15: a call lost twice",
			() => session().loses("a").loses("a"),
			{
				...ofA,
				code: "lost",
				retryable: false,
				message: "The call was lost twice with the machine that held its stream.",
				begun: true,
				retry_in_ms: null,
			},
		],
	])("%s", (_, story, failure) => {
		expect(all(story(), "agent.failed")).toEqual([failure]);
	});
});

/** Every kind of report about a call whose round timed out. */
function late(): Scenario {
	const s = session().asks("a");
	const { call } = all(s, "call.started")[0] ?? { call: "" as never };
	const bill = { usage: null, costUsd: null };
	const failure = { code: "server", message: "", retryable: true, begun: false, retryInMs: 0 };
	return s
		.passes("round", "a")
		.next()
		.sends(
			{ type: "call.dispatched", call },
			{ type: "call.streamed", call, pieces: [{ kind: "text", text: "late" }] },
			{
				type: "call.ended",
				call,
				reply: { text: "", toolCalls: [{ name: "new_answer", arguments: { content: "late" } }], paused: false },
				bill,
			},
			{ type: "call.failed", call, ...failure, bill },
			{ type: "call.lost", call },
		);
}
