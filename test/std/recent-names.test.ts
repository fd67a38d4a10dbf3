import { expect, test } from "vitest";
import { recentNames } from "../../src/std/recent-names.ts";

test.each<[string, added: string, dropped: string, known: string]>([
	["as many names as there may be are known", "abc", "", "abc"],
	["with one more the one added longest ago is forgotten", "abcd", "", "bcd"],
	["what is added again stays", "abcad", "", "acd"],
	["what is dropped is known no more", "abc", "b", "ac"],
])("%s", (_, added, dropped, known) => {
	const names = recentNames(3);
	for (const name of added) names.add(name);
	for (const name of dropped) names.drop(name);
	expect(["a", "b", "c", "d"].filter((name) => names.has(name)).join("")).toBe(known);
});
