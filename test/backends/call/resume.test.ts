import { afterAll, expect, test } from "vitest";
import { modelCall, type CallResult } from "../../../src/agent/model-call.ts";
import type { Backend, ModelEvent, ModelRequest, ResumePoint, ToolSpec } from "../../../src/backends/backend.ts";
import { makeBackends, type Backends } from "../../../src/backends/backends.ts";
import { cutAfter } from "../../support/cut-fetch.ts";
import { settingsAt, specOf } from "../../support/fake-hosts.ts";
import { startFakeProviders } from "../../support/fake-providers.ts";
import { collected, modelRequest } from "../../support/fake-request.ts";
import type { Brain, Step } from "../../support/fake-script.ts";

/** A call whose connection breaks, taken up again: what comes of it is what an unbroken one brings. */

const scripts = new Map<string, Brain>();
const fake = await startFakeProviders({ brain: (request) => scripts.get(request.model)?.(request) ?? [] });
afterAll(fake.close);

const look: ToolSpec = { name: "look", description: "Looks.", parameters: { type: "object", properties: {} } };
const answer: readonly Step[] = [
	{ reasoning: "So the sky first, and then the sea.", chunks: 8 },
	{ text: "I look at both of them, one after the other ü€😀.", chunks: 24 },
	{ tool: "look", arguments: { at: "the sky" } },
	{ reasoning: "And now the sea.", chunks: 2 },
	{ tool: "look", arguments: { at: "the sea" } },
	{ text: "More when they are back.", chunks: 10 },
	{ usage: { input: 120, output: 60, cached: 100, reasoning: 20 } },
];
const words: readonly Step[] = [{ text: "Nothing but words, and many of them at that.", chunks: 40 }];

function scripted(script: Brain, changes: Partial<ModelRequest> = {}): ModelRequest {
	const model = `model-${scripts.size + 1}`;
	scripts.set(model, script);
	return modelRequest({ model, tools: [look], resumable: true, ...changes });
}

function backendsBy(send: typeof fetch = fetch): Backends {
	return makeBackends(fake.settings, { fetch: send, now: Date.now });
}

const hosts = ["openai", "gemini"] as const;
const cases = hosts.flatMap((host): [string, string, readonly Step[]][] => [
	[host, "thoughts, words and calls", answer],
	[host, "words alone", words],
]);

/** What the agent makes of these events; ids without the number that tells one call from the next. */
async function outcomeOf(events: readonly ModelEvent[]): Promise<CallResult> {
	const backend: Backend = async function* () {
		yield events;
	};
	const { signal } = new AbortController();
	const listener = { pieces: () => {}, handle: () => {}, decided: () => {}, reached: () => {} };
	const result = await modelCall(backend, modelRequest(), { signal, listener });
	return JSON.parse(JSON.stringify(result).replaceAll(/_f\d+/g, "_f"));
}

async function eventsFrom(batches: AsyncIterable<readonly ModelEvent[]>): Promise<readonly ModelEvent[]> {
	const events: ModelEvent[] = [];
	for await (const batch of batches) events.push(...batch);
	return events;
}

/** What came before the connection broke. */
async function begun(host: string, request: ModelRequest, cut: number): Promise<readonly ModelEvent[]> {
	const { signal } = new AbortController();
	const events = await eventsFrom(backendsBy(cutAfter(cut)).open(specOf(host))(request, signal));
	return events.filter(({ type }) => type !== "failed" && type !== "end");
}

function resumed(host: string, point: ResumePoint, request: ModelRequest): Promise<readonly ModelEvent[]> {
	const resume = backendsBy().resume(specOf(host));
	if (resume === null) throw new Error(`${host} cannot resume`);
	return eventsFrom(resume(point, request, new AbortController().signal));
}

/** Every number of events after which a stream of this host's can break, with a handle told by then. */
async function cutsOf(host: string, request: ModelRequest): Promise<number[]> {
	let events = 0;
	const counting: typeof fetch = async (input, init) => {
		const response = await fetch(input, init);
		const text = await response.text();
		events = text.split("\n\n").length - 1;
		return new Response(text, response);
	};
	await collected(backendsBy(counting).open(specOf(host)), request);
	return Array.from({ length: events - 1 }, (_, index) => index + 1);
}

test.each(cases)("%s: %s, cut at any event and asked for again, come to the same", async (host, _, script) => {
	const request = scripted(() => script);
	const unbroken = await outcomeOf(await collected(backendsBy().open(specOf(host)), request));
	for (const cut of await cutsOf(host, request)) {
		const before = await begun(host, request, cut);
		const last = before.findLast((event) => event.type === "handle");
		if (last === undefined) throw new Error(`no handle within ${cut} events`);
		const after = await resumed(host, { handle: last.handle, cursor: null }, request);
		expect(after[0]).toEqual({ type: "restart" });
		expect([cut, await outcomeOf([...before, ...after])]).toEqual([cut, unbroken]);
	}
});

