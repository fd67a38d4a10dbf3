import { afterEach, expect, test } from "vitest";
import type { JsonObject } from "../../../src/std/json.ts";
import { settableClock } from "../chat/settable-clock.ts";
import { callSlack, outcomeOf } from "./call-slack.ts";
import { startFakeSlack, type FakeSlack, type SlackOptions } from "./fake-slack.ts";

const open: FakeSlack[] = [];
afterEach(async () => void (await Promise.all(open.splice(0).map((fake) => fake.close()))));

const startMs = 1_790_000_000_000;
const channel = "C0GENERAL";
const thread = "1.000001";

async function standing(options: SlackOptions = {}): Promise<FakeSlack> {
	const fake = await startFakeSlack({ ...options, clock: settableClock(() => startMs) });
	open.push(fake);
	return fake;
}

const begun = { channel, thread_ts: thread, recipient_user_id: "U0ASKER", recipient_team_id: "T0ALPHA" };
const outcome = (fake: FakeSlack, method: string, args: JsonObject) => outcomeOf(callSlack(fake, method, args));
const started = async (fake: FakeSlack) => String((await callSlack(fake, "chat.startStream", begun)).body["ts"]);

test("a stream grows until it is stopped, and then no more", async () => {
	const fake = await standing();
	const ts = await started(fake);
	const chunk = { type: "task_update", id: "a", title: "Agent A", status: "in_progress" };
	const divider = { type: "divider" };
	expect(await outcome(fake, "chat.appendStream", { channel, ts, markdown_text: "one " })).toBe("ok");
	expect(await outcome(fake, "chat.appendStream", { channel, ts, chunks: [chunk] })).toBe("ok");
	const end = { channel, ts, markdown_text: "two", blocks: [divider], session_status: "active" };
	expect(await outcome(fake, "chat.stopStream", end)).toBe("ok");
	for (const method of ["chat.appendStream", "chat.stopStream"])
		expect(await outcome(fake, method, { channel, ts })).toBe("message_not_in_streaming_state");
	expect(fake.messages(channel)).toMatchObject([{ text: "one two", blocks: [chunk, divider], stream: "ended" }]);
	expect(fake.session(channel, thread)).toEqual({ status: "active" });
});

test("a stream dies after its time, stays broken, and an update mends it", async () => {
	const fake = await standing({ streamLifetimeMs: 1000 });
	const ts = await started(fake);
	expect(await outcome(fake, "chat.update", { channel, ts, text: "a" })).toBe("streaming_state_conflict");
	fake.clock.advance(999);
	expect(await outcome(fake, "chat.appendStream", { channel, ts, markdown_text: "a" })).toBe("ok");
	fake.clock.advance(1);
	for (const method of ["chat.appendStream", "chat.stopStream"])
		expect(await outcome(fake, method, { channel, ts })).toBe("message_not_in_streaming_state");
	expect(fake.messages(channel)).toMatchObject([{ text: "a", stream: "broken" }]);
	expect(await outcome(fake, "chat.update", { channel, ts, text: "all" })).toBe("ok");
	expect(fake.messages(channel)).toMatchObject([{ text: "all", stream: "ended" }]);
});

test.each<[rule: string, method: string, args: JsonObject, result: string]>([
	[
		"a channel without a recipient",
		"chat.startStream",
		{ ...begun, recipient_user_id: "" },
		"missing_recipient_user_id",
	],
	[
		"a channel without the recipient's team",
		"chat.startStream",
		{ ...begun, recipient_team_id: "" },
		"missing_recipient_team_id",
	],
	["no thread", "chat.startStream", { ...begun, thread_ts: "" }, "invalid_arguments"],
	["12000 at the start", "chat.startStream", { ...begun, markdown_text: "x".repeat(12_000) }, "ok"],
	["12001 at the start", "chat.startStream", { ...begun, markdown_text: "x".repeat(12_001) }, "msg_too_long"],
	["a chunk of no kind", "chat.startStream", { ...begun, chunks: [{ type: "x" }] }, "invalid_chunks"],
	[
		"a task that is `completed`",
		"chat.startStream",
		{ ...begun, chunks: [{ type: "task_update", id: "a", title: "A", status: "completed" }] },
		"invalid_chunks",
	],
	[
		"a title of 256",
		"chat.startStream",
		{ ...begun, chunks: [{ type: "plan_update", title: "x".repeat(256) }] },
		"ok",
	],
	[
		"a title of 257",
		"chat.startStream",
		{ ...begun, chunks: [{ type: "plan_update", title: "x".repeat(257) }] },
		"invalid_chunks",
	],
	["a message that is none of a stream", "chat.appendStream", { channel, ts: "9.000001" }, "message_not_found"],
])("a stream with %s", async (_, method, args, result) => {
	expect(await outcome(await standing(), method, args)).toBe(result);
});

