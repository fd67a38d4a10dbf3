import { afterEach, expect, test } from "vitest";
import type { Json, JsonObject } from "../../../src/std/json.ts";
import { settableClock } from "../chat/settable-clock.ts";
import { callDiscord, outcomeOf } from "./call-discord.ts";
import { discordError, discordRateLimited, plainError } from "./discord-errors.ts";
import { messageFlags } from "./discord-limits.ts";
import type { ChannelCondition } from "./discord-state.ts";
import { discordIds, startFakeDiscord, type DiscordOptions, type FakeDiscord } from "./fake-discord.ts";

const open: FakeDiscord[] = [];
afterEach(async () => void (await Promise.all(open.splice(0).map((fake) => fake.close()))));

const startMs = 1_790_000_000_000;
const { channel, user, application } = discordIds;
const posts = `POST /channels/${channel}/messages`;

/** A Discord whose clock stands. */
async function standing(options: DiscordOptions = {}): Promise<FakeDiscord> {
	const fake = await startFakeDiscord({ ...options, clock: settableClock(() => startMs) });
	open.push(fake);
	return fake;
}

const post = (fake: FakeDiscord, body: JsonObject = {}) => callDiscord(fake, posts, { content: "hello", ...body });
const idOf = async (called: Promise<{ body: Json }>) => String(((await called).body as JsonObject)["id"]);
const outcome = (fake: FakeDiscord, line: string, body?: Json) => outcomeOf(callDiscord(fake, line, body));

test("a message is kept whole, and told back", async () => {
	const fake = await standing();
	const body = { content: "hi", flags: messageFlags.suppressEmbeds, allowed_mentions: { parse: [] } };
	const called = await callDiscord(fake, posts, body);
	const [kept] = fake.messages(channel);
	expect(called.body).toMatchObject({
		id: kept!.id,
		content: "hi",
		channel_id: channel,
		author: { id: discordIds.botUser },
	});
	expect(kept).toEqual({
		id: kept!.id,
		channel,
		author: discordIds.botUser,
		content: "hi",
		embeds: [],
		components: [],
		files: [],
		flags: 4,
		repliesTo: null,
		createdAtMs: startMs,
		isEdited: false,
		isLoading: false,
	});
	expect(fake.calls).toMatchObject([
		{
			name: "createMessage",
			method: "POST",
			authorization: "Bot bot-token",
			body,
			files: [],
			atMs: startMs,
			outcome: "200",
		},
	]);
});

test("files come in parts, beside the message", async () => {
	const fake = await standing();
	const files = { "answer.md": "# Rome" };
	const id = await idOf(
		callDiscord(fake, posts, { content: "see", attachments: [{ id: 0, filename: "answer.md" }] }, { files }),
	);
	expect(fake.messages(channel)[0]!.files).toEqual([{ name: "answer.md", size: 6 }]);
	expect([String(fake.file(id, "answer.md")), fake.calls[0]!.files]).toEqual(["# Rome", ["answer.md"]]);
	await callDiscord(fake, `PATCH /channels/${channel}/messages/${id}`, { attachments: [] });
	expect(fake.messages(channel)[0]!.files).toEqual([]);
});

test.each<[rule: string, body: JsonObject, result: string]>([
	["2000 characters", { content: "x".repeat(2000) }, "200"],
	["2001 characters", { content: "x".repeat(2001) }, "400 50035"],
	["nothing", { content: "" }, "400 50006"],
	["the flag of an ephemeral message", { flags: messageFlags.ephemeral }, "400 50035"],
	[
		"components V2",
		{ content: "", flags: messageFlags.componentsV2, components: [{ type: 10, content: "a" }] },
		"200",
	],
	[
		"too many bytes in V2",
		{ content: "", flags: messageFlags.componentsV2, components: [{ type: 10, content: "語".repeat(3400) }] },
		"500 0",
	],
])("a message with %s", async (_, body, result) => {
	expect(await outcomeOf(post(await standing(), body))).toBe(result);
});

test("an edit changes what it names only; nothing but components is left of a message that becomes V2", async () => {
	const fake = await standing();
	const components = [{ type: 1, components: [{ type: 2, style: 1, label: "Stop", custom_id: "s" }] }];
	const edits = `PATCH /channels/${channel}/messages/${await idOf(post(fake, { components }))}`;
	await callDiscord(fake, edits, { content: "b" });
	expect(fake.messages(channel)).toMatchObject([{ content: "b", components, isEdited: true }]);
	const display = [{ type: 10, content: "c" }];
	const flags = messageFlags.componentsV2;
	expect(await outcome(fake, edits, { flags, components: display })).toBe("200");
	expect(fake.messages(channel)).toMatchObject([{ content: "", components: display, flags }]);
	expect(await outcome(fake, edits, { content: "d" })).toBe("400 50035");
});

