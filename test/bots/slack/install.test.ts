import { afterEach, beforeEach, expect, test } from "vitest";
import { checks } from "../../../bots/slack/checks.ts";
import { sentOf } from "../../../bots/slack/inbound.ts";
import { install } from "../../../bots/slack/install.ts";
import { manifestFor, scopes } from "../../../bots/slack/manifest.ts";
import { receive } from "../../../bots/slack/receive.ts";
import { grantOf, heldToken } from "../../../bots/slack/tokens.ts";
import { work } from "../../../bots/slack/work.ts";
import { openWorkspace } from "../../../bots/slack/workspace.ts";
import { settableClock, type SettableClock } from "../../support/chat/settable-clock.ts";
import { startFakeSlack, type FakeSlack } from "../../support/slack/fake-slack.ts";
import { urlVerification } from "../../support/slack/slack-payloads.ts";
import { signedSlack } from "../../support/slack/sign-slack.ts";
import { slackError } from "../../support/slack/slack-wire.ts";
import { botDeps, type Standing } from "./bot-deps.ts";

const hourMs = 3_600_000;
const base = "https://m.example";
const callback = `${base}/slack/oauth/callback`;

let slack: FakeSlack;
let clock: SettableClock;
let standing: Standing;
beforeEach(async () => {
	clock = settableClock(() => 1_790_000_000_000);
	slack = await startFakeSlack({ clock, rotatesTokens: true });
	standing = standingWith();
});
afterEach(() => slack.close());

function standingWith(settings: Record<string, string> = {}): Standing {
	const own = {
		SLACK_API_URL: `${slack.url}/api/`,
		SLACK_CLIENT_ID: "client-id",
		SLACK_CLIENT_SECRET: "client-secret",
		PUBLIC_URL: base,
		VAULT_KEY: "vault-key",
	};
	return botDeps({ settings: { ...own, ...settings }, now: clock.now });
}

const get = (path: string, cookie = "") =>
	install(standing.deps)(new Request(`${base}${path}`, { headers: { cookie } }));

/** A browser that has been sent to Slack: its cookie and its state. */
async function begun() {
	const response = await get("/slack/install");
	const location = new URL(response.headers.get("location")!);
	const cookie = response.headers.get("set-cookie")!;
	return { response, location, cookie, sent: cookie.split(";")[0]!, state: location.searchParams.get("state")! };
}

const back = async (more: Record<string, string>, cookie: string) => {
	const response = await get(`/slack/oauth/callback?${new URLSearchParams(more).toString()}`, cookie);
	return [response.status, (await response.text()).trim()];
};

const installed = async () => {
	const { sent, state } = await begun();
	return back({ code: slack.code("T0ALPHA", callback), state }, sent);
};

test("installing goes to Slack with what the manifest asks for and a state that the browser keeps", async () => {
	const { response, location, cookie } = await begun();
	expect(response.status).toBe(302);
	const { state, ...query } = Object.fromEntries(location.searchParams);
	expect(query).toEqual({ client_id: "client-id", scope: scopes.join(","), redirect_uri: callback });
	expect(state).toMatch(/^[0-9a-f]{48}$/);
	expect(cookie).toBe(`massgen_slack_state=${state}; HttpOnly; SameSite=Lax; Path=/slack; Max-Age=600; Secure`);
});

test("coming back keeps the workspace's token, sealed", async () => {
	expect(await installed()).toEqual([
		200,
		"MassGen is installed in Team T0ALPHA. Mention it in a channel to ask the team.",
	]);
	const grant = (await grantOf(standing.deps, "T0ALPHA"))!;
	expect(grant.token.startsWith("xoxe.xoxb-")).toBe(true);
	const note = (await standing.installation("slack:T0ALPHA").kept("grant", "bot"))!;
	expect([note.includes(grant.token), note.includes("xox"), note.includes(grant.rotation!.refresh)]).toEqual([
		false,
		false,
		false,
	]);
	const moved = standing.installation("slack:T0BETA");
	await moved.keep({ kind: "grant", key: "bot", value: note, forMs: hourMs });
	expect(await grantOf(standing.deps, "T0BETA")).toBe(null);
});

test("a state is good once, in the browser that was given it, and for ten minutes", async () => {
	const { sent, state } = await begun();
	const other = await begun();
	const code = slack.code("T0ALPHA", callback);
	const refused = [403, "This page was not asked for. Begin again at /slack/install."];
	expect(await back({ code, state }, "")).toEqual(refused);
	expect(await back({ code, state }, other.sent)).toEqual(refused);
	expect(await back({ code }, sent)).toEqual(refused);
	expect(await back({ error: "access_denied", state }, sent)).toEqual([
		400,
		"Slack says: access_denied. Begin again at /slack/install.",
	]);
	expect(await back({ code, state }, sent)).toEqual(refused);
	clock.advance(10 * 60_000);
	expect(await back({ code, state: other.state }, other.sent)).toEqual(refused);
	expect(slack.calls).toEqual([]);
});

test("a workspace that is not served gets its token back", async () => {
	standing = standingWith({ SLACK_ALLOWED_TEAMS: "T0OTHER" });
	expect(await installed()).toEqual([403, "This deployment does not serve your workspace."]);
	expect(slack.calls.map(({ method }) => method)).toEqual(["oauth.v2.access", "auth.revoke"]);
	expect(await grantOf(standing.deps, "T0ALPHA")).toBe(null);
});

