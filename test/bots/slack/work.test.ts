import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { keptOf } from "../../../bots/slack/inbound.ts";
import type { JsonObject } from "../../../src/std/json.ts";
import * as payloads from "../../support/slack/slack-payloads.ts";
import { slackError } from "../../support/slack/slack-wire.ts";
import { channel, openOffice, place, problem, sent, ts, type Office } from "./office.ts";

let office: Office;
beforeEach(async () => {
	office = await openOffice();
});
afterEach(() => office.slack.close());

const chat = { kind: "slack", address: place };

describe("asking", () => {
	test("a mention begins a session, once for its message", async () => {
		expect(await office.came("event", payloads.appMention())).toEqual(sent);
		expect(office.asked).toEqual([
			["create", { question: "Which city shall we go to?", chat }, { idempotencyKey: `slack:${place}` }],
		]);
		expect(office.slack.calls).toEqual([]);
	});

	test("what is said in its thread is its next turn, by a mention or without; in another thread it is nothing", async () => {
		await office.came("event", payloads.appMention());
		const reply = (threadTs: string, at: string, text: string) => {
			const body = payloads.appMention({ threadTs, ts: at, eventId: at });
			return { ...body, event: { ...(body["event"] as JsonObject), type: "message", text } };
		};
		await office.came(
			"event",
			payloads.appMention({ threadTs: ts, ts: "1790000001.000100", text: "And by train?" }),
		);
		await office.came("event", reply(ts, "1790000002.000100", "And when?"));
		await office.came("event", reply(ts, "1790000003.000100", "<@U0OTHER> what do you think?"));
		await office.came("event", reply("1780000000.000100", "1790000004.000100", "hello"));
		const at = (second: string) => ({ chat: { kind: "slack", address: `T0ALPHA/${channel}/${ts}/${second}` } });
		expect(office.asked.slice(1)).toEqual([
			["send", "s1", "And by train?", at("1790000001.000100")],
			["send", "s1", "And when?", at("1790000002.000100")],
		]);
	});

	test("a direct message asks without a mention", async () => {
		await office.came("event", payloads.messageIm());
		expect(office.asked.map(([name]) => name)).toEqual(["create"]);
	});

	test("a command shows its question to the channel, and is answered in that thread; tried again it shows it once", async () => {
		const command = payloads.slashCommand({ text: "team trio Which <!here> city?" });
		for (const tries of [0, 1]) expect(await office.came("command", command, tries)).toEqual(sent);
		expect(office.spoken()).toEqual(["<@U0ASKER> asks: Which @\u2060here city?"]);
		const shown = office.slack.messages(channel)[0]!.ts;
		const address = `T0ALPHA/${channel}/${shown}/${shown}`;
		const body = { question: "Which @here city?", chat: { kind: "slack", address }, team: "trio" };
		const create = ["create", body, { idempotencyKey: `slack:${address}` }];
		// The second try is the same request, which the API knows again.
		expect(office.asked[0]).toEqual(create);
		expect(office.slack.pings.map(({ mention }) => mention)).toEqual(["<@U0ASKER>"]);
	});

	test.each([
		["team", "*Teams*: trio. Ask one by `/massgen team NAME QUESTION`."],
		["team trio", "*Teams*: trio. Ask one by `/massgen team NAME QUESTION`."],
		[
			"team nobody Which city?",
			"There is no team nobody.\n*Teams*: trio. Ask one by `/massgen team NAME QUESTION`.",
		],
	])("`/massgen %s` shows the teams to its author, and nothing is asked", async (text, told) => {
		expect(await office.came("command", payloads.slashCommand({ text }))).toEqual(sent);
		expect([office.spoken(), office.whispers(), office.asked]).toEqual([[], [["U0ASKER", told]], []]);
	});

	test("a command where the bot may not write says so by Slack's own way back", async () => {
		office.slack.setChannel(channel, "elsewhere");
		const responseUrl = office.slack.responseUrl(channel, "U0ASKER");
		expect(await office.came("command", payloads.slashCommand({ responseUrl }))).toEqual(sent);
		expect([office.whispers(), office.asked]).toEqual([
			[["U0ASKER", "I cannot write here. Invite me to this channel, then ask again."]],
			[],
		]);
		expect(office.slack.leaks).toEqual([]);
	});

	test("a command in a channel that is not allowed shows nothing there", async () => {
		office.use({ SLACK_ALLOWED_CHANNELS: "C0OTHER" });
		await office.came("command", payloads.slashCommand());
		const refused = ["U0ASKER", "I am not allowed to answer in this channel."];
		expect([office.spoken(), office.whispers(), office.asked]).toEqual([[], [refused], []]);
	});

	test("a message's menu opens a window with it, whose question is asked in its thread", async () => {
		const triggerId = office.slack.trigger();
		expect(await office.came("interactivity", payloads.messageAction("massgen_ask_about", { triggerId }))).toEqual(
			sent,
		);
		const view = office.slack.view("V0002")!;
		expect([view["callback_id"], view["private_metadata"]]).toEqual(["massgen_ask", `${channel} ${ts}`]);
		expect(JSON.stringify(view["blocks"])).toContain('"initial_value":"Which city shall we go to?"');
		const state = { values: { question: { question: { type: "plain_text_input", value: "Why?" } } } };
		const { callback_id, private_metadata } = view;
		await office.came(
			"interactivity",
			payloads.viewSubmission({ callback_id: callback_id!, private_metadata: private_metadata!, state }),
		);
		const shown = office.slack.messages(channel).at(-1)!;
		expect([shown.threadTs, shown.text]).toEqual([ts, "<@U0ASKER> asks: Why?"]);
		const address = `T0ALPHA/${channel}/${ts}/${shown.ts}`;
		expect(office.asked).toEqual([
			["create", { question: "Why?", chat: { kind: "slack", address } }, { idempotencyKey: `slack:${address}` }],
		]);
	});

	test("a team that was chosen on the app's page answers from then on", async () => {
		const select = { type: "static_select", action_id: "massgen_team", selected_option: { value: "trio" } };
		await office.came("interactivity", payloads.blockActions(select));
		await office.came("event", payloads.appMention());
		expect(office.asked.map(([, body]) => (body as JsonObject)["team"])).toEqual(["trio"]);
		const home = JSON.stringify(office.slack.view("home:U0ASKER"));
		expect(home).toContain('"initial_option":{"text":{"type":"plain_text","text":"trio"},"value":"trio"}');
	});
});

