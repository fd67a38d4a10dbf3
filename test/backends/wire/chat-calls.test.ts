import { expect, test } from "vitest";
import type { ModelEvent } from "../../../src/backends/backend.ts";
import type { Json, JsonObject } from "../../../src/std/json.ts";
import { fed, streamed } from "./feed.ts";

type Call = readonly [id: string, name: string, args: JsonObject];

function callsOf(fragments: readonly Json[]): { calls: Call[]; echo: readonly JsonObject[] } {
	const chunks = fragments.map((fragment) => ({ choices: [{ index: 0, delta: { tool_calls: [fragment] } }] }));
	const events: readonly ModelEvent[] = fed(
		"openai-chat",
		streamed(...chunks, { choices: [{ delta: {}, finish_reason: "tool_calls" }] }),
	);
	const calls = events.flatMap((event) =>
		event.type === "tool_call" ? [[event.call.id, event.call.name, event.call.arguments] satisfies Call] : [],
	);
	return { calls, echo: events.flatMap((event) => (event.type === "echo" ? [event.item] : [])) };
}

const made = (name: string, args: Json): JsonObject => ({ name, arguments: args });

test.each<[string, readonly Json[], readonly Call[]]>([
	[
		"no index: a fragment without id goes on with the last",
		[{ id: "a", function: made("f", "{") }, { function: { arguments: '"x":1}' } }],
		[["a", "f", { x: 1 }]],
	],
	[
		"no index: another id is another call",
		[
			{ id: "a", function: made("f", "{}") },
			{ id: "b", function: made("f", "{}") },
		],
		[
			["a", "f", {}],
			["b", "f", {}],
		],
	],
	[
		"no index and no id: another name is another call",
		[{ function: made("f", '{"x":1}') }, { function: made("g", "") }],
		[
			["call_1", "f", { x: 1 }],
			["call_2", "g", {}],
		],
	],
	[
		"one index for all: another id and name is another call",
		[
			{ index: 0, id: "a", function: made("f", '{"x":1}') },
			{ index: 0, id: "b", function: made("g", '{"y":2}') },
		],
		[
			["a", "f", { x: 1 }],
			["b", "g", { y: 2 }],
		],
	],
	[
		"id and name repeated on each fragment are one call",
		[
			{ index: 0, id: "a", function: made("f", "{") },
			{ index: 0, id: "a", function: made("f", "}") },
		],
		[["a", "f", {}]],
	],
	[
		"the id may change between fragments without a name",
		[
			{ index: 0, id: "a", function: made("f", "{") },
			{ index: 0, id: "z", function: { name: "", arguments: "}" } },
		],
		[["a", "f", {}]],
	],
	["arguments may be an object", [{ index: 0, id: "a", function: made("f", { x: [1] }) }], [["a", "f", { x: [1] }]]],
	["a call without a name is none", [{ index: 3, function: { arguments: "{}" } }], []],
])("%s", (_, fragments, expected) => {
	expect(callsOf(fragments).calls).toEqual(expected);
});

test("a call is echoed with the id it was given, arguments that parse, and its signature", () => {
	const fragments = [
		{ index: 0, function: made("f", "not json"), extra_content: { google: { thought_signature: "c2ln" } } },
	];
	expect(callsOf(fragments).echo).toEqual([
		{
			role: "assistant",
			content: null,
			tool_calls: [
				{
					id: "call_1",
					type: "function",
					function: { name: "f", arguments: '{"__unparsed":"not json"}' },
					extra_content: { google: { thought_signature: "c2ln" } },
				},
			],
		},
	]);
});
