import { afterEach, expect, test } from "vitest";
import type { JsonObject } from "../../../src/std/json.ts";
import { settableClock } from "../chat/settable-clock.ts";
import { callSlack, outcomeOf } from "./call-slack.ts";
import { startFakeSlack, slackTeam, type FakeSlack, type SlackOptions } from "./fake-slack.ts";
import type { ChannelCondition, TokenCondition } from "./slack-state.ts";
import { slackError, slackRateLimited } from "./slack-wire.ts";

const open: FakeSlack[] = [];
afterEach(async () => void (await Promise.all(open.splice(0).map((fake) => fake.close()))));

const startMs = 1_790_000_000_000;
const channel = "C0GENERAL";
const divider: JsonObject = { type: "divider" };

const beta = { id: "T0BETA", token: "xoxb-beta", botUser: "U0BETABOT", users: ["U0B"], channels: ["C0BETA"] };

/** A Slack whose clock stands. */
async function standing(options: SlackOptions = {}): Promise<FakeSlack> {
	const fake = await startFakeSlack({ ...options, clock: settableClock(() => startMs) });
	open.push(fake);
	return fake;
}

const post = (fake: FakeSlack, args: JsonObject = {}) =>
	callSlack(fake, "chat.postMessage", { channel, text: "hello", ...args });
const postedTs = async (fake: FakeSlack, args: JsonObject = {}) => String((await post(fake, args)).body["ts"]);

test.each(["json", "form"] as const)("a message that comes as %s is kept whole", async (as) => {
	const fake = await standing();
	const metadata = { event_type: "answer", event_payload: { session: "s1" } };
	const args = { channel, text: "hi", blocks: [divider], metadata, thread_ts: "1.000001", unfurl_links: false };
	const { status, headers, body } = await callSlack(fake, "chat.postMessage", args, { as });
	expect([status, body["ok"], body["channel"], body["ts"]]).toEqual([200, true, channel, "1790000000.000001"]);
	expect(headers.get("x-oauth-scopes")).toContain("chat:write");
	expect(fake.messages(channel)).toEqual([
		{
			ts: "1790000000.000001",
			threadTs: "1.000001",
			user: "U0BOT",
			ephemeralTo: null,
			metadata,
			text: "hi",
			blocks: [divider],
			files: [],
			isEdited: false,
			stream: "none",
		},
	]);
	const call = { method: "chat.postMessage", args, token: "xoxb-alpha", atMs: startMs, outcome: "ok" };
	expect(fake.calls).toEqual([call]);
});

test("timestamps are of the clock, and never the same twice", async () => {
	const fake = await standing();
	const first = [await postedTs(fake), await postedTs(fake)];
	fake.clock.advance(1500);
	expect([...first, await postedTs(fake)]).toEqual(["1790000000.000001", "1790000000.000002", "1790000001.500001"]);
});

test.each<[rule: string, args: JsonObject, outcome: string]>([
	["a text of 4000", { text: "x".repeat(4000) }, "ok"],
	["a text of 4001", { text: "x".repeat(4001) }, "msg_too_long"],
	["markdown of 12000", { text: "", markdown_text: "x".repeat(12_000) }, "ok"],
	["markdown of 12001", { text: "", markdown_text: "x".repeat(12_001) }, "msg_too_long"],
	["markdown beside a text", { markdown_text: "x" }, "markdown_text_conflict"],
	["nothing", { text: "" }, "no_text"],
	["blocks alone", { text: "", blocks: [divider] }, "ok"],
	["51 blocks", { blocks: Array.from({ length: 51 }, () => divider) }, "invalid_blocks"],
	["a thread that is no timestamp", { thread_ts: "abc" }, "invalid_thread_ts"],
	["metadata without a type", { metadata: { event_payload: {} } }, "invalid_metadata_format"],
	["an unknown channel", { channel: "C0NOWHERE" }, "channel_not_found"],
	["a person as the channel", { channel: "U0ASKER" }, "channel_not_found"],
])("chat.postMessage with %s", async (_, args, outcome) => {
	expect(await outcomeOf(post(await standing(), args))).toBe(outcome);
});

