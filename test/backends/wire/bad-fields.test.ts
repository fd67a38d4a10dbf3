import { expect, test } from "vitest";
import type { ModelEvent, Usage } from "../../../src/backends/backend.ts";
import { payloadDepthMax } from "../../../src/backends/wire/depth.ts";
import type { WireName } from "../../../src/backends/wire/wire.ts";
import type { Json, JsonObject } from "../../../src/std/json.ts";
import { fed, streamed } from "./feed.ts";

type Call = { readonly id?: Json; readonly name: string; readonly arguments?: Json };

/** A stream of each wire with these calls and this account of tokens. */
const bodies: Record<WireName, (calls: readonly Call[], usage: JsonObject) => readonly object[]> = {
	"anthropic-messages": (calls, usage) => [
		{ type: "message_start", message: { content: [], usage } },
		...calls.flatMap(({ arguments: input, ...call }, index) => [
			{ type: "content_block_start", index, content_block: { type: "tool_use", ...call, input } },
			{ type: "content_block_stop", index },
		]),
		{ type: "message_stop" },
	],
	"openai-responses": (calls, usage) => [
		...calls.map(({ id: call_id, ...call }, index) => ({
			type: "response.output_item.done",
			output_index: index,
			item: { type: "function_call", call_id, ...call },
		})),
		{ type: "response.completed", response: { usage } },
	],
	"openai-chat": (calls, usage) => [
		...calls.map(({ id, ...call }, index) => ({
			choices: [{ index: 0, delta: { tool_calls: [{ index, id, function: call }] } }],
		})),
		{ choices: [{ index: 0, delta: {}, finish_reason: "stop" }], usage },
	],
	"gemini-generate": (calls, usage) => [
		{
			candidates: [
				{
					content: {
						parts: calls.map(({ arguments: args, ...call }) => ({ functionCall: { ...call, args } })),
					},
					finishReason: "STOP",
				},
			],
			usageMetadata: usage,
		},
	],
	"gemini-interactions": (calls, usage) => [
		...calls.flatMap((call, index) => [
			{ event_type: "step.start", index, step: { type: "function_call", ...call } },
			{ event_type: "step.stop", index },
		]),
		{ event_type: "interaction.completed", interaction: { status: "completed", usage } },
	],
};
const wires = Object.keys(bodies) as WireName[];

function callsOf(wire: WireName, calls: readonly Call[]): readonly (ModelEvent & { type: "tool_call" })["call"][] {
	const events = fed(wire, streamed(...bodies[wire](calls, {})));
	return events.flatMap((event) => (event.type === "tool_call" ? [event.call] : []));
}

const given: readonly (readonly [string, Json | undefined, JsonObject])[] = [
	["an object", { a: 1 }, { a: 1 }],
	["text", '{"a":1}', { a: 1 }],
	["nothing", undefined, {}],
	["null", null, {}],
	["empty text", "", {}],
	["text of null", "null", {}],
	["white space", " \n", {}],
	["half an object", '{"a":', { __unparsed: '{"a":' }],
	["words", "all of it", { __unparsed: "all of it" }],
	["a number", 7, { __unparsed: "7" }],
	["a list", [1], { __unparsed: "[1]" }],
	["a list as text", "[1]", { __unparsed: "[1]" }],
	["a truth value", false, { __unparsed: "false" }],
	[
		"names of what objects have anyway",
		'{"__proto__":{"a":1},"constructor":2}',
		JSON.parse('{"__proto__":{"a":1},"constructor":2}'),
	],
];

test.each(wires.flatMap((wire) => given.map((row) => [wire, ...row] as const)))(
	"%s: arguments as %s",
	(wire, _, args, expected) => {
		const calls = [{ id: "a", name: "f", ...(args === undefined ? {} : { arguments: args }) }];
		expect(JSON.stringify(callsOf(wire, calls))).toBe(
			JSON.stringify([{ id: "a", name: "f", arguments: expected }]),
		);
	},
);

test.each(wires)("%s: calls without an id, or with an odd one, are numbered", (wire) => {
	const calls = [{ name: "f" }, { id: null, name: "g" }, { id: 7, name: "h" }, { id: "", name: "i" }];
	expect(callsOf(wire, calls).map(({ id }) => id)).toEqual(["call_1", "call_2", "call_3", "call_4"]);
});

const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;

test.each(wires)("%s: arguments as text may be nested so deep, deeper ones are kept as text", (wire) => {
	const depth = (levels: number): Json | undefined =>
		callsOf(wire, [{ id: "a", name: "f", arguments: nested(levels) }])[0]?.arguments;
	expect(depth(payloadDepthMax)).toEqual(JSON.parse(nested(payloadDepthMax)));
	expect(depth(payloadDepthMax + 1)).toEqual({ __unparsed: nested(payloadDepthMax + 1) });
});

