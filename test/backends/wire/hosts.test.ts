import { expect, test } from "vitest";
import type { ModelEvent } from "../../../src/backends/backend.ts";
import { replayOf } from "../../../src/backends/replay.ts";
import type { JsonObject } from "../../../src/std/json.ts";
import { readerFor } from "../../../src/backends/wire/readers.ts";
import type { WireName } from "../../../src/backends/wire/wire.ts";
import { fed } from "./feed.ts";
import { hostRecordings, recordingIn, type HostRecording } from "./host-recordings.ts";

const recordings = hostRecordings().map((recording): [string, HostRecording] => [recording.file, recording]);

test.each(recordings)("%s", (_, { wire, body, expected }) => {
	expect(replayOf(fed(wire, body))).toEqual(expected);
});

test.each(recordings)("%s: in single bytes", (_, { wire, body }) => {
	expect(fed(wire, body, 1)).toEqual(fed(wire, body));
});

test.each(recordings)("%s: cut in two anywhere", (_, { wire, body }) => {
	const events = JSON.stringify(fed(wire, body));
	const differing: number[] = [];
	for (let at = 1; at < body.length; at += 1)
		if (JSON.stringify(inPieces(wire, [body.subarray(0, at), body.subarray(at)])) !== events) differing.push(at);
	expect(differing).toEqual([]);
});

test.each(recordings)("%s: in pieces of chance", (file, { wire, body }) => {
	const events = fed(wire, body);
	for (const seed of [1, 2, 3, 4]) expect(inPieces(wire, piecesBy(seed + file.length, body))).toEqual(events);
});

test.each(recordings)("%s: whatever ends its lines", (_, { wire, body }) => {
	const text = new TextDecoder().decode(body).replaceAll("\r\n", "\n");
	const endings = ["\n", "\r\n", "\r"].map((ending) => encoded(text.replaceAll("\n", ending)));
	expect(endings.map((variant) => fed(wire, variant))).toEqual(endings.map(() => fed(wire, body)));
});

const citation = (url: string, title: string): ModelEvent => ({ type: "citation", url, title });
const result = (name: string, text: string, ok = true): ModelEvent => ({ type: "server_tool_result", name, ok, text });
const tool = (name: string, args: JsonObject): ModelEvent => ({ type: "server_tool", name, arguments: args });
const image = (mediaType: string, base64: string): ModelEvent => ({ type: "image", mediaType, base64 });

test.each<[string, readonly ModelEvent[]]>([
	[
		"anthropic/search-and-code.sse",
		[
			tool("web_search", { query: "tide Hörnum" }),
			result("web_search", "Tides https://tides.example/h\nMoon https://moon.example"),
			tool("bash_code_execution", { command: "echo 6" }),
			result("bash_code_execution", "6"),
			citation("https://tides.example/h", "Tides"),
		],
	],
	[
		"anthropic/failed-tools.sse",
		[
			tool("web_search", { query: "x" }),
			result("web_search", "max_uses_exceeded", false),
			tool("web_fetch", { url: "https://a.example" }),
			result("web_fetch", "url_not_accessible", false),
		],
	],
	["anthropic/mcp-and-upload.json", [tool("ask_harbour", { q: "berth" }), result("ask_harbour", "Berth 4")]],
	[
		"openai/own-tools.sse",
		[
			tool("web_search", {
				type: "search",
				query: "lighthouse",
				queries: ["lighthouse"],
				sources: [{ type: "url", url: "https://light.example" }],
			}),
			result("web_search", "https://light.example"),
			tool("code_interpreter", { code: "print(2)" }),
			image("image/png", "AAAA"),
			result("code_interpreter", "2"),
			tool("file_search", { queries: ["beam"] }),
			result("file_search", "beam.txt\n12 miles"),
			tool("beam", { a: 1 }),
			result("beam", "No beam", false),
			tool("image_generation", {}),
			image("image/webp", "cGljdHVyZQ=="),
			citation("https://light.example", "Lights"),
		],
	],
	["openai/calls-of-other-kinds.sse", [tool("shell", { commands: ["pwd"], timeout_ms: null }), result("shell", "/")]],
	["openai-responses/only-at-the-end.sse", [citation("https://a.example", "A")]],
	["gemini/picture.sse", [image("image/png", "Ym9vdA==")]],
	[
		"gemini/sources-and-pages.sse",
		[
			tool("code_execution", { language: "PYTHON", code: "print(1/0)" }),
			result("code_execution", "ZeroDivisionError", false),
			tool("google_search", { queries: ["Fähre Föhr"] }),
			citation("https://ferry.example", "Ferry"),
			citation("https://maps.example/1", "Pier"),
			citation("gs://b/c", "Plan"),
			result("google_search", "Ferry https://ferry.example\nPier https://maps.example/1\nPlan gs://b/c"),
			result(
				"url_context",
				"https://ferry.example URL_RETRIEVAL_STATUS_SUCCESS\nhttps://gone.example URL_RETRIEVAL_STATUS_ERROR",
				false,
			),
			citation("https://poem.example", ""),
		],
	],
	[
		"gemini-interactions/own-tools-and-picture.sse",
		[
			tool("url_context", { urls: ["https://a.example"] }),
			result("url_context", "https://a.example success"),
			result("code_execution", "NameError", false),
			citation("https://a.example", "A"),
			image("image/jpeg", "YmlsZA=="),
		],
	],
	[
		"gemini-interactions/whole.json",
		[
			tool("google_search", { queries: ["a"] }),
			result("google_search", "A https://a.example"),
			image("image/png", "YQ=="),
		],
	],
	[
		"xai/own-searches.sse",
		[
			tool("web_search", { query: "grok tide", num_results: 3 }),
			tool("x_keyword_search", { query: "tide" }),
			citation("https://tides.example", "1"),
		],
	],
	["xai/chat.sse", [citation("https://tides.example", ""), citation("https://moon.example", "")]],
	["zai/reasoning-and-call.sse", [citation("https://tides.example", "Flut")]],
	["groq/own-search.sse", [tool("search", { query: "Ebbe" }), result("search", "Tides https://tides.example")]],
	["openrouter/processing-and-details.sse", [citation("https://tides.example", "Tides")]],
	["openrouter/picture.sse", [image("image/png", "Ym9vdA==")]],
])("%s: tools of the provider, sources and pictures", (file, expected) => {
	const { wire, body } = recordingIn(file);
	const kinds: readonly ModelEvent["type"][] = ["server_tool", "server_tool_result", "citation", "image"];
	expect(fed(wire, body).filter(({ type }) => kinds.includes(type))).toEqual(expected);
});

