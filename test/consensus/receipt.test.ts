import { describe, expect, test } from "vitest";
import type { Command } from "../../src/consensus/commands.ts";
import type { CallId } from "../../src/consensus/events.ts";
import { receiptOf, type Receipt } from "../../src/consensus/receipt.ts";
import { answered, session, type Scenario } from "./scenario.ts";

const receipt = (s: Scenario): Receipt => receiptOf(s.events);
/** Each call in short: which, how it ended, what it changed. */
const lines = (s: Scenario) => receipt(s).calls.map(({ call, outcome, changed }) => `${call} ${outcome} ${changed}`);
const two = { agents: 2 } as const;
/** P13: the first presenter has the team begin anew. */
const begunAnew: Command = {
	type: "call.ended",
	call: "t1.p1.x1" as CallId,
	reply: {
		text: "All.",
		toolCalls: [{ name: "restart", arguments: { reason: "", instructions: "Give the units." } }],
		paused: false,
	},
	bill: { usage: null, costUsd: null },
};

describe("a receipt says of each call what it was good for", () => {
	test.each<[string, () => Scenario, readonly string[]]>([
		[
			"answers, votes and the presentation",
			() => answered(two).votes("a", "a1.1").votes("b", "a1.1").presents("All."),
			[
				"t1.a1.r1.c1.x1 ok new_answer",
				"t1.a2.r1.c1.x1 ok new_answer",
				"t1.a1.r2.c1.x1 ok vote",
				"t1.a2.r2.c1.x1 ok vote",
				"t1.p1.x1 ok presentation",
			],
		],
		[
			"a reply without a decision changed nothing; what came of being asked again did",
			() => session({ agents: 1 }).replies("a").answers("a", "A"),
			["t1.a1.r1.c1.x1 ok nothing", "t1.a1.r1.c2.x1 ok new_answer"],
		],
		[
			"a presenter that wrote nothing changed nothing: the winning answer itself is final",
			() =>
				answered({ ...two, limits: { retries: 0 } })
					.votes("a", "a1.1")
					.votes("b", "a1.1")
					.presents(""),
			[
				"t1.a1.r1.c1.x1 ok new_answer",
				"t1.a2.r1.c1.x1 ok new_answer",
				"t1.a1.r2.c1.x1 ok vote",
				"t1.a2.r2.c1.x1 ok vote",
				"t1.p1.x1 ok nothing",
			],
		],
		[
			"a failure changed nothing, nor did what is still open",
			() => session({ agents: 1 }).fails("a", { retryable: true }).passes("retry").asks("a"),
			["t1.a1.r1.c1.x1 failed nothing", "t1.a1.r1.c1.x2 null nothing"],
		],
		[
			"a copy is the vote that it counts as",
			() => answered(two).answers("a", "B"),
			["t1.a1.r1.c1.x1 ok new_answer", "t1.a2.r1.c1.x1 ok new_answer", "t1.a1.r2.c1.x1 ok vote"],
		],
		[
			"a presentation that failed changed nothing, although the turn ends with it",
			() => answered(two).votes("a", "a1.1").votes("b", "a1.1").next().fails("presenter"),
			[
				"t1.a1.r1.c1.x1 ok new_answer",
				"t1.a2.r1.c1.x1 ok new_answer",
				"t1.a1.r2.c1.x1 ok vote",
				"t1.a2.r2.c1.x1 ok vote",
				"t1.p1.x1 failed nothing",
			],
		],
		[
			"the vote that ends a turn by reuse is no presentation",
			() =>
				answered({ ...two, protocol: { final: "reuse" } })
					.votes("a", "a1.1")
					.votes("b", "a1.1"),
			[
				"t1.a1.r1.c1.x1 ok new_answer",
				"t1.a2.r1.c1.x1 ok new_answer",
				"t1.a1.r2.c1.x1 ok vote",
				"t1.a2.r2.c1.x1 ok vote",
			],
		],
		[
			"a judge's ruling",
			() =>
				answered({
					...two,
					protocol: { judge: { backend: "demo", model: "judge", params: {} }, final: "reuse" },
				})
					.votes("a", "a2.1")
					.votes("b", "a1.1")
					.votes("judge", "a1.1"),
			[
				"t1.a1.r1.c1.x1 ok new_answer",
				"t1.a2.r1.c1.x1 ok new_answer",
				"t1.a1.r2.c1.x1 ok vote",
				"t1.a2.r2.c1.x1 ok vote",
				"t1.j.x1 ok ruling",
			],
		],
	])("%s", (_, story, expected) => expect(lines(story())).toEqual(expected));

	test("what it cost, in full and together", () => {
		const usage = { input: 10, output: 5, cached: 4, reasoning: null };
		const bill = { usage, costUsd: 0.25, savedUsd: 0.125 };
		const s = session({ agents: 1, member: { backend: "openai" } }).answers("a", "A", bill);
		const { calls, totals, saved } = receipt(s);
		expect([calls[0]?.usage, calls[0]?.cost_usd, calls[0]?.saved_usd, calls[0]?.provider, calls[0]?.turn]).toEqual([
			usage,
			0.25,
			0.125,
			"openai",
			1,
		]);
		expect([totals, saved.caches_usd]).toEqual([
			{
				calls: 1,
				cost_usd: 0.25,
				changed: { new_answer: 1, vote: 0, presentation: 0, ruling: 0, nothing: 0 },
			},
			0.125,
		]);
	});

	test("a sum of which a part is not known is none", () => {
		const s = session({ agents: 1, member: { backend: "openai" } }).answers("a", "A", { costUsd: null });
		expect(receipt(s).totals.cost_usd).toBe(null);
	});
});

describe("a receipt counts what did not have to be paid, as far as the log shows it", () => {
	const none = { caches_usd: 0, early_stop: { rounds: 0, calls: 0 }, pooling: { answers: 0, votes: 0 }, copies: 0 };
	const settled = { agents: 3, protocol: { stop: "settled", final: "reuse" } } as const;
	test.each<[string, () => Scenario, Receipt["saved"]]>([
		["nothing where all were waited for", () => answered(two).votes("a", "a1.1").votes("b", "a1.1"), none],
		[
			"a round that was not waited for, and its call that was stopped",
			() => answered(settled).asks("a").votes("b", "a1.1").votes("c", "a1.1"),
			{ ...none, early_stop: { rounds: 1, calls: 1 } },
		],
		[
			"a round whose call had not even left",
			() => answered(settled).votes("b", "a1.1").votes("c", "a1.1"),
			{ ...none, early_stop: { rounds: 1, calls: 0 } },
		],
		[
			"identical answers that share their votes",
			() =>
				session({ agents: 3 })
					.answers("a", "Same")
					.answers("b", "Same")
					.answers("c", "Other")
					.votes("a", "a1.1")
					.votes("b", "a1.1")
					.votes("c", "a1.1"),
			{ ...none, pooling: { answers: 1, votes: 3 } },
		],
		["a copy that was a vote", () => answered(two).answers("a", "B"), { ...none, copies: 1 }],
		[
			"identical answers once, also where they are the best of two attempts (P13)",
			() =>
				session({ agents: 2, protocol: { attempts_max: 2 } })
					.answers("a", "Same")
					.answers("b", "Same")
					.votes("a", "a1.1")
					.votes("b", "a1.1")
					.asks("presenter")
					.sends(begunAnew, { type: "answer_now" }),
			{ ...none, pooling: { answers: 1, votes: 2 } },
		],
	])("%s", (_, story, expected) => expect(receipt(story()).saved).toEqual(expected));
});
