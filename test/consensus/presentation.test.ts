import { describe, expect, test } from "vitest";
import { plan } from "../../src/consensus/plan.ts";
import { agentId, answered, session, spec, type Options, type Scenario } from "./scenario.ts";

const won = (options: Options = {}) =>
	answered(options).votes("a", "a1.1").votes("b", "a1.1").next().votes("c", "a1.1");
const presenting = (options: Options = {}) => won(options).next();
const finale = (mode: Options["protocol"] = {}) => won({ protocol: mode }).told.slice(2);
const reused = (number: number) => [
	`presentation.started a ${number} reuse`,
	"final.text A",
	"turn.finished 1 consensus: A",
];
const retryable = { retryable: true } as const;
const failing = (s: Scenario, times: number) =>
	Array.from({ length: times }).reduce<Scenario>((now) => now.fails("presenter", retryable), s);
const again = (number: number) => ["agent.failed a server, retry in 500", `presentation.started a ${number} present`];

describe("P12: the winner presents", () => {
	test.each<readonly [string, Options["protocol"], readonly string[]]>([
		["P12: `final: present`", { final: "present" }, ["presentation.started a 1 present"]],
		["P12: `final: synthesize`", { final: "synthesize" }, ["presentation.started a 1 synthesize"]],
		["P12: `final: reuse`: the winning answer itself is final", { final: "reuse" }, reused(1)],
	])("%s", (_, protocol, expected) => {
		expect(finale(protocol)).toEqual(expected);
	});

	spec([
		[
			"P12: what the presenter writes is streamed, and is the answer",
			() => presenting().streams("a", "The ").streams("a", "answer").presents("The answer."),
			["final.text The ", "final.text answer", "final.text .", "turn.finished 1 consensus: The answer."],
		],
		[
			"P12: what was streamed is not said again",
			() => presenting().streams("a", "All.").presents("All."),
			["final.text All.", "turn.finished 1 consensus: All."],
		],
		[
			"P12: unstreamed text is said at the end",
			() => presenting().presents("All."),
			["final.text All.", "turn.finished 1 consensus: All."],
		],
		[
			"P12: text that the provider began anew is a new try: only the pieces after the last one count",
			() => presenting().streams("a", "Well, ").presents("No: B."),
			[
				"final.text Well, ",
				"presentation.started a 2 present",
				"final.text No: B.",
				"turn.finished 1 consensus: No: B.",
			],
		],
		[
			"P12: under the retries of any round: each try says so",
			() => failing(presenting(), 3),
			[...again(2), ...again(3), ...again(4)],
		],
		[
			"P12: one failure more and the winning answer itself is final",
			() => failing(failing(presenting(), 3).next(), 1),
			["agent.failed a server", ...reused(5)],
		],
		[
			"P12: text of a try that failed does not count",
			() => presenting().streams("a", "Half an ans").fails("presenter", retryable).presents("All."),
			["final.text Half an ans", ...again(2), "final.text All.", "turn.finished 1 consensus: All."],
		],
		[
			"P12: a failure that is not retryable: reuse",
			() => presenting().fails("presenter", { code: "auth" }),
			["agent.failed a auth", ...reused(2)],
		],
		[
			"P12: an empty presentation is a failure, and is tried again",
			() => presenting().presents(" \n"),
			["agent.failed a empty_presentation, retry in 0", "presentation.started a 2 present"],
		],
		[
			"P12: nothing but empty presentations: reuse",
			() =>
				presenting({ limits: { retries: 1 } })
					.presents("")
					.presents(""),
			[
				"agent.failed a empty_presentation, retry in 0",
				"presentation.started a 2 present",
				"agent.failed a empty_presentation",
				...reused(3),
			],
		],
		[
			"P12: a presentation that takes longer than `round_seconds`: reuse",
			() => presenting().asks("a").passes("presentation"),
			["call aborted t1.p1.x1", "agent.failed a round_timeout", ...reused(2)],
		],
		[
			"P12: a turn that ends while its winner presents: reuse",
			() => presenting().asks("a").passes("turn"),
			["call aborted t1.p1.x1", "agent.failed a round_timeout", ...reused(2)],
		],
		[
			"P12: a winner that was quarantined before: reuse",
			() => answered().votes("b", "a1.1").votes("c", "a1.1").next().fails("a"),
			["agent.failed a server", "agent.quarantined a server", "consensus.reached all a1.1 67%", ...reused(1)],
		],
		[
			"P12, P16: a winner that is dropped while it presents: reuse",
			() =>
				presenting()
					.streams("a", "Half")
					.sends({ type: "drop_agent", agent: agentId("a") }),
			["final.text Half", "call aborted t1.p1.x1", "agent.quarantined a dropped", ...reused(2)],
		],
		[
			"P12: another agent that is dropped meanwhile changes nothing",
			() =>
				presenting()
					.sends({ type: "drop_agent", agent: agentId("b") })
					.presents("All."),
			["agent.quarantined b dropped", "final.text All.", "turn.finished 1 consensus: All."],
		],
		[
			"P12, P8: a split is presented too, and called none",
			() => answered().votes("a", "a1.1").votes("b", "a2.1").votes("c", "a3.1").next().presents("All."),
			["final.text All.", "turn.finished 1 no consensus: All."],
		],
		[
			"P12: a synthesis that fails is tried again as a synthesis",
			() => presenting({ protocol: { final: "synthesize" } }).fails("presenter", retryable),
			["agent.failed a server, retry in 500", "presentation.started a 2 synthesize"],
		],
	]);

	test("P12: a presenter is offered neither of the decisions", () => {
		expect(plan(presenting().state).calls).toEqual([
			{
				id: "t1.p1.x1",
				purpose: "presentation",
				agent: "a",
				model: { backend: "demo", model: "model-a", params: {} },
				offers: [],
				tools: [],
				resume: true,
				paid: 1,
				status: "due",
				gate: null,
			},
		]);
	});
});

describe("P14: a team of one needs no vote", () => {
	spec([
		[
			"P14: its answer is final",
			() => session({ agents: 1 }).next().answers("a", "A"),
			["answer.accepted a a1.1", "consensus.reached alone a1.1 100%", ...reused(1)],
		],
		[
			"P14: whatever the presentation of the team",
			() =>
				session({ agents: 1, protocol: { final: "synthesize" } })
					.next()
					.answers("a", "A"),
			["answer.accepted a a1.1", "consensus.reached alone a1.1 100%", ...reused(1)],
		],
		[
			"P14, P10: without an answer its turn fails",
			() => session({ agents: 1 }).next().fails("a"),
			["agent.failed a server", "agent.quarantined a server", "turn.failed 1: a server"],
		],
		[
			"P14: of two, one that has failed leaves no team of one",
			() => session({ agents: 2 }).fails("b").next().answers("a", "A"),
			["answer.accepted a a1.1", "seal.opened all", "round.started a 2: a1.1"],
		],
	]);
});