const chunkOf = (levels: number): string => `{"choices":${nested(levels - 1)}}`;

test.each<[string, (payload: string) => string]>([
	["a payload of a stream", (payload) => `data: ${payload}\n\n`],
	["a body", (payload) => payload],
])("%s may be nested so deep and no deeper", (_, framed) => {
	const outcome = (levels: number): string | undefined => {
		const last = fed("openai-chat", streamed(framed(chunkOf(levels)))).at(-1);
		return last?.type === "end" ? last.stop : undefined;
	};
	expect(outcome(payloadDepthMax)).toBe("cut");
	expect(outcome(payloadDepthMax + 1)).toBe("error");
	expect(outcome(400_000)).toBe("error");
	const last = fed(
		"openai-chat",
		streamed(framed(`{"choices":${"[".repeat(payloadDepthMax)}${"]".repeat(payloadDepthMax)}}`)),
	);
	expect(last.at(-1)).toEqual({ type: "end", stop: "error" });
});

test("names of what objects have anyway reach no other object", () => {
	const payload =
		'{"__proto__":{"polluted":1},"choices":[{"__proto__":{"polluted":1},"delta":{"__proto__":{"polluted":1},"content":"A","reasoning_details":[{"type":"reasoning.text","text":"a"},{"type":"reasoning.text","text":"b","__proto__":{"polluted":1}}]},"finish_reason":"stop"}]}';
	const events = fed("openai-chat", streamed(`data: ${payload}\n\n`));
	const echo = events.flatMap((event) => (event.type === "echo" ? [event.item] : []));
	expect(echo).toEqual([
		{ role: "assistant", content: "A", reasoning_details: [{ type: "reasoning.text", text: "ab" }] },
	]);
	const details = echo.flatMap((item) => item["reasoning_details"] ?? []).flat();
	expect(details.map((detail) => Object.getPrototypeOf(detail) === Object.prototype)).toEqual([true]);
	expect(Object.keys(Object.prototype)).toEqual([]);
	expect("polluted" in {}).toBe(false);
});

const accounts: Record<WireName, readonly (readonly [string, JsonObject, Usage | null])[]> = {
	"anthropic-messages": [
		["no account", {}, null],
		["odd figures", { input_tokens: "9", output_tokens: -1, cache_read_input_tokens: null }, null],
		[
			"more thought than said",
			{ input_tokens: 1, output_tokens: 2, output_tokens_details: { thinking_tokens: 9 } },
			{ input: 1, output: 2, cached: null, reasoning: 9 },
		],
	],
	"openai-responses": [
		["no account", {}, null],
		["odd figures", { input_tokens: [], output_tokens: {}, input_tokens_details: 7 }, null],
		[
			"more from a cache than read",
			{ input_tokens: 1, input_tokens_details: { cached_tokens: 9 }, output_tokens: 2, total_tokens: 0 },
			{ input: 1, output: 2, cached: 9, reasoning: null },
		],
	],
	"openai-chat": [
		["no account", {}, null],
		["odd figures", { prompt_tokens: "9", completion_tokens: null, prompt_tokens_details: [] }, null],
		[
			"a total that is wrong",
			{
				prompt_tokens: 1,
				completion_tokens: 2,
				total_tokens: 99,
				completion_tokens_details: { reasoning_tokens: 5 },
			},
			{ input: 1, output: 2, cached: null, reasoning: 5 },
		],
	],
	"gemini-generate": [
		["no account", {}, null],
		["odd figures", { promptTokenCount: -9, candidatesTokenCount: true }, null],
		[
			"a total that is wrong",
			{ promptTokenCount: 1, candidatesTokenCount: 2, totalTokenCount: 0, thoughtsTokenCount: 3 },
			{ input: 1, output: 5, cached: null, reasoning: 3 },
		],
	],
	"gemini-interactions": [
		["no account", {}, null],
		["odd figures", { total_input_tokens: "9", total_output_tokens: [] }, null],
		[
			"a total that is wrong",
			{ total_input_tokens: 1, total_output_tokens: 2, total_tokens: 0 },
			{ input: 1, output: 2, cached: null, reasoning: null },
		],
	],
};

test.each(wires.flatMap((wire) => accounts[wire].map((row) => [wire, ...row] as const)))(
	"%s: %s",
	(wire, _, usage, expected) => {
		const events = fed(wire, streamed(...bodies[wire]([], usage)));
		const last = events.flatMap((event) => (event.type === "usage" ? [event.usage] : [])).at(-1);
		expect(hasFigures(last) ? last : null).toEqual(expected);
	},
);

/** Anthropic's account is yielded as it begins, be it empty. */
function hasFigures(usage: Usage | undefined): boolean {
	return usage !== undefined && Object.values(usage).some((figure) => figure !== null);
}
