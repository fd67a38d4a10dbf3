import { expect, test } from "vitest";
import { type Sent, apiKey, badInput, demoTeam, makeApi, refusedWith, send, sendRaw } from "../support/api.ts";

const urls = (id: string, base = "http://localhost") => ({
	url: `${base}/v1/sessions/${id}`,
	events_url: `${base}/v1/sessions/${id}/events`,
});
const question = { question: "Why?" };

test.each<[string, string, Sent, object]>([
	["a message", "turns", { body: { message: "And?" } }, { status: 202, body: { id: "s1", ...urls("s1") } }],
	[
		"a blank message",
		"turns",
		{ body: { message: " " } },
		badInput({ path: "message", message: "must not be empty" }),
	],
	[
		"a message over its maximum",
		"turns",
		{ body: { message: "x".repeat(200_001) } },
		badInput({ path: "message", message: "must be at most 200000 characters" }),
	],
	[
		"a message under another name",
		"turns",
		{ body: { question: "And?" } },
		badInput({ path: "message", message: "is required" }, { path: "question", message: "unknown key" }),
	],
	["a note", "steer", { body: { action: "note", text: "n" } }, { status: 202, body: { id: "s1", action: "note" } }],
	[
		"a note over its maximum",
		"steer",
		{ body: { action: "note", text: "x".repeat(20_001) } },
		badInput({ path: "text", message: "must be at most 20000 characters" }),
	],
	[
		"answer_now",
		"steer",
		{ body: { action: "answer_now" } },
		{ status: 202, body: { id: "s1", action: "answer_now" } },
	],
	[
		"drop_agent",
		"steer",
		{ body: { action: "drop_agent", agent: "one" } },
		{ status: 202, body: { id: "s1", action: "drop_agent" } },
	],
	[
		"drop_agent of a stranger",
		"steer",
		{ body: { action: "drop_agent", agent: "two" } },
		badInput({ path: "agent", message: "is not an agent of this team" }),
	],
	[
		"a budget",
		"steer",
		{ body: { action: "budget", budget: { calls: 5 } } },
		{ status: 202, body: { id: "s1", action: "budget" } },
	],
	[
		"a budget in dollars",
		"steer",
		{ body: { action: "budget", budget: { usd: 5 } } },
		{ status: 202, body: { id: "s1", action: "budget" } },
	],
	["cancel", "steer", { body: { action: "cancel" } }, { status: 202, body: { id: "s1", action: "cancel" } }],
	["resume", "steer", { body: { action: "resume" } }, { status: 202, body: { id: "s1", action: "resume" } }],
	[
		"cancel with a text",
		"steer",
		{ body: { action: "cancel", text: "t" } },
		badInput({ path: "text", message: "unknown key" }),
	],
	[
		"an unknown action",
		"steer",
		{ body: { action: "stop" } },
		badInput({ path: "action", message: "must be one of note, answer_now, drop_agent, budget, cancel, resume" }),
	],
	[
		"a title of 201 characters",
		"",
		{ method: "PATCH", body: { title: "x".repeat(201) } },
		badInput({ path: "title", message: "must be at most 200 characters" }),
	],
])("to a session one may send, or not: %s", async (_, resource, sent, expected) => {
	const api = makeApi();
	await send(api, "/v1/sessions", { body: question });
	expect(await send(api, `/v1/sessions/s1${resource && `/${resource}`}`, sent)).toEqual(expected);
});

test("what is sent reaches the session as it was", async () => {
	const api = makeApi();
	await send(api, "/v1/sessions", { body: question });
	await send(api, "/v1/sessions/s1/turns", { body: { message: " And? " } });
	await send(api, "/v1/sessions/s1/steer", { body: { action: "budget", budget: { calls: 5 } } });
	const steered = [{ action: "budget", budget: { usd: null, tokens: null, calls: 5 } }];
	expect(api.sessions.opened()).toEqual([
		{ id: "s1", question: "Why?", team: demoTeam, messages: [" And? "], steered },
	]);
});

test("eight messages are queued, the ninth is a conflict", async () => {
	const api = makeApi();
	await send(api, "/v1/sessions", { body: question });
	const got = [];
	for (let count = 0; count < 9; count += 1)
		got.push((await send(api, "/v1/sessions/s1/turns", { body: { message: "m" } })).status);
	expect(got).toEqual([202, 202, 202, 202, 202, 202, 202, 202, 409]);
});

const echoed = (id: string, { method, url, headers }: Request) =>
	Response.json({
		id,
		method,
		url,
		authorization: headers.get("authorization"),
		last: headers.get("last-event-id"),
		upgrade: headers.get("upgrade"),
	});
const forwarded = (more: object = {}) => ({
	status: 200,
	body: {
		id: "s1",
		method: "GET",
		url: "http://localhost/v1/sessions/s1/events",
		authorization: null,
		last: null,
		upgrade: null,
		...more,
	},
});
test.each<[string, string, Record<string, string>, object]>([
	["the request without the key", "", {}, forwarded()],
	["where to start", "?from=7", {}, forwarded({ url: "http://localhost/v1/sessions/s1/events?from=7" })],
	["what was seen last", "", { "last-event-id": "0" }, forwarded({ last: "0" })],
	["the wish for a WebSocket", "", { upgrade: "websocket" }, forwarded({ upgrade: "websocket" })],
	["nothing from 0", "?from=0", {}, badInput({ path: "from", message: "must be an integer of at least 1" })],
	["nothing from half", "?from=1.5", {}, badInput({ path: "from", message: "must be an integer of at least 1" })],
	["nothing unknown", "?since=1", {}, badInput({ path: "since", message: "unknown key" })],
	[
		"no seen that is no number",
		"",
		{ "last-event-id": "x" },
		badInput({ path: "Last-Event-ID", message: "must be an integer of at least 0" }),
	],
])("the session's object gets, for its events, %s", async (_, query, headers, expected) => {
	const api = makeApi({}, echoed);
	await send(api, "/v1/sessions", { body: question });
	expect(
		await send(api, `/v1/sessions/s1/events${query}`, {
			headers: { authorization: `Bearer ${apiKey}`, ...headers },
		}),
	).toEqual(expected);
});

test.each<[string, () => Response, object]>([
	[
		"404",
		() => new Response("There is no such session.", { status: 404 }),
		refusedWith(404, "There is no such session."),
	],
	[
		"503",
		() => new Response("At most 256 watchers at once.", { status: 503 }),
		refusedWith(503, "At most 256 watchers at once."),
	],
])("a %s of the session's object is a problem with the same words", async (_, serve, expected) => {
	const api = makeApi({}, serve);
	await send(api, "/v1/sessions", { body: question });
	const response = await sendRaw(api, "/v1/sessions/s1/events");
	expect(response.headers.get("content-type")).toBe("application/problem+json");
	expect({ status: response.status, body: await response.json() }).toEqual(expected);
});

test("HEAD of the events opens no stream", async () => {
	const api = makeApi({}, () => expect.unreachable("no stream"));
	await send(api, "/v1/sessions", { body: question });
	const response = await sendRaw(api, "/v1/sessions/s1/events", { method: "HEAD" });
	expect([response.status, response.headers.get("content-type"), await response.text()]).toEqual([
		200,
		"text/event-stream",
		"",
	]);
});