test.each([
	[
		"SLACK_CLIENT_ID",
		"This deployment has no SLACK_CLIENT_ID and SLACK_CLIENT_SECRET, so it cannot be installed from here.",
	],
	["VAULT_KEY", "This deployment has no VAULT_KEY to keep tokens with."],
])("without %s nobody is sent anywhere", async (name, words) => {
	const settings = Object.fromEntries(Object.entries(standing.deps.settings).filter(([key]) => key !== name));
	standing = { ...standing, deps: { ...standing.deps, settings } };
	const response = await get("/slack/install");
	expect([response.status, (await response.text()).trim()]).toEqual([503, words]);
});

test("a token is renewed two hours ahead, once, however many ask for it", async () => {
	await installed();
	const first = (await grantOf(standing.deps, "T0ALPHA"))!;
	const open = () => openWorkspace(standing.deps, "T0ALPHA", AbortSignal.timeout(5000));
	const { accepted } = standing.installation("slack:T0ALPHA");
	clock.advance(10 * hourMs - 1);
	await open();
	expect(accepted).toEqual([]);
	clock.advance(1);
	const opened = await Promise.all([open(), open(), open()]);
	expect(opened.map((workspace) => "token" in workspace && workspace.token)).toEqual([
		first.token,
		first.token,
		first.token,
	]);
	expect(accepted.map(({ key, place }) => [key, place])).toEqual([
		[`refresh:${first.rotation!.expiresAtMs}`, "token"],
	]);
	const payload = accepted[0]!.payload;
	expect(sentOf(payload)).toEqual({ kind: "refresh", workspace: "T0ALPHA" });
	const delivery = { id: "m", address: "token", payload, revision: 1, ref: null, tries: 0 };
	for (const tries of [0, 1])
		expect(await work(standing.deps)({ ...delivery, tries }, AbortSignal.timeout(5000))).toEqual({
			outcome: "sent",
		});
	expect(slack.callsOf("oauth.v2.access").length).toBe(2);
	const second = (await grantOf(standing.deps, "T0ALPHA"))!;
	expect([second.token === first.token, second.rotation!.expiresAtMs]).toEqual([false, clock.now() + 12 * hourMs]);
	clock.advance(2 * hourMs);
	expect(await open()).toMatchObject({ token: second.token });
});

test("who comes after the token's end waits until it is renewed", async () => {
	await installed();
	clock.advance(12 * hourMs);
	expect(await openWorkspace(standing.deps, "T0ALPHA", AbortSignal.timeout(5000))).toEqual({
		closed: { outcome: "wait", afterMs: 3000, reason: "the token is being renewed" },
	});
	expect(standing.installation("slack:T0ALPHA").accepted.length).toBe(1);
});

test("a refresh token that Slack does not take is not sent again", async () => {
	await installed();
	clock.advance(11 * hourMs);
	slack.failNext("oauth.v2.access", slackError("invalid_refresh_token"));
	const payload = '{"kind":"refresh","workspace":"T0ALPHA"}';
	const delivery = { id: "m", address: "token", payload, revision: 1, ref: null, tries: 0 };
	const refused = await work(standing.deps)(delivery, AbortSignal.timeout(5000));
	expect(refused).toEqual({ outcome: "dead", reason: "Slack refused it: invalid_refresh_token" });
	await work(standing.deps)(delivery, AbortSignal.timeout(5000));
	expect(slack.callsOf("oauth.v2.access").length).toBe(2);
	expect(await heldToken(standing.deps, "T0ALPHA")).toMatchObject({ rotation: null });
});

test("the manifest names this deployment wherever Slack has to find it", async () => {
	const text = await (await get("/slack/manifest")).text();
	expect(JSON.parse(text)).toEqual(manifestFor(base));
	expect([text.includes(".invalid"), text.match(/https:\/\/m\.example\/[a-z/]+/g)]).toEqual([
		false,
		[
			"https://m.example/webhooks/slack/commands",
			"https://m.example/slack/oauth/callback",
			"https://m.example/webhooks/slack/events",
			"https://m.example/webhooks/slack/interactivity",
		],
	]);
});

test.each([
	["POST", "/slack/install", 405],
	["GET", "/slack/other", 404],
])("%s %s is %i", async (method, path, status) => {
	expect((await install(standing.deps)(new Request(`${base}${path}`, { method }))).status).toBe(status);
});

test("the checks say what is missing, and what to do", async () => {
	standing = botDeps({ settings: { SLACK_API_URL: `${slack.url}/api/` }, now: clock.now });
	const shown = async () => (await checks(standing.deps)).map(({ name, ok, detail }) => [name, ok, detail]);
	expect(await shown()).toEqual([
		["signing secret", false, "SLACK_SIGNING_SECRET is not set"],
		["bot token", false, "SLACK_BOT_TOKEN is not set"],
		["request URL", false, "Slack has never verified this address"],
		["who may install", true, "only known workspaces"],
	]);
	const settings = { SLACK_API_URL: `${slack.url}/api/`, SLACK_SIGNING_SECRET: "s", SLACK_BOT_TOKEN: "xoxb-alpha" };
	standing = { ...standing, deps: { ...standing.deps, settings } };
	const challenge = (by: string) =>
		receive(standing.deps)(
			signedSlack({
				secret: by,
				body: urlVerification("c"),
				at: clock.now(),
				kind: "event",
				url: `${base}/webhooks/slack/events`,
			}),
		);
	await challenge("s");
	await challenge("other");
	expect(await shown()).toEqual([
		["signing secret", true, "it is set"],
		["bot token", true, "it is of Team T0ALPHA"],
		["scopes", false, "missing: files:read, groups:history"],
		[
			"request URL",
			true,
			"verified at 2026-09-21T14:13:20.000Z; last refused at 2026-09-21T14:13:20.000Z: signature wrong",
		],
		["who may install", true, "only known workspaces"],
	]);
	slack.setToken("xoxb-alpha", "revoked");
	expect((await shown())[1]).toEqual(["bot token", false, "Slack refuses it: token_revoked"]);
});
