import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import type { Backend, Failure, ModelEvent, ModelRequest, ToolSpec } from "../../src/backends/backend.ts";
import { makeBackends, type BackendsDeps } from "../../src/backends/backends.ts";
import { builtBy, makeSlots, nextPace, type Pace } from "../../src/backends/call.ts";
import { startFakeProviders } from "../support/fake-providers.ts";
import { collected, modelRequest } from "../support/fake-request.ts";
import type { FakeRequest, Step } from "../support/fake-script.ts";

/** What the fake does next, by the model that is asked; a model without a script is a mistake of the test. */
const scripts = new Map<string, (request: FakeRequest) => readonly Step[] | AsyncIterable<Step>>();
const fake = await startFakeProviders({
	brain: (request) => {
		const script = scripts.get(request.model);
		if (script === undefined) throw new Error(`no script for ${request.model}`);
		return script(request);
	},
});
afterAll(fake.close);

let models = 0;

/** A model that follows this script, as a request to it. */
function scripted(script: readonly Step[] | ((request: FakeRequest) => readonly Step[] | AsyncIterable<Step>), changes: Partial<ModelRequest> = {}): ModelRequest {
	models += 1;
	const model = `scripted-${models}`;
	scripts.set(model, typeof script === "function" ? script : () => script);
	return modelRequest({ model, ...changes });
}

function backend(name: string, limits: BackendsDeps["limits"] = {}): Backend {
	const settings = { ...fake.settings, GROQ_API_KEY: "fake-groq-key", GROQ_BASE_URL: `${fake.url}/v1` };
	return makeBackends(settings, { fetch, now: Date.now, limits }).open({ backend: name, model: "any", params: {} });
}

/** Without what a wire has of its own: echoes, handles, the ids it gives, and accounts before the last. */
function neutral(events: readonly ModelEvent[]): ModelEvent[] {
	const last = events.findLast((event) => event.type === "usage");
	const shown = events.filter((event) => event.type !== "echo" && event.type !== "handle" && (event.type !== "usage" || event === last));
	return shown.map((event) => (event.type === "tool_call" ? { type: "tool_call", call: { ...event.call, id: "*" } } : event));
}

const hosts = ["anthropic", "openai", "groq", "gemini"];
const usage = { input: 120, output: 30, cached: 100, reasoning: 10 };
const look: ToolSpec = { name: "look", description: "Looks.", parameters: { type: "object", properties: { at: { type: "string" } } } };

test.each(hosts)("%s: reasoning, text, a tool call and usage arrive, then one end", async (name) => {
	const request = scripted([{ reasoning: "Hm, so.", chunks: 3 }, { text: "Let me see: ü€😀.", chunks: 6 }, { tool: "look", arguments: { at: "the sky" } }, { usage }], { tools: [look] });
	expect(neutral(await collected(backend(name), request))).toEqual([
		{ type: "reasoning", text: "Hm, so." },
		{ type: "text", text: "Let me see: ü€😀." },
		{ type: "tool_call", call: { id: "*", name: "look", arguments: { at: "the sky" } } },
		{ type: "usage", usage },
		{ type: "end", stop: "tools" },
	]);
});

test.each(hosts)("%s: what it said goes back as it came, results paired with their calls", async (name) => {
	const request = scripted(({ messages }) => (messages.some((message) => message.role === "tool") ? [{ text: "Blue." }] : [{ reasoning: "Hm." }, { text: "Looking." }, { tool: "look", arguments: { at: "sky" } }, { tool: "look", arguments: { at: "sea" } }]), { tools: [look] });
	const first = await collected(backend(name), request);
	const calls = first.flatMap((event) => (event.type === "tool_call" ? [event.call] : []));
	const echo = first.flatMap((event) => (event.type === "echo" ? [event.item] : []));
	const results = calls.map((call, index) => ({ id: call.id, name: call.name, text: `result ${index}`, ok: true }));
	const second = await collected(backend(name), { ...request, messages: [...request.messages, { role: "assistant", text: "Looking.", toolCalls: calls, echo }, { role: "tool", results }] });
	expect(neutral(second).filter((event) => event.type !== "usage")).toEqual([{ type: "text", text: "Blue." }, { type: "end", stop: "end" }]);
	expect(exchanged(name, fake.requests.at(-1)?.body ?? {}, calls.map((call) => call.id))).toEqual({ echoed: true, signed: true, paired: ["result 0", "result 1"] });
});

