import { beforeEach, describe, expect, test } from "vitest";
import { bodyBytesMax, receive } from "../../../bots/slack/receive.ts";
import { ageMaxS } from "../../../bots/slack/signature.ts";
import { isJsonObject, type JsonObject } from "../../../src/std/json.ts";
import { signedSlack, slackSignature, type SlackKind } from "../../support/slack/sign-slack.ts";
import * as payloads from "../../support/slack/slack-payloads.ts";
import { botDeps, type Standing } from "./bot-deps.ts";

const secret = "the-secret";
const nowMs = 1_790_000_000_500;
let standing: Standing;
beforeEach(() => {
	standing = standingWith();
});

function standingWith(settings: Record<string, string> = {}): Standing {
	return botDeps({ settings: { SLACK_SIGNING_SECRET: secret, ...settings }, now: () => nowMs });
}

const base = "http://127.0.0.1/webhooks/slack";
const pathOf: Record<SlackKind, string> = { event: "events", interactivity: "interactivity", command: "commands" };

async function sent(kind: SlackKind, body: JsonObject, { by = secret, at = nowMs, to = standing } = {}) {
	const request = signedSlack({ secret: by, body, at, kind, url: `${base}/${pathOf[kind]}` });
	const response = await receive(to.deps)(request);
	return { status: response.status, text: (await response.text()).trim() };
}

const team = () => standing.installation("slack:T0ALPHA");
const keys = (of = standing) => of.installation("slack:T0ALPHA").accepted.map(({ key, place }) => [key, place]);

describe("a request is taken only if Slack has signed it now", () => {
	const body = JSON.stringify(payloads.appMention());
	const seconds = String(Math.floor(nowMs / 1000));
	const good = slackSignature(secret, seconds, body);
	const at = (s: number) => ({ timestamp: String(s), signature: slackSignature(secret, String(s), body) });
	const nowS = Number(seconds);
	type Headers = { readonly timestamp?: string; readonly signature?: string };
	test.each<[string, Headers, number, string]>([
		["as it should be", { timestamp: seconds, signature: good }, 200, ""],
		["without a signature", { timestamp: seconds }, 401, "The signature is missing."],
		["without a timestamp", { signature: good }, 401, "The signature is missing."],
		[
			"of another version",
			{ timestamp: seconds, signature: good.replace("v0=", "v1=") },
			401,
			"The signature is malformed.",
		],
		["of odd length", { timestamp: seconds, signature: good.slice(0, -1) }, 401, "The signature is malformed."],
		["of no hex", { timestamp: seconds, signature: `v0=${"g".repeat(64)}` }, 401, "The signature is malformed."],
		["cut short", { timestamp: seconds, signature: good.slice(0, 23) }, 401, "The signature is malformed."],
		["with words for a time", { timestamp: "now", signature: good }, 401, "The signature is malformed."],
		[
			"of another body",
			{ timestamp: seconds, signature: slackSignature(secret, seconds, `${body} `) },
			401,
			"The signature is wrong.",
		],
		["of another time", { timestamp: String(nowS - 1), signature: good }, 401, "The signature is wrong."],
		[
			"by another secret",
			{ timestamp: seconds, signature: slackSignature("other", seconds, body) },
			401,
			"The signature is wrong.",
		],
		[
			"by an empty secret",
			{ timestamp: seconds, signature: slackSignature("", seconds, body) },
			401,
			"The signature is wrong.",
		],
		["as old as may be", at(nowS - ageMaxS + 1), 200, ""],
		["older", at(nowS - ageMaxS), 401, "The signature is stale."],
		["as far ahead as may be", at(nowS + ageMaxS), 200, ""],
		["further ahead", at(nowS + ageMaxS + 1), 401, "The signature is stale."],
	])("%s", async (_, { timestamp, signature }, status, text) => {
		const headers = {
			...(timestamp !== undefined && { "x-slack-request-timestamp": timestamp }),
			...(signature !== undefined && { "x-slack-signature": signature }),
		};
		const response = await receive(standing.deps)(new Request(`${base}/events`, { method: "POST", headers, body }));
		expect([response.status, (await response.text()).trim()]).toEqual([status, text]);
		expect(keys().length).toBe(status === 200 ? 1 : 0);
	});
});

test("two secrets hold while one replaces the other, and none holds where none is set", async () => {
	const both = standingWith({ SLACK_SIGNING_SECRET: "old, new" });
	const mention = payloads.appMention();
	for (const [by, status] of [
		["old", 200],
		["new", 200],
		["old, new", 401],
		["", 401],
	] as const)
		expect((await sent("event", mention, { by, to: both })).status).toBe(status);
	for (const setting of ["", " , "])
		expect(
			(await sent("event", mention, { by: setting, to: standingWith({ SLACK_SIGNING_SECRET: setting }) })).status,
		).toBe(503);
	const { SLACK_SIGNING_SECRET: _, ...unset } = standingWith().deps.settings;
	const response = await receive({ ...standing.deps, settings: unset })(
		signedSlack({ secret: "", body: mention, at: nowMs, kind: "event", url: `${base}/events` }),
	);
	expect(response.status).toBe(503);
});