const modal: JsonObject = {
	type: "modal",
	title: { type: "plain_text", text: "Answer" },
	blocks: [{ type: "divider" }],
};
const asking: JsonObject = {
	type: "input",
	label: { type: "plain_text", text: "?" },
	element: { type: "plain_text_input" },
};
const submit = { type: "plain_text", text: "Send" };

test("a trigger opens one modal, within three seconds", async () => {
	const fake = await standing();
	const [first, late] = [fake.trigger(), fake.trigger()];
	const openWith = (trigger: string) => outcome(fake, "views.open", { trigger_id: trigger, view: modal });
	expect(await openWith("never")).toBe("invalid_trigger_id");
	fake.clock.advance(3000);
	expect([await openWith(first), await openWith(first)]).toEqual(["ok", "exchanged_trigger_id"]);
	fake.clock.advance(1);
	expect(await openWith(late)).toBe("expired_trigger_id");
});

test.each<[rule: string, view: JsonObject, result: string]>([
	["a title of 24", { ...modal, title: { type: "plain_text", text: "x".repeat(24) } }, "ok"],
	["a title of 25", { ...modal, title: { type: "plain_text", text: "x".repeat(25) } }, "invalid_arguments"],
	["private metadata of 3000", { ...modal, private_metadata: "x".repeat(3000) }, "ok"],
	["private metadata of 3001", { ...modal, private_metadata: "x".repeat(3001) }, "invalid_arguments"],
	["a callback id of 255", { ...modal, callback_id: "x".repeat(255) }, "ok"],
	["a callback id of 256", { ...modal, callback_id: "x".repeat(256) }, "invalid_arguments"],
	["an input and a button to send", { ...modal, blocks: [asking], submit }, "ok"],
	["an input and nothing to send", { ...modal, blocks: [asking] }, "invalid_arguments"],
	["the type of another surface", { ...modal, type: "home" }, "invalid_arguments"],
	["a block of a message", { ...modal, blocks: [{ type: "markdown", text: "a" }] }, "invalid_arguments"],
])("a modal with %s", async (_, view, result) => {
	const fake = await standing();
	expect(await outcome(fake, "views.open", { trigger_id: fake.trigger(), view })).toBe(result);
});

test("a view is updated by its id, if nobody was faster; a home belongs to a person", async () => {
	const fake = await standing();
	const { body } = await callSlack(fake, "views.open", { trigger_id: fake.trigger(), view: modal });
	const { id, hash } = body["view"] as JsonObject;
	const change = (args: JsonObject) =>
		outcome(fake, "views.update", { view: { ...modal, callback_id: "b" }, ...args });
	expect(await change({ view_id: "V9" })).toBe("not_found");
	expect(await change({ view_id: id!, hash: hash! })).toBe("ok");
	expect(await change({ view_id: id!, hash: hash! })).toBe("hash_conflict");
	expect(fake.view(String(id))).toMatchObject({ callback_id: "b" });
	const home = { type: "home", blocks: [{ type: "divider" }] };
	expect(await outcome(fake, "views.publish", { user_id: "U0NOBODY", view: home })).toBe("user_not_found");
	expect(await outcome(fake, "views.publish", { user_id: "U0ASKER", view: home })).toBe("ok");
	expect(fake.view("home:U0ASKER")).toMatchObject(home);
});

test("a file is announced in a form, sent without a token, and shared once", async () => {
	const fake = await standing();
	const args = { filename: "answer.md", length: 5 };
	expect(await outcome(fake, "files.getUploadURLExternal", args)).toBe("invalid_arguments");
	const { body } = await callSlack(fake, "files.getUploadURLExternal", args, { as: "form" });
	const id = String(body["file_id"]);
	const share = () =>
		outcome(fake, "files.completeUploadExternal", {
			files: [{ id, title: "A" }],
			channel_id: channel,
			thread_ts: thread,
		});
	const send = async (text: string) =>
		(await fetch(String(body["upload_url"]), { method: "POST", body: text })).status;
	expect(await share()).toBe("file_not_found");
	expect([await send("six..."), await send("hello")]).toEqual([400, 200]);
	expect([await share(), await share()]).toEqual(["ok", "file_not_found"]);
	expect(fake.messages(channel)).toMatchObject([{ files: [id], threadTs: thread }]);
	expect([String(fake.file(id)), fake.leaks]).toEqual(["hello", []]);
});

