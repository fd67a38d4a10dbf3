import { describe, expect, test } from "vitest";
import { plan } from "../../src/consensus/plan.ts";
import { emptySession } from "../../src/consensus/state.ts";
import { agentId, answered, session, type Scenario } from "./scenario.ts";

const deadlines = (s: Scenario) => plan(s.state).deadlines.map(({ key, afterMs }) => `${key} ${afterMs}`);
const wanted = (s: Scenario) =>
	plan(s.state).calls.map(({ id, status, gate }) => `${status} ${id}${gate === null ? "" : ` after ${gate}`}`);
const turn = ["soft:t1 720000", "turn:t1 900000"];
const two = { agents: 2 } as const;
const retryable = { retryable: true, retryInMs: 1500 } as const;
const presenting = () => answered(two).votes("a", "a1.1").votes("b", "a1.1");
const tied = () =>
	answered({ ...two, protocol: { judge: { backend: "demo", model: "judge", params: {} } } })
		.votes("a", "a2.1")
		.votes("b", "a1.1");

describe("what a state wants done: calls", () => {
	test.each<readonly [string, () => Scenario, readonly string[]]>([
		["a call for each agent's round", () => session(two), ["due t1.a1.r1.c1.x1", "due t1.a2.r1.c1.x1"]],
		[
			"a dispatched call is open under the name it was dispatched with",
			() => session(two).asks("a"),
			["open t1.a1.r1.c1.x1", "due t1.a2.r1.c1.x1"],
		],
		[
			"an agent that waits for the seal wants nothing",
			() => session(two).answers("a", "A"),
			["due t1.a2.r1.c1.x1"],
		],
		[
			"a round that goes on wants its next call",
			() => session(two).replies("a"),
			["due t1.a1.r1.c2.x1", "due t1.a2.r1.c1.x1"],
		],
		["the next round has its own calls", () => answered(two), ["due t1.a1.r2.c1.x1", "due t1.a2.r2.c1.x1"]],
		["an agent that has voted wants nothing", () => answered(two).votes("a", "a1.1"), ["due t1.a2.r2.c1.x1"]],
		[
			"P10: a retry waits for its delay",
			() => session(two).fails("a", retryable),
			["due t1.a1.r1.c1.x2 after retry:t1.a1.r1.c1.x2", "due t1.a2.r1.c1.x1"],
		],
		["P10: a quarantined agent wants nothing", () => session(two).fails("a"), ["due t1.a2.r1.c1.x1"]],
		[
			"P15: a lost call is due at once",
			() => session(two).loses("a"),
			["due t1.a1.r1.c1.x2", "due t1.a2.r1.c1.x1"],
		],
		["P12: a presentation", presenting, ["due t1.p1.x1"]],
		[
			"P12: a presentation's retry waits for its delay",
			() => presenting().fails("presenter", retryable),
			["due t1.p2.x2 after retry:t1.p2.x2"],
		],
		["P8: a judge", tied, ["due t1.j.x1"]],
		["a turn that is over wants nothing", () => presenting().presents("All."), []],
		[
			"the next turn's calls have names of their own",
			() => presenting().presents("All.").sends({ type: "message", text: "?" }),
			["due t2.a1.r1.c1.x1", "due t2.a2.r1.c1.x1"],
		],
	])("%s", (_, story, expected) => {
		expect(wanted(story())).toEqual(expected);
	});

	test("P8: the judge is a model of its own and is offered the vote only", () => {
		const model = { backend: "demo", model: "judge", params: {} };
		expect(plan(tied().state).calls).toEqual([
			{
				id: "t1.j.x1",
				purpose: "judge",
				agent: null,
				model,
				offers: ["vote"],
				tools: [],
				resume: true,
				paid: 1,
				status: "due",
				gate: null,
			},
		]);
	});

	test("P9: what was offered is what was offered when the call was dispatched", () => {
		const [a, b] = plan(answered(two).asks("a").passes("turn_soft").state).calls.map(({ offers }) => offers);
		expect([a, b]).toEqual([["new_answer", "vote"], ["vote"]]);
	});
});

