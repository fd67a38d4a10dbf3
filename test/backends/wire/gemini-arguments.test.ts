import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../../src/std/json.ts";
import { addPartialArguments, partialDepthMax, partialListMax } from "../../../src/backends/wire/gemini-arguments.ts";

function built(fragments: readonly JsonObject[]): JsonObject {
	const args: { [name: string]: Json } = {};
	addPartialArguments(args, fragments);
	return args;
}

const deep = (depth: number): string => `$${".a".repeat(depth)}`;
const nested = (depth: number): Json => (depth === 0 ? 1 : { a: nested(depth - 1) });

test.each<[string, readonly JsonObject[], Json]>([
	[
		"strings come in pieces",
		[
			{ jsonPath: "$.a", stringValue: "x" },
			{ jsonPath: "$.a", stringValue: "y" },
		],
		{ a: "xy" },
	],
	[
		"numbers and truth values come whole, the last one holds",
		[
			{ jsonPath: "$.a", numberValue: 1 },
			{ jsonPath: "$.a", numberValue: 2 },
			{ jsonPath: "$.b", boolValue: true },
		],
		{ a: 2, b: true },
	],
	["null is a value", [{ jsonPath: "$.a", nullValue: "NULL_VALUE" }], { a: null }],
	[
		"paths reach into lists and objects",
		[
			{ jsonPath: "$.a[1].b", numberValue: 2 },
			{ jsonPath: "$.a[0].b", numberValue: 1 },
		],
		{ a: [{ b: 1 }, { b: 2 }] },
	],
	[
		"names may be quoted",
		[
			{ jsonPath: "$['a b']", numberValue: 1 },
			{ jsonPath: '$["c.d"]', numberValue: 2 },
		],
		{ "a b": 1, "c.d": 2 },
	],
	[
		"what has no path, or no value, is left out",
		[{ numberValue: 1 }, { jsonPath: "a", numberValue: 1 }, { jsonPath: "$", numberValue: 1 }, { jsonPath: "$.a" }],
		{},
	],
	[
		"the prototype of all objects is out of reach",
		[
			{ jsonPath: "$.__proto__.a", numberValue: 1 },
			{ jsonPath: "$.a.__proto__", numberValue: 1 },
		],
		{},
	],
	[
		"a list has no names, its length least of all",
		[
			{ jsonPath: "$.a[0]", numberValue: 1 },
			{ jsonPath: "$.a.length", numberValue: 4_000_000_000 },
			{ jsonPath: "$.a.length.b", stringValue: "x" },
		],
		{ a: [1] },
	],
	["an inherited name is no value", [{ jsonPath: "$.toString.a", numberValue: 1 }], { toString: { a: 1 } }],
	["a path at the greatest depth", [{ jsonPath: deep(partialDepthMax), numberValue: 1 }], nested(partialDepthMax)],
	["a path one deeper is left out", [{ jsonPath: deep(partialDepthMax + 1), numberValue: 1 }], {}],
	["a list one too long is left out", [{ jsonPath: `$.a[${partialListMax}]`, numberValue: 1 }], {}],
])("%s", (_, fragments, expected) => {
	expect(built(fragments)).toEqual(expected);
});

test("a list may have its greatest length", () => {
	const { a } = built([{ jsonPath: `$.a[${partialListMax - 1}]`, numberValue: 1 }]);
	expect(Array.isArray(a) ? a.length : null).toBe(partialListMax);
});

test("what fragments add is counted", () => {
	expect(
		addPartialArguments({}, [
			{ jsonPath: "$.a", stringValue: "four" },
			{ jsonPath: "$.b", numberValue: 1 },
		]),
	).toBe(12);
});

test("the holes of a list count too", () => {
	expect(addPartialArguments({}, [{ jsonPath: "$.a[100]", numberValue: 1 }])).toBe(8 + 100 * "null,".length);
});