test("a body is read up to a mebibyte", async () => {
	const body = (bytes: number) => `{"type":"url_verification","challenge":"${"x".repeat(bytes - 45)}"}`.padEnd(bytes);
	const seconds = String(Math.floor(nowMs / 1000));
	const statusOf = async (bytes: number) => {
		const text = body(bytes);
		const headers = {
			"x-slack-request-timestamp": seconds,
			"x-slack-signature": slackSignature(secret, seconds, text),
		};
		const request = new Request(`${base}/events`, { method: "POST", headers, body: text });
		return (await receive(standing.deps)(request)).status;
	};
	expect([await statusOf(bodyBytesMax), await statusOf(bodyBytesMax + 1)]).toEqual([200, 413]);
});

test("the challenge is answered, which is remembered; a check of the certificate is answered with nothing", async () => {
	const challenged = await sent("event", payloads.urlVerification("abc"));
	expect(challenged).toEqual({ status: 200, text: '{"challenge":"abc"}' });
	expect(await standing.installation("slack").kept("health", "verified")).toBe('{"at":"2026-09-21T14:13:20.500Z"}');
	expect((await sent("event", payloads.urlVerification("abc"), { by: "other" })).status).toBe(401);
	expect(await sent("command", { ssl_check: "1", token: "t" })).toEqual({ status: 200, text: "" });
	expect((await sent("command", { ssl_check: "1", token: "t" }, { by: "other" })).status).toBe(401);
});

const edited = (subtype: string) => {
	const body = payloads.messageIm();
	return { ...body, event: { ...(body["event"] as JsonObject), subtype } };
};

const ofBot = (body: JsonObject) => ({ ...body, event: { ...(body["event"] as JsonObject), bot_id: "B0OTHER" } });

describe("what is taken, under which key and in which order", () => {
	test.each<[string, SlackKind, JsonObject, [string, string][]]>([
		[
			"a mention",
			"event",
			payloads.appMention(),
			[["said:C0GENERAL:1790000000.000100", "C0GENERAL:1790000000.000100"]],
		],
		[
			"a mention in a thread",
			"event",
			payloads.appMention({ threadTs: "1.000002" }),
			[["said:C0GENERAL:1790000000.000100", "C0GENERAL:1.000002"]],
		],
		[
			"a direct message",
			"event",
			payloads.messageIm(),
			[["said:D0ASKER:1790000000.000100", "D0ASKER:1790000000.000100"]],
		],
		[
			"a file that somebody shares with it",
			"event",
			edited("file_share"),
			[["said:D0ASKER:1790000000.000100", "D0ASKER:1790000000.000100"]],
		],
		["a message that was changed", "event", edited("message_changed"), []],
		["a message that was deleted", "event", edited("message_deleted"), []],
		["somebody who joins", "event", edited("channel_join"), []],
		["our own message", "event", payloads.messageOfBot(), []],
		["what we have said ourselves", "event", payloads.messageIm({ user: "U0BOT" }), []],
		["another bot's mention", "event", ofBot(payloads.appMention()), []],
		["a page that is opened", "event", payloads.appHomeOpened(), [["event:Ev0001", "app_home_opened:U0ASKER"]]],
		[
			"the native Stop",
			"event",
			payloads.agentSessionStopped(),
			[["event:Ev0001", "agent_session_stopped:U0ASKER"]],
		],
		[
			"a button",
			"interactivity",
			payloads.blockActions({ action_id: "massgen_stop", value: "x" }),
			[["action:1790000000.000100:massgen_stop:U0ASKER", "massgen_stop:U0ASKER"]],
		],
		["a button of no release of ours", "interactivity", payloads.blockActions({ action_id: "other" }), []],
		["a window of no release of ours", "interactivity", payloads.viewSubmission({ callback_id: "other" }), []],
		["a link that was followed", "interactivity", payloads.blockActions({ action_id: "massgen_link_page" }), []],
		[
			"a window that was sent",
			"interactivity",
			payloads.viewSubmission({ callback_id: "massgen_note" }),
			[["view:V0001:1790000000.hash", "massgen_note:U0ASKER"]],
		],
		[
			"a message's menu",
			"interactivity",
			payloads.messageAction("massgen_ask_about"),
			[["shortcut:1.2.trigger", "massgen_ask_about:U0ASKER"]],
		],
		["a command", "command", payloads.slashCommand(), [["command:1.2.trigger", "user:U0ASKER"]]],
		["help", "command", payloads.slashCommand({ text: " HELP " }), []],
	])("%s", async (_, kind, body, kept) => {
		expect((await sent(kind, body)).status).toBe(200);
		expect(keys()).toEqual(kept);
	});

	test.each<[string, SlackKind, JsonObject, JsonObject]>([
		["a text that is none", "event", payloads.appMention(), { event: { text: 7 } }],
		["authorizations that are none", "event", payloads.appMention(), { authorizations: [null] }],
		["no window", "interactivity", payloads.viewSubmission({ callback_id: "massgen_note" }), { view: null }],
		["a window without a name", "interactivity", payloads.viewSubmission({}), { view: { callback_id: null } }],
		[
			"addresses that are none",
			"interactivity",
			payloads.viewSubmission({ callback_id: "massgen_note" }),
			{ response_urls: [null] },
		],
		[
			"a channel that is none",
			"interactivity",
			payloads.blockActions({ action_id: "massgen_stop" }),
			{ channel: null },
		],
	])("what Slack's framework would fail at each time is not taken: %s", async (_, kind, body, odd) => {
		const changed = Object.entries(odd).map(([name, value]) => [
			name,
			isJsonObject(value) ? { ...(body[name] as JsonObject), ...value } : value,
		]);
		expect((await sent(kind, { ...body, ...Object.fromEntries(changed) })).status).toBe(200);
		expect(keys()).toEqual([]);
	});

	test("a plain reply in a thread is taken beside a mention: only the work on it knows whether it is for us", async () => {
		const { event, ...rest } = payloads.appMention({ threadTs: "1.000002", text: "Hi" });
		const reply = { ...(event as JsonObject), type: "message", text: "Hi" };
		await sent("event", { ...rest, event: reply });
		await sent("event", { ...rest, event: { ...reply, type: "app_mention" } });
		await sent("event", { ...rest, event: { ...reply, text: "<@U0BOT> Hi" } });
		expect(keys().map(([key]) => key)).toEqual([
			"replied:C0GENERAL:1790000000.000100",
			"said:C0GENERAL:1790000000.000100",
		]);
	});

	test("what nobody reads, and the deprecated token, is not kept", async () => {
		await sent("event", payloads.appMention());
		const { payload } = team().accepted[0]!;
		expect(["blocks", "legacy-token", "rich_text"].filter((word) => payload.includes(word))).toEqual([]);
	});
});

