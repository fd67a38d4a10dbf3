import { expect, test } from "vitest";
import { chunkCharsMax, makeChunks } from "../../../src/web/markdown/chunks.ts";

const paragraph = (n: number) => `${`word${n} `.repeat(300).trim()}\n\n`;
const lengths = (text: string) => makeChunks()(text).map(({ length }) => length);

test.each<[string, string, readonly number[]]>([
	["a short text is one piece", "one\n\ntwo", [8]],
	["nothing is no piece", "", []],
	["an empty line after enough text ends a piece", paragraph(1) + paragraph(2), [1801, 1801]],
	["a list is not parted from its items", `${paragraph(1)}- item`, [1807]],
	["nor a quotation, an indented line or a numbered item", `${paragraph(1)}> q\n\n  more\n\n2. two`, [1820]],
	["a fence is one piece, whatever is in it", `\`\`\`\n${paragraph(1)}${paragraph(2)}\`\`\`\n`, [3610]],
	["a fence without an end as well, however long", `\`\`\`\n${"x\n\n".repeat(9000)}`, [27_004]],
	["a line without an end is cut", "x".repeat(chunkCharsMax + 1), [chunkCharsMax, 1]],
	["one that just fits is not", "x".repeat(chunkCharsMax), [chunkCharsMax]],
])("%s", (_, text, expected) => {
	expect(lengths(text)).toEqual(expected);
});

test("the pieces together are the text, and a growing text changes only the last of them", () => {
	const text = [1, 2, 3, 4].map(paragraph).join("") + "```\ncode\n\n\n```\n- a\n\n- b\n\nend";
	const chunksOf = makeChunks();
	let before: readonly string[] = [];
	for (let end = 0; end <= text.length; end += 7) {
		const chunks = chunksOf(text.slice(0, end));
		expect(chunks.join("")).toBe(text.slice(0, end));
		expect(chunks.slice(0, Math.max(0, before.length - 1))).toEqual(before.slice(0, -1));
		before = chunks;
	}
	expect(chunksOf("another text")).toEqual(["another text"]);
});