describe("what is refused is told to whoever has office.asked, and nothing is run", () => {
	test.each<[string, Record<string, string>, () => JsonObject, string]>([
		[
			"too many a day",
			{ CHAT_RUNS_PER_USER_PER_DAY: "0" },
			payloads.appMention,
			"You have asked as many questions as one person may in a day here. You can ask again <!date^",
		],
		[
			"too many at once",
			{ CHAT_RUNS_AT_ONCE: "0" },
			payloads.appMention,
			"The team is answering as many questions here as it may at once. Please ask again when one is done.",
		],
		[
			"too much money",
			{ CHAT_USD_PER_DAY: "0" },
			payloads.appMention,
			"The team has spent what it may spend here in a day.",
		],
		[
			"a channel that is not allowed",
			{ SLACK_ALLOWED_CHANNELS: "C0OTHER" },
			payloads.appMention,
			"I am not allowed to answer in this channel.",
		],
		[
			"no question",
			{},
			() => payloads.appMention({ text: "" }),
			"Mention me with a question, and the team answers it here.",
		],
	])("%s", async (_, settings, body, words) => {
		office.use(settings);
		expect(await office.came("event", body())).toEqual(sent);
		expect(office.whispers().map(([to, text]) => [to, text?.startsWith(words)])).toEqual([["U0ASKER", true]]);
		expect(office.asked).toEqual([]);
	});

	test("what the API refuses, and a run that did not begin takes no room", async () => {
		office.use({ CHAT_RUNS_AT_ONCE: "1" });
		office.refusal = problem(400, "bad", [
			{ path: "team", message: "There is no team `x<y`" },
			{ path: "question", message: "must not be empty" },
		]);
		await office.came("event", payloads.appMention());
		expect(office.whispers()).toEqual([
			["U0ASKER", "The team could not take this: There is no team `x&lt;y`; question must not be empty"],
		]);
		office.refusal = null;
		await office.came("event", payloads.appMention({ ts: "1790000009.000100" }));
		expect(office.asked.length).toBe(2);
	});

	test("what the API cannot do now is tried again", async () => {
		office.refusal = problem(503, "The disk is full.");
		expect(await office.came("event", payloads.appMention())).toEqual({
			outcome: "retry",
			afterMs: null,
			reason: "The disk is full.",
		});
		expect(office.whispers()).toEqual([]);
	});
});