test("what is wrong with blocks is told", async () => {
	const { body } = await callSlack(await standing(), "blocks.validate", { blocks: [{ type: "lever" }] });
	const messages = ["[ERROR] unsupported block type: lever [json-pointer:/blocks/0/type]"];
	expect(body).toEqual({ ok: false, error: "invalid_blocks", response_metadata: { messages } });
});

test.each<[ChannelCondition, string]>([
	["open", "ok"],
	["elsewhere", "not_in_channel"],
	["archived", "is_archived"],
	["restricted", "restricted_action"],
	["gone", "channel_not_found"],
])("a channel that is %s answers %s to every method", async (condition, outcome) => {
	const fake = await standing();
	const ts = await postedTs(fake);
	fake.setChannel(channel, condition);
	const calls = [
		post(fake),
		callSlack(fake, "chat.update", { channel, ts, text: "a" }),
		callSlack(fake, "chat.postEphemeral", { channel, user: "U0ASKER", text: "a" }),
		callSlack(fake, "conversations.replies", { channel, ts }, { as: "form" }),
		callSlack(fake, "agents.sessions.setStatus", { channel_id: channel, thread_ts: ts, status: "active" }),
		callSlack(fake, "chat.delete", { channel, ts }),
	];
	expect(await Promise.all(calls.map(outcomeOf))).toEqual(calls.map(() => outcome));
});

test("an update with blocks replaces both, one with a text alone takes the blocks away", async () => {
	const fake = await standing();
	const ts = await postedTs(fake, { blocks: [divider] });
	const shown = () => fake.messages(channel).map(({ text, blocks, isEdited }) => ({ text, blocks, isEdited }));
	const header = { type: "header", text: { type: "plain_text", text: "h" } };
	await callSlack(fake, "chat.update", { channel, ts, text: "a", blocks: [header] });
	expect(shown()).toEqual([{ text: "a", blocks: [header], isEdited: false }]);
	await callSlack(fake, "chat.update", { channel, ts, blocks: [divider] });
	expect(shown()).toEqual([{ text: "a", blocks: [divider], isEdited: false }]);
	await callSlack(fake, "chat.update", { channel, ts, text: "b" });
	expect(shown()).toEqual([{ text: "b", blocks: [], isEdited: true }]);
});

test("only a message of the bot's own, which is there, can be updated or deleted", async () => {
	const fake = await standing();
	const own = await postedTs(fake);
	fake.say(channel, { user: "U0ASKER", ts: "1.000002", text: "hm" });
	const outcomes = async (method: string, ts: string) =>
		outcomeOf(callSlack(fake, method, { channel, ts, text: "a" }));
	expect(await outcomes("chat.update", "1.000009")).toBe("message_not_found");
	expect(await outcomes("chat.update", "1.000002")).toBe("cant_update_message");
	expect(await outcomes("chat.delete", "1.000002")).toBe("cant_delete_message");
	expect([await outcomes("chat.delete", own), await outcomes("chat.update", own)]).toEqual([
		"ok",
		"message_not_found",
	]);
	fake.deleteMessage(channel, "1.000002");
	expect([await outcomes("chat.update", "1.000002"), fake.messages(channel)]).toEqual(["message_not_found", []]);
});

test("an ephemeral message is for one person, and found by nobody afterwards", async () => {
	const fake = await standing();
	const whisper = (user: string) => callSlack(fake, "chat.postEphemeral", { channel, user, text: "psst" });
	expect(await outcomeOf(whisper("U0NOBODY"))).toBe("user_not_in_channel");
	const ts = String((await whisper("U0ASKER")).body["message_ts"]);
	expect(fake.messages(channel).map(({ ephemeralTo }) => ephemeralTo)).toEqual(["U0ASKER"]);
	expect(await outcomeOf(callSlack(fake, "chat.update", { channel, ts, text: "a" }))).toBe("message_not_found");
});

