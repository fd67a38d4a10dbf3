import { describe, expect, test } from "vitest";
import { plan } from "../../src/consensus/plan.ts";
import { stateOf } from "../../src/consensus/reduce.ts";
import { all } from "./outcome.ts";
import { agentId, answered, session, spec, type Failure, type Options, type Scenario } from "./scenario.ts";

const spared = { spared: ["a"] } as const;
const retryable = { code: "overloaded", retryable: true } as const;
const begun = { ...retryable, begun: true } as const;
const failing = (s: Scenario, times: number, failure: Partial<Failure> = retryable) =>
	Array.from({ length: times }).reduce<Scenario>((now) => now.fails("a", failure), s);
const again = "agent.failed a overloaded, retry in 500";
const takes = (code: string) => [`agent.failed a ${code}`, `agent.fell_back a ${code} to spare-a`];
const over = (code: string) => [`agent.failed a ${code}`, `agent.quarantined a ${code}`];
const presenting = (options: Options = spared) =>
	answered(options).votes("a", "a1.1").votes("b", "a1.1").votes("c", "a1.1").next();
const reused = (number: number) => [
	`presentation.started a ${number} reuse`,
	"final.text A",
	"turn.finished 1 consensus: A",
];
/** Who was asked in each call, in order: the call and its model. */
const asked = (s: Scenario) => all(s, "call.started").map(({ call, model, paid }) => `${call} ${model} ${paid}`);
const wanted = (s: Scenario) => plan(s.state).calls.map(({ id, model }) => `${id} ${model.model}`);

describe("P10: a fallback is taken once the primary is exhausted", () => {
	spec([
		[
			"P10: by a failure that is not retryable; the round goes on",
			() => session(spared).next().fails("a", { code: "auth" }).answers("a", "A"),
			[...takes("auth"), "answer.accepted a a1.1"],
		],
		[
			"P10: by one that would outlast its round",
			() =>
				session({ ...spared, limits: { round_seconds: 60 } })
					.next()
					.fails("a", { ...retryable, retryInMs: 60_000 }),
			takes("overloaded"),
		],
		["P10: not as long as retries are left", () => failing(session(spared).next(), 3), [again, again, again]],
		[
			"P10: by the first failure after them",
			() => failing(failing(session(spared), 3).next(), 1),
			takes("overloaded"),
		],
		[
			"P10: it has all the retries of a model of its own",
			() => failing(failing(session(spared), 4).next(), 3),
			[again, again, again],
		],
		[
			"P10: one failure more and the round fails",
			() => failing(failing(session(spared), 7).next(), 1),
			over("overloaded"),
		],
		[
			"P15: one of its retries may follow a stream that had begun, if none of the primary's did",
			() => failing(failing(session(spared), 4).next(), 2, begun),
			[again, ...over("overloaded")],
		],
		[
			"P15: none of its retries may, if one of the primary's did",
			() => failing(failing(session(spared), 2, begun).next(), 1, begun),
			over("overloaded"),
		],
		[
			"P15: its retries of streams that had not begun are left then",
			() => failing(failing(session(spared), 2, begun).next(), 1),
			[again],
		],
		[
			"P10: an agent without one is quarantined",
			() =>
				session({ spared: ["b"] })
					.next()
					.fails("a"),
			over("server"),
		],
		[
			"P10: rounds after it have no second fallback",
			() => session(spared).fails("a").answers("a", "A").answers("b", "B").answers("c", "C").next().fails("a"),
			over("server"),
		],
		[
			"P10: in the next turn the primary begins, and may fall back again",
			() =>
				session({ ...spared, agents: 1 })
					.fails("a")
					.answers("a", "A")
					.sends({ type: "message", text: "Again?" })
					.next()
					.fails("a", { code: "auth" }),
			takes("auth"),
		],
		[
			"P10: a team of one goes on with it too",
			() =>
				session({ ...spared, agents: 1 })
					.next()
					.fails("a")
					.answers("a", "A"),
			[...takes("server"), "answer.accepted a a1.1", "consensus.reached alone a1.1 100%", ...reused(1)],
		],
	]);
});