/** P10: a round's own limit, and when the agent is told of it. */
const round = (name: string, ms = 300_000) => [`hurry:${name} ${ms * 0.8}`, `round:${name} ${ms}`];

describe("what a state wants done: deadlines", () => {
	test.each<readonly [string, () => Scenario, readonly string[]]>([
		[
			"P9: the turn's, 80 % of it, and each round's",
			() => session(two),
			[...turn, ...round("t1.a1.r1"), ...round("t1.a2.r1")],
		],
		[
			"P9: once 80 % have passed they are not wanted again",
			() => session(two).passes("turn_soft"),
			["turn:t1 900000", ...round("t1.a1.r1"), ...round("t1.a2.r1")],
		],
		[
			"P4: below a quorum of first answers no seal deadline runs",
			() => session().answers("a", "A"),
			[...turn, ...round("t1.a2.r1"), ...round("t1.a3.r1")],
		],
		[
			"P4: at a quorum it runs",
			() => session().answers("a", "A").answers("b", "B"),
			[...turn, "seal:t1 60000", ...round("t1.a3.r1")],
		],
		[
			"P4: first answers of agents that failed since count",
			() =>
				session({ agents: 5 })
					.answers("a", "A")
					.answers("b", "B")
					.answers("c", "C")
					.sends({ type: "drop_agent", agent: agentId("a") }),
			[...turn, "seal:t1 60000", ...round("t1.a4.r1"), ...round("t1.a5.r1")],
		],
		[
			"P4: a quorum of the team's own",
			() => session({ protocol: { quorum: 1 } }).answers("a", "A"),
			[...turn, "seal:t1 60000", ...round("t1.a2.r1"), ...round("t1.a3.r1")],
		],
		[
			"P4: once the seal is open its deadline is gone",
			() => session().answers("a", "A").answers("b", "B").passes("seal").votes("a", "a1.1").votes("b", "a1.1"),
			[...turn, ...round("t1.a3.r1")],
		],
		[
			"P4: an eager team has none",
			() =>
				session({ protocol: { start: "eager" } })
					.answers("a", "A")
					.answers("b", "B")
					.votes("a", "a1.1")
					.votes("a", "a1.1")
					.votes("b", "a1.1"),
			[...turn, ...round("t1.a3.r1")],
		],
		[
			"P10: a retry's delay",
			() => session(two).fails("a", retryable),
			[...turn, ...round("t1.a1.r1"), ...round("t1.a2.r1"), "retry:t1.a1.r1.c1.x2 1500"],
		],
		[
			"P10: a retry that was dispatched has none",
			() => session(two).fails("a", retryable).asks("a"),
			[...turn, ...round("t1.a1.r1"), ...round("t1.a2.r1")],
		],
		["P12: a presentation has the time of a round", presenting, [...turn, "present:t1 300000"]],
		[
			"P12: all its tries together",
			() => presenting().fails("presenter", retryable),
			[...turn, "present:t1 300000", "retry:t1.p2.x2 1500"],
		],
		["P8: so has a judge", tied, [...turn, "judge:t1 300000"]],
		[
			"P9: the limits are the team's",
			() => session({ ...two, limits: { turn_seconds: 10, round_seconds: 5 } }),
			["soft:t1 8000", "turn:t1 10000", ...round("t1.a1.r1", 5000), ...round("t1.a2.r1", 5000)],
		],
		["a turn that is over has none", () => presenting().presents("All."), []],
	])("%s", (_, story, expected) => {
		expect(deadlines(story())).toEqual(expected);
	});

	test("a session that was never opened wants nothing", () => {
		expect(plan(emptySession)).toEqual({ calls: [], deadlines: [] });
	});
});
