import { expect, test } from "vitest";
import { ApiError, makeClient, triesMax } from "../../src/api/client.ts";
import { messageCharsMax, sseMessages } from "../../src/api/sse-messages.ts";
import type { LoggedEvent } from "../../src/consensus/events.ts";
import { apiKey, demoTeam, makeApi, teamOf } from "../support/api.ts";

function clientOfApi() {
	const api = makeApi();
	return {
		api,
		client: makeClient({
			baseUrl: "http://host/",
			key: apiKey,
			fetch: async (request) => api.app.request(request),
		}),
	};
}

test("the client does what the API offers", async () => {
	const { client } = clientOfApi();
	const created = await client.createSession({ question: "Why?" }, { idempotencyKey: "k" });
	const again = await client.createSession({ question: "Why?" }, { idempotencyKey: "k" });
	const urls = { url: "http://host/v1/sessions/s1", events_url: "http://host/v1/sessions/s1/events" };
	expect([created, again]).toEqual([
		{ id: "s1", status: "running", ...urls },
		{ id: "s1", status: "running", ...urls },
	]);
	expect(await client.send("s1", "And?")).toEqual({ id: "s1", ...urls });
	expect(await client.steer("s1", { action: "note", text: "n" })).toEqual({ id: "s1", action: "note" });
	expect((await client.rename("s1", "New")).title).toBe("New");
	expect((await client.session("s1")).queued).toEqual(["And?"]);
	expect((await client.sessions({ limit: 1 })).sessions.map(({ title }) => title)).toEqual(["New"]);
	const trio = teamOf({ name: "trio", agents: [{ id: "a", backend: "demo", model: "m" }] });
	expect(await client.putTeam("trio", { agents: [{ id: "a", backend: "demo", model: "m" }] })).toEqual(trio);
	expect([await client.team("trio"), await client.teams()]).toEqual([
		trio,
		{ teams: [trio, demoTeam], built_in: ["demo"] },
	]);
	expect([await client.dropTeam("trio"), await client.remove("s1")]).toEqual([undefined, undefined]);
	expect((await client.backends()).backends.map(({ name }) => name)).toEqual(["demo", "openai", "anthropic"]);
});

test("files go with a question and a message, and come back", async () => {
	const host = { wire: "openai-chat", abilities: {} as never, abilitiesOf: () => ({}) as never };
	const { backends } = makeApi().deps;
	const api = makeApi({ backends: { ...backends, about: () => ({ defaultModel: "m", host }) } });
	const fetch = async (request: Request) => api.app.request(request);
	const client = makeClient({ baseUrl: "http://host/", key: apiKey, fetch });
	const attachments = [{ name: "t.txt", media_type: "text/plain" as const, data: "QUJD" }];
	const { id } = await client.createSession({ question: "Why?", attachments });
	await client.send(id, "And?", { attachments });
	const kept = [{ name: "t.txt", media_type: "text/plain", base64: "QUJD" }];
	expect(api.sessions.opened().map((session) => session.attachments)).toEqual([[...kept, ...kept]]);
	const file = await client.file(id, "f2");
	expect([file.type, await file.text()]).toEqual(["text/plain", "ABC"]);
	const missing = (await client.file(id, "f3").catch((error: unknown) => error)) as ApiError;
	expect(missing.message).toBe("There is no file `f3` in this session.");
});

test("a refusal is thrown with the problem's fields", async () => {
	const { client } = clientOfApi();
	const errors = [{ path: "question", message: "must not be empty" }];
	const thrown = await client.createSession({ question: "" }).catch((error: unknown) => error);
	expect(thrown).toEqual(
		new ApiError({
			type: "about:blank",
			title: "Bad Request",
			status: 400,
			detail: "question: must not be empty",
			errors,
		}),
	);
	expect((thrown as ApiError).problem.errors).toEqual(errors);
});

test("a refusal that is not the API's own has its status", async () => {
	const client = makeClient({
		baseUrl: "http://host",
		key: "k",
		fetch: async () => new Response("<html>", { status: 502, statusText: "Bad Gateway" }),
	});
	const thrown = (await client.teams().catch((error: unknown) => error)) as ApiError;
	expect(thrown.problem).toEqual({
		type: "about:blank",
		title: "Bad Gateway",
		status: 502,
		detail: "The server answered with status 502.",
	});
});

const event = (seq: number, type: "note.added" | "session.cancelled" = "note.added") =>
	({
		seq,
		at: "2026-01-02T03:04:05.000Z",
		...(type === "note.added" ? { type, text: "é" } : { type, turn: 1 }),
	}) as LoggedEvent;
const sse = (...events: readonly LoggedEvent[]) =>
	events.map((one) => `id: ${one.seq}\nevent: ${one.type}\ndata: ${JSON.stringify(one)}\n\n`).join("");