describe("what never takes a fallback", () => {
	spec([
		[
			"P10: a round past its deadline",
			() => session(spared).asks("a").next().passes("round", "a"),
			["call aborted t1.a1.r1.c1.x1", ...over("round_timeout")],
		],
		[
			"P16: an agent that a person dropped",
			() =>
				session(spared)
					.next()
					.sends({ type: "drop_agent", agent: agentId("a") }),
			["agent.quarantined a dropped"],
		],
		[
			"P1: an agent that does not decide: its model works",
			() =>
				session({ ...spared, limits: { enforcement_max: 0 } })
					.next()
					.replies("a"),
			over("no_decision"),
		],
		[
			"P15: a call that was lost twice",
			() => session(spared).loses("a").next().loses("a"),
			["call lost t1.a1.r1.c1.x2", ...over("lost")],
		],
		[
			"P15: nor may a call be lost again after the fallback was taken",
			() => session(spared).loses("a").fails("a").next().loses("a"),
			["call lost t1.a1.r1.c1.f.x1", ...over("lost")],
		],
		[
			"P15: but once it may",
			() => session(spared).fails("a").loses("a").next().answers("a", "A"),
			["answer.accepted a a1.1"],
		],
		[
			"P9: one that the budget cannot pay for",
			() =>
				session({ ...spared, agents: 2, budget: { calls: 1 } })
					.next()
					.fails("a"),
			[...over("server"), "turn.failed 1: a server, b budget.calls"],
		],
		[
			"P9: not even after what the failed call itself cost",
			() => {
				const s = session({ ...spared, agents: 1, budget: { usd: 1 } }).asks("a");
				const call = all(s, "call.started")[0]?.call ?? ("" as never);
				const outage = { code: "server", message: "", retryable: false, begun: true, retryInMs: 0 };
				return s.next().sends({ type: "call.failed", call, ...outage, bill: { usage: null, costUsd: 1 } });
			},
			[...over("server"), "turn.failed 1: a server"],
		],
		[
			"P8: a judge",
			() =>
				answered({ ...spared, agents: 2, protocol: { judge: { backend: "demo", model: "j", params: {} } } })
					.votes("a", "a2.1")
					.votes("b", "a1.1")
					.next()
					.fails("judge"),
			["judge.failed server", "consensus.failed split a1.1 50%", "presentation.started a 1 present"],
		],
	]);
});

describe("P12: the presenter's fallback", () => {
	const spareTry = (code: string, number: number) => [...takes(code), `presentation.started a ${number} present`];
	spec([
		[
			"P12: writes where the winning answer itself would have been final",
			() => presenting().fails("presenter", { code: "auth" }).presents("All."),
			[...spareTry("auth", 2), "final.text All.", "turn.finished 1 consensus: All."],
		],
		[
			"P12: has retries of its own",
			() => presenting({ ...spared, limits: { retries: 0 } }).fails("presenter", retryable),
			spareTry("overloaded", 2),
		],
		[
			"P12: that fails too: reuse",
			() => presenting().fails("presenter").next().fails("presenter", { code: "auth" }),
			["agent.failed a auth", ...reused(3)],
		],
		[
			"P12: one that was taken in a round is not taken again",
			() =>
				session(spared)
					.fails("a")
					.answers("a", "A")
					.answers("b", "B")
					.answers("c", "C")
					.votes("a", "a1.1")
					.votes("b", "a1.1")
					.votes("c", "a1.1")
					.next()
					.fails("presenter"),
			["agent.failed a server", ...reused(2)],
		],
		[
			"P12: empty presentations use it up like any failure",
			() => presenting({ ...spared, limits: { retries: 0 } }).presents(" "),
			spareTry("empty_presentation", 2),
		],
		[
			"P12: past its deadline there is none",
			() => presenting().asks("a").passes("presentation"),
			["call aborted t1.p1.x1", "agent.failed a round_timeout", ...reused(2)],
		],
		[
			"P12, P15: nor after a second loss",
			() => presenting().loses("presenter").loses("presenter"),
			[
				"call lost t1.p1.x1",
				"presentation.started a 2 present",
				"call lost t1.p2.x2",
				"agent.failed a lost",
				...reused(3),
			],
		],
		[
			"P12, P9: nor beyond the budget",
			() => presenting({ ...spared, budget: { calls: 7 } }).fails("presenter"),
			["agent.failed a server", ...reused(2)],
		],
	]);
});

