import { expect, test } from "vitest";
import { costAfter, freeCallsMax, noCost, type Cost } from "../../src/consensus/cost.ts";
import type { CallId, CallOutcome, SessionEvent } from "../../src/consensus/events.ts";

type CallEvent = Extract<SessionEvent, { type: "call.started" | "call.finished" }>;
const idOf = (call: string) => call as CallId;
const started = (call: string, provider = "openai"): CallEvent => ({
	type: "call.started",
	call: idOf(call),
	purpose: "round",
	agent: null,
	provider,
	model: "m",
	paid: 1,
	offers: [],
});
const finished = (call: string, cost_usd: number | null, outcome: CallOutcome = "ok"): CallEvent => ({
	type: "call.finished",
	call: idOf(call),
	outcome,
	usage: null,
	cost_usd,
});
const known = (usd: number, ...free: readonly string[]): Cost => ({ usd, free: free.map(idOf) });
const unknown: Cost = { usd: null, free: [] };

test.each<[string, readonly CallEvent[], Cost]>([
	["nothing before the first call", [], known(0)],
	["the sum of the prices", [started("k"), finished("k", 0.25), started("l"), finished("l", 0.5)], known(0.75)],
	["what is known, while a call is open", [started("k"), finished("k", 0.25), started("l")], known(0.25)],
	["unknown once a call that went well has no price", [started("k"), finished("k", null)], unknown],
	["unknown once one was aborted without a price", [started("k"), finished("k", null, "aborted")], unknown],
	["unknown once one was lost without a price", [started("k"), finished("k", null, "lost")], unknown],
	["unknown once one failed without a price", [started("k"), finished("k", null, "failed")], unknown],
	["with the price of a call that failed", [started("k"), finished("k", 0.25, "failed")], known(0.25)],
	["unknown for good", [started("k"), finished("k", null), started("l"), finished("l", 1)], unknown],
	["unknown where nobody saw the call begin", [finished("k", null)], unknown],
	["nothing for a call of the demo", [started("k", "demo"), finished("k", null)], known(0)],
	["nothing for an aborted one of the demo", [started("k", "demo"), finished("k", null, "aborted")], known(0)],
	["nothing for an open one of the demo", [started("k", "demo")], known(0, "k")],
	[
		"unknown for a provider's call beside one of the demo",
		[started("k", "demo"), started("l"), finished("l", null, "lost"), finished("k", null)],
		unknown,
	],
	[
		"known while only calls of the demo end without a price",
		[started("k", "demo"), started("l"), finished("l", 0.25), finished("k", null, "lost")],
		known(0.25),
	],
])("what a session cost is %s", (_, events, cost) => {
	expect(events.reduce(costAfter, noCost)).toEqual(cost);
});

test.each<[number, Cost["usd"]]>([
	[freeCallsMax, 0],
	[freeCallsMax + 1, null],
])("with %i free calls open at once the cost is %j: those beyond the bound are not known to be free", (open, usd) => {
	const calls = Array.from({ length: open }, (_, i) => `k${i}`);
	const events = [...calls.map((call) => started(call, "demo")), ...calls.map((call) => finished(call, null))];
	expect(events.reduce(costAfter, noCost)).toEqual({ usd, free: [] });
});
