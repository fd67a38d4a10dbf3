import { expect, test } from "vitest";
import { inlineCharsMax, nestingMax, tokensOf } from "../../../src/web/markdown/tokens.ts";
import { chunkCharsMax } from "../../../src/web/markdown/chunks.ts";

const types = (text: string) => tokensOf(text).map(({ type }) => type);

test.each<[string, readonly string[]]>([
	["# Title\n\ntext", ["heading", "space", "paragraph"]],
	["- a\n- b", ["list"]],
	["| a | b |\n|---|---|\n| 1 | 2 |", ["table"]],
	["```js\n1\n```", ["code"]],
	["> said", ["blockquote"]],
	["<script>alert(1)</script>", ["html"]],
])("%j is read as %j", (text, expected) => {
	expect(types(text)).toEqual(expected);
});

const inner = (text: string) => {
	const [first] = tokensOf(text);
	return first?.type === "paragraph" ? first.tokens.map(({ type }) => type) : null;
};
test("a line that was ended is a line", () => {
	expect([inner("one\ntwo\nthree"), inner("one  \ntwo")]).toEqual([
		["text", "br", "text", "br", "text"],
		["text", "br", "text"],
	]);
});

test("a paragraph that is too long stands as it is", () => {
	const of = (length: number) => `**bold** ${"x".repeat(length - 9)}`;
	expect([inner(of(inlineCharsMax)), inner(of(inlineCharsMax + 1))]).toEqual([["strong", "text"], ["text"]]);
});

test("marks that are nested too deep stand as they are", () => {
	const quoted = (depth: number) => `${">".repeat(depth)} x`;
	expect([types(quoted(nestingMax)), types(quoted(nestingMax + 1))]).toEqual([["blockquote"], ["text"]]);
});

/** A piece of the greatest length that is made to be slow: none may hold the page up. */
const slowMsMax = 1500;
test.each([
	">",
	"[",
	"![",
	"*",
	"_a",
	"`a",
	"[a](",
	"<a ",
	"&",
	"~~a",
	"- ",
	"1. ",
	"|a",
	"**a *b ",
	"__a_",
	"a@",
	"http://a.",
])("%j over and over is read in time", (mark) => {
	const text = mark.repeat(chunkCharsMax / mark.length);
	const before = performance.now();
	tokensOf(text);
	tokensOf(text.replaceAll(/(.{3000})/g, "$1\n\n"));
	expect(performance.now() - before).toBeLessThan(slowMsMax);
});