describe("P10: who is asked", () => {
	test.each<readonly [string, () => Scenario, readonly string[]]>([
		[
			"P10: the fallback in the same round, under a name of its own, paid from 1 again",
			() => session(spared).fails("a", retryable).fails("a", { code: "auth" }).asks("a"),
			["t1.a1.r1.c1.x1 model-a 1", "t1.a1.r1.c1.x2 model-a 2", "t1.a1.r1.c1.f.x1 spare-a 1"],
		],
		[
			"P10: in the calls and rounds after it, and to present",
			() =>
				session({ ...spared, agents: 2 })
					.fails("a")
					.replies("a")
					.answers("a", "A")
					.answers("b", "B")
					.votes("a", "a1.1")
					.votes("b", "a1.1")
					.asks("presenter"),
			[
				"t1.a1.r1.c1.x1 model-a 1",
				"t1.a1.r1.c1.f.x1 spare-a 1",
				"t1.a1.r1.c2.f.x1 spare-a 1",
				"t1.a2.r1.c1.x1 model-b 1",
				"t1.a1.r2.c1.f.x1 spare-a 1",
				"t1.a2.r2.c1.x1 model-b 1",
				"t1.p1.f.x1 spare-a 1",
			],
		],
		[
			"P12: the fallback that was taken to present",
			() => presenting().fails("presenter").asks("presenter"),
			[...asked(presenting()), "t1.p1.x1 model-a 1", "t1.p2.f.x1 spare-a 1"],
		],
	])("%s", (_, story, expected) => {
		expect(asked(story())).toEqual(expected);
	});

	test("P10: the next turn begins with the primary", () => {
		const s = session({ ...spared, agents: 1 })
			.fails("a")
			.answers("a", "A");
		expect(wanted(s.sends({ type: "message", text: "And?" }))).toEqual(["t2.a1.r1.c1.x1 model-a"]);
	});

	test("P10: whatever the model, the tools and `resume` are the agent's", () => {
		const of = (s: Scenario) => plan(s.state).calls.map(({ tools, resume }) => ({ tools, resume }));
		const own = { ...spared, member: { tools: ["web_search"], resume: false } } as const;
		const alone = session({ ...own, agents: 1 });
		expect([alone, alone.fails("a"), presenting(own)].map(of)).toEqual([
			[{ tools: ["web_search"], resume: false }],
			[{ tools: ["web_search"], resume: false }],
			[{ tools: [], resume: false }],
		]);
	});

	test("P10: the event says which model took over from which, and why", () => {
		expect(all(session(spared).fails("a", { code: "auth" }), "agent.fell_back")).toEqual([
			{
				type: "agent.fell_back",
				agent: "a",
				from: { backend: "demo", model: "model-a" },
				to: { backend: "demo", model: "spare-a" },
				code: "auth",
			},
		]);
	});
});

test.each<readonly [string, () => Scenario]>([
	["in a round", () => failing(session(spared), 5)],
	["of a presenter", () => presenting().fails("presenter").fails("presenter", retryable).presents("All.")],
])("P15: a fallback %s: the log gives the state", (_, story) => {
	const { state, events } = story();
	expect(stateOf(JSON.parse(JSON.stringify(events)) as typeof events)).toEqual(state);
});
