import { describe, expect, test } from "vitest";
import { plan } from "../../src/consensus/plan.ts";
import { reduce, stateOf } from "../../src/consensus/reduce.ts";
import { transition } from "../../src/consensus/transition.ts";
import { all } from "./outcome.ts";
import { agentId, answered, session, spec, type Failure, type Scenario } from "./scenario.ts";

const begun = { code: "stall_timeout", retryable: true, begun: true } as const;
const fresh = { code: "overloaded", retryable: true, begun: false } as const;
const failing = (...failures: readonly Partial<Failure>[]) =>
	failures.reduce((s, failure) => s.fails("a", failure), session().next());
const paid = (s: Scenario) => all(s, "call.started").map((call) => `${call.call} ${call.paid}`);
const again = (code: string) => `agent.failed a ${code}, retry in 500`;
const over = (code: string) => [`agent.failed a ${code}`, `agent.quarantined a ${code}`];
const presenting = () => answered().votes("a", "a1.1").votes("b", "a1.1").votes("c", "a1.1").next();

describe("P15: after a loss of ours a call is paid at most once more", () => {
	spec([
		[
			"P15: lost once, the call is made again",
			() => session().loses("a").next().answers("a", "A"),
			["answer.accepted a a1.1"],
		],
		[
			"P15: lost twice, the round fails",
			() => session().loses("a").next().loses("a"),
			["call lost t1.a1.r1.c1.x2", ...over("lost")],
		],
		[
			"P15: each call of a round may be lost once",
			() => session().loses("a").replies("a").next().loses("a").answers("a", "A"),
			["call lost t1.a1.r1.c2.x1", "answer.accepted a a1.1"],
		],
		[
			"P15: a loss is no retry: `retries` 0 does not forbid it",
			() =>
				session({ limits: { retries: 0 } })
					.loses("a")
					.next()
					.answers("a", "A"),
			["answer.accepted a a1.1"],
		],
		[
			"P15: lost, failed, lost again",
			() => session().loses("a").fails("a", fresh).next().loses("a"),
			["call lost t1.a1.r1.c1.x3", ...over("lost")],
		],
		[
			"P15: a presentation that was lost is a new try",
			() => presenting().streams("a", "Half").loses("a").presents("All."),
			[
				"final.text Half",
				"call lost t1.p1.x1",
				"presentation.started a 2 present",
				"final.text All.",
				"turn.finished 1 consensus: All.",
			],
		],
		[
			"P15, P12: lost twice: reuse",
			() => presenting().loses("presenter").loses("presenter"),
			[
				"call lost t1.p1.x1",
				"presentation.started a 2 present",
				"call lost t1.p2.x2",
				"agent.failed a lost",
				"presentation.started a 3 reuse",
				"final.text A",
				"turn.finished 1 consensus: A",
			],
		],
	]);

	test.each<readonly [string, () => Scenario, readonly string[]]>([
		[
			"P15: the second dispatch says that it is the second",
			() => session().loses("a").asks("a"),
			["t1.a1.r1.c1.x1 1", "t1.a1.r1.c1.x2 2"],
		],
		["P15: so does a retry", () => session().fails("a", fresh).asks("a"), ["t1.a1.r1.c1.x1 1", "t1.a1.r1.c1.x2 2"]],
		[
			"P15: the next call of the round starts anew",
			() => session().loses("a").replies("a").asks("a"),
			["t1.a1.r1.c1.x1 1", "t1.a1.r1.c1.x2 2", "t1.a1.r1.c2.x1 1"],
		],
		["P15: a call is dispatched once, however often it is reported", () => twice(), ["t1.a1.r1.c1.x1 1"]],
	])("%s", (_, story, expected) => {
		expect(paid(story())).toEqual(expected);
	});
});