test.each(cases)(
	"%s: %s, cut at any event and taken up at the last cursor, come to the same",
	async (host, _, script) => {
		const request = scripted(() => script);
		const unbroken = await outcomeOf(await collected(backendsBy().open(specOf(host)), request));
		const cursors = new Set<string>();
		for (const cut of await cutsOf(host, request)) {
			const events = await begun(host, request, cut);
			const place = events.findLastIndex((event) => event.type === "handle" && event.cursor !== null);
			const last = events[place];
			if (last?.type !== "handle" || last.cursor === null) continue;
			cursors.add(last.cursor);
			const after = await resumed(host, last, request);
			expect(after.some(({ type }) => type === "restart")).toBe(false);
			expect([cut, await outcomeOf([...events.slice(0, place), ...after])]).toEqual([cut, unbroken]);
		}
		expect(cursors.size).toBeGreaterThanOrEqual(script === words ? 1 : 3);
	},
);

test.each(hosts)("%s: an answer that was finished meanwhile is read to its end", async (host) => {
	const request = scripted(() => answer);
	const whole = await collected(backendsBy().open(specOf(host)), request);
	const handles = whole.flatMap((event) => (event.type === "handle" ? [event] : []));
	const [first, last] = [handles[0], handles.at(-1)];
	if (first === undefined || last === undefined) throw new Error("no handle");
	const again = await resumed(host, { handle: first.handle, cursor: null }, request);
	expect(await outcomeOf(again)).toEqual(await outcomeOf(whole));
	const rest = await resumed(host, last, request);
	const place = whole.findLastIndex(({ type }) => type === "handle");
	expect(await outcomeOf(rest)).toEqual(await outcomeOf(whole.slice(place)));
	expect(fake.followUps.slice(-2)).toEqual(followUps[host](last));
});

const followUps = {
	openai: ({ handle, cursor }) => [
		`GET /v1/responses/${handle}?stream=true`,
		`GET /v1/responses/${handle}?stream=true&starting_after=${cursor}`,
	],
	gemini: ({ handle, cursor }) => [
		`GET /v1beta/interactions/${handle}?stream=true`,
		`GET /v1beta/interactions/${handle}?last_event_id=${cursor}&stream=true`,
	],
} as const satisfies Record<string, (point: ResumePoint) => readonly string[]>;

test("what was to be in an answer is to be in the rest of it", async () => {
	const request = modelRequest({ model: "gpt-5.5", resumable: true });
	await resumed("openai", { handle: "resp_any", cursor: "7" }, request);
	expect(fake.followUps.at(-1)).toBe(
		"GET /v1/responses/resp_any?stream=true&starting_after=7&include%5B%5D=reasoning.encrypted_content",
	);
});

test.each<[(typeof hosts)[number], string, string]>([
	["openai", "resp_nobody", "Response with id 'resp_nobody' not found."],
	["gemini", "v1_nobody", "Requested entity was not found."],
])("%s: an answer that the host does not have is not found, and not asked for twice", async (host, handle, message) => {
	const before = fake.followUps.length;
	const failure = { code: "not_found", retryable: false, retryAfterMs: null, message };
	expect(
		await resumed(
			host,
			{ handle, cursor: null },
			scripted(() => words),
		),
	).toEqual([
		{ type: "failed", failure },
		{ type: "end", stop: "error" },
	]);
	expect(fake.followUps.length - before).toBe(1);
});

test.each(hosts)("%s: an answer that the host has forgotten is not found", async (host) => {
	const request = scripted(() => words);
	const events = await begun(host, request, 3);
	const point = events.find((event) => event.type === "handle");
	if (point === undefined) throw new Error("no handle");
	fake.forget();
	const codes = (await resumed(host, point, request)).flatMap((event) =>
		event.type === "failed" ? [event.failure.code] : [],
	);
	expect(codes).toEqual(["not_found"]);
});

test.each(hosts)("%s: an answer that failed meanwhile tells so", async (host) => {
	const request = scripted(async function* () {
		yield { text: "So far" };
		yield { cut: true };
		yield { malformed: true };
	});
	const { signal } = new AbortController();
	const events = await eventsFrom(backendsBy().open(specOf(host))(request, signal));
	const point = events.find((event) => event.type === "handle");
	if (point === undefined) throw new Error("no handle");
	expect(neutral(await resumed(host, { handle: point.handle, cursor: null }, request))).toEqual([
		{ type: "restart" },
		{ type: "text", text: "So far" },
		{
			type: "failed",
			failure: {
				code: "bad_stream",
				retryable: true,
				retryAfterMs: null,
				message: "a payload of the stream is not JSON",
			},
		},
		{ type: "end", stop: "error" },
	]);
});

function neutral(events: readonly ModelEvent[]): readonly ModelEvent[] {
	return events.filter(({ type }) => type !== "handle");
}

test("only a host that is known to have such a mode can take a call up again", () => {
	const { names, resume } = makeBackends(settingsAt(fake.url), { fetch, now: Date.now, extra: { own } });
	expect(names().filter((name) => resume(specOf(name)) !== null)).toEqual(["openai", "gemini"]);
});

const own = { backend: async function* () {}, models: ["any"] };