const cut = (text: string) => new Response(bytesOf(text, () => new Error("connection lost")));
const busy = () =>
	Response.json(
		{ type: "about:blank", title: "Service Unavailable", status: 503, detail: "busy" },
		{ status: 503, headers: { "content-type": "application/problem+json" } },
	);
const gone = () =>
	Response.json(
		{ type: "about:blank", title: "Not Found", status: 404, detail: "gone" },
		{ status: 404, headers: { "content-type": "application/problem+json" } },
	);

/** A body of one byte per read, which then ends or breaks. */
function bytesOf(text: string, fault: () => Error | null = () => null): ReadableStream<Uint8Array> {
	const bytes = new TextEncoder().encode(text);
	let at = 0;
	return new ReadableStream({
		pull(stream) {
			const error = fault();
			if (at < bytes.length) stream.enqueue(bytes.slice(at, (at += 1)));
			else if (error === null) stream.close();
			else stream.error(error);
		},
	});
}

type Connection = () => Response;
const lost: Connection = () => {
	throw new TypeError("fetch failed");
};

const standing = (status: string, last_seq: number) => () => Response.json({ status, last_seq });

/**
 * Follows over these connections in turn (the last one again and again): what came, what was asked, how long was waited,
 * how often the session itself was looked at.
 */
async function followed(connections: readonly Connection[], from?: number, session = standing("running", 0)) {
	const asked: (string | null)[][] = [];
	const waited: number[] = [];
	const seqs: number[] = [];
	let looks = 0;
	const fetch = async ({ url, headers }: Request) => {
		const { pathname, search } = new URL(url);
		if (!pathname.endsWith("/events")) {
			looks += 1;
			return session();
		}
		asked.push([search, headers.get("last-event-id")]);
		return (connections[asked.length - 1] ?? connections.at(-1) ?? gone)();
	};
	const client = makeClient({ baseUrl: "http://host", key: "k", fetch, pause: async (ms) => void waited.push(ms) });
	let thrown: string | null = null;
	try {
		for await (const { seq } of client.events("s1", from === undefined ? {} : { from })) seqs.push(seq);
	} catch (error) {
		thrown = (error as Error).message;
	}
	return { seqs, asked, waited, thrown, looks };
}

test.each<[string, Connection[], number | undefined, Awaited<ReturnType<typeof followed>>]>([
	[
		"ends after a terminal event",
		[() => new Response(bytesOf(sse(event(1), event(2, "session.cancelled"))))],
		undefined,
		{ seqs: [1, 2], asked: [["", null]], waited: [], thrown: null, looks: 0 },
	],
	[
		"starts where it is told",
		[() => new Response(sse(event(5, "session.cancelled")))],
		5,
		{ seqs: [5], asked: [["?from=5", null]], waited: [], thrown: null, looks: 0 },
	],
	[
		"goes on within a stream after a terminal event",
		[() => new Response(sse(event(1, "session.cancelled"), event(2), event(3, "session.cancelled")))],
		undefined,
		{ seqs: [1, 2, 3], asked: [["", null]], waited: [], thrown: null, looks: 0 },
	],
	[
		"takes up a lost connection after the last event, each event once",
		[() => cut(sse(event(1), event(2))), () => new Response(sse(event(2), event(3, "session.cancelled")))],
		1,
		{
			seqs: [1, 2, 3],
			asked: [
				["?from=1", null],
				["", "2"],
			],
			waited: [250],
			thrown: null,
			looks: 0,
		},
	],
	[
		"goes on after a clean end that was none",
		[() => new Response(sse(event(1))), () => new Response(sse(event(2, "session.cancelled")))],
		undefined,
		{
			seqs: [1, 2],
			asked: [
				["", null],
				["", "1"],
			],
			waited: [250],
			thrown: null,
			looks: 1,
		},
	],
	[
		"asks once more when cut right after a terminal event",
		[() => cut(sse(event(1, "session.cancelled"))), () => new Response("")],
		undefined,
		{
			seqs: [1],
			asked: [
				["", null],
				["", "1"],
			],
			waited: [250],
			thrown: null,
			looks: 0,
		},
	],
	[
		"waits longer each time while a server is busy",
		[busy, lost, busy, () => new Response(sse(event(1, "session.cancelled")))],
		undefined,
		{
			seqs: [1],
			asked: [
				["", null],
				["", null],
				["", null],
				["", null],
			],
			waited: [250, 500, 1000],
			thrown: null,
			looks: 0,
		},
	],
	[
		"gives up at once where asking again is no use",
		[gone],
		undefined,
		{ seqs: [], asked: [["", null]], waited: [], thrown: "gone", looks: 0 },
	],
	[
		"gives up after eight fruitless connections",
		[lost],
		undefined,
		{
			seqs: [],
			asked: Array.from({ length: triesMax }, () => ["", null]),
			waited: [250, 500, 1000, 2000, 4000, 8000, 10_000],
			thrown: "fetch failed",
			looks: 0,
		},
	],
	[
		"gives up on a server that always ends at once",
		[() => new Response("")],
		undefined,
		{
			seqs: [],
			asked: Array.from({ length: 8 }, () => ["", null]),
			waited: [250, 500, 1000, 2000, 4000, 8000, 10_000],
			thrown: "the event stream ended before the session came to rest",
			looks: 8,
		},
	],
])("following a session %s", async (_, connections, from, expected) => {
	expect(await followed(connections, from)).toEqual(expected);
});

