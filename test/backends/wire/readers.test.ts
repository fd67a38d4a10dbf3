import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import type { ModelEvent } from "../../../src/backends/backend.ts";
import { readerFor } from "../../../src/backends/wire/readers.ts";
import type { WireName } from "../../../src/backends/wire/wire.ts";
import { fed, recording, recordingPath, streamed } from "./feed.ts";

const wireNames: readonly WireName[] = [
	"anthropic-messages",
	"openai-responses",
	"openai-chat",
	"gemini-generate",
	"gemini-interactions",
];
const files = wireNames.flatMap((wire) =>
	readdirSync(recordingPath(wire)).map((file): [WireName, string] => [wire, `${wire}/${file}`]),
);

const failed = (code: "bad_stream" | "server" | "not_found", message: string): ModelEvent => ({
	type: "failed",
	failure: { code, retryable: code !== "not_found", retryAfterMs: null, message },
});
const endedEarly: readonly ModelEvent[] = [
	failed("bad_stream", "the response ended too early"),
	{ type: "end", stop: "cut" },
];

test.each(files)("%s, whatever the wire's name: the shape of %s decides", (wire, file) => {
	const expected = fed(wire, recording(file));
	expect(wireNames.map((named) => fed(named, recording(file)))).toEqual(wireNames.map(() => expected));
});

test.each(files)("%s: pieces of any size give the same (%s)", (wire, file) => {
	const expected = fed(wire, recording(file));
	for (const pieceBytes of [2, 3, 5, 17, 64]) expect(fed(wire, recording(file), pieceBytes)).toEqual(expected);
});

test.each(files)("%s: a body cut anywhere ends once, with all that came before (%s)", (wire, file) => {
	const body = recording(file);
	for (let at = 0; at < body.length; at += 11) {
		const events = fed(wire, body.subarray(0, at));
		expect(events.filter((event) => event.type === "end").length).toBe(1);
		expect(events.at(-1)?.type).toBe("end");
	}
});

const chunk = { choices: [{ index: 0, delta: { content: "A" } }] };
const text: ModelEvent = { type: "text", text: "A" };

test.each<[string, WireName, Uint8Array, readonly ModelEvent[]]>([
	["an empty body is cut", "anthropic-messages", streamed(), endedEarly],
	["white space is no body", "openai-chat", streamed(" \r\n\n"), endedEarly],
	["a JSON body that ends inside is cut", "openai-chat", streamed('{"choices":[{"mess'), endedEarly],
	[
		"a page of a proxy is no stream",
		"openai-chat",
		streamed("<html><body>502 Bad Gateway</body></html>\n"),
		endedEarly,
	],
	["an object that says nothing is cut", "gemini-generate", streamed("{}"), endedEarly],
	[
		"an error without a wire's shape is one on every wire",
		"anthropic-messages",
		streamed('{"error":"model \\"x\\" not found"}'),
		[failed("not_found", 'model "x" not found'), { type: "end", stop: "error" }],
	],
	[
		"so is a gateway's complaint",
		"gemini-generate",
		streamed('{"errors":[{"code":7000,"message":"No route"}]}'),
		[failed("server", "No route"), { type: "end", stop: "error" }],
	],
	[
		"an error as the first event",
		"openai-responses",
		streamed({ error: { message: "Broken" } }),
		[failed("server", "Broken"), { type: "end", stop: "error" }],
	],
	[
		"words of a proxy between events are passed over",
		"openai-chat",
		streamed("data: ping\n\n", chunk, "data: 7\n\n", { type: "ping" }),
		[text, ...endedEarly],
	],
	[
		"a payload that has lost a part makes the stream unreadable",
		"openai-chat",
		streamed(chunk, 'data: {"choices":[{"ind\n\n', chunk),
		[text, failed("bad_stream", "a payload of the stream is not JSON"), { type: "end", stop: "error" }],
	],
	[
		"a last event without a blank line is read if it is whole",
		"openai-chat",
		streamed(`data: ${JSON.stringify(chunk)}`),
		[text, ...endedEarly],
	],
	["[DONE] alone ends an empty chat", "openai-chat", streamed("data: [DONE]\n\n"), [{ type: "end", stop: "end" }]],
	["a byte order mark is no part of the body", "openai-chat", streamed("\ufeff", chunk), [text, ...endedEarly]],
])("%s", (_, wire, body, expected) => {
	expect(fed(wire, body)).toEqual(expected);
	expect(fed(wire, body, 1)).toEqual(expected);
});

test("nothing is read after the end", () => {
	const reader = readerFor("openai-chat");
	const ended = [
		...reader.push(streamed(chunk, "data: [DONE]\n\n", chunk)),
		...reader.push(streamed(chunk)),
		...reader.end(),
		...reader.end(),
	];
	expect(ended).toEqual([
		text,
		{ type: "echo", item: { role: "assistant", content: "A" } },
		{ type: "end", stop: "end" },
	]);
});
