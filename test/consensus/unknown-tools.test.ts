import { expect, test } from "vitest";
import type { CallId } from "../../src/consensus/events.ts";
import { toolArgumentsCharsMax, wordCharsMax } from "../../src/consensus/streamed.ts";
import { unknownTools, unknownToolsMax } from "../../src/consensus/unknown-tools.ts";
import type { JsonObject } from "../../src/std/json.ts";
import { agentId } from "./scenario.ts";

const call = {
	id: "t1.a1.r1.c1.x1" as CallId,
	offers: [],
	worst: null,
	purpose: "round",
	agent: agentId("a"),
} as const;
const shown = (...toolCalls: { name: string; arguments: JsonObject }[]) =>
	unknownTools(call, { text: "", toolCalls, paused: false }).filter(({ type }) => type === "tool.called").length;

test("P1: each unknown tool is shown, up to a bound", () => {
	const tools = (count: number) => Array.from({ length: count }, (_, i) => ({ name: `t${i}`, arguments: {} }));
	expect([tools(unknownToolsMax), tools(unknownToolsMax + 1)].map((calls) => shown(...calls))).toEqual([8, 8]);
	expect(shown({ name: "vote", arguments: {} }, { name: "new_answer", arguments: {} })).toBe(0);
});

test("P1: arguments of an unknown tool are shown as they came, and cut past a bound", () => {
	const written = (length: number) => {
		const args = { q: "x".repeat(length - '{"q":""}'.length) };
		const toolCalls = [{ name: "search", arguments: args }];
		const [called] = unknownTools(call, { text: "", toolCalls, paused: false });
		return called?.type === "tool.called" ? Object.keys(called.arguments) : [];
	};
	expect([written(toolArgumentsCharsMax), written(toolArgumentsCharsMax + 1)]).toEqual([["q"], ["__cut"]]);
});

test("P1: so is its name", () => {
	const toolCalls = [{ name: "x".repeat(wordCharsMax + 1), arguments: {} }];
	expect(
		unknownTools(call, { text: "", toolCalls, paused: false }).map((event) => "tool" in event && event.tool.length),
	).toEqual([wordCharsMax, wordCharsMax]);
});
