import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../src/std/json.ts";
import { cachedTokensMin, fakeCaches, promptBlocks, type Asked } from "./fake-cache.ts";

/** The caches of the fakes are what shares are measured with, so they are held to figures worked out by hand. */

const marked = { cache_control: { type: "ephemeral" } };
/** A text whose block, `{"role":"user","part":{"type":"text","text":"…"}}`, is as long as this many tokens. */
const blockOf = (tokens: number, letter = "x"): string => letter.repeat(tokens * 4 - bare);
const bare = JSON.stringify({ role: "user", part: { type: "text", text: "" } }).length;

function anthropic(...parts: readonly (readonly [text: string, marks?: JsonObject])[]): Asked {
	const content = parts.map(([text, marks = {}]) => ({ type: "text", text, ...marks }));
	return { wire: "anthropic-messages", model: "m", body: { messages: [{ role: "user", content }] } };
}

function responses(model: string, input: readonly Json[], more: JsonObject = {}): Asked {
	return { wire: "openai-responses", model, body: { input, prompt_cache_key: "k", ...more } };
}

const item = (tokens: number, letter = "x", marks: JsonObject = {}): Json => ({
	role: "user",
	content: [{ type: "text", text: blockOf(tokens, letter), ...marks }],
});
const ended = { prompt_cache_breakpoint: { mode: "explicit" } };

/** What each request reads and writes, the response of each begun before the next one comes. */
function used(...requests: readonly Asked[]) {
	const caches = fakeCaches();
	return requests.map((asked) => {
		const { usage, begun } = caches(asked);
		begun();
		return [usage.input, usage.cached, usage.written];
	});
}

const task = blockOf(2000);
test.each<[title: string, requests: readonly Asked[], used: readonly (readonly (number | undefined)[])[]]>([
	[
		"Anthropic: what ends at a breakpoint is written once, then read",
		[
			anthropic([task, marked], [blockOf(100, "a"), marked]),
			anthropic([task, marked], [blockOf(300, "b"), marked]),
		],
		[
			[2100, 0, 2100],
			[2300, 2000, 300],
		],
	],
	[
		"Anthropic: without a breakpoint nothing is written",
		[anthropic([task]), anthropic([task])],
		[
			[2000, 0, 0],
			[2000, 0, 0],
		],
	],
	[
		"Anthropic: nor read where none of its own stands at or after it",
		[anthropic([task, marked]), anthropic([task], [blockOf(100, "a")])],
		[
			[2000, 0, 2000],
			[2100, 0, 0],
		],
	],
	[
		"Anthropic: what stands after the last breakpoint is plain",
		[anthropic([task, marked], [blockOf(100, "a")])],
		[[2100, 0, 2000]],
	],
	[
		"Anthropic: below the least size nothing is written",
		[
			anthropic([blockOf(cachedTokensMin - 1), marked]),
			anthropic([blockOf(cachedTokensMin), marked]),
			anthropic([blockOf(cachedTokensMin), marked]),
		],
		[
			[1023, 0, 0],
			[1024, 0, 1024],
			[1024, 1024, 0],
		],
	],
	[
		"Anthropic: a breakpoint finds what ended up to 20 blocks back, itself included",
		[20, 21].flatMap((blocks, at) => [
			anthropic([blockOf(2000, "xy"[at]), marked]),
			anthropic(
				[blockOf(2000, "xy"[at])],
				...Array.from({ length: blocks - 2 }, () => [blockOf(100, "a")] as const),
				[blockOf(100, "b"), marked],
			),
		]),
		[
			[2000, 0, 2000],
			[3900, 2000, 1900],
			[2000, 0, 2000],
			[4000, 0, 4000],
		],
	],
	[
		"Anthropic: one byte of difference, and nothing after it is read",
		[anthropic([task, marked]), anthropic([`${task.slice(1)}y`, marked])],
		[
			[2000, 0, 2000],
			[2000, 0, 2000],
		],
	],
	[
		"older OpenAI: any prefix, in steps of 128 tokens, and writing is not counted",
		[responses("gpt-5.5", [item(2000), item(100, "a")]), responses("gpt-5.5", [item(2000), item(300, "b")])],
		[
			[2100, 0, undefined],
			// The brackets of the second message are equal, too: 2,011 tokens, of which 15 steps and 91 tokens.
			[2300, 1920, undefined],
		],
	],
	[
		"older OpenAI: below the least size nothing is read",
		[responses("gpt-5.5", [item(1000)]), responses("gpt-5.5", [item(1000)])],
		[
			[1000, 0, undefined],
			[1000, 0, undefined],
		],
	],
	[
		"gpt-5.6: of itself it ends its prefix after the last message only",
		[responses("gpt-5.6", [item(2000), item(100, "a")]), responses("gpt-5.6", [item(2000), item(300, "b")])],
		[
			[2100, 0, 2100],
			[2300, 0, 2300],
		],
	],
	[
		"gpt-5.6: a breakpoint of ours is read exactly",
		[
			responses("gpt-5.6", [item(2000, "x", ended), item(100, "a")]),
			responses("gpt-5.6", [item(2000, "x", ended), item(300, "b")]),
		],
		[
			[2100, 0, 2100],
			[2300, 2000, 300],
		],
	],
	[
		"another key or model is another cache",
		[
			responses("gpt-5.5", [item(2000)]),
			responses("gpt-5.5", [item(2000)], { prompt_cache_key: "other" }),
			responses("gpt-5.4", [item(2000)]),
			responses("gpt-5.5", [item(2000)]),
		],
		[
			[2000, 0, undefined],
			[2000, 0, undefined],
			[2000, 0, undefined],
			[2000, 1920, undefined],
		],
	],
])("%s", (_, requests, expected) => {
	expect(used(...requests)).toEqual(expected);
});

test("a cache can be read once the response that wrote it has begun", () => {
	const caches = fakeCaches();
	const request = anthropic([task, marked]);
	const first = caches(request);
	expect(caches(request).usage).toEqual({ input: 2000, cached: 0, written: 2000 });
	first.begun();
	expect(caches(request).usage).toEqual({ input: 2000, cached: 2000, written: 0 });
});

test.each<[Asked["wire"], JsonObject, readonly string[]]>([
	[
		"anthropic-messages",
		{ messages: [{ role: "user", content: "Q" }], system: [{ type: "text", text: "S" }], tools: [{ name: "t" }] },
		['{"name":"t"}', '{"type":"text","text":"S"}', '{"role":"user","content":"Q"}'],
	],
	[
		"openai-responses",
		{ input: [{ role: "user", content: "Q" }], instructions: "S", tools: [{ name: "t" }] },
		['{"name":"t"}', '"S"', '{"role":"user","content":"Q"}'],
	],
	[
		"openai-chat",
		{
			messages: [
				{ role: "system", content: "S" },
				{ role: "user", content: "Q" },
			],
			tools: [{ name: "t" }],
		},
		['{"name":"t"}', '{"role":"system","content":"S"}', '{"role":"user","content":"Q"}'],
	],
	[
		"gemini-generate",
		{
			contents: [{ role: "user", parts: [{ text: "Q" }] }],
			systemInstruction: { parts: [{ text: "S" }] },
			tools: [{ t: 1 }],
		},
		['{"t":1}', '{"parts":[{"text":"S"}]}', '{"role":"user","part":{"text":"Q"}}'],
	],
])("%s: tools come first, then the system prompt, then the messages", (wire, body, expected) => {
	expect(promptBlocks({ wire, model: "m", body }).map(({ text }) => text)).toEqual(expected);
});