const client = { client_id: "client-id", client_secret: "client-secret" };
const access = async (fake: FakeSlack, args: JsonObject) =>
	(await callSlack(fake, "oauth.v2.access", args, { as: "form", token: null })).body;

test("a code gives a token once, to the right client, within ten minutes", async () => {
	const fake = await standing();
	const [code, late] = [fake.code("T0ALPHA", "https://a.example/cb"), fake.code("T0ALPHA")];
	const args = { ...client, code, redirect_uri: "https://a.example/cb" };
	expect((await access(fake, { ...args, client_id: "x" }))["error"]).toBe("invalid_client_id");
	expect((await access(fake, { ...args, client_secret: "x" }))["error"]).toBe("bad_client_secret");
	expect((await access(fake, { ...args, redirect_uri: "x" }))["error"]).toBe("bad_redirect_uri");
	expect((await access(fake, { ...args, grant_type: "x" }))["error"]).toBe("invalid_grant_type");
	const granted = await access(fake, args);
	expect(granted).toMatchObject({ ok: true, token_type: "bot", bot_user_id: "U0BOT", team: { id: "T0ALPHA" } });
	expect([granted["refresh_token"], granted["expires_in"]]).toEqual([undefined, undefined]);
	expect((await access(fake, args))["error"]).toBe("code_already_used");
	fake.clock.advance(600_000);
	expect((await access(fake, { ...client, code: late }))["error"]).toBe("invalid_code");
	const token = String(granted["access_token"]);
	expect(await outcomeOf(callSlack(fake, "auth.test", {}, { token }))).toBe("ok");
	expect(await outcomeOf(callSlack(fake, "auth.revoke", {}, { token, as: "form" }))).toBe("ok");
	expect(await outcomeOf(callSlack(fake, "auth.test", {}, { token }))).toBe("token_revoked");
});

test("a rotated token lives twelve hours, and its refresh token works once", async () => {
	const fake = await standing({ rotatesTokens: true });
	const first = await access(fake, { ...client, code: fake.code("T0ALPHA") });
	expect(first["expires_in"]).toBe(43_200);
	const works = (token: unknown) => outcomeOf(callSlack(fake, "auth.test", {}, { token: String(token) }));
	fake.clock.advance(43_200_000 - 1);
	expect(await works(first["access_token"])).toBe("ok");
	fake.clock.advance(1);
	expect(await works(first["access_token"])).toBe("token_expired");
	const again = { ...client, grant_type: "refresh_token", refresh_token: first["refresh_token"]! };
	const second = await access(fake, again);
	expect([await works(second["access_token"]), (await access(fake, again))["error"]]).toEqual([
		"ok",
		"invalid_refresh_token",
	]);
});

test("a client may name itself in a header", async () => {
	const fake = await standing();
	const headers = { authorization: `Basic ${btoa("client-id:client-secret")}` };
	const body = new URLSearchParams({ code: fake.code("T0ALPHA") });
	const response = await fetch(`${fake.url}/api/oauth.v2.access`, { method: "POST", headers, body });
	expect(await response.json()).toMatchObject({ ok: true });
});

test("a response URL takes five answers in half an hour", async () => {
	const fake = await standing();
	const send = async (url: string, body: JsonObject) => {
		const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
		return [response.status, await response.text()];
	};
	const [url, late] = [fake.responseUrl(channel, "U0ASKER"), fake.responseUrl(channel, "U0ASKER")];
	expect(await send(url, { text: "" })).toEqual([200, '{"ok":false,"error":"no_text"}']);
	expect(await send(url, { text: "a", response_type: "in_channel" })).toEqual([200, "ok"]);
	for (const text of ["b", "c", "d", "e"]) expect(await send(url, { text })).toEqual([200, "ok"]);
	expect(await send(url, { text: "f" })).toEqual([404, '{"ok":false,"error":"used_url"}']);
	fake.clock.advance(30 * 60_000 - 1);
	expect(await send(late, { delete_original: true })).toEqual([200, "ok"]);
	fake.clock.advance(1);
	expect(await send(late, { text: "g" })).toEqual([404, '{"ok":false,"error":"expired_url"}']);
	expect((await send(`${fake.url}/response/none`, { text: "h" }))[0]).toBe(404);
	const shown = fake.messages(channel).map(({ text, ephemeralTo }) => [text, ephemeralTo]);
	expect(shown).toEqual([["a", null], ...["b", "c", "d", "e"].map((text) => [text, "U0ASKER"])]);
});

