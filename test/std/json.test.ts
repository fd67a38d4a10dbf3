import { expect, test } from "vitest";
import { isJsonObject } from "../../src/std/json.ts";

test.each<readonly [string, boolean]>([
	["{}", true],
	['{"a":1}', true],
	["[]", false],
	["null", false],
	['"{}"', false],
	["1", false],
	["true", false],
])("%s is an object: %s", (text, expected) => {
	expect(isJsonObject(JSON.parse(text))).toBe(expected);
});
