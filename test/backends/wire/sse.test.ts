import { expect, test } from "vitest";
import { sseParser } from "../../../src/backends/wire/sse.ts";

const charsMax = 12;

function parsed(pieces: readonly string[]): { events: string[]; rest: string | null } {
	const events: string[] = [];
	const parser = sseParser((data) => events.push(data));
	for (const piece of pieces) parser.push(piece);
	return { events, rest: parser.end() };
}

const streams: readonly [string, string, { events: string[]; rest: string | null }][] = [
	["a blank line ends an event", "data: a\n\ndata: b\n\n", { events: ["a", "b"], rest: null }],
	["one space after the colon is dropped, no more", "data:a\n\ndata:  b\n\n", { events: ["a", " b"], rest: null }],
	["several data lines are one event", "data: a\ndata: b\n\n", { events: ["a\nb"], rest: null }],
	["lines may end in CRLF", "data: a\r\ndata: b\r\n\r\ndata: c\r\n\r\n", { events: ["a\nb", "c"], rest: null }],
	["lines may end in CR", "data: a\rdata: b\r\rdata: c\r\r", { events: ["a\nb", "c"], rest: null }],
	[
		"comments, names and unknown fields are passed over",
		": hello\nevent: x\nid: 1\nretry: 5\ndatabase: no\ndata: a\n\n",
		{ events: ["a"], rest: null },
	],
	["an event without data is none", "event: ping\n\n\n\ndata: a\n\n", { events: ["a"], rest: null }],
	["data without a colon is empty", "data\n\ndata:\n\n", { events: ["", ""], rest: null }],
	[
		"a line that says error is data that says so",
		'error: {"a":1}\n\n',
		{ events: ['{"error":{"a":1}}'], rest: null },
	],
	["unless it says so itself", 'error: {"error":1}\n\n', { events: ['{"error":1}'], rest: null }],
	["in words too", "error: bad\n\n", { events: ['{"error":"bad"}'], rest: null }],
	["what no blank line has ended is the rest", "data: a\n\ndata: b\ndata: c", { events: ["a"], rest: "b\nc" }],
];

test.each(streams)("%s", (_, stream, expected) => {
	expect(parsed([stream])).toEqual(expected);
});

test.each(streams)("cut anywhere: %s", (_, stream, expected) => {
	expect(parsed(stream.split(""))).toEqual(expected);
	for (let at = 0; at <= stream.length; at += 1)
		expect(parsed([stream.slice(0, at), stream.slice(at)])).toEqual(expected);
});

test.each<[string, readonly string[], boolean, string[]]>([
	["a line at the limit is read", ["data: 123456\n\n"], true, ["123456"]],
	["a line one longer is not, nor anything after it", ["data: 1234567\n\ndata: a\n\n"], false, []],
	["a line without an end at the limit may go on", ["data: 1", "23456"], true, []],
	["a line without an end is given up at the limit and one", ["data: 1", "234567"], false, []],
	["data of several lines at the limit is read", ["data: 12345\ndata: 123456\n\n"], true, ["12345\n123456"]],
	["data of several lines one longer is not", ["data: 123456\ndata: 123456\n\n"], false, []],
])("%s", (_, pieces, isFine, expected) => {
	const events: string[] = [];
	const parser = sseParser((data) => events.push(data), undefined, charsMax);
	expect({ isFine: pieces.map((piece) => parser.push(piece)).at(-1), events }).toEqual({ isFine, events: expected });
});

test("what may be skimmed begins where an event does, or after its name where the text was cut there", () => {
	const stream = "data: a\n\nevent: x\ndata: b\n\ndata: c\ndata: d\n\n";
	const afterName = 18;
	for (let at = 1; at < stream.length; at += 1) {
		const seen: number[] = [];
		let pushed = 0;
		const parser = sseParser(
			() => {},
			({ from }) => (seen.push(pushed + from), from),
		);
		for (const piece of [stream.slice(0, at), stream.slice(at)]) {
			parser.push(piece);
			pushed += piece.length;
		}
		expect([...new Set(seen)]).toEqual([0, 9, ...(at === afterName ? [afterName] : []), 27, 44]);
	}
});

test("what was skimmed is read no more", () => {
	const events: string[] = [];
	const parser = sseParser(
		(data) => events.push(data),
		({ text, from }) => (text.startsWith("data: b", from) ? from + 9 : from),
	);
	parser.push("data: a\n\ndata: b\n\ndata: c\n\n");
	expect(events).toEqual(["a", "c"]);
});
