import { expect, test } from "vitest";
import type { JsonObject } from "../../../src/std/json.ts";
import {
	agentSessionStopped,
	appHomeOpened,
	appMention,
	appUninstalled,
	blockActions,
	messageAction,
	messageIm,
	messageOfBot,
	slashCommand,
	tokensRevoked,
	urlVerification,
	viewSubmission,
} from "./slack-payloads.ts";
import { signedSlack, slackSignature, type SlackKind } from "./sign-slack.ts";

const at = 1_531_420_618_000;

test("a signature is the one of Slack's own example", () => {
	// https://docs.slack.dev/authentication/verifying-requests-from-slack
	const text =
		"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
	expect(slackSignature("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", text)).toBe(
		"v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
	);
});

test.each<[SlackKind, JsonObject, type: string, text: string]>([
	["event", { type: "event_callback" }, "application/json", '{"type":"event_callback"}'],
	[
		"interactivity",
		{ type: "block_actions" },
		"application/x-www-form-urlencoded",
		"payload=%7B%22type%22%3A%22block_actions%22%7D",
	],
	["command", { command: "/ask", text: "a b" }, "application/x-www-form-urlencoded", "command=%2Fask&text=a+b"],
])("a request of the kind %s has its own body", async (kind, body, type, text) => {
	const request = signedSlack({ secret: "s", body, at, kind, retry: { num: 1, reason: "http_timeout" } });
	const { headers } = request;
	expect([headers.get("content-type"), await request.text()]).toEqual([type, text]);
	expect(headers.get("x-slack-signature")).toBe(slackSignature("s", "1531420618", text));
	expect([headers.get("x-slack-retry-num"), headers.get("x-slack-retry-reason")]).toEqual(["1", "http_timeout"]);
});

test.each<[string, JsonObject, JsonObject]>([
	["a mention", appMention({ text: "hi" }), { type: "app_mention", text: "<@U0BOT> hi", channel: "C0GENERAL" }],
	["a direct message", messageIm({ text: "hi" }), { type: "message", text: "hi", channel_type: "im" }],
	["an echo of the bot", messageOfBot(), { type: "message", user: "U0BOT", bot_id: "B0BOT" }],
	["an opened home", appHomeOpened({ tab: "messages" }), { type: "app_home_opened", tab: "messages" }],
	["a stop", agentSessionStopped({ threadTs: "1.000001" }), { type: "agent_session_stopped", thread_ts: "1.000001" }],
	["an uninstalled app", appUninstalled(), { type: "app_uninstalled" }],
	["revoked tokens", tokensRevoked(), { type: "tokens_revoked", tokens: { oauth: [], bot: ["U0BOT"] } }],
])("the event of %s comes in an envelope", (_, payload, event) => {
	expect(payload).toMatchObject({ type: "event_callback", team_id: "T0ALPHA", event_id: "Ev0001", event });
});

test.each<[string, JsonObject, JsonObject]>([
	[
		"a button",
		blockActions({ action_id: "stop", value: "s1" }),
		{ type: "block_actions", actions: [{ type: "button", action_id: "stop", value: "s1" }] },
	],
	["a modal", viewSubmission({ callback_id: "c" }), { type: "view_submission", view: { callback_id: "c" } }],
	["a shortcut", messageAction("ask_about"), { type: "message_action", callback_id: "ask_about" }],
])("the interaction of %s says who and where", (_, payload, expected) => {
	expect(payload).toMatchObject({ ...expected, user: { id: "U0ASKER" }, team: { id: "T0ALPHA" } });
});

test("a command, and the check of an address, are flat", () => {
	expect(slashCommand({ text: "why?" })).toMatchObject({ command: "/ask", text: "why?", team_id: "T0ALPHA" });
	expect(urlVerification("c")).toEqual({ token: "legacy-token", challenge: "c", type: "url_verification" });
});
