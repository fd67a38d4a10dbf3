import { expect, test } from "vitest";
import { append, emptyRing, readRing, restoredRing, savedRing } from "../../src/sandbox/runner/ring.ts";

type Read = readonly (readonly [atByte: number, what: string | number])[];

/** Text where it was kept, a number where so many bytes were not. */
function read(pieces: ReturnType<typeof readRing>["pieces"]): Read {
	return pieces.map((piece) => [
		piece.atByte,
		piece.type === "output"
			? `${piece.stream === "stderr" ? "!" : ""}${piece.bytes.toString()}`
			: piece.bytesDropped,
	]);
}

function ringOf(bytesMax: number, written: readonly string[]) {
	const ring = emptyRing(bytesMax);
	for (const text of written) {
		const stream = text.startsWith("!") ? "stderr" : "stdout";
		append(ring, stream, Buffer.from(text.replace("!", "")));
	}
	return ring;
}

test.each<[string, bytesMax: number, written: readonly string[], kept: Read]>([
	["nothing written is nothing kept", 8, [], []],
	[
		"output at the limit is kept whole",
		8,
		["abcd", "efgh"],
		[
			[0, "abcd"],
			[4, "efgh"],
		],
	],
	[
		"one byte more drops one from the middle",
		8,
		["abcd", "efghi"],
		[
			[0, "abcd"],
			[4, 1],
			[5, "fghi"],
		],
	],
	[
		"a single piece may have both ends",
		8,
		["abcdefghijkl"],
		[
			[0, "abcd"],
			[4, 4],
			[8, "ijkl"],
		],
	],
	[
		"the end moves on with what is written",
		4,
		["ab", "cd", "ef", "g"],
		[
			[0, "ab"],
			[2, 3],
			[5, "fg"],
		],
	],
	[
		"what was dropped within one piece keeps its place",
		4,
		["ab", "cdef", "ghijk"],
		[
			[0, "ab"],
			[2, 7],
			[9, "jk"],
		],
	],
	[
		"streams are told apart and not joined",
		8,
		["a", "!b", "!c", "d"],
		[
			[0, "a"],
			[1, "!bc"],
			[3, "d"],
		],
	],
	[
		"an odd limit gives the end the odd byte",
		3,
		["abcdef"],
		[
			[0, "a"],
			[1, 3],
			[4, "ef"],
		],
	],
])("%s", (_, bytesMax, written, kept) => {
	const ring = ringOf(bytesMax, written);
	const endByte = written.join("").replaceAll("!", "").length;
	const { pieces, nextByte } = readRing(ring, 0, 1000);
	expect([read(pieces), nextByte, ring.endByte]).toEqual([kept, endByte, endByte]);
	const restored = readRing(restoredRing(savedRing(ring)), 0, 1000);
	expect([read(restored.pieces), restored.nextByte]).toEqual([kept, endByte]);
});

test.each<[fromByte: number, bytesMax: number, kept: Read, nextByte: number]>([
	[0, 3, [[0, "abc"]], 3],
	[
		3,
		3,
		[
			[3, "d"],
			[4, 4],
			[8, "ij"],
		],
		10,
	],
	[
		6,
		3,
		[
			[6, 2],
			[8, "ijk"],
		],
		11,
	],
	[11, 3, [[11, "l"]], 12],
	[12, 3, [], 12],
	[99, 3, [], 12],
])("from byte %i at most %i bytes", (fromByte, bytesMax, kept, nextByte) => {
	const ring = ringOf(8, ["abcdefghijkl"]);
	const page = readRing(ring, fromByte, bytesMax);
	expect([read(page.pieces), page.nextByte]).toEqual([kept, nextByte]);
});

test("single bytes of both streams in turn do not grow the ring beyond its pieces", () => {
	const ring = emptyRing(1_000_000);
	for (let byte = 0; byte < 10_000; byte += 1) append(ring, byte % 2 === 0 ? "stdout" : "stderr", Buffer.from("x"));
	expect([ring.head.length, ring.tail.length, ring.endByte]).toEqual([2048, 2048, 10_000]);
});
