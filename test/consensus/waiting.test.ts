import { describe, expect, test } from "vitest";
import { plan } from "../../src/consensus/plan.ts";
import type { SessionState } from "../../src/consensus/state.ts";
import { answered, session, spec, type Scenario } from "./scenario.ts";

const suspend = { type: "suspend", detail: "It crashed." } as const;
const resume = { type: "resume" } as const;
const cancel = { type: "cancel" } as const;
const message = (text: string) => ({ type: "message", text }) as const;
const suspended = (s: Scenario = session().asks("a")) => s.sends(suspend);
const first = ["attempt.started 1", "round.started a 1: -", "round.started b 1: -", "round.started c 1: -"];

describe("P15: a session that waits", () => {
	spec([
		["P15: says why", () => session().next().sends(suspend), ["session.waiting suspended: It crashed."]],
		["P15: waits once, for the first reason", () => suspended().next().sends(suspend), []],
		["P15: goes on when somebody says so", () => suspended().next().sends(resume), ["session.resumed"]],
		["P15: what does not wait is not resumed", () => session().next().sends(resume), []],
		[
			"P15: without a turn there is nothing to resume",
			() => session().sends(cancel).next().sends(resume),
			["refused no_turn"],
		],
		["P15: without a turn nothing has to wait", () => session().sends(cancel).next().sends(suspend), []],
		[
			"P15: may wait again afterwards",
			() => suspended().sends(resume).next().sends(suspend),
			["session.waiting suspended: It crashed."],
		],
		[
			"P15, P16: can be cancelled, its open calls with it",
			() => suspended().next().sends(cancel),
			["call aborted t1.a1.r1.c1.x1", "session.cancelled 1"],
		],
		[
			"P16: queues a message, which starts once the turn was cancelled",
			() => suspended().next().sends(message("Next?"), cancel),
			[
				"turn.queued Next?",
				"call aborted t1.a1.r1.c1.x1",
				"session.cancelled 1",
				"turn.started 2 Next?",
				...first,
			],
		],
		[
			"P16: takes a note and remembers answer_now, and acts on it when it goes on",
			() =>
				answered({ protocol: { final: "reuse" } })
					.sends(suspend)
					.next()
					.sends({ type: "note", text: "Be brief." }, { type: "answer_now" }, resume),
			[
				"note.added Be brief.",
				"answer_now.requested",
				"session.resumed",
				"consensus.failed answer_now a1.1 0%",
				"presentation.started a 1 reuse",
				"final.text A",
				"turn.finished 1 no consensus: A",
			],
		],
		[
			"P15: takes the end of a call that was open, and what follows from it comes later",
			() => {
				const open = session({ agents: 1 }).asks("a");
				const reply = {
					text: "",
					toolCalls: [{ name: "new_answer", arguments: { content: "A" } }],
					paused: false,
				};
				const bill = { usage: null, costUsd: null };
				const call = callsOf(open.state)[0]?.id;
				if (call === undefined) throw new Error("a call is open");
				return suspended(open).next().sends({ type: "call.ended", call, reply, bill }, resume);
			},
			[
				"answer.accepted a a1.1",
				"session.resumed",
				"consensus.reached alone a1.1 100%",
				"presentation.started a 1 reuse",
				"final.text A",
				"turn.finished 1 consensus: A",
			],
		],
	]);

	test("P15: wants no call and no deadline, and afterwards what it wanted before", () => {
		const before = session().asks("a").fails("b", { retryable: true });
		const waiting = before.sends(suspend);
		expect(plan(waiting.state)).toEqual({ calls: [], deadlines: [] });
		expect(plan(waiting.sends(resume).state)).toEqual(plan(before.state));
	});

	test("P15: lets no call leave that was due, and hears of no deadline that ran", () => {
		const before = session();
		const [call] = callsOf(before.state);
		const [deadline] = plan(before.state).deadlines;
		if (call === undefined || deadline === undefined) throw new Error("a call is due and a deadline runs");
		const waiting = before.sends(suspend).next();
		const late = waiting.sends(
			{ type: "call.dispatched", call: call.id },
			{ type: "deadline.passed", key: deadline.key },
		);
		expect([late.told, late.events.length]).toEqual([[], waiting.events.length]);
	});
});

describe("P15: a call that was taken up again", () => {
	spec([
		[
			"P15: is told, and goes on as the same call",
			() => session().asks("a").next().sends(resumed("t1.a1.r1.c1.x1")).answers("a", "A"),
			["call resumed t1.a1.r1.c1.x1", "answer.accepted a a1.1"],
		],
		[
			"P15: may be taken up any number of times",
			() => session().asks("a").next().sends(resumed("t1.a1.r1.c1.x1"), resumed("t1.a1.r1.c1.x1")),
			["call resumed t1.a1.r1.c1.x1", "call resumed t1.a1.r1.c1.x1"],
		],
		["P15: is open", () => session().answers("a", "A").next().sends(resumed("t1.a1.r1.c1.x1")), []],
		[
			"P15: is lost once its provider does not have it any more, and paid for once more",
			() => session().asks("a").sends(resumed("t1.a1.r1.c1.x1")).next().loses("a").answers("a", "A"),
			["call lost t1.a1.r1.c1.x1", "answer.accepted a a1.1"],
		],
	]);

	test("P15: is not paid for again", () => {
		const again = session().asks("a").sends(resumed("t1.a1.r1.c1.x1"));
		expect(callsOf(again.state)[0]).toEqual(callsOf(session().asks("a").state)[0]);
	});
});

function callsOf(state: SessionState) {
	return plan(state).calls;
}

function resumed(call: string) {
	return { type: "call.resumed", call: call as ReturnType<typeof callsOf>[number]["id"] } as const;
}