/** Of a second request: whether the assistant's turn is in it with its signature, and the results in order of the calls. */
function exchanged(name: string, body: object, ids: readonly string[]): { echoed: boolean; signed: boolean; paired: string[] } {
	const turns: readonly Record<string, unknown>[] = Object.values(body).find((value) => Array.isArray(value) && value.some((turn) => typeof turn === "object" && turn !== null && "role" in turn)) ?? [];
	const parts = turns.flatMap((turn) => [turn, ...[turn["content"], turn["parts"], turn["tool_calls"]].flatMap((list) => (Array.isArray(list) ? list : []))]);
	const signature = { anthropic: '"signature":"c2lnbmVk', openai: '"encrypted_content":"encrypted-', gemini: '"thoughtSignature":"c2lnbmVk"', groq: '"reasoning_content":"Hm."' }[name] ?? "";
	const idOf = (part: Record<string, unknown>): unknown => part["tool_use_id"] ?? part["tool_call_id"] ?? (part["type"] === "function_call_output" ? part["call_id"] : undefined) ?? (part["functionResponse"] as { id?: string } | undefined)?.id;
	const paired = ids.flatMap((id) => parts.filter((part) => idOf(part) === id)).map((part) => JSON.stringify(part).match(/result \d/)?.[0] ?? "");
	const text = JSON.stringify(turns);
	return { echoed: ids.every((id) => text.split(`"${id}"`).length === 3), signed: text.includes(signature), paired };
}

test.each(hosts)("%s: broken arguments are handed on as they came", async (name) => {
	const events = neutral(await collected(backend(name), scripted([{ tool: "look", arguments: '{"at": "the s' }])));
	const args = events.flatMap((event) => (event.type === "tool_call" ? [event.call.arguments] : []));
	// Gemini's arguments are an object in its JSON: a model cannot break them there.
	expect(args).toEqual([name === "gemini" ? {} : { __unparsed: '{"at": "the s' }]);
});

type Refusal = Pick<Failure, "code" | "retryable" | "retryAfterMs">;
const refusals: readonly (readonly [Step, Refusal])[] = [
	[{ status: 401 }, { code: "auth", retryable: false, retryAfterMs: null }],
	[{ status: 404 }, { code: "not_found", retryable: false, retryAfterMs: null }],
	[{ status: 429 }, { code: "rate_limited", retryable: true, retryAfterMs: null }],
	[{ status: 429, retryAfterSeconds: 7 }, { code: "rate_limited", retryable: true, retryAfterMs: 7000 }],
	[{ status: 500 }, { code: "server", retryable: true, retryAfterMs: null }],
];

test.each(hosts.flatMap((name) => refusals.map(([step, expected]) => [name, step, expected] as const)))("%s: %j fails as such, after one request", async (name, step, expected) => {
	const before = fake.requests.length;
	const events = await collected(backend(name), scripted([step]));
	const [first, ...rest] = events;
	const { message: _, ...failure } = first?.type === "failed" ? first.failure : { message: "" };
	expect([failure, rest, fake.requests.length - before]).toEqual([expected, [{ type: "end", stop: "error" }], 1]);
});

function failureCodes(events: readonly ModelEvent[]): unknown[] {
	return events.map((event) => (event.type === "failed" ? [event.failure.code, event.failure.retryable] : event.type === "end" ? event.stop : event.type === "text" ? event.text : event.type)).filter((seen) => seen !== "usage" && seen !== "handle");
}