describe("P15: of P10's retries at most one follows a stream that had begun", () => {
	spec([
		["P15: one", () => failing(begun), [again("stall_timeout")]],
		["P15: not two", () => failing(begun, begun), [again("stall_timeout"), ...over("stall_timeout")]],
		[
			"P15: retries of streams that had not begun are left",
			() => failing(begun, fresh, fresh),
			[again("stall_timeout"), again("overloaded"), again("overloaded")],
		],
		[
			"P15: not two, with others between them",
			() => failing(begun, fresh, begun),
			[again("stall_timeout"), again("overloaded"), ...over("stall_timeout")],
		],
		[
			"P15: they share one bound",
			() => failing(begun, fresh, fresh, fresh),
			[again("stall_timeout"), again("overloaded"), again("overloaded"), ...over("overloaded")],
		],
	]);
});

describe("P15: a restart is: read the log, reduce, go on", () => {
	const stories: readonly (readonly [string, () => Scenario])[] = [
		["a consensus that was presented", () => presenting().streams("a", "All").presents("All.")],
		[
			"votes voided and unseen",
			() =>
				answered()
					.asks("c")
					.votes("b", "a1.1")
					.answers("a", "A2")
					.votes("c", "a1.1")
					.votes("c", "a1.2")
					.votes("b", "a1.2")
					.votes("a", "a1.2")
					.presents("!"),
		],
		[
			"votes suspended",
			() =>
				answered({ agents: 4, protocol: { invalidation: "affected" } })
					.votes("a", "a2.1")
					.answers("c", "C2")
					.votes("a", "a3.2")
					.passes("turn"),
		],
		[
			"failures, losses and retries",
			() =>
				session()
					.fails("a", begun)
					.loses("b")
					.answers("a", "A")
					.answers("b", "B")
					.passes("round", "c")
					.votes("a", "a2.1")
					.votes("b", "a2.1")
					.loses("presenter")
					.presents("!"),
		],
		[
			"notes, a queue and a cancellation",
			() =>
				session()
					.sends({ type: "note", text: "n" }, { type: "message", text: "Next?" })
					.replies("a")
					.sends({ type: "cancel" })
					.answers("a", "A")
					.sends({ type: "answer_now" })
					.presents("!"),
		],
		[
			"a judge",
			() =>
				answered({ agents: 2, protocol: { judge: { backend: "demo", model: "j", params: {} } } })
					.votes("a", "a2.1")
					.votes("b", "a1.1")
					.loses("judge")
					.votes("judge", "a2.1")
					.presents("!"),
		],
		[
			"a drop and another budget",
			() =>
				session()
					.sends(
						{ type: "drop_agent", agent: agentId("a") },
						{ type: "budget", budget: { usd: null, tokens: null, calls: 2 } },
					)
					.answers("b", "B")
					.answers("c", "C"),
		],
	];

	test.each(stories)("P15: %s: the log gives the state", (_, story) => {
		const { state, events } = story();
		expect(stateOf(events)).toEqual(state);
	});

	test.each(stories)("P15: %s: the log as JSON gives the same state", (_, story) => {
		const { state, events } = story();
		expect(stateOf(JSON.parse(JSON.stringify(events)) as typeof events)).toEqual(state);
	});

	test.each(stories)("P15: %s: no call has the name of another", (_, story) => {
		const names = all(story(), "call.started").map(({ call }) => call);
		expect(names).toEqual([...new Set(names)]);
	});

	test.each(stories)("P15: %s: every call that started has finished once, or is open", (_, story) => {
		const s = story();
		const open = plan(s.state).calls.filter(({ status }) => status === "open");
		const ended = [...all(s, "call.finished").map(({ call }) => call), ...open.map(({ id }) => id)];
		expect(ended.toSorted()).toEqual(
			all(s, "call.started")
				.map(({ call }) => call)
				.toSorted(),
		);
	});

	test("P15: one event after another cannot be applied without those before it", () => {
		const { events } = session();
		expect(() => events.slice(1).reduce(reduce, { status: "empty" } as const)).toThrow(
			"turn.started in a session that was not created",
		);
	});

	test("P15: a decision on the same state is the same decision", () => {
		const s = answered();
		const command = { type: "message", text: "Next?" } as const;
		expect(transition(s.state, command)).toEqual(transition(stateOf(s.events), command));
	});
});

function twice(): Scenario {
	const [call] = plan(session().state).calls;
	const command = { type: "call.dispatched", call: call?.id ?? ("" as never) } as const;
	return session().sends(command, command);
}
