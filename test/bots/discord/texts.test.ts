import { describe, expect, test } from "vitest";
import { chunksOf, closed } from "../../../bots/discord/chunks.ts";
import { fit, textBytesMax, textCharsMax } from "../../../bots/discord/components.ts";
import { customId, customIdCharsMax, pressedOf } from "../../../bots/discord/custom-id.ts";
import { cell, columnsOf, escaped } from "../../../bots/discord/plain.ts";
import { shownMarkdown } from "../../../bots/discord/tables.ts";

describe("a long text in pieces", () => {
	const fence = "```";
	test.each<[title: string, text: string, pieces: readonly string[]]>([
		[
			"is cut between paragraphs",
			`${"a".repeat(20)}\n\n${"b".repeat(20)}\n\n${"c".repeat(20)}`,
			[`${"a".repeat(20)}\n\n${"b".repeat(20)}`, "c".repeat(20)],
		],
		[
			"is cut between lines where there is no paragraph",
			`${"a".repeat(30)}\n${"b".repeat(30)}`,
			["a".repeat(30), "b".repeat(30)],
		],
		[
			"is cut between words where there is no line",
			`${"a".repeat(30)} ${"b".repeat(30)}`,
			["a".repeat(30), "b".repeat(30)],
		],
		["is cut anywhere where there is no word", "a".repeat(100), ["a".repeat(46), "a".repeat(46), "a".repeat(8)]],
		[
			"is not cut in the middle of a sign",
			`${"a".repeat(45)}👍${"b".repeat(10)}`,
			["a".repeat(45), `👍${"b".repeat(10)}`],
		],
		[
			"has its code closed and opened again",
			`${fence}ts\n${"x = 1;\n".repeat(12)}${fence}\nend`,
			[
				`${fence}ts\n${"x = 1;\n".repeat(5)}${fence}`,
				`${fence}ts\n${"x = 1;\n".repeat(5)}${fence}`,
				`${fence}ts\nx = 1;\nx = 1;\n${fence}\nend`,
			],
		],
		["is nothing where there is nothing", " \n ", []],
	])("%s", (_, text, pieces) => {
		expect(chunksOf(text, 50)).toEqual(pieces);
	});

	test("keeps every word, and no piece is longer than it may be", () => {
		const text = Array.from({ length: 300 }, (_, n) =>
			n % 17 === 0 ? "```\n" : n % 7 === 0 ? `w${n}\n\n` : `w${n} `,
		).join("");
		const pieces = chunksOf(text, 80);
		expect(pieces.filter((piece) => piece.length > 80)).toEqual([]);
		expect(pieces.join(" ").match(/w\d+/g)).toEqual(text.match(/w\d+/g));
		expect(pieces.map((piece) => closed(piece))).toEqual(pieces);
	});
});

describe("markdown that Discord can show", () => {
	test.each<[title: string, markdown: string, shown: string]>([
		[
			"a table is a code block",
			"Look:\n| a | bb |\n|---|:-:|\n| 1 | 漢 |\n| 22 | `x` |\nend",
			"Look:\n```\na   bb\n--  ---\n1   漢\n22  'x'\n```\nend",
		],
		["a table in code stays as it is", "```\n| a |\n|---|\n| 1 |\n```", "```\n| a |\n|---|\n| 1 |\n```"],
		["a line with bars is no table", "a | b\nc | d", "a | b\nc | d"],
		[
			"a picture is a link that shows nothing by itself",
			'See ![a cat](https://x.example/c.png "t") ![](<https://y.example>)',
			"See [a cat](<https://x.example/c.png>) <https://y.example>",
		],
	])("%s", (_, markdown, shown) => {
		expect(shownMarkdown(markdown)).toBe(shown);
	});

	test("takes no longer for a text that is made to take long", () => {
		const startedMs = performance.now();
		for (const piece of ["|-", "![", "![a](", "- |", "| - ", "[](", "```\n|"]) shownMarkdown(piece.repeat(50_000));
		expect(performance.now() - startedMs).toBeLessThan(3000);
	});
});

test.each<[text: string, columns: number, cell: string]>([
	["ab", 4, "ab  "],
	["abcd", 4, "abcd"],
	["abcde", 4, "abc…"],
	["漢字", 4, "漢字"],
	["漢字漢", 4, "漢… "],
	["e\u0301e\u0301", 2, "e\u0301e\u0301"],
])("a cell of %s in %i columns is as wide as that", (text, columns, expected) => {
	expect([cell(text, columns), columnsOf(cell(text, columns))]).toEqual([expected, columns]);
});

test("what Discord would read as markup is shown as it was written", () => {
	expect(escaped("**a** <@1> [x](y) `c` @here")).toBe(String.raw`\*\*a\*\* \<\@1\> \[x\](y) \`c\` \@here`);
});

test("texts fit into a message up to its limits", () => {
	expect([fit(["x".repeat(textCharsMax)]), fit(["x".repeat(textCharsMax + 1)])]).toEqual([true, false]);
	const bytes = (count: number) => "漢".repeat((count - 12) / 3);
	const max = textBytesMax - ((textBytesMax - 12) % 3);
	expect([fit([bytes(max)]), fit([bytes(max + 3)]), fit([""])]).toEqual([true, false, false]);
});

test("a button's id says what is meant, up to its limit", () => {
	const pressed = { verb: "stop", session: "s-1", ask: "145" } as const;
	expect(customId(pressed)).toBe("v1:stop:s-1:145");
	expect(pressedOf(customId(pressed))).toEqual(pressed);
	const session = "s".repeat(customIdCharsMax - "v1:stop::145".length);
	expect(customId({ ...pressed, session }).length).toBe(customIdCharsMax);
	expect(() => customId({ ...pressed, session: `${session}s` })).toThrow("101 characters");
	expect(["v2:stop:s:1", "v1:burn:s:1", "v1:stop:s", "stop", ""].map(pressedOf)).toEqual([
		null,
		null,
		null,
		null,
		null,
	]);
});
