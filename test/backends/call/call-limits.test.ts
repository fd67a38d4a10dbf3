import { afterAll, expect, test } from "vitest";
import type { ModelEvent, ModelRequest } from "../../../src/backends/backend.ts";
import { makeBackends } from "../../../src/backends/backends.ts";
import { nextPace, type Pace } from "../../../src/backends/call/body-pieces.ts";
import { builtBy } from "../../../src/backends/call/built.ts";
import { makeSlots } from "../../../src/backends/pace/slots.ts";
import { collected, modelRequest } from "../../support/fake-request.ts";
import type { Step } from "../../support/fake-script.ts";
import { fakeStage, wireHosts } from "../../support/fake-stage.ts";

const { fake, scripted, backend } = await fakeStage();
afterAll(fake.close);

const tooLarge = { code: "output_too_large", retryable: false, retryAfterMs: null } as const;

test.each<[string, Step[], string, number, ModelEvent[]]>([
	[
		"as much text as is allowed",
		[{ text: "1234567890" }],
		"outputCharactersMax",
		10,
		[
			{ type: "text", text: "1234567890" },
			{ type: "end", stop: "end" },
		],
	],
	[
		"reasoning counts too",
		[{ reasoning: "12345" }, { text: "67890" }],
		"outputCharactersMax",
		9,
		[
			{ type: "reasoning", text: "12345" },
			{ type: "failed", failure: { ...tooLarge, message: "the output exceeds 9 characters" } },
			{ type: "end", stop: "error" },
		],
	],
	[
		"one character more",
		[{ text: "1234567890" }],
		"outputCharactersMax",
		9,
		[
			{ type: "failed", failure: { ...tooLarge, message: "the output exceeds 9 characters" } },
			{ type: "end", stop: "error" },
		],
	],
])("%s", async (_, steps, limit, max, expected) => {
	const paced: Step[] = steps.flatMap((step) => [step, { waitMs: 20 }]);
	const events = await collected(backend("groq", { [limit]: max }), scripted(paced));
	expect(events.filter((event) => event.type !== "usage" && event.type !== "echo")).toEqual(expected);
});

async function bodyBytes(request: ModelRequest): Promise<number> {
	let bytes = 0;
	const measuring: typeof fetch = async (input, init) => {
		const response = await fetch(input, init);
		bytes = (await response.clone().arrayBuffer()).byteLength;
		return response;
	};
	const settings = { GROQ_API_KEY: "k", GROQ_BASE_URL: `${fake.url}/v1` };
	await collected(
		makeBackends(settings, { fetch: measuring, now: Date.now }).open({ backend: "groq", model: "m", params: {} }),
		request,
	);
	return bytes;
}

test("a body of just the allowed size is read, one byte more is not", async () => {
	const request = scripted([{ bytes: 100_000 }]);
	const bytes = await bodyBytes(request);
	const stops = await Promise.all(
		[0, 1].map((less) => collected(backend("groq", { bodyBytesMax: bytes - less }), request)),
	);
	expect(
		stops.map((events) => events.slice(-2).filter((event) => event.type !== "usage" && event.type !== "echo")),
	).toEqual([
		[{ type: "end", stop: "end" }],
		[
			{ type: "failed", failure: { ...tooLarge, message: `the response exceeds ${bytes - 1} bytes` } },
			{ type: "end", stop: "error" },
		],
	]);
});

test.each(wireHosts)("%s: an abort ends it at once, silently, and the provider sees it", async (name) => {
	const abort = new AbortController();
	let gone: AbortSignal | null = null;
	const request = scripted((asked) => {
		gone = asked.signal;
		return [{ text: "so far" }, { hang: true }];
	});
	const events: ModelEvent[] = [];
	for await (const batch of backend(name)(request, abort.signal)) {
		events.push(
			...batch.filter((event) => event.type === "text" || event.type === "failed" || event.type === "end"),
		);
		if (events.length > 0) abort.abort();
	}
	expect(events).toEqual([{ type: "text", text: "so far" }]);
	await expect.poll(() => gone?.aborted).toBe(true);
});

test("an aborted call sends nothing", async () => {
	const before = fake.requests.length;
	expect([
		await collected(backend("openai"), modelRequest(), AbortSignal.abort()),
		fake.requests.length - before,
	]).toEqual([[], 0]);
});

test("who stops listening ends the call", async () => {
	let gone: AbortSignal | null = null;
	const request = scripted((asked) => {
		gone = asked.signal;
		return [{ text: "a" }, { hang: true }];
	});
	for await (const _ of backend("anthropic")(request, new AbortController().signal)) break;
	await expect.poll(() => gone?.aborted).toBe(true);
});

test("six calls wait for their headers, the seventh for one of them", async () => {
	let atOnce = 0;
	let most = 0;
	const counting: typeof fetch = async (input, init) => {
		atOnce += 1;
		most = Math.max(most, atOnce);
		try {
			return await fetch(input, init);
		} finally {
			atOnce -= 1;
		}
	};
	const request = scripted([{ waitMs: 30 }, { text: "ok" }]);
	const open = makeBackends(fake.settings, { fetch: counting, now: Date.now }).open({
		backend: "openai",
		model: "m",
		params: {},
	});
	const all = await Promise.all(Array.from({ length: 14 }, () => collected(open, request)));
	expect([most, all.map((events) => events.at(-1))]).toEqual([
		6,
		Array.from({ length: 14 }, () => ({ type: "end", stop: "end" })),
	]);
});

