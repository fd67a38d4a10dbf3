import { expect, test } from "vitest";
import { displayed } from "../../src/consensus/offers.ts";
import type { Exchange, Round } from "../../src/consensus/state.ts";
import { answered, session, type Scenario } from "./scenario.ts";

/** The open round of the agent on this seat. */
function roundOf({ state }: Scenario, seat: number): Round {
	const activity = state.status === "open" ? state.current?.seats[seat]?.activity : undefined;
	if (activity?.status !== "thinking") throw new Error(`seat ${seat} is in no round`);
	return activity.round;
}

const exchange = (call: string, rest: Partial<Exchange>) => ({
	call,
	reply: { kind: "pending" },
	informed: [],
	notes: 0,
	...rest,
});
const reminded = (reason: string) => ({ reply: { kind: "reminder", reason } }) as Partial<Exchange>;
const note = { type: "note", text: "n" } as const;

test.each<readonly [string, () => Scenario, number, readonly unknown[]]>([
	["a round begins with its prompt alone", () => session(), 0, []],
	[
		"P1: a reminder is what the agent is told",
		() => session().replies("a"),
		0,
		[exchange("t1.a1.r1.c1.x1", reminded("no_decision"))],
	],
	[
		"P1: one after another",
		() => session().replies("a").replies("a", ["submit", {}]),
		0,
		[exchange("t1.a1.r1.c1.x1", reminded("no_decision")), exchange("t1.a1.r1.c2.x1", reminded("unknown_tool"))],
	],
	[
		"P16: a note stands in the exchange that brought it",
		() => session().sends(note).replies("a"),
		0,
		[exchange("t1.a1.r1.c1.x1", { ...reminded("no_decision"), notes: 1 })],
	],
	[
		"P16: and in those after it",
		() => session().sends(note).replies("a").replies("a"),
		0,
		[
			exchange("t1.a1.r1.c1.x1", { ...reminded("no_decision"), notes: 1 }),
			exchange("t1.a1.r1.c2.x1", { ...reminded("no_decision"), notes: 1 }),
		],
	],
	[
		"P3: a vote that was unseen, with what is new",
		() => answered().asks("c").answers("a", "A2").votes("c", "a1.1"),
		2,
		[exchange("t1.a3.r2.c1.x1", { reply: { kind: "unseen" }, informed: ["a1.2"] as never })],
	],
	[
		"P9: an answer over the cap, with what is new",
		() =>
			answered({ limits: { answers_per_attempt: 1 } })
				.asks("c")
				.answers("a", "A2")
				.answers("c", "C2"),
		2,
		[exchange("t1.a3.r2.c1.x1", { reply: { kind: "cap" }, informed: ["a1.2"] as never })],
	],
	[
		"P7: a copy by one who has not seen everything",
		() => answered().asks("c").answers("a", "A2").answers("c", "B"),
		2,
		[exchange("t1.a3.r2.c1.x1", { reply: { kind: "unseen" }, informed: ["a1.2"] as never })],
	],
	["P10: a failed call leaves no exchange", () => session().fails("a", { retryable: true }), 0, []],
	["P15: neither does a lost one", () => session().loses("a"), 0, []],
])("%s", (_, story, seat, exchanges) => {
	expect(roundOf(story(), seat).exchanges).toEqual(exchanges);
});

test("P3: what a round has displayed is its prompt's answers and what it was informed of", () => {
	const s = answered().asks("c").answers("a", "A2").votes("c", "a1.1");
	expect(displayed(roundOf(s, 2))).toEqual(["a1.1", "a2.1", "a3.1", "a1.2"]);
});
