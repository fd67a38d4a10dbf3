import { expect, test } from "vitest";
import type { StreamPiece } from "../../src/consensus/commands.ts";
import { plan } from "../../src/consensus/plan.ts";
import { session, type Options, type Scenario } from "./scenario.ts";

const searching: StreamPiece = { kind: "server_tool", tool: "web_search", arguments: {} };
const armed = (limit: number): Options => ({
	agents: 1,
	member: { tools: ["web_search"] },
	limits: { tool_calls_per_round: limit },
});
/** The same after so many searches in a call that is under way. */
function searched(s: Scenario, times: number): Scenario {
	const asked = s.asks("a");
	const call = asked.events.findLast((event) => event.type === "call.started")?.call;
	if (call === undefined) throw new Error("a is asked");
	return asked.sends({ type: "call.streamed", call, pieces: Array.from({ length: times }, () => searching) });
}
const offered = (s: Scenario) => plan(s.state).calls.map(({ tools }) => tools);

test.each<[string, () => Scenario, readonly string[]]>([
	["none were called", () => session(armed(2)), ["web_search"]],
	["one less than the limit was called", () => searched(session(armed(2)), 1).replies("a"), ["web_search"]],
	["as many were called as may be", () => searched(session(armed(2)), 2).replies("a"), []],
	["more were called, which one request may do", () => searched(session(armed(2)), 3).replies("a"), []],
	["they were called bit by bit", () => searched(searched(session(armed(2)), 1).replies("a"), 1).replies("a"), []],
	["a call failed after them", () => searched(session(armed(2)), 2).fails("a", { retryable: true }), []],
	["the limit is 0", () => session(armed(0)), []],
	["who paused has to finish its turn with them", () => searched(session(armed(2)), 2).pauses("a"), ["web_search"]],
])("P9: what an agent's next request of a round has of its own tools: %s", (_, story, tools) => {
	expect(offered(story())).toEqual([tools]);
});

test("P9: each round has its own tool calls", () => {
	const first = searched(session({ ...armed(1), agents: 2 }), 1).answers("a", "A");
	expect(offered(first.answers("b", "B"))).toEqual([["web_search"], ["web_search"]]);
});