test("a full queue turns a call away, to be tried again", async () => {
	const request = scripted([{ waitMs: 100 }, { text: "ok" }]);
	const open = makeBackends(fake.settings, { fetch, now: Date.now, limits: { slotsMax: 1, queueMax: 1 } }).open({
		backend: "openai",
		model: "m",
		params: {},
	});
	const all = await Promise.all([0, 1, 2].map(() => collected(open, request)));
	const failures = all.flat().flatMap((event) => (event.type === "failed" ? [event.failure] : []));
	expect(failures).toEqual([
		{
			code: "overloaded",
			retryable: true,
			retryAfterMs: null,
			message: "too many calls to openai are waiting to be sent",
		},
	]);
});

test("slots go to who came first, and who left the queue is passed over", async () => {
	const slots = makeSlots({ slotsMax: 1, queueMax: 2 });
	const never = new AbortController().signal;
	const leaving = new AbortController();
	const order: string[] = [];
	const wait = (name: string, signal: AbortSignal): Promise<unknown> =>
		slots.take(signal).then((outcome) => order.push(`${name} ${outcome}`));
	await wait("a", never);
	const waiting = [wait("b", leaving.signal), wait("c", never)];
	await wait("d", never);
	leaving.abort();
	await Promise.resolve();
	waiting.push(wait("e", never));
	slots.release();
	await waiting[1];
	slots.release();
	await Promise.all(waiting);
	slots.release();
	await wait("f", never);
	expect(order).toEqual(["a taken", "d full", "b aborted", "c taken", "e taken", "f taken"]);
});

type Read = { readonly gapMs: number; readonly bytes: number };
const reads = (count: number, gapMs: number, bytes = 0): Read[] =>
	Array.from({ length: count }, () => ({ gapMs, bytes }));

test.each<[string, Read[], Pace]>([
	["a first quick read changes nothing", reads(1, 0), { quickReads: 1, minimumBytes: 1 }],
	["nor do three", reads(3, 5), { quickReads: 3, minimumBytes: 1 }],
	["the fourth in a row does", reads(4, 5), { quickReads: 4, minimumBytes: 512 }],
	["then it is eight times as much", reads(5, 0), { quickReads: 4, minimumBytes: 4096 }],
	["up to its bound", reads(6, 0), { quickReads: 4, minimumBytes: 16384 }],
	["and no further", reads(100, 0), { quickReads: 4, minimumBytes: 16384 }],
	["one slow read and it is a byte again", [...reads(100, 0), ...reads(1, 6)], { quickReads: 0, minimumBytes: 1 }],
	["a large piece may take longer", [...reads(6, 0), ...reads(1, 37, 16384)], { quickReads: 4, minimumBytes: 16384 }],
	["but no longer than that", [...reads(6, 0), ...reads(1, 38, 16384)], { quickReads: 0, minimumBytes: 1 }],
])("%s", (_, all, expected) => {
	expect(all.reduce(nextPace, { quickReads: 0, minimumBytes: 1 })).toEqual(expected);
});

/** A body as workerd has it: each read waits for at least so many bytes, or the end. */
function workerdBody(text: string, asked: number[]): Response {
	let left = new TextEncoder().encode(text);
	const readAtLeast = async (bytesMin: number, view: Uint8Array): Promise<{ done: boolean; value: Uint8Array }> => {
		asked.push(bytesMin);
		const size = Math.min(view.byteLength, left.byteLength, Math.max(bytesMin, 100));
		const value = left.subarray(0, size);
		left = left.subarray(size);
		return { done: size === 0, value };
	};
	const response = new Response(null, { status: 200 });
	return Object.defineProperty(response, "body", {
		value: { getReader: () => ({ readAtLeast, cancel: async () => {} }) },
	});
}

test("a fast stream is read in growing pieces and loses nothing", async () => {
	const said = "x".repeat(20_000);
	const chunk = (delta: object, finish: string | null): string =>
		`data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
	const asked: number[] = [];
	const served: typeof fetch = async () =>
		workerdBody(`${chunk({ content: said }, null)}${chunk({}, "stop")}data: [DONE]\n\n`, asked);
	const events = await collected(
		makeBackends({ GROQ_API_KEY: "k" }, { fetch: served, now: () => 0 }).open({
			backend: "groq",
			model: "m",
			params: {},
		}),
		modelRequest(),
	);
	expect(events.filter((event) => event.type !== "echo")).toEqual([
		{ type: "text", text: said },
		{ type: "end", stop: "end" },
	]);
	expect(asked.slice(0, 6)).toEqual([1, 1, 1, 1, 512, 4096]);
});

test("an SDK that sends nothing is a mistake of ours", async () => {
	await expect(builtBy(async () => {})).rejects.toThrow("an SDK sends exactly one request");
});
