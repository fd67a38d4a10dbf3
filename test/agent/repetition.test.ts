import { describe, expect, test } from "vitest";
import { watchOutput, outputCharsFloor } from "../../src/agent/runaway.ts";
import { modelCall } from "../../src/agent/model-call.ts";
import { periodCharsMax, repeatedCharsMax, repeatedSpacesMax, watchRepetition } from "../../src/agent/repetition.ts";
import type { ModelEvent } from "../../src/backends/backend.ts";
import { modelRequest } from "../support/fake-request.ts";

/** How many characters had come when it was seen; null where it never was. */
function seenAfter(text: string, stepChars: number): number | null {
	const watch = watchRepetition();
	for (let at = 0; at < text.length; at += stepChars)
		if (watch(text.slice(at, at + stepChars))) return Math.min(text.length, at + stepChars);
	return null;
}

const filled = (piece: string, chars: number) => piece.repeat(Math.ceil(chars / piece.length)).slice(0, chars);
const numbered = (lines: number, line: (i: number) => string) =>
	Array.from({ length: lines }, (_, i) => line(i)).join("");
/** No piece of it comes twice. */
const prose = numbered(400, (i) => `${i} is followed by ${i + 1}, as ${i * i} is by its square. `);
/** A piece of exactly so many characters that has no shorter one in it. */
const sentence = (chars: number) => prose.slice(0, chars);
/** What the end is looked at by: a loop may be that much longer before it is seen. */
const step = 2_048;

describe("a text that says the same again and again is cut", () => {
	test.each<[string, string]>([
		["one character", filled("x", repeatedCharsMax + step)],
		["a word", filled("no ", repeatedCharsMax + step)],
		["a sentence", filled("I should check that once more. ", repeatedCharsMax + step)],
		["the longest piece that is looked for", filled(sentence(periodCharsMax), repeatedCharsMax + step)],
		["after sense", prose + filled("and so on ", repeatedCharsMax + step)],
		["signs of more than one unit", filled("🙂日本 ", repeatedCharsMax + step)],
		["white space", filled(" \n", repeatedSpacesMax + step)],
	])("%s", (_, text) => {
		expect([7, 500, 4_000].map((chars) => seenAfter(text, chars) !== null)).toEqual([true, true, true]);
	});

	test("within one step of the bound, however it comes", () => {
		for (const chars of [1, 100, 2_000]) {
			const seen = seenAfter(filled("loop ", 40_000), chars) ?? Infinity;
			expect(seen >= repeatedCharsMax && seen < repeatedCharsMax + 2 * step).toBe(true);
		}
	});
});

describe("what only looks like it is not", () => {
	test.each<[string, string]>([
		["a ruler one short of the bound", `${filled("-", repeatedCharsMax - 1)}\n${prose}`],
		["a piece one longer than is looked for", filled(sentence(periodCharsMax + 1), 40_000)],
		["white space one short of its bound", `${filled(" ", repeatedSpacesMax - 1)}${prose}`],
		["a table", numbered(900, (i) => `| ${i} | ${i % 7} | ok  |\n`)],
		["a JSON array", JSON.stringify(Array.from({ length: 4_000 }, (_, i) => (i * i) % 9_973))],
		["a list of zeros with an end", `[${filled("0,", repeatedCharsMax - 2)}1]${prose}`],
		["code", numbered(300, (i) => `\tcase ${i}:\n\t\treturn ${i * 3};\n`)],
		["a loop that the model leaves", `${filled("hm ", repeatedCharsMax - 100)}${prose}`],
		["prose", prose],
	])("%s", (_, text) => {
		expect([7, 500, 4_000].map((chars) => seenAfter(text, chars))).toEqual([null, null, null]);
	});
});

test("a character costs the same however long the text becomes", () => {
	const watch = watchRepetition();
	const startedMs = performance.now();
	for (let at = 0; at < 2_000; at += 1) watch(prose.slice(at % 1_000, (at % 1_000) + 1_000));
	expect(performance.now() - startedMs).toBeLessThan(2_000);
});

describe("a reply that does not end is broken off", () => {
	const text = (chars: number): readonly ModelEvent[] => [{ type: "text", text: filled("loop ", chars) }];
	const streams = {
		text,
		reasoning: (chars: number) => [{ type: "reasoning", text: filled("hm. ", chars) } as const],
	};

	test.each(["text", "reasoning"] as const)(
		"endless %s of one piece: the stream is given up at once",
		async (kind) => {
			let batches = 0;
			let left = false;
			const endless = async function* endless() {
				try {
					for (;;) {
						batches += 1;
						yield streams[kind](1_000);
					}
				} finally {
					left = true;
				}
			};
			const listener = { pieces: () => {}, handle: () => {}, decided: () => {}, reached: () => {} };
			const result = await modelCall(endless, modelRequest(), { signal: new AbortController().signal, listener });
			expect([result, batches < 14, left]).toEqual([
				{
					kind: "failed",
					begun: true,
					usage: null,
					failure: {
						code: "repetition",
						retryable: true,
						retryAfterMs: null,
						message: "The model said the same again and again, over 8000 characters.",
					},
				},
				true,
				true,
			]);
		},
	);

	test.each<[string, number, number, string | null]>([
		["as much as its tokens may be", 10_000, 160_000, null],
		["one character more", 10_000, 160_001, "output_too_large"],
		["few tokens may all be long", 16, outputCharsFloor, null],
		["but not without end", 16, outputCharsFloor + 1, "output_too_large"],
	])("the limit on output holds here if the provider does not hold it: %s", (_, tokens, chars, code) => {
		const fault = watchOutput(tokens);
		// Half of it is reasoning: both are output.
		const all = numbered(20_000, (i) => `${i * 7919} `)
			.repeat(2)
			.slice(0, chars);
		const half = all.length >> 1;
		const first = fault([{ kind: "reasoning", text: all.slice(0, half) }]);
		expect([first, fault([{ kind: "text", text: all.slice(half) }])?.code ?? null]).toEqual([null, code]);
	});
});
