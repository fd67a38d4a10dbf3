import { expect, test } from "vitest";
import { makeClient } from "../../src/api/client.ts";
import type { Accepted } from "../../durable-objects/rpc.ts";
import type { LoggedEvent } from "../../src/consensus/events.ts";
import { apiKey, badInput, makeApi, refusedWith, send, sendRaw } from "../support/api.ts";

const stream = "id: 1\nevent: x\ndata: {}\n\n";
const events = () => new Response(stream, { headers: { "content-type": "text/event-stream", "x-own": "kept" } });
const url = "http://localhost/v1/sessions/s1";
const question = { question: "Why?" };
const asked = (accept: string, body: unknown = question) => ({ body, headers: { accept } });

test("who accepts an event stream is given the events of the new session, and its address beside them", async () => {
	const served: string[] = [];
	const api = makeApi({}, (id, request) => (served.push(`${id} ${request.method} ${request.url}`), events()));
	const response = await sendRaw(api, "/v1/sessions", asked("text/event-stream"));
	const { headers } = response;
	expect([response.status, headers.get("location"), headers.get("content-type"), headers.get("x-own")]).toEqual([
		202,
		url,
		"text/event-stream",
		"kept",
	]);
	expect([await response.text(), served]).toEqual([stream, [`s1 POST ${url}/events`]]);
	expect(api.sessions.opened().map(({ id }) => id)).toEqual(["s1"]);
	expect((await send(api, "/v1/sessions/s1")).status).toBe(200);
});

test.each<[string, string | undefined, string]>([
	["nothing", undefined, "application/json"],
	["anything", "*/*", "application/json"],
	["any text", "text/*", "application/json"],
	["JSON", "application/json", "application/json"],
	["a type that only begins so", "text/event-streams", "application/json"],
	["both", "application/json, Text/Event-Stream;q=0.9", "text/event-stream"],
])("accepting %s", async (_, accept, type) => {
	const api = makeApi({}, events);
	const sent = accept === undefined ? { body: question } : asked(accept);
	const { status, headers } = await sendRaw(api, "/v1/sessions", sent);
	expect([status, headers.get("content-type")?.split(";")[0]]).toEqual([202, type]);
});

test("an object of before, which is not opened by that, is opened first", async () => {
	const served: string[] = [];
	const api = makeApi({}, (_, request) => {
		served.push(request.method);
		return request.method === "POST" ? new Response("There is no such session.", { status: 404 }) : events();
	});
	expect([await send(api, "/v1/sessions", asked("text/event-stream")), served]).toEqual([
		{ status: 202, body: stream },
		["POST", "GET"],
	]);
});

test.each<[string, Accepted, number]>([
	["its disk takes no writes", { ok: false, code: "unavailable", detail: "Later." }, 503],
	["it was deleted meanwhile", { ok: false, code: "not_found", detail: "Gone." }, 404],
])("a session that cannot be opened, since %s, is not in the list", async (_, refusal, status) => {
	const api = makeApi({}, () => Response.json(refusal, { status: 409 }));
	const refused = await send(api, "/v1/sessions", asked("text/event-stream"));
	expect([refused, (await send(api, "/v1/sessions")).body]).toEqual([
		refusedWith(status, refusal.ok ? "" : refusal.detail),
		{ sessions: [], cursor: null },
	]);
});

test("an Idempotency-Key gives the events of the same session again", async () => {
	const served: string[] = [];
	const api = makeApi({}, (id) => (served.push(id), events()));
	const sent = { body: question, headers: { accept: "text/event-stream", "idempotency-key": "k" } };
	const answers = [await send(api, "/v1/sessions", sent), await send(api, "/v1/sessions", sent)];
	expect([answers.map(({ body }) => body), served]).toEqual([
		[stream, stream],
		["s1", "s1"],
	]);
});

test("a request that is refused is answered as ever", async () => {
	const api = makeApi({}, events);
	expect(await send(api, "/v1/sessions", asked("text/event-stream", {}))).toEqual(
		badInput({ path: "question", message: "is required" }),
	);
	expect(api.sessions.opened()).toEqual([]);
});

test("a session that has too many watchers says so", async () => {
	const api = makeApi({}, () => new Response("At most 256 watchers at once.", { status: 503 }));
	expect(await send(api, "/v1/sessions", asked("text/event-stream"))).toEqual(
		refusedWith(503, "At most 256 watchers at once."),
	);
});

const logged = (seq: number, type: "note.added" | "session.cancelled") =>
	({ seq, at: "", ...(type === "note.added" ? { type, text: "" } : { type, turn: 1 }) }) as LoggedEvent;
const sse = (...all: readonly LoggedEvent[]) =>
	all.map((one) => `id: ${one.seq}\nevent: ${one.type}\ndata: ${JSON.stringify(one)}\n\n`).join("");
const streamOf = (text: string, init: { status?: number; headers?: Record<string, string> } = {}) =>
	new Response(text, { ...init, headers: { "content-type": "text/event-stream", ...init.headers } });
const created = { status: 202, headers: { location: "http://elsewhere/v1/sessions/s1" } };
const [one, two] = [logged(1, "note.added"), logged(2, "session.cancelled")] as const;
const whole = streamOf(sse(one, two));

test.each<[string, readonly Response[], readonly string[]]>([
	["in one request", [streamOf(sse(one, two), created)], ["POST /v1/sessions -"]],
	[
		"goes on where the first connection was lost",
		[streamOf(sse(one), created), Response.json({ status: "running", last_seq: 1 }), streamOf(sse(two))],
		["POST /v1/sessions -", "GET /v1/sessions/s1 -", "GET /v1/sessions/s1/events 1"],
	],
	[
		"asks for the events where the server answers with addresses alone",
		[Response.json({ id: "s1" }, created), whole],
		["POST /v1/sessions -", "GET /v1/sessions/s1/events -"],
	],
])("the client follows a new session: %s", async (_, answers, expected) => {
	const requests: string[] = [];
	const fetch = async ({ method, url: to, headers }: Request) => {
		requests.push(`${method} ${new URL(to).pathname} ${headers.get("last-event-id") ?? "-"}`);
		return answers[requests.length - 1] ?? new Response(null, { status: 500 });
	};
	const client = makeClient({ baseUrl: "http://host", key: "k", fetch, pause: async () => {} });
	const { id, events: following } = await client.followNew(question);
	const seqs: number[] = [];
	for await (const { seq } of following) seqs.push(seq);
	expect([id, seqs, requests]).toEqual(["s1", [1, 2], expected]);
});

test("the client follows a new session: what is refused is thrown, and so is an answer that names no session", async () => {
	const api = makeApi({}, events);
	const refusing = makeClient({ baseUrl: "http://host", key: apiKey, fetch: async (sent) => api.app.request(sent) });
	await expect(refusing.followNew({ question: "" })).rejects.toThrow("question: must not be empty");
	const nameless = makeClient({ baseUrl: "http://host", key: "k", fetch: async () => streamOf("") });
	await expect(nameless.followNew(question)).rejects.toThrow("did not say where the new session is");
});

test("the client follows a new session under its Idempotency-Key", async () => {
	const api = makeApi({}, events);
	const client = makeClient({ baseUrl: "http://host", key: apiKey, fetch: async (sent) => api.app.request(sent) });
	const both = [
		await client.followNew(question, { idempotencyKey: "k" }),
		await client.followNew(question, { idempotencyKey: "k" }),
	];
	expect(both.map(({ id }) => id)).toEqual(["s1", "s1"]);
});
