import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../../src/std/json.ts";
import { argumentsOf } from "../../../src/backends/wire/json-arguments.ts";

test.each<[string, Json | undefined, JsonObject]>([
	["none", undefined, {}],
	["null", null, {}],
	["empty text", "", {}],
	["white space", " \n", {}],
	["the text null", "null", {}],
	["an object as text", '{"a":[1,{"b":null}]}', { a: [1, { b: null }] }],
	["an object", { a: 1 }, { a: 1 }],
	["cut text", '{"a":"b', { __unparsed: '{"a":"b' }],
	["free text", "SELECT 1", { __unparsed: "SELECT 1" }],
	["a list as text", "[1]", { __unparsed: "[1]" }],
	["a list", [1], { __unparsed: "[1]" }],
	["a number as text", "7", { __unparsed: "7" }],
])("arguments sent as %s", (_, raw, expected) => {
	expect(argumentsOf(raw)).toEqual(expected);
});