const nothing: Connection = () => new Response("");
const last: Connection = () => new Response(sse(event(8, "session.cancelled")));
const fromEight = (...later: readonly string[]) => [["?from=8", null], ...later.map((search) => [search, null])];
test.each<[string, Connection[], () => Response, Awaited<ReturnType<typeof followed>>]>([
	...["done", "failed", "cancelled", "waiting"].map(
		(status): [string, Connection[], () => Response, Awaited<ReturnType<typeof followed>>] => [
			`ends where the session is ${status} and nothing is left`,
			[nothing],
			standing(status, 7),
			{ seqs: [], asked: fromEight(), waited: [], thrown: null, looks: 1 },
		],
	),
	[
		"ends far beyond the end",
		[nothing],
		standing("done", 3),
		{ seqs: [], asked: fromEight(), waited: [], thrown: null, looks: 1 },
	],
	[
		"goes on where the session runs",
		[nothing, last],
		standing("running", 7),
		{ seqs: [8], asked: fromEight("?from=8"), waited: [250], thrown: null, looks: 1 },
	],
	[
		"goes on where the session came to rest meanwhile, with an event that is still to come",
		[nothing, last],
		standing("done", 8),
		{ seqs: [8], asked: fromEight("?from=8"), waited: [250], thrown: null, looks: 1 },
	],
	[
		"goes on where nobody can say",
		[nothing, last],
		busy,
		{ seqs: [8], asked: fromEight("?from=8"), waited: [250], thrown: null, looks: 1 },
	],
	[
		"goes on after a cut, without a look",
		[() => cut(""), last],
		standing("done", 7),
		{ seqs: [8], asked: fromEight("?from=8"), waited: [250], thrown: null, looks: 0 },
	],
])("following a session from after what is known %s", async (_, connections, session, expected) => {
	expect(await followed(connections, 8, session)).toEqual(expected);
});

test("an end after an event that is not terminal counts where the session is at rest", async () => {
	expect(await followed([() => new Response(sse(event(8)))], 8, standing("cancelled", 8))).toEqual({
		seqs: [8],
		asked: fromEight(),
		waited: [],
		thrown: null,
		looks: 1,
	});
});

test("an aborted follower stops, without an error and without asking again", async () => {
	const abort = new AbortController();
	let asked = 0;
	const open = new ReadableStream<Uint8Array>({
		start: (stream) => stream.enqueue(new TextEncoder().encode(sse(event(1)))),
	});
	const fetch = async ({ signal }: Request) => {
		asked += 1;
		return new Response(open.pipeThrough(new TransformStream<Uint8Array, Uint8Array>(), { signal }));
	};
	const client = makeClient({ baseUrl: "http://host", key: "k", fetch });
	const seqs = [];
	for await (const { seq } of client.events("s1", { signal: abort.signal })) {
		seqs.push(seq);
		abort.abort();
	}
	expect([seqs, asked]).toEqual([[1], 1]);
});

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
	const collected: T[] = [];
	for await (const item of items) collected.push(item);
	return collected;
}

test.each<[string, string, unknown[]]>([
	["comments pass unseen", ": heartbeat\n\nid: 1\nevent: e\ndata: d\n\n", [{ id: "1", event: "e", data: "d" }]],
	[
		"lines may end in CRLF, data may have several",
		"data: a\r\ndata: b\r\n\r\n",
		[{ id: "", event: "message", data: "a\nb" }],
	],
	[
		"one space after the colon is not data, a second one is",
		"data:a\n\ndata:  b\n\n",
		[
			{ id: "", event: "message", data: "a" },
			{ id: "", event: "message", data: " b" },
		],
	],
	["a message that was not finished is none", "data: a\n\ndata: b\n", [{ id: "", event: "message", data: "a" }]],
	["characters of several bytes stay whole", "data: é😀\n\n", [{ id: "", event: "message", data: "é😀" }]],
])("an event stream cut at every byte: %s", async (_, text, expected) => {
	expect(await all(sseMessages(bytesOf(text)))).toEqual(expected);
});

test.each<[number, string]>([
	[messageCharsMax, "read"],
	[messageCharsMax + 1, "a message of the event stream is longer than 8388608 characters"],
])("of a message of %i characters it can be said: %s", async (length, expected) => {
	const body = new Response("x".repeat(length)).body as ReadableStream<Uint8Array>;
	const said = await all(sseMessages(body)).then(
		() => "read",
		(error: unknown) => (error as Error).message,
	);
	expect(said).toBe(expected);
});
