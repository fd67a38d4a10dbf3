import { describe, expect, test } from "vitest";
import { instructionsCharsMax } from "../../src/consensus/attempts.ts";
import { plan } from "../../src/consensus/plan.ts";
import { agentId, answered, session, spec, type Options, type Scenario } from "./scenario.ts";

const restart = ["restart", { reason: "No units.", instructions: "Give the units." }] as const;
const options = (protocol: Options["protocol"] = {}): Options => ({ protocol: { attempts_max: 2, ...protocol } });
const presenting = (given: Options = options()) =>
	answered(given).votes("a", "a1.1").votes("b", "a1.1").votes("c", "a1.1").next();
const writes = (s: Scenario, ...calls: readonly (readonly [string, object])[]) =>
	s.sends({
		type: "call.ended",
		call: openCallOf(s),
		reply: {
			text: "All.",
			toolCalls: calls.map(([name, args]) => ({ name, arguments: { ...args } })),
			paused: false,
		},
		bill: { usage: null, costUsd: null },
	});
const again = (given: Options = options()) => writes(presenting(given).asks("presenter"), [...restart]).next();
const last = () => {
	const second = ["a", "b", "c"].reduce((s, agent) => s.answers(agent, `${agent}2`), again());
	return ["a", "b", "c"].reduce((s, agent) => s.votes(agent, "a1.2"), second);
};
const answerNow = { type: "answer_now" } as const;
const offersOf = (s: Scenario) => plan(s.state).calls.map(({ offers }) => offers);

function openCallOf(s: Scenario) {
	const [call] = plan(s.state).calls.filter(({ status }) => status === "open");
	if (call === undefined) throw new RangeError("no call is open");
	return call.id;
}

const submitted = ["final.text All.", "presentation.judged a submit", "turn.finished 1 consensus: All."];

describe("P13: the presenter judges its own answer", () => {
	test.each<[string, Options, readonly string[][]]>([
		["as long as attempts are left", options(), [["submit", "restart"]]],
		["never in a single attempt", {}, [[]]],
		["also where it merges", options({ final: "synthesize" }), [["submit", "restart"]]],
	])("%s", (_, given, expected) => {
		expect(offersOf(presenting(given))).toEqual(expected);
	});

	test("not past 80 % of the turn's time", () => {
		expect(offersOf(presenting().passes("turn_soft"))).toEqual([[]]);
	});

	test("not in the last attempt", () => {
		expect(offersOf(last())).toEqual([[]]);
	});

	test("P16: not once a person has asked for the answer now", () => {
		expect(offersOf(presenting().sends(answerNow))).toEqual([[]]);
	});

	spec([
		["submit lets it stand", () => writes(presenting().asks("presenter"), ["submit", {}]), submitted],
		["text alone stands: it is a complete answer", () => writes(presenting().asks("presenter")), submitted],
		[
			"both at once: it stands",
			() => writes(presenting().asks("presenter"), ["submit", {}], [...restart]),
			submitted,
		],
		[
			"a restart that says nothing to do differently: it stands",
			() => writes(presenting().asks("presenter"), ["restart", { reason: "No.", instructions: " " }]),
			submitted,
		],
		[
			"a restart without an answer is no presentation, and is tried again",
			() => presenting().replies("presenter", ["restart", restart[1]]),
			["agent.failed a empty_presentation, retry in 0", "presentation.started a 2 present"],
		],
		[
			"restart: all begin anew, with its instructions",
			() => writes(presenting().asks("presenter"), [...restart]),
			[
				"final.text All.",
				"presentation.judged a restart Give the units.",
				"attempt.started 2",
				"round.started a 3: -",
				"round.started b 3: -",
				"round.started c 3: -",
			],
		],
		[
			"a limit that came meanwhile: what was written is final",
			() => writes(presenting().asks("presenter").passes("turn_soft").next(), [...restart]),
			["final.text All.", "turn.finished 1 consensus: All."],
		],
		[
			"P16: a person cannot wait: what was written is final",
			() => writes(presenting().asks("presenter").sends(answerNow).next(), [...restart]),
			["final.text All.", "turn.finished 1 consensus: All."],
		],
		[
			"P16: who cannot wait is heard once",
			() => presenting().sends(answerNow, answerNow),
			["answer_now.requested"],
		],
		["P16: and not where no attempt could follow", () => last().next().sends(answerNow), []],
		[
			"P9: a call that used up the budget leaves nothing to begin anew with",
			() => {
				const s = presenting({ ...options(), budget: { tokens: 100 } }).asks("presenter");
				return s.sends({
					type: "call.ended",
					call: openCallOf(s),
					reply: { text: "All.", toolCalls: [{ name: "restart", arguments: restart[1] }], paused: false },
					bill: { usage: { input: 60, output: 60, cached: null, reasoning: null }, costUsd: null },
				});
			},
			["final.text All.", "turn.finished 1 consensus: All."],
		],
	]);

	test.each([
		["at most", instructionsCharsMax, instructionsCharsMax],
		["one more", instructionsCharsMax + 1, instructionsCharsMax],
	])("instructions of %s are kept to their bound", (_, chars, kept) => {
		const wish = ["restart", { reason: "r", instructions: "x".repeat(chars) }] as const;
		const [begun] = writes(presenting().asks("presenter"), wish)
			.events.filter((event) => event.type === "attempt.started")
			.slice(1);
		expect(begun).toEqual({ type: "attempt.started", attempt: 2, instructions: "x".repeat(kept) });
	});
});

