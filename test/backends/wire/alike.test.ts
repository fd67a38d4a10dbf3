import { expect, test } from "vitest";
import type { ModelEvent } from "../../../src/backends/backend.ts";
import { alike } from "../../../src/backends/wire/alike.ts";
import type { WireName } from "../../../src/backends/wire/wire.ts";
import type { JsonObject } from "../../../src/std/json.ts";
import { fed, streamed } from "./feed.ts";

/** Reads these data as a reader would, and says of each text whether it had to be parsed for it. */
function read(...all: readonly string[]): readonly string[] {
	const texts: string[] = [];
	const textOf = ({ text }: JsonObject) => (typeof text === "string" ? text : null);
	const known = alike({ textIn: textOf, add: (_, text) => void texts.push(`= ${text}`) });
	for (const data of all) {
		if (known.take(data)) continue;
		const payload = JSON.parse(data) as JsonObject;
		texts.push(`parsed ${textOf(payload)}`);
		known.learn(data, payload);
	}
	return texts;
}

const piece = (text: string, id = "x") => JSON.stringify({ id, text, n: 1 });

test.each<[string, readonly string[], readonly string[]]>([
	[
		"from the third of a shape on none is parsed",
		["one", "two", "three", "four"].map((text) => piece(text)),
		["parsed one", "parsed two", "= three", "= four"],
	],
	[
		"what has to be unescaped is parsed, and the next one is not",
		["one", "two", 'a "b"', "a\\b", "a\nb", "three"].map((text) => piece(text)),
		["parsed one", "parsed two", 'parsed a "b"', "parsed a\\b", "parsed a\nb", "= three"],
	],
	[
		"letters of any script stand for themselves",
		["one", "two", "ü€😀 \u2028"].map((text) => piece(text)),
		["parsed one", "parsed two", "= ü€😀 \u2028"],
	],
	[
		"another shape is learnt anew",
		[piece("one"), piece("two"), piece("3", "y"), piece("4", "y"), piece("5", "y"), piece("6")],
		["parsed one", "parsed two", "parsed 3", "parsed 4", "= 5", "parsed 6"],
	],
	[
		"a shape that changes each time is never taken for known",
		["a", "b", "c", "d"].map((id) => piece(`t${id}`, id)),
		["parsed ta", "parsed tb", "parsed tc", "parsed td"],
	],
	[
		"where the text stands twice, it may be the wrong one of them that is found, and then nothing is known",
		[piece("x"), piece("x"), piece("y"), piece("z"), piece("x")],
		["parsed x", "parsed x", "parsed y", "parsed z", "= x"],
	],
	[
		"an empty text is none",
		["one", "two", "", "three"].map((text) => piece(text)),
		["parsed one", "parsed two", "parsed ", "= three"],
	],
	[
		"a part that only looks like the text is found out by the proof",
		['{"a":"1/2","text":"1\\/2"}', '{"a":"1/2","text":"1\\/2"}', '{"a":"5/6","text":"1\\/2"}'],
		["parsed 1/2", "parsed 1/2", "parsed 1/2"],
	],
	[
		"a text that closes its string and opens another is parsed",
		[piece("one"), piece("two"), '{"id":"x","text":"a","text":"b","n":1}', piece("three")],
		["parsed one", "parsed two", "parsed b", "= three"],
	],
])("%s", (_, data, expected) => {
	expect(read(...data)).toEqual(expected);
});

/** What is taken of this text as one run after a proof, what is parsed on its own, and what is left. */
function runOf(name: string, stream: string, shape = piece) {
	const taken: string[] = [];
	const known = alike({
		textIn: ({ text }) => (typeof text === "string" ? text : null),
		add: (_, text) => void taken.push(`= ${text}`),
	});
	for (const text of ["one", "two"]) known.learn(shape(text), JSON.parse(shape(text)) as JsonObject);
	const before = `${name}data: ${shape("two")}\n\n`;
	const text = before + stream;
	const end = known.takeRun({ text, from: before.length, before: 0 }, (data) => void taken.push(`one ${data}`));
	return { taken, left: text.slice(end) };
}
const sent = (...texts: readonly string[]) => texts.map((text) => `data: ${piece(text)}\n\n`).join("");
const named = "event: delta\n";