test("a message of others is not edited, and one that is deleted is unknown", async () => {
	const fake = await standing();
	const own = await idOf(post(fake));
	const others = fake.say(channel, "hm");
	const edit = (id: string) => outcome(fake, `PATCH /channels/${channel}/messages/${id}`, { content: "a" });
	expect([await edit(own), await edit(others), await edit("1")]).toEqual(["200", "403 50005", "404 10008"]);
	expect(await outcome(fake, `DELETE /channels/${channel}/messages/${own}`)).toBe("204");
	expect([await edit(own), await outcome(fake, `GET /channels/${channel}/messages/${own}`)]).toEqual([
		"404 10008",
		"404 10008",
	]);
	const again = await idOf(post(fake));
	fake.deleteMessage(channel, again);
	expect(await edit(again)).toBe("404 10008");
});

test("messages are listed newest first, after and before one of them", async () => {
	const fake = await standing();
	const ids = ["a", "b", "c"].map((text) => fake.say(channel, text));
	const list = async (query: string) =>
		((await callDiscord(fake, `GET /channels/${channel}/messages?${query}`)).body as JsonObject[]).map(
			({ content }) => content,
		);
	expect(await list("")).toEqual(["c", "b", "a"]);
	expect(await list("limit=2")).toEqual(["c", "b"]);
	expect(await list(`after=${ids[0]}&limit=1`)).toEqual(["b"]);
	expect(await list(`before=${ids[2]}`)).toEqual(["b", "a"]);
	expect(await outcome(fake, `GET /channels/${channel}/messages?limit=101`)).toBe("400 50035");
	expect((await callDiscord(fake, `GET /channels/${channel}/messages/${ids[0]}`)).body).toMatchObject({
		content: "a",
	});
});

test.each<[ChannelCondition, post: string, edit: string]>([
	["open", "200", "200"],
	["hidden", "403 50001", "403 50001"],
	["mute", "403 50013", "200"],
	["gone", "404 10003", "404 10003"],
	["archived", "200", "400 50083"],
	["locked", "400 50083", "400 50083"],
])("in a channel that is %s a post gives %s and an edit %s", async (condition, posted, edited) => {
	const fake = await standing();
	const id = await idOf(post(fake));
	fake.setChannel(channel, condition);
	expect(await outcome(fake, `PATCH /channels/${channel}/messages/${id}`, { content: "a" })).toBe(edited);
	expect(await outcomeOf(post(fake))).toBe(posted);
});

test("the same nonce gives the same message for some minutes, if it is enforced", async () => {
	const fake = await standing();
	const nonce = { nonce: "s1:final", enforce_nonce: true };
	const first = await idOf(post(fake, nonce));
	expect(await idOf(post(fake, { ...nonce, content: "again" }))).toBe(first);
	expect(await idOf(post(fake, { nonce: "s1:final" }))).not.toBe(first);
	fake.clock.advance(5 * 60_000);
	expect(await idOf(post(fake, nonce))).not.toBe(first);
	expect(fake.messages(channel).map(({ content }) => content)).toEqual(["hello", "hello", "hello"]);
});

test("a message has one thread, with a name of 100, in which one may write", async () => {
	const fake = await standing({ budgets: { routes: { startThread: { max: 9, windowMs: 1000 } } } });
	const id = await idOf(post(fake));
	const start = (body: JsonObject) => outcome(fake, `POST /channels/${channel}/messages/${id}/threads`, body);
	expect([await start({ name: "" }), await start({ name: "x".repeat(101) })]).toEqual(["400 50035", "400 50035"]);
	expect(await start({ name: "a", auto_archive_duration: 5 })).toBe("400 50035");
	fake.setChannel(channel, "mute");
	expect(await start({ name: "a" })).toBe("403 50013");
	fake.setChannel(channel, "open");
	expect([await start({ name: "x".repeat(100) }), await start({ name: "a" })]).toEqual(["201", "400 160004"]);
	expect(fake.channel(id)).toEqual({ id, kind: "thread", name: "x".repeat(100), parent: channel, condition: "open" });
	expect(await outcome(fake, `POST /channels/${id}/messages`, { content: "long" })).toBe("200");
	fake.setChannel(id, "archived");
	const read = async () => (await callDiscord(fake, `GET /channels/${id}`)).body;
	expect(await read()).toMatchObject({ type: 11, thread_metadata: { archived: true } });
	await callDiscord(fake, `POST /channels/${id}/messages`, { content: "opens it" });
	expect(await read()).toMatchObject({ thread_metadata: { archived: false } });
});

