import { expect, test } from "vitest";
import { finalCharsMax, modelCall, unpresentable } from "../../src/agent/model-call.ts";
import type { Backend, ModelEvent, StopReason } from "../../src/backends/backend.ts";
import type { StreamPiece } from "../../src/consensus/commands.ts";
import { modelRequest } from "../support/fake-request.ts";

const end: ModelEvent = { type: "end", stop: "end" };
const broken: ModelEvent = {
	type: "failed",
	failure: { code: "bad_stream", retryable: true, retryAfterMs: null, message: "gone" },
};

function playing(...batches: readonly (readonly ModelEvent[])[]): Backend {
	return async function* play() {
		yield* batches;
	};
}

async function heard(backend: Backend, signal = new AbortController().signal) {
	const pieces: StreamPiece[] = [];
	const listener = {
		pieces: (some: readonly StreamPiece[]) => void pieces.push(...some),
		handle: () => {},
		decided: () => {},
		reached: () => {},
	};
	return { result: await modelCall(backend, modelRequest(), { signal, listener }), pieces };
}

test("text is handed on as it comes and is whole at the end; the last usage counts", async () => {
	const usage = (output: number) => ({ input: 1, output, cached: null, reasoning: null });
	const { result, pieces } = await heard(
		playing(
			[
				{ type: "text", text: "a" },
				{ type: "usage", usage: usage(1) },
			],
			[{ type: "text", text: "b" }, { type: "usage", usage: usage(2) }, end],
		),
	);
	expect(result).toEqual({
		kind: "ended",
		stop: "end",
		usage: usage(2),
		outcome: { text: "ab", toolCalls: [], echo: [] },
	});
	expect(pieces.map((piece) => (piece.kind === "text" ? piece.text : ""))).toEqual(["a", "b"]);
});

test.each<[string, string, boolean]>([
	["as it is", "Sunny.", true],
	["also where it failed", "max_uses_exceeded", false],
])("what came of a provider's own tool is handed on: %s", async (_, text, ok) => {
	const { result: ended, pieces } = await heard(
		playing([
			{ type: "server_tool", name: "web_search", arguments: { query: "weather" } },
			{ type: "server_tool_result", name: "web_search", ok, text },
			end,
		]),
	);
	expect(pieces).toEqual([
		{ kind: "server_tool", tool: "web_search", arguments: { query: "weather" } },
		{ kind: "server_tool_result", tool: "web_search", ok, result: text },
	]);
	expect(ended).toEqual({
		kind: "ended",
		stop: "end",
		usage: null,
		outcome: { text: "", toolCalls: [], echo: [] },
	});
});

test("a picture is handed on whole", async () => {
	const { result, pieces } = await heard(playing([{ type: "image", mediaType: "image/png", base64: "QUJD" }, end]));
	expect(pieces).toEqual([{ kind: "image", mediaType: "image/png", base64: "QUJD" }]);
	expect(result.kind === "ended" && result.outcome).toEqual({ text: "", toolCalls: [], echo: [] });
});

test("an answer that the provider begins anew is only the new one", async () => {
	const { result } = await heard(
		playing([{ type: "text", text: "no" }, { type: "restart" }, { type: "text", text: "yes" }, end]),
	);
	expect(result.kind === "ended" && result.outcome.text).toBe("yes");
});

test.each<[string, ModelEvent[], boolean]>([
	["nothing came", [], false],
	["text came", [{ type: "text", text: "a" }], true],
	["reasoning came", [{ type: "reasoning", text: "a" }], true],
	["a source came", [{ type: "citation", url: "https://example.com", title: "" }], true],
	["a picture came", [{ type: "image", mediaType: "image/png", base64: "QUJD" }], true],
	["the provider ran a tool", [{ type: "server_tool", name: "web_search", arguments: {} }], true],
	[
		"a tool of the provider's returned",
		[{ type: "server_tool_result", name: "web_search", ok: true, text: "" }],
		true,
	],
	["a tool call came", [{ type: "tool_call", call: { id: "c", name: "vote", arguments: {} } }], true],
])("P15: a stream that broke had begun once something came: %s", async (_, events, begun) => {
	const { result } = await heard(playing([...events, broken, { type: "end", stop: "cut" }]));
	expect(result.kind === "failed" && result.begun).toBe(begun);
});

test.each<[string, ModelEvent[]]>([
	["no end", [{ type: "text", text: "a" }]],
	[
		"a cut one",
		[
			{ type: "text", text: "a" },
			{ type: "end", stop: "cut" },
		],
	],
])("a stream with %s is a failure", async (_, events) => {
	const { result } = await heard(playing(events));
	expect(result.kind === "failed" && result.failure.code).toBe("bad_stream");
});

test("an aborted call says nothing", async () => {
	const { result } = await heard(playing([end]), AbortSignal.abort());
	expect(result).toEqual({ kind: "silent" });
});

test.each<[StopReason, number, string | null]>([
	["end", finalCharsMax, null],
	["end", finalCharsMax + 1, "output_too_large"],
	["length", 1, "context_length"],
	["context", 1, "context_length"],
	["refusal", 1, "content_filtered"],
])("P12: a final answer that ends by %s with %i characters", (stop, length, code) => {
	expect(unpresentable(stop, "x".repeat(length))?.code ?? null).toBe(code);
});