describe("files that come with a question", () => {
	const file = (more: JsonObject) => ({
		name: "a.txt",
		mimetype: "text/plain",
		size: 4,
		url_private_download: `${office.slack.url}/files/a.txt`,
		...more,
	});
	const withFiles = (files: readonly JsonObject[]) => {
		const body = payloads.appMention();
		return { ...body, event: { ...(body["event"] as JsonObject), files } };
	};

	test("they are fetched with the token from Slack alone, and passed on", async () => {
		const seen: [string, string | null][] = [];
		const fetched: typeof fetch = async (input, init) => {
			const url = String(input);
			if (!url.includes("/files/")) return fetch(input, init);
			seen.push([url, new Headers(init?.headers).get("authorization")]);
			return new Response("text", { headers: { "content-type": "text/plain" } });
		};
		office.standing = { ...office.standing, deps: { ...office.standing.deps, fetch: fetched } };
		const away = file({ name: "evil.txt", url_private_download: "https://files.slack.com.evil.example/files/x" });
		const video = file({ name: "film.mp4", mimetype: "video/mp4" });
		const large = file({ name: "large.txt", size: 2 * 1024 * 1024 + 1 });
		await office.came("event", withFiles([file({}), away, video, large]));
		expect(seen).toEqual([[`${office.slack.url}/files/a.txt`, "Bearer xoxb-alpha"]]);
		const attachments = [{ name: "a.txt", media_type: "text/plain", data: "dGV4dA==" }];
		expect(office.asked[0]?.[1]).toEqual({ question: "Which city shall we go to?", chat, attachments });
		expect(office.whispers()).toEqual([
			[
				"U0ASKER",
				"The team did not get: evil.txt (not a file of Slack's), film.mp4 (this kind of file cannot be read), large.txt (too large).",
			],
		]);
	});

	test.each<[string, JsonObject["x"]]>([
		["no list", 0],
		["nothing in it", [null]],
		["no name", [{ name: 0, mimetype: 0, url_private: 0 }]],
	])("files that are named otherwise than Slack does keep no question from being asked: %s", async (_, files) => {
		const body = payloads.appMention();
		await office.came("event", { ...body, event: { ...(body["event"] as JsonObject), files: files ?? null } });
		expect(office.asked.length).toBe(1);
	});

	test("a file that cannot be read does not keep the question from being asked", async () => {
		await office.came("event", withFiles([file({})]));
		expect(office.asked.length).toBe(1);
		expect(office.whispers()).toEqual([
			["U0ASKER", "The team did not get: a.txt (Slack does not let me read it)."],
		]);
	});
});

test.each([
	["app_uninstalled", payloads.appUninstalled(), 1],
	["tokens_revoked", payloads.tokensRevoked(), 1],
])("after %s nothing is kept of the workspace", async (_, body, purged) => {
	expect(await office.came("event", body)).toEqual(sent);
	expect(office.standing.installation("slack:T0ALPHA").purged).toBe(purged);
});

test("what a workspace without the app had asked is stopped, and the links shown in it open nothing", async () => {
	await office.came("event", payloads.appMention());
	const value = JSON.stringify({ share: "7", url: "https://m.example/share/x" });
	await office.standing.installation("slack:T0ALPHA").keep({ kind: "page", key: "s1", value, forMs: 1000 });
	await office.came("event", payloads.appUninstalled());
	expect(office.asked.slice(1)).toEqual([
		["steer", "s1", { action: "cancel" }],
		["unshare", "s1", "7"],
	]);
});

test("what is over already keeps no workspace from being forgotten; a fault of the API's is tried again", async () => {
	await office.came("event", payloads.appMention());
	office.refusal = problem(409, "No turn is running.");
	expect(await office.came("event", payloads.appUninstalled())).toEqual(sent);
	office.refusal = problem(503, "later");
	await expect(office.came("event", payloads.appUninstalled({ eventId: "Ev9" }))).rejects.toThrow("later");
	expect(office.standing.installation("slack:T0ALPHA").purged).toBe(1);
});

test("a token of a person that is revoked concerns nobody else", async () => {
	const body = payloads.tokensRevoked();
	await office.came("event", {
		...body,
		event: { ...(body["event"] as JsonObject), tokens: { oauth: ["U0ASKER"], bot: [] } },
	});
	expect(office.standing.installation("slack:T0ALPHA").purged).toBe(0);
});

test("a workspace without a token is told nothing, and nothing is run", async () => {
	const { SLACK_BOT_TOKEN: _, ...settings } = office.standing.deps.settings;
	office.standing = { ...office.standing, deps: { ...office.standing.deps, settings } };
	expect(await office.came("event", payloads.appMention())).toEqual({
		outcome: "dead",
		reason: "the app is not installed in this workspace",
	});
});

test("a fault of ours is not hidden by the framework", async () => {
	office.standing = {
		...office.standing,
		deps: {
			...office.standing.deps,
			client: { ...office.standing.deps.client, createSession: async () => Promise.reject(new Error("ours")) },
		},
	};
	await expect(office.came("event", payloads.appMention())).rejects.toThrow("ours");
});

test("a 429 for a whisper waits, and what follows does not hang", async () => {
	office.use({ SLACK_ALLOWED_CHANNELS: "C0OTHER" });
	office.slack.failNext("chat.postEphemeral", {
		status: 429,
		headers: { "retry-after": "1" },
		body: slackError("ratelimited").body,
	});
	expect(await office.came("event", payloads.appMention())).toMatchObject({ outcome: "wait", afterMs: 1000 });
	expect((await office.came("event", payloads.messageIm())).outcome).toBe("wait");
	expect(keptOf({ kind: "refresh", workspace: "T" })).toBe('{"kind":"refresh","workspace":"T"}');
});