test("a direct message needs a person who takes one, and has no threads", async () => {
	const fake = await standing();
	const meet = (id: string) => callDiscord(fake, "POST /users/@me/channels", { recipient_id: id });
	expect(await outcomeOf(meet("1"))).toBe("404 10013");
	const direct = await idOf(meet(user));
	const message = await idOf(callDiscord(fake, `POST /channels/${direct}/messages`, { content: "a" }));
	expect(await outcome(fake, `POST /channels/${direct}/messages/${message}/threads`, { name: "a" })).toBe(
		"400 50024",
	);
	expect(await idOf(meet(user))).toBe(direct);
	fake.closeDirect(user);
	expect(await outcome(fake, `POST /channels/${direct}/messages`, { content: "a" })).toBe("403 50007");
	expect(fake.messages(direct).length).toBe(1);
});

test("a message that is older than an hour is edited only so often", async () => {
	const fake = await standing({ oldEdits: { max: 2, windowMs: 60_000 } });
	const id = await idOf(post(fake));
	const edit = () => outcome(fake, `PATCH /channels/${channel}/messages/${id}`, { content: "a" });
	fake.clock.advance(60 * 60_000);
	expect(await edit()).toBe("200");
	fake.clock.advance(1);
	expect([await edit(), await edit(), await edit()]).toEqual(["200", "200", "429 30046"]);
	fake.clock.advance(60_000);
	expect(await edit()).toBe("200");
});

test("commands are overwritten, for all and for a guild", async () => {
	const fake = await standing();
	const command = (name: string) => ({ name, description: "d" });
	const global = `PUT /applications/${application}/commands`;
	expect(await outcome(fake, global, [command("ask"), command("team")])).toBe("200");
	expect(await outcome(fake, global, [command("Ask")])).toBe("400 50035");
	expect(await outcome(fake, global, [command("status")])).toBe("200");
	expect(await outcome(fake, `PUT /applications/${application}/guilds/7/commands`, [command("dev")])).toBe("200");
	expect(await outcome(fake, "PUT /applications/1/commands", [])).toBe("403 50001");
	expect([fake.commands("global"), fake.commands("7")]).toMatchObject([[command("status")], [command("dev")]]);
});

test("who the bot is, is told to its token only", async () => {
	const fake = await standing();
	const own = await Promise.all(["users", "applications"].map((what) => idOf(callDiscord(fake, `GET /${what}/@me`))));
	expect(own).toEqual([discordIds.botUser, application]);
	for (const token of [null, "no"]) {
		const refused = await callDiscord(fake, "GET /users/@me", undefined, { token });
		expect([refused.status, refused.body]).toEqual([401, { message: "401: Unauthorized", code: 0 }]);
	}
	expect(await outcome(fake, "GET /nowhere")).toBe("404 0");
});

test("a bucket tells what is left, and when to come back when nothing is", async () => {
	const fake = await standing({ budgets: { routes: { createMessage: { max: 2, windowMs: 5000 } } } });
	const limitsOf = ({ headers }: { headers: Headers }) =>
		["limit", "remaining", "reset-after", "bucket"].map((name) => headers.get(`x-ratelimit-${name}`));
	expect(limitsOf(await post(fake))).toEqual(["2", "1", "5", "bucket-createMessage"]);
	fake.clock.advance(750);
	expect(limitsOf(await post(fake))).toEqual(["2", "0", "5", "bucket-createMessage"]);
	const { status, headers, body } = await post(fake);
	expect([status, body]).toEqual([429, { message: "You are being rate limited.", retry_after: 4.25, global: false }]);
	expect([headers.get("retry-after"), headers.get("x-ratelimit-scope")]).toEqual(["5", "user"]);
	fake.clock.advance(4250);
	expect(await outcomeOf(post(fake))).toBe("200");
});

test("all routes of the bot together have a limit", async () => {
	const fake = await standing({ budgets: { global: { max: 1, windowMs: 1000 } } });
	const { token } = fake.deferred();
	expect(await outcomeOf(post(fake))).toBe("200");
	const { status, headers, body } = await callDiscord(fake, "GET /users/@me");
	expect([status, headers.get("x-ratelimit-scope"), headers.get("x-ratelimit-global")]).toEqual([
		429,
		"global",
		"true",
	]);
	expect(body).toMatchObject({ global: true, retry_after: 1 });
	expect(await outcome(fake, `GET /webhooks/${application}/${token}/messages/@original`)).toBe("200");
});

