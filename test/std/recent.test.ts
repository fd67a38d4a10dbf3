import { expect, test } from "vitest";
import { keepingRecent } from "../../src/std/recent.ts";

test.each<[string, string, string[]]>([
	["as many as there may be are kept", "abc", ["a", "b", "c"]],
	["one more drops the one that nobody asked for longest", "abcd", ["b", "c", "d"]],
	["who is asked for again stays", "abcad", ["c", "a", "d"]],
	["who was dropped is made anew", "abcda", ["c", "d", "a+"]],
])("%s", (_, asked, expected) => {
	const made = new Set<string>();
	const recent = keepingRecent<string>(3);
	for (const name of asked)
		recent.of(name, () => {
			const value = made.has(name) ? `${name}+` : name;
			made.add(name);
			return value;
		});
	expect(recent.all()).toEqual(expected);
	expect([recent.known("a"), made.size]).toEqual([
		expected.find((value) => value.startsWith("a")) ?? null,
		new Set(asked).size,
	]);
	expect(recent.all()).toEqual(expected);
});

test("what had to go for another is told, and what is dropped is not", () => {
	const forgotten: string[] = [];
	const recent = keepingRecent<string>(2, (value) => forgotten.push(value));
	for (const name of "abcd") {
		recent.of(name, () => name);
		if (name === "c") recent.drop("b");
	}
	expect([recent.all(), forgotten]).toEqual([["c", "d"], ["a"]]);
});