describe("P13: the next attempt", () => {
	test("counts anew, but for what the turn has spent and who is out of it", () => {
		const s = writes(
			presenting()
				.asks("presenter")
				.sends({ type: "drop_agent", agent: agentId("c") }),
			[...restart],
		);
		const turn = s.state.status === "open" ? s.state.current : null;
		const seats = turn?.seats.map(({ agent, activity, answers, roundsUsed, vote }) => [
			agent,
			activity.status,
			answers,
			roundsUsed,
			vote,
		]);
		expect([turn?.answers, turn?.sealOpen, turn?.spend.calls, seats]).toEqual([
			[],
			false,
			7,
			[
				["a", "thinking", 0, 1, null],
				["b", "thinking", 0, 1, null],
				["c", "quarantined", 0, 0, null],
			],
		]);
	});

	test("names its answers, calls and deadlines unlike those before", () => {
		const s = ["a", "b", "c"].reduce((now, agent) => now.answers(agent, `${agent}2`), again());
		const shown = ["a", "b", "c"].reduce((now, agent) => now.votes(agent, "a2.2"), s);
		const ids = shown.events.flatMap((event) => (event.type === "call.started" ? [event.call] : []));
		const wanted = plan(shown.state);
		expect([new Set(ids).size, wanted.calls.map(({ id }) => id), wanted.deadlines.map(({ key }) => key)]).toEqual([
			ids.length,
			["t1.k2.p1.x1"],
			["soft:t1", "turn:t1", "present:t1.k2"],
		]);
	});

	spec([
		[
			"its own answers alone are candidates",
			() => again().answers("a", "A2").answers("b", "B2").answers("c", "C2").next().votes("a", "a2.2"),
			["vote.cast a a2.2"],
		],
		[
			"P8: the quorum is the team's in every attempt",
			() => {
				const s = again(options({ quorum: 3 }))
					.answers("a", "A2")
					.answers("b", "B2")
					.answers("c", "C2");
				return s.votes("a", "a2.2").votes("b", "a2.2").next().votes("c", "a1.2");
			},
			["vote.cast c a1.2", "consensus.failed split a2.2 67%", "presentation.started b 1 present"],
		],
		[
			"an attempt without an answer: that of the one before is the best, and nobody calls it consensus",
			() => ["a", "b", "c"].reduce((s, agent) => s.fails(agent, { code: "auth" }), again()),
			[
				"agent.failed a auth",
				"agent.quarantined a auth",
				"agent.failed b auth",
				"agent.quarantined b auth",
				"agent.failed c auth",
				"agent.quarantined c auth",
				"consensus.failed no_votes a1.1 100%",
				"presentation.started a 1 reuse",
				"final.text A",
				"turn.finished 1 no consensus: A",
			],
		],
		[
			"P16: answer_now in an attempt without an answer gives that of the one before",
			() => again().sends({ type: "answer_now" }),
			[
				"answer_now.requested",
				"consensus.failed answer_now a1.1 100%",
				"presentation.started a 1 reuse",
				"final.text A",
				"turn.finished 1 no consensus: A",
			],
		],
		[
			"P9: the end of the turn's time in an attempt without an answer, likewise",
			() => again().passes("turn"),
			[
				"consensus.failed turn_seconds a1.1 100%",
				"presentation.started a 1 reuse",
				"final.text A",
				"turn.finished 1 no consensus: A",
			],
		],
	]);
});

describe("P10: a round that takes long", () => {
	spec([
		["is told to decide at 80 % of its time", () => session().next().passes("hurry", "a"), ["agent.hurried a"]],
		[
			"and is out at its end",
			() => session().passes("hurry", "a").next().passes("round", "a"),
			["agent.failed a round_timeout", "agent.quarantined a round_timeout"],
		],
	]);

	test("is told once", () => {
		const { deadlines } = plan(session().passes("hurry", "a").state);
		expect(deadlines.flatMap(({ key, kind }) => (kind === "hurry" ? [key] : []))).toEqual([
			"hurry:t1.a2.r1",
			"hurry:t1.a3.r1",
		]);
	});
});
