import { expect, test } from "vitest";
import { excerpt } from "../../src/std/excerpt.ts";

test.each<[title: string, text: string, charsMax: number, line: string]>([
	["a short text stays, on one line", " a \n\t b ", 10, "a b"],
	["as many characters as may be", "abcde", 5, "abcde"],
	["one more ends in an ellipsis", "abcdef", 5, "abcd…"],
	["no half of a character", "abc😀d", 5, "abc…"],
	["mostly space is cut all the same", `a${" ".repeat(1000)}b`, 5, "a…"],
	["an empty text", "", 5, ""],
])("%s", (_, text, charsMax, line) => {
	expect(excerpt(text, charsMax)).toBe(line);
});
