import { describe, expect, test } from "vitest";
import type { ModelEvent } from "../../src/backends/backend.ts";
import { teamOf } from "../consensus/scenario.ts";
import { picked, traceOf } from "../support/trace.ts";
import { answering, failing, replies, rig, saying } from "./rig.ts";

const one = teamOf({ agents: 1 });
const calls = (paid: number) => `calls, paid ${paid}, offered new_answer vote`;

describe("a model that cannot go on", () => {
	const spared = teamOf({ agents: 1, spared: ["a"], member: { tools: ["web_search"], resume: false } });

	test("P10: hands over to the fallback, which is not sent what only the first one reads", async () => {
		const session = rig(
			replies(saying("I would say 42."), failing("auth"), saying("So would I."), answering("42")),
		);
		session.open(spared);
		await session.settle();
		expect(traceOf(session.log(), "a")).toEqual([
			"round 1",
			calls(1),
			"call ok",
			"reminded: no_decision",
			calls(1),
			"call failed",
			"fails: auth",
			"falls back to spare-a: auth",
			calls(1),
			"call ok",
			"reminded: no_decision",
			calls(1),
			"call ok",
			"answers a1.1",
			"presents, try 1, reuse",
		]);
		expect(
			session.requests.map(({ model, serverTools, resumable }) => ({ model, serverTools, resumable })),
		).toEqual(
			["model-a", "model-a", "spare-a", "spare-a"].map((model) => ({
				model,
				serverTools: ["web_search"],
				resumable: false,
			})),
		);
		const words = (text: string, echo: readonly object[]) => ({ role: "assistant", text, toolCalls: [], echo });
		const told = { role: "user", text: expect.stringMatching(/^Your work is not finished/) };
		expect(session.requests.slice(1).map(({ messages }) => messages.slice(2))).toEqual([
			[words("I would say 42.", [{ said: "I would say 42." }]), told],
			[words("I would say 42.", []), told],
			[words("I would say 42.", []), told, words("So would I.", [{ said: "So would I." }]), told],
		]);
	});

	test("P10: its fallback has delays and retries of its own", async () => {
		const session = rig(replies(failing("server"), failing("server"), failing("server"), answering("42")));
		session.open(teamOf({ agents: 1, spared: ["a"], limits: { retries: 1 } }));
		await session.settle();
		await session.pass(250);
		expect([session.requests.length, session.alarmInMs()]).toEqual([3, 500]);
		await session.pass(250);
		expect(session.requests.map(({ model }) => model)).toEqual(["model-a", "model-a", "spare-a", "spare-a"]);
	});

	test("P1: pauses, and is called again with its own words at the end", async () => {
		const pause: readonly ModelEvent[] = [...saying("Let me look").slice(0, 2), { type: "end", stop: "pause" }];
		const session = rig(replies(pause, pause, answering("42")));
		session.open(one);
		await session.settle();
		expect(traceOf(session.log(), "a")).toEqual([
			"round 1",
			calls(1),
			"call ok",
			"pauses",
			calls(1),
			"call ok",
			"pauses",
			calls(1),
			"call ok",
			"answers a1.1",
			"presents, try 1, reuse",
		]);
		const words = { role: "assistant", text: "Let me look", toolCalls: [], echo: [{ said: "Let me look" }] };
		expect(session.requests.map(({ messages }) => messages.slice(2))).toEqual([[], [words], [words, words]]);
	});
});

test("a provider's own tools stand in the log with what came of them", async () => {
	const session = rig(
		replies([
			{ type: "server_tool", name: "web_search", arguments: { query: "6 times 7" } },
			{ type: "server_tool_result", name: "web_search", ok: true, text: "42" },
			{ type: "server_tool_result", name: "web_search", ok: false, text: "max_uses_exceeded" },
			...answering("42"),
		]),
	);
	session.open(one);
	await session.settle();
	const ofCall = { agent: "a", call: "t1.a1.r1.c1.x1", tool: "web_search" };
	expect(picked(session.log(), "tool.called", "tool.returned")).toEqual([
		{ type: "tool.called", ...ofCall, arguments: { query: "6 times 7" } },
		{ type: "tool.returned", ...ofCall, ok: true, result: "42" },
		{ type: "tool.returned", ...ofCall, ok: false, result: "max_uses_exceeded" },
	]);
});