test("a thread is read in pages, with metadata if that is asked for, and from a form only", async () => {
	const fake = await standing({ budgets: { "conversations.replies": { max: 9, windowMs: 60_000 } } });
	fake.say(channel, { user: "U0ASKER", ts: "1.000001", text: "why?" });
	const metadata = { event_type: "answer", event_payload: { session: "s1" } };
	await post(fake, { thread_ts: "1.000001", metadata });
	const read = async (args: JsonObject, as: "form" | "json" = "form") =>
		(await callSlack(fake, "conversations.replies", { channel, ts: "1.000001", ...args }, { as })).body;
	const textsOf = (body: JsonObject) => (body["messages"] as JsonObject[]).map(({ text }) => text);
	const metadataOf = (body: JsonObject) => (body["messages"] as JsonObject[]).map((message) => message["metadata"]);
	expect(metadataOf(await read({}))).toEqual([undefined, undefined]);
	expect(metadataOf(await read({ include_all_metadata: true }))).toEqual([undefined, metadata]);
	const first = await read({ limit: 1 });
	expect([textsOf(first), first["has_more"]]).toEqual([["why?"], true]);
	const second = await read({ limit: 1, cursor: "1" });
	expect([textsOf(second), second["has_more"]]).toEqual([["hello"], false]);
	expect(await read({ ts: "2.000001" })).toEqual({ ok: false, error: "thread_not_found" });
	expect(await read({}, "json")).toEqual({ ok: false, error: "channel_not_found" });
});

test.each<[TokenCondition, string]>([
	["live", "ok"],
	["revoked", "token_revoked"],
	["inactive", "account_inactive"],
])("a token that is %s gives %s", async (condition, outcome) => {
	const fake = await standing();
	fake.setToken("xoxb-alpha", condition);
	expect(await outcomeOf(callSlack(fake, "auth.test", {}))).toBe(outcome);
});

test("a token must be there, be known, have the scope, and not be too old", async () => {
	const fake = await standing({ scopes: ["commands"] });
	expect(await outcomeOf(callSlack(fake, "auth.test", {}, { token: null }))).toBe("not_authed");
	expect(await outcomeOf(callSlack(fake, "auth.test", {}, { token: "xoxb-no" }))).toBe("invalid_auth");
	expect((await post(fake)).body).toEqual({
		ok: false,
		error: "missing_scope",
		needed: "chat:write",
		provided: "commands",
	});
	fake.expireToken("xoxb-alpha", startMs + 1);
	expect(await outcomeOf(callSlack(fake, "auth.test", {}))).toBe("ok");
	fake.clock.advance(1);
	expect(await outcomeOf(callSlack(fake, "auth.test", {}))).toBe("token_expired");
});

test("a thread needs another scope in a channel than in a conversation with a person", async () => {
	const fake = await standing({
		scopes: ["im:history"],
		budgets: { "conversations.replies": { max: 9, windowMs: 1000 } },
	});
	const read = (id: string) =>
		outcomeOf(callSlack(fake, "conversations.replies", { channel: id, ts: "1.000001" }, { as: "form" }));
	expect([await read(channel), await read("D0ASKER")]).toEqual(["missing_scope", "thread_not_found"]);
});

test("the latest calls are kept", async () => {
	const fake = await standing({ callsMax: 2 });
	for (const method of ["auth.test", "blocks.validate"]) await callSlack(fake, method, {});
	expect(fake.calls.map(({ method }) => method)).toEqual(["auth.test", "blocks.validate"]);
	await callSlack(fake, "users.info", {});
	expect(fake.calls.map(({ method }) => method)).toEqual(["blocks.validate", "users.info"]);
});

test("two teams have nobody and no channel in common", async () => {
	await expect(startFakeSlack({ teams: [slackTeam, { ...beta, users: ["U0ASKER"] }] })).rejects.toThrow("in common");
});