test.each<[string, ReturnType<typeof runOf>, ReturnType<typeof runOf>]>([
	["all that come in a row are one text", runOf("", sent("a", "b", "c")), { taken: ["= abc"], left: "" }],
	[
		"an event that has a name too",
		runOf(named, `${named}${sent("a")}${named}${sent("b")}`),
		{ taken: ["= ab"], left: "" },
	],
	["one that is cut off is left", runOf("", `${sent("a")}data: {"id"`), { taken: ["= a"], left: 'data: {"id"' }],
	[
		"one that lacks only its blank line is left",
		runOf("", sent("a", "b").slice(0, -1)),
		{ taken: ["= a"], left: sent("b").slice(0, -1) },
	],
	[
		"the run ends where another event comes in between",
		runOf("", `${sent("a")}: awake\n\n${sent("b")}`),
		{ taken: ["= a"], left: `: awake\n\n${sent("b")}` },
	],
	[
		"another name is another event",
		runOf(named, `${named}${sent("a")}event: ping\n${sent("b")}`),
		{ taken: ["= a"], left: `event: ping\n${sent("b")}` },
	],
	[
		"where a text has to be unescaped, each is handed on in its order",
		runOf("", sent("a", 'b"', "c")),
		{ taken: [piece("a"), piece('b"'), piece("c")].map((data) => `one ${data}`), left: "" },
	],
	["an empty text too", runOf("", sent("a", "")), { taken: [`one ${piece("a")}`, `one ${piece("")}`], left: "" }],
	["an event before with other lines proves nothing", runOf("id: 1\n", sent("a")), { taken: [], left: sent("a") }],
	[
		"nor do data of several lines",
		runOf("", 'data: {"id":"x",\ndata: "text":"a","n":1}\n\n', (text) => `{"id":"x",\n"text":"${text}","n":1}`),
		{ taken: [], left: 'data: {"id":"x",\ndata: "text":"a","n":1}\n\n' },
	],
])("of events alike: %s", (_, run, expected) => {
	expect(run).toEqual(expected);
});

test("of events alike: a run is one of the shape that was proven last", () => {
	const taken: string[] = [];
	const known = alike({
		textIn: ({ text }) => (typeof text === "string" ? text : null),
		add: ({ id }, text) => void taken.push(`${String(id)}: ${text}`),
	});
	const run = (id: string, text: string) => {
		const event = `data: ${piece(text, id)}\n\n`;
		known.takeRun({ text: event + event, from: event.length, before: 0 }, () => {});
	};
	for (const id of ["x", "y"]) {
		for (const text of ["one", "two"]) known.learn(piece(text, id), JSON.parse(piece(text, id)) as JsonObject);
		for (const of of ["x", "y"]) run(of, id);
	}
	expect(taken).toEqual(["x: x", "y: y"]);
});

const words = ["Hm", " so", ' "quoted"', " back\\slash", "\n", " ü€😀", "", ' ","content":"x', " plain", " again", "}"];

/** Pseudo-random, the same for a seed. */
function chosen(seed: number, count: number): readonly string[] {
	let state = seed;
	return Array.from({ length: count }, () => {
		state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
		return words[state % words.length] ?? "";
	});
}

type Streams = (texts: readonly string[], seed: number) => readonly unknown[];
const chunk = (delta: object, rest: object = {}) => ({
	id: "c1",
	object: "chat.completion.chunk",
	choices: [{ index: 0, delta, logprobs: null, finish_reason: null }],
	...rest,
});
const streams: Partial<Record<WireName, Streams>> = {
	"openai-chat": (texts, seed) => [
		...texts.map((content, at) => {
			if ((at + seed) % 7 < 3) return chunk({ content, reasoning_content: "Hm" });
			if (at % 11 === 3) return chunk({ content }, { usage: { prompt_tokens: at, completion_tokens: 1 } });
			return chunk({ content });
		}),
		{ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
		"data: [DONE]\n\n",
	],
	"anthropic-messages": (texts) => [
		{ type: "message_start", message: { content: [], usage: {} } },
		...[0, 1].flatMap((index) => [
			{ type: "content_block_start", index, content_block: { type: "text", text: "" } },
			...texts.map((text) => ({ type: "content_block_delta", index, delta: { type: "text_delta", text } })),
			{ type: "content_block_stop", index },
			{ type: "content_block_delta", index, delta: { type: "text_delta", text: "too late" } },
		]),
		{ type: "message_delta", delta: { stop_reason: "end_turn" } },
		{ type: "message_stop" },
	],
};

/** No shape is ever known twice where each event brings something of its own that means nothing. */
function eachOfItsOwn(payloads: readonly unknown[]): readonly unknown[] {
	return payloads.map((payload, at) => (typeof payload === "object" ? { ...payload, nonce: `n${at}` } : payload));
}

function told(events: readonly ModelEvent[]) {
	const text = events.map((event) => (event.type === "text" ? event.text : "")).join("");
	return { text, rest: events.filter(({ type }) => type !== "text") };
}

const seeds = Array.from({ length: 40 }, (_, seed) => seed);
test.each(Object.entries(streams).flatMap(([wire, stream]) => seeds.map((seed) => [wire, seed, stream] as const)))(
	"%s, seed %i: a stream is read as one in which no two payloads are alike",
	(wire, seed, stream) => {
		const payloads = stream(chosen(seed, 60), seed);
		const plain = told(fed(wire as WireName, streamed(...payloads)));
		for (const bytes of [1, 97, 1000])
			expect(told(fed(wire as WireName, streamed(...payloads), bytes))).toEqual(plain);
		expect(plain).toEqual(told(fed(wire as WireName, streamed(...eachOfItsOwn(payloads)))));
		expect(plain.text.length).toBeGreaterThan(60);
	},
);