test.each(hosts.flatMap((name): [string, string, Step[], Partial<ModelRequest>, unknown[]][] => [
	["nothing comes", name, [{ hang: true }], { firstByteTimeoutMs: 60 }, [["first_byte_timeout", true], "error"]],
	["a slow start is in time", name, [{ waitMs: 250 }, { text: "so" }], { firstByteTimeoutMs: 3000, stallTimeoutMs: 200 }, ["so", "end"]],
	["a stream stops", name, [{ text: "so " }, { text: "far" }, { hang: true }], { stallTimeoutMs: 250 }, ["so ", "far", ["stall_timeout", true], "cut"]],
	["a pause is no stall", name, [{ text: "so " }, { waitMs: 150 }, { text: "far" }, { waitMs: 150 }, { text: "." }, { waitMs: 150 }], { stallTimeoutMs: 400 }, ["so ", "far", ".", "end"]],
	["a stream is cut", name, [{ text: "so " }, { text: "far" }, { cut: true }], {}, ["so ", "far", ["bad_stream", true], "cut"]],
	["a line is no JSON", name, [{ text: "so" }, { malformed: true }, { text: "lost" }], {}, ["so", ["bad_stream", true], "error"]],
]))("%s (%s)", async (_, name, steps, changes, expected) => {
	const text = failureCodes((await collected(backend(name), scripted(steps, changes))).filter((event) => event.type !== "echo"));
	expect(joinedText(text)).toEqual(joinedText(expected));
});

function joinedText(seen: readonly unknown[]): unknown[] {
	const said = seen.filter((one) => typeof one === "string" && !["end", "cut", "error", "tools"].includes(one));
	return [said.join(""), ...seen.filter((one) => !said.includes(one))];
}

test("the time that the listener takes is no stall", async () => {
	const request = scripted([{ text: "a" }, { waitMs: 30 }, { text: "b" }, { waitMs: 30 }, { text: "c" }], { stallTimeoutMs: 200 });
	const events: ModelEvent[] = [];
	for await (const batch of backend("openai")(request, new AbortController().signal)) {
		events.push(...batch);
		await sleep(300);
	}
	expect(joinedText(failureCodes(events.filter((event) => event.type !== "echo")))).toEqual(["abc", "end"]);
});

test("nobody listens there", async () => {
	const closed = makeBackends({ ...fake.settings, OPENAI_BASE_URL: "http://127.0.0.1:1/v1" }, { fetch, now: Date.now });
	const events = await collected(closed.open({ backend: "openai", model: "m", params: {} }), modelRequest());
	expect(events).toEqual([
		{ type: "failed", failure: { code: "network", retryable: true, retryAfterMs: null, message: expect.stringMatching(/^openai could not be reached/) } },
		{ type: "end", stop: "error" },
	]);
});

test("a key is never quoted back", async () => {
	const events = await collected(backend("anthropic"), scripted([{ status: 401, message: "the key fake-anthropic-key is wrong" }]));
	expect(events[0]).toEqual({ type: "failed", failure: { code: "auth", retryable: false, retryAfterMs: null, message: "the key [key] is wrong" } });
});

test("a key that fits no header is not quoted either", async () => {
	const broken = makeBackends({ ANTHROPIC_API_KEY: "sec\nret", ANTHROPIC_BASE_URL: fake.url }, { fetch, now: Date.now });
	const events = await collected(broken.open({ backend: "anthropic", model: "m", params: {} }), modelRequest());
	expect(events).toEqual([
		{ type: "failed", failure: { code: "bad_request", retryable: false, retryAfterMs: null, message: "the request to anthropic could not be built: check its key, its base URL and the params" } },
		{ type: "end", stop: "error" },
	]);
});

const tooLarge = { code: "output_too_large", retryable: false, retryAfterMs: null } as const;