test("a team sees its own channels only", async () => {
	const fake = await standing({ teams: [slackTeam, beta] });
	const { body } = await callSlack(fake, "auth.test", {}, { token: "xoxb-beta" });
	expect(body).toMatchObject({ team_id: "T0BETA", user_id: "U0BETABOT" });
	const outcomes = ["C0BETA", "C0GENERAL"].map((id) =>
		outcomeOf(callSlack(fake, "chat.postMessage", { channel: id, text: "a" }, { token: "xoxb-beta" })),
	);
	expect(await Promise.all(outcomes)).toEqual(["ok", "channel_not_found"]);
});

test("50 updates a minute are let in, the next is told when to come back, and another team is not hindered", async () => {
	const fake = await standing({ teams: [slackTeam, beta] });
	const ts = await postedTs(fake);
	const update = () => callSlack(fake, "chat.update", { channel, ts, text: "a" });
	for (let count = 0; count < 50; count++) expect(await outcomeOf(update())).toBe("ok");
	fake.clock.advance(20_000);
	const { status, headers, body } = await update();
	expect([status, headers.get("retry-after"), body]).toEqual([429, "40", { ok: false, error: "ratelimited" }]);
	const other = callSlack(fake, "chat.update", { channel: "C0BETA", ts, text: "a" }, { token: "xoxb-beta" });
	expect(await outcomeOf(other)).toBe("message_not_found");
	fake.clock.advance(40_000);
	expect(await outcomeOf(update())).toBe("ok");
	expect(fake.calls.filter(({ outcome }) => outcome === "ratelimited").length).toBe(1);
});

test("posts to one channel may come in a burst of five, then one a second", async () => {
	const fake = await standing();
	const outcomes = await Promise.all(Array.from({ length: 6 }, () => outcomeOf(post(fake))));
	expect(outcomes).toEqual(["ok", "ok", "ok", "ok", "ok", "ratelimited"]);
	expect(await outcomeOf(post(fake, { channel: "C0RANDOM" }))).toBe("ok");
});

test("a thread is read once a minute, or as often as a test says", async () => {
	const read = (fake: FakeSlack) =>
		outcomeOf(callSlack(fake, "conversations.replies", { channel, ts: "1.000001" }, { as: "form" }));
	const strict = await standing();
	expect([await read(strict), await read(strict)]).toEqual(["thread_not_found", "ratelimited"]);
	const lax = await standing({ budgets: { "conversations.replies": { max: 2, windowMs: 60_000 } } });
	expect([await read(lax), await read(lax), await read(lax)]).toEqual([
		"thread_not_found",
		"thread_not_found",
		"ratelimited",
	]);
});

test("scripted faults come in their order, and only to their method", async () => {
	const fake = await standing();
	fake.failNext("chat.postMessage", slackError("internal_error"), 2);
	fake.failNext("chat.postMessage", slackRateLimited(7));
	fake.failNext("*", { status: 503, body: "no" });
	expect(await outcomeOf(callSlack(fake, "auth.test", {}))).toBe("undefined");
	expect([await outcomeOf(post(fake)), await outcomeOf(post(fake))]).toEqual(["internal_error", "internal_error"]);
	expect((await post(fake)).headers.get("retry-after")).toBe("7");
	expect(await outcomeOf(post(fake))).toBe("ok");
	expect(fake.messages(channel).length).toBe(1);
});

test.each([
	["hang", 0, "timeout"],
	["lost", 1, "fetch failed"],
	["stuck", 1, "timeout"],
] as const)("a call that is to be %s gets no answer, and %i messages are there", async (fault, count, error) => {
	const fake = await standing();
	fake.failNext("chat.postMessage", fault);
	const args = { channel, text: "hello" };
	await expect(callSlack(fake, "chat.postMessage", args, { timeoutMs: 200 })).rejects.toThrow(error);
	expect(fake.messages(channel).length).toBe(count);
	expect(fake.calls.map(({ outcome }) => outcome)).toEqual([fault]);
});