test.each<[string, number]>([
	["anthropic/search-and-code.sse", 200],
	["openai/calls-and-caches.sse", 300],
	["openrouter/processing-and-details.sse", 100],
	["openai-chat/two-choices.sse", 0],
])("%s: what was written to a cache is counted", (file, written) => {
	const { wire, body } = recordingIn(file);
	const accounts = fed(wire, body).flatMap((event) => (event.type === "usage" ? [event.usage.written] : []));
	expect(accounts.at(-1)).toBe(written);
});

test.each<[string, readonly unknown[]]>([
	[
		"mistral/thinking-parts.sse",
		[
			{
				role: "assistant",
				content: [
					{ type: "thinking", thinking: [{ type: "text", text: "Erst rechnen." }] },
					{ type: "text", text: "Es sind vier." },
				],
				tool_calls: [
					{ id: "Xk3Pq9Zt1", type: "function", function: { name: "tide", arguments: '{"at": "Wyk"}' } },
				],
			},
		],
	],
	[
		"gemini-interactions/own-tools-and-picture.sse",
		[
			{ type: "thought", signature: "c2ln", summary: [{ type: "text", text: "Read the page." }] },
			{ type: "url_context_call", id: "u1", arguments: { urls: ["https://a.example"] } },
			{
				type: "url_context_result",
				call_id: "u1",
				is_error: false,
				result: [{ url: "https://a.example", status: "success" }],
			},
			{ type: "code_execution_result", call_id: "c1", is_error: true, result: "NameError" },
			{
				type: "model_output",
				content: [
					{
						type: "text",
						text: "Ein Bild:",
						annotations: [{ type: "url_citation", url: "https://a.example", title: "A" }],
					},
					{ type: "image", mime_type: "image/jpeg", data: "YmlsZA==" },
				],
			},
		],
	],
])("%s: the turn goes back as it came", (file, expected) => {
	const { wire, body } = recordingIn(file);
	expect(fed(wire, body).flatMap((event) => (event.type === "echo" ? [event.item] : []))).toEqual(expected);
});

function inPieces(wire: WireName, pieces: readonly Uint8Array[]): readonly ModelEvent[] {
	const reader = readerFor(wire);
	return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
}

function piecesBy(seed: number, body: Uint8Array): readonly Uint8Array[] {
	const pieces: Uint8Array[] = [];
	let state = seed;
	for (let at = 0; at < body.length;) {
		state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
		const bytes = 1 + (state % 200);
		pieces.push(body.subarray(at, at + bytes));
		at += bytes;
	}
	return pieces;
}

function encoded(text: string): Uint8Array {
	return new TextEncoder().encode(text);
}