test.each<[string, Step[], string, number, ModelEvent[]]>([
	["as much text as is allowed", [{ text: "1234567890" }], "outputCharactersMax", 10, [{ type: "text", text: "1234567890" }, { type: "end", stop: "end" }]],
	["reasoning counts too", [{ reasoning: "12345" }, { text: "67890" }], "outputCharactersMax", 9, [{ type: "reasoning", text: "12345" }, { type: "failed", failure: { ...tooLarge, message: "the output exceeds 9 characters" } }, { type: "end", stop: "error" }]],
	["one character more", [{ text: "1234567890" }], "outputCharactersMax", 9, [{ type: "failed", failure: { ...tooLarge, message: "the output exceeds 9 characters" } }, { type: "end", stop: "error" }]],
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
	await collected(makeBackends(settings, { fetch: measuring, now: Date.now }).open({ backend: "groq", model: "m", params: {} }), request);
	return bytes;
}

test("a body of just the allowed size is read, one byte more is not", async () => {
	const request = scripted([{ bytes: 100_000 }]);
	const bytes = await bodyBytes(request);
	const stops = await Promise.all([0, 1].map((less) => collected(backend("groq", { bodyBytesMax: bytes - less }), request)));
	expect(stops.map((events) => events.slice(-2).filter((event) => event.type !== "usage" && event.type !== "echo"))).toEqual([
		[{ type: "end", stop: "end" }],
		[{ type: "failed", failure: { ...tooLarge, message: `the response exceeds ${bytes - 1} bytes` } }, { type: "end", stop: "error" }],
	]);
});

test.each(hosts)("%s: an abort ends it at once, silently, and the provider sees it", async (name) => {
	const abort = new AbortController();
	let gone: AbortSignal | null = null;
	const request = scripted((asked) => {
		gone = asked.signal;
		return [{ text: "so far" }, { hang: true }];
	});
	const events: ModelEvent[] = [];
	for await (const batch of backend(name)(request, abort.signal)) {
		events.push(...batch.filter((event) => event.type === "text" || event.type === "failed" || event.type === "end"));
		if (events.length > 0) abort.abort();
	}
	expect(events).toEqual([{ type: "text", text: "so far" }]);
	await expect.poll(() => gone?.aborted).toBe(true);
});

test("an aborted call sends nothing", async () => {
	const before = fake.requests.length;
	expect([await collected(backend("openai"), modelRequest(), AbortSignal.abort()), fake.requests.length - before]).toEqual([[], 0]);
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
	const open = makeBackends(fake.settings, { fetch: counting, now: Date.now }).open({ backend: "openai", model: "m", params: {} });
	const all = await Promise.all(Array.from({ length: 14 }, () => collected(open, request)));
	expect([most, all.map((events) => events.at(-1))]).toEqual([6, Array.from({ length: 14 }, () => ({ type: "end", stop: "end" }))]);
});

test("a full queue turns a call away, to be tried again", async () => {
	const request = scripted([{ waitMs: 100 }, { text: "ok" }]);
	const open = makeBackends(fake.settings, { fetch, now: Date.now, limits: { slotsMax: 1, queueMax: 1 } }).open({ backend: "openai", model: "m", params: {} });
	const all = await Promise.all([0, 1, 2].map(() => collected(open, request)));
	const failures = all.flat().flatMap((event) => (event.type === "failed" ? [event.failure] : []));
	expect(failures).toEqual([{ code: "overloaded", retryable: true, retryAfterMs: null, message: "too many calls to openai are waiting to be sent" }]);
});

test("slots go to who came first, and who left the queue is passed over", async () => {
	const slots = makeSlots({ slotsMax: 1, queueMax: 2 });
	const never = new AbortController().signal;
	const leaving = new AbortController();
	const order: string[] = [];
	const wait = (name: string, signal: AbortSignal): Promise<unknown> => slots.take(signal).then((outcome) => order.push(`${name} ${outcome}`));
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

test.each<[string, number[], Pace]>([
	["a first quick read changes nothing", [0], { quickReads: 1, minimumBytes: 1 }],
	["nor do seven", Array(7).fill(5), { quickReads: 7, minimumBytes: 1 }],
	["the eighth in a row does", Array(8).fill(5), { quickReads: 8, minimumBytes: 256 }],
	["then it doubles", Array(10).fill(0), { quickReads: 8, minimumBytes: 1024 }],
	["up to its bound", Array(12).fill(0), { quickReads: 8, minimumBytes: 4096 }],
	["and no further", Array(100).fill(0), { quickReads: 8, minimumBytes: 4096 }],
	["one slow read and it is a byte again", [...Array(100).fill(0), 6], { quickReads: 0, minimumBytes: 1 }],
])("%s", (_, gapsMs, expected) => {
	expect(gapsMs.reduce(nextPace, { quickReads: 0, minimumBytes: 1 })).toEqual(expected);
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
	return Object.defineProperty(response, "body", { value: { getReader: () => ({ readAtLeast, cancel: async () => {} }) } });
}

test("a fast stream is read in growing pieces and loses nothing", async () => {
	const said = "x".repeat(20_000);
	const chunk = (delta: object, finish: string | null): string => `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
	const asked: number[] = [];
	const served: typeof fetch = async () => workerdBody(`${chunk({ content: said }, null)}${chunk({}, "stop")}data: [DONE]\n\n`, asked);
	const events = await collected(makeBackends({ GROQ_API_KEY: "k" }, { fetch: served, now: () => 0 }).open({ backend: "groq", model: "m", params: {} }), modelRequest());
	expect(events.filter((event) => event.type !== "echo")).toEqual([{ type: "text", text: said }, { type: "end", stop: "end" }]);
	expect(asked.slice(0, 14)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 256, 512, 1024, 2048, 4096, 4096]);
});

test("an error page of any length is read only in its beginning", async () => {
	const server = createServer((_, response) => void response.writeHead(500).end("e".repeat(1_000_000)));
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/v1`;
	const events = await collected(makeBackends({ VLLM_BASE_URL: url }, { fetch, now: Date.now }).open({ backend: "vllm", model: "m", params: {} }), modelRequest());
	server.closeAllConnections();
	server.close();
	expect(events).toEqual([{ type: "failed", failure: { code: "server", retryable: true, retryAfterMs: null, message: `${"e".repeat(499)}…` } }, { type: "end", stop: "error" }]);
});

test.each<[string, Record<string, string>, number]>([
	["milliseconds", { "retry-after-ms": "1500.4", "retry-after": "9" }, 1500],
	["seconds", { "retry-after": "2" }, 2000],
	["a fraction of them", { "retry-after": "0.5" }, 500],
	["a date", { "retry-after": "Thu, 01 Jan 1970 00:00:12 GMT" }, 2000],
	["a date gone by", { "retry-after": "Thu, 01 Jan 1970 00:00:01 GMT" }, 0],
])("a header tells when to come back: %s", async (_, headers, expected) => {
	const refusing: typeof fetch = async () => new Response("{}", { status: 429, headers });
	const events = await collected(makeBackends({ GROQ_API_KEY: "k" }, { fetch: refusing, now: () => 10_000 }).open({ backend: "groq", model: "m", params: {} }), modelRequest());
	expect(events.map((event) => (event.type === "failed" ? event.failure.retryAfterMs : event.type))).toEqual([expected, "end"]);
});

test("a redirect is not followed, for the key would go along", async () => {
	const server = createServer((_, response) => void response.writeHead(307, { location: `${fake.url}/v1/chat/completions` }).end());
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/v1`;
	const before = fake.requests.length;
	const events = await collected(makeBackends({ GROQ_API_KEY: "k", GROQ_BASE_URL: url }, { fetch, now: Date.now }).open({ backend: "groq", model: "m", params: {} }), scripted([{ text: "no" }]));
	server.closeAllConnections();
	server.close();
	expect([events.map((event) => event.type), fake.requests.length - before]).toEqual([["failed", "end"], 0]);
});

test("an SDK that sends nothing is a mistake of ours", async () => {
	await expect(builtBy(async () => {})).rejects.toThrow("an SDK sends exactly one request");
});