const section = (text: string, more: JsonObject = {}): JsonObject => ({
	type: "section",
	text: { type: "mrkdwn", text, ...more },
});

test.each<[rule: string, args: JsonObject, mentions: readonly string[]]>([
	[
		"everybody in a text",
		{ text: "<!channel> and <!here|here> and <!everyone>" },
		["<!channel>", "<!here|here>", "<!everyone>"],
	],
	["a person, once", { text: "<@U1> <@U1>", blocks: [section("<@U1>")] }, ["<@U1>"]],
	["a group", { text: "<!subteam^S1>" }, ["<!subteam^S1>"]],
	["nobody that is escaped", { text: "&lt;!channel&gt; &lt;@U1&gt;", parse: "none" }, []],
	["a bare name that is parsed", { text: "@channel" }, ["@channel"]],
	["no bare name that is not", { text: "@channel", parse: "none" }, []],
	["a bare name in mrkdwn", { blocks: [section("hey @everyone")] }, ["@everyone"]],
	["no bare name in verbatim mrkdwn", { blocks: [section("hey @everyone", { verbatim: true })] }, []],
	["nobody in plain text", { blocks: [{ type: "header", text: { type: "plain_text", text: "<!channel>" } }] }, []],
	["somebody in markdown", { blocks: [{ type: "markdown", text: "<!here> @channel" }] }, ["<!here>", "@channel"]],
	["no part of an address", { text: "a@channel.example @channels" }, []],
	[
		"a person in rich text",
		{
			blocks: [
				{
					type: "rich_text",
					elements: [{ type: "rich_text_section", elements: [{ type: "user", user_id: "U2" }] }],
				},
			],
		},
		["<@U2>"],
	],
])("a message calls %s", async (_, args, mentions) => {
	const fake = await standing();
	expect(await outcomeOf(post(fake, args))).toBe("ok");
	expect(fake.pings.map(({ mention }) => mention)).toEqual(mentions);
});

test("an update calls, but makes no sound; links are shown unless both flags forbid it", async () => {
	const fake = await standing();
	const ts = await postedTs(fake, { text: "see https://a.example/x" });
	await post(fake, { text: "see https://a.example/x", unfurl_links: false, unfurl_media: false });
	await callSlack(fake, "chat.update", { channel, ts, text: "<!here>", parse: "none" });
	expect(fake.pings).toEqual([{ method: "chat.update", channel, ts, notifies: false, mention: "<!here>" }]);
	expect(fake.unfurls).toEqual([{ method: "chat.postMessage", ts, links: ["https://a.example/x"] }]);
});

test("a token that is taken elsewhere is seen there", async () => {
	const fake = await standing();
	const headers = { authorization: "Bearer xoxb-alpha" };
	await fetch(`${fake.elsewhere}/stolen`, { headers });
	await fetch(fake.responseUrl(channel, "U0ASKER"), { method: "POST", headers, body: '{"text":"a"}' });
	await fetch(`${fake.elsewhere}/clean`);
	const location = `${fake.elsewhere}/moved`;
	fake.failNext("chat.postMessage", { status: 307, headers: { location }, body: null });
	await fetch(`${fake.url}/api/chat.postMessage`, {
		method: "POST",
		body: new URLSearchParams({ token: "xoxb-alpha" }),
	});
	expect(fake.leaks).toEqual([
		`GET ${fake.elsewhere}/stolen`,
		`POST ${fake.url}/response/response-0001`,
		`POST ${fake.elsewhere}/moved`,
	]);
});

test("an unknown method and an unreadable body are refused", async () => {
	const fake = await standing();
	expect(await outcomeOf(callSlack(fake, "chat.shout", {}))).toBe("unknown_method");
	const headers = { "content-type": "application/json", authorization: "Bearer xoxb-alpha" };
	const broken = await fetch(`${fake.url}/api/auth.test`, { method: "POST", headers, body: "{" });
	expect(await broken.json()).toEqual({ ok: false, error: "invalid_post_type" });
});
