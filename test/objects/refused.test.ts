import { expect, test } from "vitest";
import type { ModelEvent, StopReason } from "../../src/backends/backend.ts";
import { teamOf } from "../consensus/scenario.ts";
import { picked, traceOf } from "../support/trace.ts";
import { answering, replies, rig } from "./rig.ts";

const stopping = (stop: StopReason): readonly ModelEvent[] => [
	{ type: "text", text: "I cannot" },
	{ type: "end", stop },
];
const calls = "calls, paid 1, offered new_answer vote";

test.each<[string, StopReason, string, string]>([
	["that its provider refused", "refusal", "content_filtered", "The provider refused to answer."],
	[
		"for which the context was too short",
		"context",
		"context_length",
		"The reply was cut off where the model's context ends.",
	],
])("a round's reply %s is no decision to be reminded of: the call has failed", async (_, stop, code, message) => {
	const session = rig(replies(stopping(stop)));
	session.open(teamOf({ agents: 1 }));
	await session.settle();
	expect(traceOf(session.log(), "a")).toEqual(["round 1", calls, "call failed", `fails: ${code}`, `out: ${code}`]);
	expect(picked(session.log(), "turn.failed")).toEqual([
		{ type: "turn.failed", turn: 1, reasons: [{ agent: "a", code, message }] },
	]);
});

test("a fallback answers what the agent's own provider refuses to", async () => {
	const session = rig(replies(stopping("refusal"), answering("42")));
	const team = teamOf({ agents: 1 });
	const fallback = { backend: "groq", model: "spare", params: {} };
	session.open({ ...team, agents: team.agents.map((agent) => ({ ...agent, fallback })) });
	await session.settle();
	expect(traceOf(session.log(), "a")).toEqual([
		"round 1",
		calls,
		"call failed",
		"fails: content_filtered",
		"falls back to spare: content_filtered",
		calls,
		"call ok",
		"answers a1.1",
		"presents, try 1, reuse",
	]);
});

test.each<StopReason>(["refusal", "context", "length"])(
	"a decision that was made before the reply stopped by %s counts",
	async (stop) => {
		const [decision] = answering("42");
		const session = rig(replies([...(decision === undefined ? [] : [decision]), { type: "end", stop }]));
		session.open(teamOf({ agents: 1 }));
		await session.settle();
		expect(traceOf(session.log(), "a")).toEqual([
			"round 1",
			calls,
			"call ok",
			"answers a1.1",
			"presents, try 1, reuse",
		]);
	},
);

test("a reply that the limit on output cut off is reminded: the next one may be shorter", async () => {
	const session = rig(replies(stopping("length"), answering("42")));
	session.open(teamOf({ agents: 1 }));
	await session.settle();
	expect(traceOf(session.log(), "a").slice(1, 4)).toEqual([calls, "call ok", "reminded: no_decision"]);
});