test("in an organisation's installation, and a shared channel, the authorization says whose it is", async () => {
	const shared = { ...payloads.appMention(), team_id: "T0OTHER" };
	await sent("event", shared);
	const [authorization] = shared["authorizations" as never] as unknown as [JsonObject];
	const everywhere = { ...authorization, team_id: null, enterprise_id: "E1", is_enterprise_install: true };
	await sent("event", { ...shared, authorizations: [everywhere] });
	expect(
		["slack:T0ALPHA", "slack:E1", "slack:T0OTHER"].map((name) => standing.installation(name).accepted.length),
	).toEqual([1, 1, 0]);
});

test("another app's, and a workspace's that is not served, is nobody's business", async () => {
	const mine = standingWith({ SLACK_APP_ID: "A0MASSGEN", SLACK_ALLOWED_TEAMS: "T0ALPHA T0BETA" });
	await sent("event", payloads.appMention({ app: "A0OTHER" }), { to: mine });
	await sent("event", payloads.appMention({ team: "T0GAMMA" }), { to: mine });
	expect([keys(mine), mine.installation("slack:T0GAMMA").accepted]).toEqual([[], []]);
	await sent("event", payloads.appMention(), { to: mine });
	expect(keys(mine).length).toBe(1);
});

test("what could not be kept is not acknowledged", async () => {
	team().acceptAs = "full";
	expect(await sent("event", payloads.appMention())).toEqual({ status: 503, text: "Too much waits already." });
	team().acceptAs = "throw";
	expect(await sent("event", payloads.appMention())).toEqual({ status: 500, text: "It could not be kept." });
	expect(standing.faults.length).toBe(1);
	team().acceptAs = null;
	expect((await sent("event", payloads.appMention())).status).toBe(200);
});

test("a command is answered at once, to its author alone", async () => {
	const { text } = await sent("command", payloads.slashCommand());
	expect(JSON.parse(text)).toEqual({
		response_type: "ephemeral",
		text: "On it: I am putting your question to the team.",
	});
	for (const typed of ["status", "team", " Team trio"])
		expect(await sent("command", payloads.slashCommand({ text: typed, triggerId: typed }))).toEqual({
			status: 200,
			text: "",
		});
	const help = JSON.parse((await sent("command", payloads.slashCommand({ text: "" }))).text) as JsonObject;
	expect([help["response_type"], String(help["text"]).includes("/massgen QUESTION")]).toEqual(["ephemeral", true]);
});

test.each([
	["GET", "events", 405],
	["POST", "elsewhere", 404],
	["POST", "", 404],
])("%s /%s is %i", async (method, path, status) => {
	expect((await receive(standing.deps)(new Request(`${base}/${path}`, { method }))).status).toBe(status);
});
