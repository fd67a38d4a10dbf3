import { describe, expect, test } from "vitest";
import { pausesMax } from "../../src/consensus/ballot.ts";
import { stateOf } from "../../src/consensus/reduce.ts";
import type { Round } from "../../src/consensus/state.ts";
import { all } from "./outcome.ts";
import { answered, session, spec, type Options, type Scenario } from "./scenario.ts";

const paused = "agent.paused a";
const pausing = (s: Scenario, times: number) =>
	Array.from({ length: times }).reduce<Scenario>((now) => now.pauses("a"), s);
const presenting = (options: Options = {}) =>
	answered(options).votes("a", "a1.1").votes("b", "a1.1").votes("c", "a1.1").next();
const reused = (number: number) => [
	`presentation.started a ${number} reuse`,
	"final.text A",
	"turn.finished 1 consensus: A",
];
const answer = ["new_answer", { content: "A" }] as const;

describe("P1: a model that pauses goes on", () => {
	spec([
		[
			"P1: it is called again, and may decide then",
			() => pausing(session().next(), 1).answers("a", "A"),
			[paused, "answer.accepted a a1.1"],
		],
		[
			"P1: a pause uses up no reminder",
			() => pausing(session({ limits: { enforcement_max: 0 } }).next(), 1).answers("a", "A"),
			[paused, "answer.accepted a a1.1"],
		],
		["P1: at the bound it still goes on", () => pausing(pausing(session(), pausesMax - 1).next(), 1), [paused]],
		[
			"P1: one pause more is a reply without a decision",
			() => pausing(pausing(session(), pausesMax).next(), 1),
			["agent.reminded a no_decision"],
		],
		[
			"P1: the bound is the round's, whatever comes between",
			() =>
				pausing(
					pausing(session(), pausesMax - 1)
						.replies("a")
						.next(),
					2,
				),
			[paused, "agent.reminded a no_decision"],
		],
		[
			"P1: each round has its own",
			() =>
				pausing(pausing(session(), pausesMax).answers("a", "A").answers("b", "B").answers("c", "C").next(), 1),
			[paused],
		],
		[
			"P1, P10: a fallback does not begin to count again",
			() =>
				pausing(
					pausing(session({ spared: ["a"] }), pausesMax)
						.fails("a")
						.next(),
					1,
				),
			["agent.reminded a no_decision"],
		],
		[
			"P1: a decision made in a pause is a decision",
			() =>
				session()
					.next()
					.pauses("a", [...answer]),
			["answer.accepted a a1.1"],
		],
		[
			"P1: and is refused like any other",
			() =>
				session()
					.next()
					.pauses("a", [...answer], [...answer]),
			["answer.refused a ambiguous", "agent.reminded a ambiguous"],
		],
		[
			"P1: a tool that does not exist is answered, pause or not",
			() => session().next().pauses("a", ["search", {}]),
			["tool.called a search", "tool.returned a search", "agent.reminded a unknown_tool"],
		],
		[
			"P3: it is told what is new only when it has gone on",
			() => answered().asks("a").answers("b", "B2").next().pauses("a").replies("a"),
			[paused, "agent.reminded a no_decision", "agent.informed a: a2.2, notes 0"],
		],
		[
			"P16: so with notes",
			() => session().sends({ type: "note", text: "n" }).next().pauses("a").replies("a"),
			[paused, "agent.reminded a no_decision", "agent.informed a: -, notes 1"],
		],
	]);

	test("P1: nothing is said to it", () => {
		const { exchanges, pauses, reminders } = roundOf(session().pauses("a").replies("a"));
		const said = { informed: [], notes: 0 };
		expect({ exchanges, pauses, reminders }).toEqual({
			exchanges: [
				{ call: "t1.a1.r1.c1.x1", reply: { kind: "paused" }, ...said },
				{ call: "t1.a1.r1.c2.x1", reply: { kind: "reminder", reason: "no_decision" }, ...said },
			],
			pauses: 1,
			reminders: 1,
		});
	});

	test("P15: the log gives the state", () => {
		const { state, events } = pausing(session(), 3);
		expect(stateOf(JSON.parse(JSON.stringify(events)) as typeof events)).toEqual(state);
	});
});

describe("P12: a presentation that pauses is not finished", () => {
	const retried = "agent.failed a paused_presentation, retry in 0";
	spec([
		[
			"P12: it is tried again",
			() => presenting().pauses("presenter").presents("All."),
			[retried, "presentation.started a 2 present", "final.text All.", "turn.finished 1 consensus: All."],
		],
		[
			"P12, P15: once: its stream had begun",
			() => presenting().pauses("presenter").next().pauses("presenter"),
			["agent.failed a paused_presentation", ...reused(3)],
		],
	]);

	test("P12: the failure says so", () => {
		expect(all(presenting().pauses("presenter"), "agent.failed")).toEqual([
			{
				type: "agent.failed",
				agent: "a",
				code: "paused_presentation",
				retryable: true,
				message: "The presenter paused in the middle.",
				begun: true,
				retry_in_ms: 0,
			},
		]);
	});
});

describe("P8: a judge that pauses", () => {
	const tied = () =>
		answered({ agents: 2, protocol: { judge: { backend: "demo", model: "j", params: {} }, final: "reuse" } })
			.votes("a", "a2.1")
			.votes("b", "a1.1")
			.next();
	test.each<readonly [string, () => Scenario, string]>([
		["P8: has not voted", () => tied().pauses("judge"), "judge.failed no_decision"],
		[
			"P8: unless it has",
			() => tied().pauses("judge", ["vote", { answer: labelOfFirst(tied()) }]),
			"judge.ruled a1.1",
		],
	])("%s", (_, story, first) => {
		expect(story().told[0]).toEqual(first);
	});
});

/** The label of a's answer to the judge: the one whose vote is ruled to be for it. */
function labelOfFirst(s: Scenario): string {
	const rules = (label: string) => s.replies("judge", ["vote", { answer: label }]).told[0] === "judge.ruled a1.1";
	return ["answer_1", "answer_2"].find(rules) ?? "";
}

function roundOf({ state }: Scenario): Round {
	const activity = state.status === "open" ? state.current?.seats[0]?.activity : undefined;
	if (activity?.status !== "thinking") throw new Error("a is in no round");
	return activity.round;
}
