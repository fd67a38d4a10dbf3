import { expect, test } from "vitest";
import { addPiece, pieceCharsMax, type Pending } from "../../durable-objects/store/pending.ts";
import type { StreamPiece } from "../../src/consensus/commands.ts";
import type { CallId } from "../../src/consensus/events.ts";

const call = "t1.a1.r1.c1.x1" as CallId;
const text = (said: string): StreamPiece => ({ kind: "text", text: said });
const reasoning = (said: string): StreamPiece => ({ kind: "reasoning", text: said });
const cited: StreamPiece = { kind: "citation", url: "https://example.com", title: "An example" };

test.each<[string, readonly StreamPiece[], readonly StreamPiece[]]>([
	["text follows on text", [text("a"), text("b"), text("c")], [text("abc")]],
	["and reasoning on reasoning", [reasoning("a"), reasoning("b")], [reasoning("ab")]],
	["but not one on the other", [text("a"), reasoning("b"), text("c")], [text("a"), reasoning("b"), text("c")]],
	["nor across a citation", [text("a"), cited, text("b"), cited, cited], [text("a"), cited, text("b"), cited, cited]],
	[
		"up to the length of a piece",
		[text("x".repeat(pieceCharsMax - 1)), text("y")],
		[text(`${"x".repeat(pieceCharsMax - 1)}y`)],
	],
	["a longer one is cut", [text("x".repeat(pieceCharsMax + 1))], [text("x".repeat(pieceCharsMax)), text("x")]],
	["and no further", [text("x".repeat(pieceCharsMax)), text("y")], [text("x".repeat(pieceCharsMax)), text("y")]],
])("what waits to be committed: %s", (_, pieces, expected) => {
	const pending: Pending = new Map();
	for (const piece of pieces) addPiece(pending, call, piece);
	expect([...pending]).toEqual([[call, expected]]);
});

test("each call waits for itself", () => {
	const pending: Pending = new Map();
	addPiece(pending, call, text("a"));
	addPiece(pending, "other" as CallId, text("b"));
	expect([...pending]).toEqual([
		[call, [text("a")]],
		["other", [text("b")]],
	]);
});