test("answers of 401, 403 and 429 are counted, but not what is shared; then the address is banned for ten minutes", async () => {
	const fake = await standing({ invalidMax: 3 });
	fake.failNext("createMessage", discordRateLimited(1.5, "shared"));
	fake.failNext("createMessage", discordRateLimited(1.5));
	fake.failNext("createMessage", discordError(50013));
	for (let count = 0; count < 3; count++) await post(fake);
	expect(fake.invalidCount()).toBe(2);
	expect(() => fake.assertInvalidAtMost(1)).toThrow("2 answers were 401, 403 or 429, at most 1 may be");
	fake.assertInvalidAtMost(2);
	await callDiscord(fake, "GET /users/@me", undefined, { token: null });
	const banned = await post(fake);
	expect([banned.status, banned.body, fake.calls.at(-1)!.outcome]).toEqual([429, "error code: 1015", "banned"]);
	fake.clock.advance(600_000);
	expect(await outcomeOf(post(fake))).toBe("200");
});

test("scripted faults come in their order, and only to their route", async () => {
	const fake = await standing();
	fake.failNext("createMessage", plainError(503), 2);
	fake.failNext("createMessage", discordError(10003));
	expect(await outcome(fake, "GET /users/@me")).toBe("200");
	const outcomes = [
		await outcomeOf(post(fake)),
		await outcomeOf(post(fake)),
		await outcomeOf(post(fake)),
		await outcomeOf(post(fake)),
	];
	expect(outcomes).toEqual(["503 0", "503 0", "404 10003", "200"]);
});

test.each([
	["hang", 0, "timeout"],
	["lost", 1, "fetch failed"],
	["stuck", 1, "timeout"],
] as const)("a call that is to be %s gets no answer, and %i messages are there", async (fault, count, error) => {
	const fake = await standing();
	fake.failNext("createMessage", fault);
	await expect(callDiscord(fake, posts, { content: "a" }, { timeoutMs: 200 })).rejects.toThrow(error);
	expect(fake.messages(channel).length).toBe(count);
	expect(fake.calls.map(({ outcome: kept }) => kept)).toEqual([fault]);
});

const none = { allowed_mentions: { parse: [] } };

test.each<[rule: string, body: JsonObject, mentions: readonly string[]]>([
	[
		"everybody, if nothing is said",
		{ content: "@everyone @here <@1> <@!2> <@&3>" },
		["@everyone", "@here", "<@1>", "<@!2>", "<@&3>"],
	],
	["nobody, if that is said", { content: "@everyone @here <@1> <@&3>", ...none }, []],
	["one person alone", { content: "@everyone <@1> <@2>", allowed_mentions: { parse: [], users: ["2"] } }, ["<@2>"]],
	["roles alone", { content: "@here <@1> <@&3>", allowed_mentions: { parse: ["roles"] } }, ["<@&3>"]],
	[
		"somebody in a text display",
		{
			content: "",
			flags: messageFlags.componentsV2,
			components: [{ type: 17, components: [{ type: 10, content: "<@1>" }] }],
		},
		["<@1>"],
	],
	["nobody in an embed", { content: "", embeds: [{ description: "@everyone" }] }, []],
])("a message calls %s", async (_, body, mentions) => {
	const fake = await standing();
	expect(await outcomeOf(post(fake, body))).toBe("200");
	expect(fake.pings.map(({ mention }) => mention)).toEqual(mentions);
});

test("a reply calls whom it answers, unless it says otherwise; an edit makes no sound", async () => {
	const fake = await standing();
	const message_reference = { message_id: fake.say(channel, "why?") };
	await post(fake, { message_reference, ...none });
	expect(fake.pings).toEqual([]);
	const id = await idOf(post(fake, { message_reference }));
	expect(fake.messages(channel).at(-1)!.repliesTo).toBe(message_reference.message_id);
	await callDiscord(fake, `PATCH /channels/${channel}/messages/${id}`, { content: "<@1>" });
	expect(fake.pings).toEqual([
		{ message: id, mention: `<@${user}>`, notifies: true },
		{ message: id, mention: "<@1>", notifies: false },
	]);
});

test("links are shown as a preview, unless a flag or brackets forbid it", async () => {
	const fake = await standing();
	await post(fake, { content: "https://a.example/1 <https://a.example/2>" });
	await post(fake, { content: "https://a.example/3", flags: messageFlags.suppressEmbeds });
	expect(fake.unfurls).toEqual(["https://a.example/1"]);
});
