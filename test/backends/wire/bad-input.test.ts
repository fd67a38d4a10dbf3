import { expect, test } from "vitest";
import type { ModelEvent } from "../../../src/backends/backend.ts";
import { replayOf, type ReplayResult } from "../../../src/backends/replay.ts";
import { readerFor } from "../../../src/backends/wire/readers.ts";
import { sseCharsMax } from "../../../src/backends/wire/sse.ts";
import type { WireName } from "../../../src/backends/wire/wire.ts";
import { fed } from "./feed.ts";
import { hostRecordings, recordingIn, type HostRecording } from "./host-recordings.ts";
import { eventsOf } from "./mutations.ts";

type Row = [string, HostRecording];
const all: readonly Row[] = hostRecordings().map((recording): Row => [recording.file, recording]);
const streams = all.filter(([file]) => file.endsWith(".sse"));

const encoder = new TextEncoder();
const textOf = ({ body }: HostRecording): string => new TextDecoder().decode(body);
const read = (wire: WireName, body: string): readonly ModelEvent[] => fed(wire, encoder.encode(body));
const ends = (events: readonly ModelEvent[]): number => events.filter(({ type }) => type === "end").length;

// What lets a reader say why the model stopped.
const marker =
	/message_stop|"type":"message"|response\.(completed|incomplete|failed)|"finish_reason": ?"|\[DONE\]|"finishReason": ?"|blockReason|interaction\.complete|"status": ?"|"response":|error/;
const cut = { code: "bad_stream", retryable: true, retryAfterMs: null };

test.each(all)("%s: cut anywhere, it ends once, with the beginning of the text", (_, { wire, body, expected }) => {
	const wrong: number[] = [];
	for (let at = 0; at < body.length; at += 1) {
		const events = fed(wire, body.subarray(0, at));
		if (ends(events) !== 1 || events.at(-1)?.type !== "end" || !isPart(replayOf(events), expected)) wrong.push(at);
	}
	expect(wrong).toEqual([]);
});

/** A part of an answer is a cut one, unless what says how it ended has been read. */
function isPart(part: ReplayResult, whole: ReplayResult): boolean {
	if (!whole.text.startsWith(part.text) || !whole.reasoning.startsWith(part.reasoning)) return false;
	if (part.stop === "cut") return JSON.stringify(part.failure) === JSON.stringify(cut);
	return part.stop === whole.stop && JSON.stringify(part.failure) === JSON.stringify(whole.failure);
}

test.each(all)("%s: without what says how it ended, it is cut", (_, recording) => {
	const text = textOf(recording);
	const first = marker.exec(text)?.index ?? text.length;
	expect(replayOf(read(recording.wire, text.slice(0, first))).stop).toBe("cut");
});

test.each(streams)("%s: each event twice, it ends once", (_, recording) => {
	const events = read(
		recording.wire,
		eventsOf(textOf(recording))
			.map((event) => event + event)
			.join(""),
	);
	expect([ends(events), events.at(-1)?.type]).toEqual([1, "end"]);
});

test.each(streams)("%s: begun and followed by any other, it ends once", (_, recording) => {
	const events = eventsOf(textOf(recording));
	const begun = events.slice(0, Math.ceil(events.length / 2)).join("");
	const wrong = streams.filter(([, other]) => ends(read(recording.wire, begun + textOf(other))) !== 1);
	expect(wrong.map(([file]) => file)).toEqual([]);
});

const harmless: readonly (readonly [string, string | Uint8Array])[] = [
	["a comment", ": PROCESSING\n\n"],
	["blank lines", "\n\r\n\r\n\n"],
	["a page", "<html>\n<body>502 Bad Gateway</body>\n</html>\n\n"],
	["a page as data", "data: <html>502</html>\n\n"],
	["words", "data: ping\n\nevent: ping\n\n"],
	["other JSON", 'data: 7\n\ndata: null\n\ndata: [{}]\n\ndata: "x"\n\ndata: {}\n\n'],
	["fields that nobody knows", "id: 1\nretry: 5\nfoo: {\n\n"],
	["bytes that are no text", Uint8Array.of(0xff, 0xfe, 0xc3, 0x28, 0x00, 0x80, 0x0a, 0x0a)],
	["bytes that are no text as data", Uint8Array.of(0x64, 0x61, 0x74, 0x61, 0x3a, 0xff, 0xc3, 0x28, 0x0a, 0x0a)],
	["events that nobody knows", 'data: {"type":"ping"}\n\ndata: {"kind":"unheard","delta":"x"}\n\n'],
];

test.each(harmless)("%s between events changes nothing", (_, garbage) => {
	const between = typeof garbage === "string" ? encoder.encode(garbage) : garbage;
	const wrong = streams.filter(([, { wire, body }]) => {
		const pieces = eventsOf(new TextDecoder().decode(body)).flatMap((event) => [encoder.encode(event), between]);
		return JSON.stringify(fed(wire, joined(pieces))) !== JSON.stringify(fed(wire, body));
	});
	expect(wrong.map(([file]) => file)).toEqual([]);
});

test("half a payload between events makes what follows unreadable, and keeps what came before", () => {
	const { wire, body } = recordingIn("ollama/reasoning.sse");
	const [first = "", second = "", ...others] = eventsOf(new TextDecoder().decode(body));
	expect(replayOf(read(wire, `${first}${second}data: {"choices":[{"del\n\n${others.join("")}`))).toEqual({
		text: "",
		reasoning: "Nun gut.",
		toolCalls: [],
		usage: { input: null, output: null, cached: null, reasoning: null },
		stop: "error",
		failure: cut,
	});
});

test.each(streams)("%s: events of every other wire between its own, it ends once", (_, recording) => {
	const others = streams
		.filter(([, { wire }]) => wire !== recording.wire)
		.map(([, other]) => eventsOf(textOf(other)));
	const mixed = eventsOf(textOf(recording)).flatMap((event, place) => [
		event,
		...others.slice(0, 8).map((events) => events[place % events.length] ?? ""),
	]);
	expect(ends(read(recording.wire, mixed.join("")))).toBe(1);
});

test.each<WireName>([
	"anthropic-messages",
	"openai-responses",
	"openai-chat",
	"gemini-generate",
	"gemini-interactions",
])("%s: a line of 50 MB is given up before it is kept", (wire) => {
	const reader = readerFor(wire);
	const piece = new Uint8Array(64 * 1024).fill(0x78);
	const events: ModelEvent[] = [...reader.push(encoder.encode('data: {"a":"'))];
	let piecesUntilEnd = 0;
	for (let bytes = 0; bytes < 50_000_000; bytes += piece.length) {
		events.push(...reader.push(piece));
		if (ends(events) === 0) piecesUntilEnd += 1;
	}
	events.push(...reader.end());
	expect(piecesUntilEnd).toBe(Math.floor(sseCharsMax / piece.length) - 1);
	expect(events.map(({ type }) => type)).toEqual(["failed", "end"]);
});

function joined(pieces: readonly Uint8Array[]): Uint8Array {
	const whole = new Uint8Array(pieces.reduce((bytes, piece) => bytes + piece.length, 0));
	let at = 0;
	for (const piece of pieces) {
		whole.set(piece, at);
		at += piece.length;
	}
	return whole;
}