test("an answer may take the place of the message that is acted upon, or delete it", async () => {
	const fake = await standing();
	const { body } = await callSlack(fake, "chat.postMessage", { channel, text: "old", thread_ts: thread });
	const ts = String(body["ts"]);
	const url = fake.responseUrl(channel, "U0ASKER", ts);
	const send = (answer: JsonObject) => fetch(url, { method: "POST", body: JSON.stringify(answer) });
	await send({ text: "<!here>", replace_original: true });
	expect(fake.messages(channel)).toMatchObject([{ ts, text: "<!here>", threadTs: thread, ephemeralTo: null }]);
	expect(fake.pings).toMatchObject([{ method: "response_url", ts, notifies: false }]);
	await send({ delete_original: true });
	expect(fake.messages(channel)).toEqual([]);
});

test("a thread's status clears after two minutes, or when a message comes", async () => {
	const fake = await standing();
	const set = (args: JsonObject = {}) =>
		outcome(fake, "assistant.threads.setStatus", {
			channel_id: channel,
			thread_ts: thread,
			status: "is voting",
			...args,
		});
	const shown = () => fake.threadStatus(channel, thread);
	const lines = (count: number) => Array.from({ length: count }, () => "…");
	expect([await set({ loading_messages: lines(10) }), shown()]).toEqual(["ok", "is voting"]);
	expect(await set({ loading_messages: lines(11) })).toBe("invalid_arguments");
	fake.clock.advance(119_999);
	expect(shown()).toBe("is voting");
	fake.clock.advance(1);
	expect(shown()).toBe(null);
	await set();
	await callSlack(fake, "chat.postMessage", { channel, thread_ts: thread, text: "a" });
	expect(shown()).toBe(null);
	await set();
	expect([await set({ status: "" }), shown()]).toEqual(["ok", null]);
});

test("a session has one of four statuses, and a title of 200", async () => {
	const fake = await standing();
	const set = (args: JsonObject) =>
		outcome(fake, "agents.sessions.setStatus", { channel_id: channel, thread_ts: thread, ...args });
	expect(await set({ status: "working" })).toBe("invalid_arguments");
	expect(await set({ status: "active", title: "x".repeat(201) })).toBe("invalid_arguments");
	expect(await set({ status: "processing", title: "x".repeat(200), initiator_user_id: "U0ASKER" })).toBe("ok");
	for (const status of ["active", "suspended", "closed"]) expect(await set({ status })).toBe("ok");
	const title = "x".repeat(200);
	expect(fake.session(channel, thread)).toEqual({ status: "closed", title, initiator_user_id: "U0ASKER" });
});

test("at most four prompts are suggested", async () => {
	const fake = await standing();
	const prompts = (count: number) => Array.from({ length: count }, () => ({ title: "t", message: "m" }));
	const set = (count: number) =>
		outcome(fake, "assistant.threads.setSuggestedPrompts", { channel_id: channel, prompts: prompts(count) });
	expect([await set(0), await set(4), await set(5)]).toEqual(["invalid_arguments", "ok", "invalid_arguments"]);
	expect(fake.suggested).toEqual([{ channel_id: channel, prompts: prompts(4) }]);
});

test("a conversation with a person is always there; who a person is, is asked in a form", async () => {
	const fake = await standing();
	const meet = async (users: string) => (await callSlack(fake, "conversations.open", { users })).body;
	expect(await meet("U0ASKER")).toEqual({ ok: true, channel: { id: "D0ASKER" } });
	expect(await meet("U0NOBODY")).toEqual({ ok: false, error: "user_not_found" });
	const stream = { channel: "D0ASKER", thread_ts: thread };
	expect(await outcome(fake, "chat.startStream", stream)).toBe("ok");
	const { body } = await callSlack(fake, "users.info", { user: "U0ASKER" }, { as: "form" });
	expect(body["user"]).toMatchObject({ id: "U0ASKER", is_bot: false });
	expect(await outcome(fake, "users.info", { user: "U0ASKER" })).toBe("user_not_found");
});
