import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { keptOf } from "../../../bots/slack/inbound.ts";
import { receive } from "../../../bots/slack/receive.ts";
import { work } from "../../../bots/slack/work.ts";
import type { Delivered } from "../../../durable-objects/outbox/outbox.ts";
import { ApiError, type Client } from "../../../src/api/client.ts";
import type { Session } from "../../../src/api/contract.ts";
import type { JsonObject } from "../../../src/std/json.ts";
import { teamOf } from "../../support/api.ts";
import { startFakeSlack, type FakeSlack } from "../../support/slack/fake-slack.ts";
import * as payloads from "../../support/slack/slack-payloads.ts";
import { signedSlack, type SlackKind } from "../../support/slack/sign-slack.ts";
import { slackError } from "../../support/slack/slack-wire.ts";
import { botDeps, type Standing } from "./bot-deps.ts";

const channel = "C0GENERAL";
const ts = "1790000000.000100";
const place = `T0ALPHA/${channel}/${ts}/${ts}`;
const secret = "the-secret";

let slack: FakeSlack;
let asked: unknown[][];
let session: Session | null;
let refusal: ApiError | null;
let standing: Standing;
beforeEach(async () => {
	slack = await startFakeSlack({ channelBudget: { max: 100, windowMs: 1000 } });
	asked = [];
	session = null;
	refusal = null;
	standing = standingWith();
});
afterEach(() => slack.close());

const problem = (status: number, detail: string, errors: { path: string; message: string }[] = []) =>
	new ApiError({ type: "about:blank", title: "", status, detail, errors });

/** The API as far as the bot calls it: each call is noted, and refused where a test says so. */
function apiOf(): Partial<Client> {
	const said =
		<T>(name: string, value: T) =>
		async (...args: unknown[]): Promise<T> => {
			asked.push([name, ...args]);
			if (refusal !== null) throw refusal;
			return value;
		};
	return {
		createSession: said("create", { id: "s1", status: "running", url: "", events_url: "" }),
		send: said("send", { id: "s1", url: "", events_url: "" }),
		steer: said("steer", { id: "s1", action: "" }),
		teams: async () => ({
			teams: [teamOf({ name: "trio", agents: [{ id: "a", backend: "openai", model: "x" }] })],
			built_in: [],
		}),
		session: async () => {
			if (session === null) throw problem(404, "There is no session.");
			return session;
		},
	};
}

function standingWith(settings: Record<string, string> = {}): Standing {
	const own = { SLACK_SIGNING_SECRET: secret, SLACK_BOT_TOKEN: "xoxb-alpha", SLACK_API_URL: `${slack.url}/api` };
	return botDeps({ client: apiOf(), settings: { ...own, ...settings } });
}

const paths: Record<SlackKind, string> = { event: "events", interactivity: "interactivity", command: "commands" };

/** Through the door, and then worked on, as it would be by the workspace's object. */
async function came(kind: SlackKind, body: JsonObject, tries = 0): Promise<Delivered> {
	const url = `http://127.0.0.1/webhooks/slack/${paths[kind]}`;
	await receive(standing.deps)(signedSlack({ secret, body, at: Date.now(), kind, url }));
	const { accepted } = standing.installation("slack:T0ALPHA");
	const inbound = accepted.at(-1)!;
	const delivery = { id: "m", address: inbound.place, payload: inbound.payload, revision: 1, ref: null, tries };
	return work(standing.deps)(delivery, AbortSignal.timeout(10_000));
}

const whispers = () =>
	slack
		.messages(channel)
		.filter(({ ephemeralTo }) => ephemeralTo !== null)
		.map(({ ephemeralTo, text }) => [ephemeralTo, text]);
const spoken = () =>
	slack
		.messages(channel)
		.filter(({ ephemeralTo }) => ephemeralTo === null)
		.map(({ text }) => text);
const chat = { kind: "slack", address: place };
const sent = { outcome: "sent" };

describe("asking", () => {
	test("a mention begins a session, once for its message", async () => {
		expect(await came("event", payloads.appMention())).toEqual(sent);
		expect(asked).toEqual([
			["create", { question: "Which city shall we go to?", chat }, { idempotencyKey: `slack:${place}` }],
		]);
		expect(slack.calls).toEqual([]);
	});

	test("what is said in its thread is its next turn, by a mention or without; in another thread it is nothing", async () => {
		await came("event", payloads.appMention());
		const reply = (threadTs: string, at: string, text: string) => {
			const body = payloads.appMention({ threadTs, ts: at, eventId: at });
			return { ...body, event: { ...(body["event"] as JsonObject), type: "message", text } };
		};
		await came("event", payloads.appMention({ threadTs: ts, ts: "1790000001.000100", text: "And by train?" }));
		await came("event", reply(ts, "1790000002.000100", "And when?"));
		await came("event", reply(ts, "1790000003.000100", "<@U0OTHER> what do you think?"));
		await came("event", reply("1780000000.000100", "1790000004.000100", "hello"));
		const at = (second: string) => ({ chat: { kind: "slack", address: `T0ALPHA/${channel}/${ts}/${second}` } });
		expect(asked.slice(1)).toEqual([
			["send", "s1", "And by train?", at("1790000001.000100")],
			["send", "s1", "And when?", at("1790000002.000100")],
		]);
	});

	test("a direct message asks without a mention", async () => {
		await came("event", payloads.messageIm());
		expect(asked.map(([name]) => name)).toEqual(["create"]);
	});

	test("a command shows its question to the channel, and is answered in that thread; tried again it shows it once", async () => {
		const command = payloads.slashCommand({ text: "team trio Which <!here> city?" });
		for (const tries of [0, 1]) expect(await came("command", command, tries)).toEqual(sent);
		expect(spoken()).toEqual(["<@U0ASKER> asks: Which @\u2060here city?"]);
		const shown = slack.messages(channel)[0]!.ts;
		const address = `T0ALPHA/${channel}/${shown}/${shown}`;
		const body = { question: "Which @here city?", chat: { kind: "slack", address }, team: "trio" };
		const create = ["create", body, { idempotencyKey: `slack:${address}` }];
		// The second try is the same request, which the API knows again.
		expect(asked[0]).toEqual(create);
		expect(slack.pings.map(({ mention }) => mention)).toEqual(["<@U0ASKER>"]);
	});

	test("a command where the bot may not write says so by Slack's own way back", async () => {
		slack.setChannel(channel, "elsewhere");
		const responseUrl = slack.responseUrl(channel, "U0ASKER");
		expect(await came("command", payloads.slashCommand({ responseUrl }))).toEqual(sent);
		expect([whispers(), asked]).toEqual([
			[["U0ASKER", "I cannot write here. Invite me to this channel, then ask again."]],
			[],
		]);
		expect(slack.leaks).toEqual([]);
	});

	test("a message's menu opens a window with it, whose question is asked in its thread", async () => {
		const triggerId = slack.trigger();
		expect(await came("interactivity", payloads.messageAction("massgen_ask_about", { triggerId }))).toEqual(sent);
		const view = slack.view("V0002")!;
		expect([view["callback_id"], view["private_metadata"]]).toEqual(["massgen_ask", `${channel} ${ts}`]);
		expect(JSON.stringify(view["blocks"])).toContain('"initial_value":"Which city shall we go to?"');
		const state = { values: { question: { question: { type: "plain_text_input", value: "Why?" } } } };
		const { callback_id, private_metadata } = view;
		await came(
			"interactivity",
			payloads.viewSubmission({ callback_id: callback_id!, private_metadata: private_metadata!, state }),
		);
		const shown = slack.messages(channel).at(-1)!;
		expect([shown.threadTs, shown.text]).toEqual([ts, "<@U0ASKER> asks: Why?"]);
		const address = `T0ALPHA/${channel}/${ts}/${shown.ts}`;
		expect(asked).toEqual([
			["create", { question: "Why?", chat: { kind: "slack", address } }, { idempotencyKey: `slack:${address}` }],
		]);
	});

	test("a team that was chosen on the app's page answers from then on", async () => {
		const select = { type: "static_select", action_id: "massgen_team", selected_option: { value: "trio" } };
		await came("interactivity", payloads.blockActions(select));
		await came("event", payloads.appMention());
		expect(asked.map(([, body]) => (body as JsonObject)["team"])).toEqual(["trio"]);
		const home = JSON.stringify(slack.view("home:U0ASKER"));
		expect(home).toContain('"initial_option":{"text":{"type":"plain_text","text":"trio"},"value":"trio"}');
	});
});

describe("what is refused is told to whoever has asked, and nothing is run", () => {
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
		standing = standingWith(settings);
		expect(await came("event", body())).toEqual(sent);
		expect(whispers().map(([to, text]) => [to, text?.startsWith(words)])).toEqual([["U0ASKER", true]]);
		expect(asked).toEqual([]);
	});

	test("what the API refuses, and a run that did not begin takes no room", async () => {
		standing = standingWith({ CHAT_RUNS_AT_ONCE: "1" });
		refusal = problem(400, "bad", [{ path: "team", message: "there is no team `x<y`" }]);
		await came("event", payloads.appMention());
		expect(whispers()).toEqual([["U0ASKER", "The team could not take this: team there is no team `x&lt;y`"]]);
		refusal = null;
		await came("event", payloads.appMention({ ts: "1790000009.000100" }));
		expect(asked.length).toBe(2);
	});

	test("what the API cannot do now is tried again", async () => {
		refusal = problem(503, "The disk is full.");
		expect(await came("event", payloads.appMention())).toEqual({
			outcome: "retry",
			afterMs: null,
			reason: "The disk is full.",
		});
		expect(whispers()).toEqual([]);
	});
});

const run = "v1:1:U0ASKER:s1";
const turn = {
	question: "Which city?",
	status: "running",
	votes: [],
	tally: [],
	reasons: [],
	dissent: null,
	answer: null,
	consensus: null,
	agreement: null,
};
const running = (turns: readonly object[] = [turn]) =>
	({
		id: "s1",
		title: "Cities",
		status: "running",
		turns,
		team: { agents: [{ id: "a" }, { id: "b" }] },
	}) as unknown as Session;
const pressed = (action_id: string, value: string, part: Parameters<typeof payloads.blockActions>[1] = {}) =>
	payloads.blockActions({ action_id, value }, { threadTs: ts, ts: "1790000005.000100", ...part });
const chosen = (verb: string, part: Parameters<typeof payloads.blockActions>[1] = {}) =>
	payloads.blockActions(
		{ type: "overflow", action_id: "massgen_more", selected_option: { value: `${verb} ${run}` } },
		{ threadTs: ts, ts: "1790000005.000100", ...part },
	);

describe("steering", () => {
	beforeEach(() => void (session = running()));

	test.each([
		["massgen_stop", { action: "cancel" }],
		["massgen_now", { action: "answer_now" }],
	])("%s", async (action, command) => {
		expect(await came("interactivity", pressed(action, run))).toEqual(sent);
		expect([asked, whispers()]).toEqual([[["steer", "s1", command]], []]);
	});

	test("only whoever asked, and whom the deployment names, may", async () => {
		await came("interactivity", pressed("massgen_stop", run, { user: "U0OTHER" }));
		expect([asked, whispers()]).toEqual([[], [["U0OTHER", "Only the person who asked can use this button."]]]);
		standing = standingWith({ SLACK_ADMINS: "U0BOSS,U0OTHER" });
		await came("interactivity", pressed("massgen_stop", run, { user: "U0OTHER" }));
		expect(asked).toEqual([["steer", "s1", { action: "cancel" }]]);
	});

	test.each<[string, () => void]>([
		["the turn is over", () => void (session = running([{ ...turn, status: "done" }]))],
		["another turn is running", () => void (session = running([{ ...turn, status: "done" }, turn]))],
		["the session was deleted", () => void (session = null)],
		["it ends at this moment", () => void (refusal = problem(409, "over"))],
	])("a button of an old card: %s", async (_, make) => {
		make();
		await came("interactivity", pressed("massgen_stop", run));
		expect(whispers()).toEqual([["U0ASKER", "That run is over."]]);
	});

	test.each(["", "v0:x", "v1:1:U0ASKER:../x"])("a button that says %j is not known", async (value) => {
		await came("interactivity", pressed("massgen_stop", value));
		expect([asked, whispers()]).toEqual([[], [["U0ASKER", "I do not know this button any more."]]]);
	});

	test("a note is typed in a window and reaches the agents", async () => {
		await came("interactivity", chosen("note", { triggerId: slack.trigger() }));
		const { callback_id, private_metadata } = slack.view("V0002")!;
		expect([callback_id, private_metadata]).toEqual(["massgen_note", `${channel} ${ts} ${run}`]);
		const state = { values: { note: { note: { value: " Mind the budget. " } } } };
		await came(
			"interactivity",
			payloads.viewSubmission({ callback_id: callback_id!, private_metadata: private_metadata!, state }),
		);
		expect(asked).toEqual([["steer", "s1", { action: "note", text: "Mind the budget." }]]);
	});

	test("an agent is chosen in a window and dropped", async () => {
		await came("interactivity", chosen("drop", { triggerId: slack.trigger() }));
		const { callback_id, private_metadata, blocks } = slack.view("V0002")!;
		expect(JSON.stringify(blocks)).toContain('"options":[{"text":{"type":"plain_text","text":"a"},"value":"a"}');
		const state = { values: { agent: { agent: { selected_option: { value: "b" } } } } };
		await came(
			"interactivity",
			payloads.viewSubmission({ callback_id: callback_id!, private_metadata: private_metadata!, state }),
		);
		expect(asked).toEqual([["steer", "s1", { action: "drop_agent", agent: "b" }]]);
	});

	test("a window that comes too late is asked for once more", async () => {
		await came("interactivity", chosen("note", { triggerId: "gone" }));
		expect(whispers()).toEqual([["U0ASKER", "That took too long. Please click once more."]]);
	});

	test("Slack's own Stop stops what its thread has asked, for whoever may", async () => {
		await came("event", payloads.appMention());
		await came("event", payloads.agentSessionStopped({ threadTs: ts, user: "U0OTHER", eventId: "E1" }));
		await came("event", payloads.agentSessionStopped({ threadTs: ts, eventId: "E2" }));
		expect(asked.slice(1)).toEqual([["steer", "s1", { action: "cancel" }]]);
	});
});

describe("after the end", () => {
	const vote = { agent: "a", answer: "a1.1", reason: "It <is> better." };
	beforeEach(
		() =>
			void (session = running([
				{ ...turn, status: "done", answer: "Paris.", consensus: true, agreement: 1, votes: [vote] },
			])),
	);

	test("the same question is asked again in the thread, by whoever clicks and at their cost", async () => {
		await came("interactivity", pressed("massgen_again", run));
		const address = `T0ALPHA/${channel}/${ts}/1790000005.000100`;
		expect(asked).toEqual([
			[
				"create",
				{ question: "Which city?", chat: { kind: "slack", address } },
				{ idempotencyKey: `slack:${address}` },
			],
		]);
	});

	test("the turn comes as a file into the thread", async () => {
		await came("interactivity", pressed("massgen_export", run));
		const [file] = slack.messages(channel).flatMap(({ files, threadTs }) => (threadTs === ts ? files : []));
		expect(slack.file(file!)!.toString()).toBe(
			"# Cities\n\n## Question\n\nWhich city?\n\n## Answer\n\nParis.\n\n## Outcome\n\nConsensus (100 % agree)\n\n" +
				"## Votes\n\n- a for a1.1: It <is> better.\n\nSession s1\n",
		);
	});

	test("everybody may see how it came about", async () => {
		await came("interactivity", pressed("massgen_why", run, { user: "U0OTHER", triggerId: slack.trigger() }));
		expect(JSON.stringify(slack.view("V0002")!["blocks"])).toContain("*a* for a1.1: It &lt;is&gt; better.");
	});

	test("a rating is kept", async () => {
		await came("interactivity", pressed("massgen_feedback", `bad ${run}`, { user: "U0OTHER" }));
		expect(await standing.installation("slack:T0ALPHA").kept("feedback", "s1:1:U0OTHER")).toBe("bad");
		expect(whispers()).toEqual([["U0OTHER", "Thank you, that is noted."]]);
	});
});

describe("files that come with a question", () => {
	const file = (more: JsonObject) => ({
		name: "a.txt",
		mimetype: "text/plain",
		size: 4,
		url_private_download: `${slack.url}/files/a.txt`,
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
		standing = { ...standing, deps: { ...standing.deps, fetch: fetched } };
		const away = file({ name: "evil.txt", url_private_download: "https://files.slack.com.evil.example/files/x" });
		const video = file({ name: "film.mp4", mimetype: "video/mp4" });
		const large = file({ name: "large.txt", size: 2 * 1024 * 1024 + 1 });
		await came("event", withFiles([file({}), away, video, large]));
		expect(seen).toEqual([[`${slack.url}/files/a.txt`, "Bearer xoxb-alpha"]]);
		const attachments = [{ name: "a.txt", media_type: "text/plain", data: "dGV4dA==" }];
		expect(asked[0]?.[1]).toEqual({ question: "Which city shall we go to?", chat, attachments });
		expect(whispers()).toEqual([
			[
				"U0ASKER",
				"The team did not get: evil.txt (not a file of Slack's), film.mp4 (this kind of file cannot be read), large.txt (too large).",
			],
		]);
	});

	test("a file that cannot be read does not keep the question from being asked", async () => {
		await came("event", withFiles([file({})]));
		expect(asked.length).toBe(1);
		expect(whispers()).toEqual([["U0ASKER", "The team did not get: a.txt (Slack does not let me read it)."]]);
	});
});

test("the app's page shows what its owner has asked", async () => {
	session = running();
	await came("event", payloads.appMention({ text: "Is <this> safe?" }));
	expect(await came("event", payloads.appHomeOpened({ eventId: "Ev9" }))).toEqual(sent);
	expect(JSON.stringify(slack.view("home:U0ASKER"))).toContain("<#C0GENERAL> Is &lt;this&gt; safe? · _running_");
});

test.each([
	["app_uninstalled", payloads.appUninstalled(), 1],
	["tokens_revoked", payloads.tokensRevoked(), 1],
])("after %s nothing is kept of the workspace", async (_, body, purged) => {
	expect(await came("event", body)).toEqual(sent);
	expect(standing.installation("slack:T0ALPHA").purged).toBe(purged);
});

test("a token of a person that is revoked concerns nobody else", async () => {
	const body = payloads.tokensRevoked();
	await came("event", {
		...body,
		event: { ...(body["event"] as JsonObject), tokens: { oauth: ["U0ASKER"], bot: [] } },
	});
	expect(standing.installation("slack:T0ALPHA").purged).toBe(0);
});

test("a workspace without a token is told nothing, and nothing is run", async () => {
	const { SLACK_BOT_TOKEN: _, ...settings } = standing.deps.settings;
	standing = { ...standing, deps: { ...standing.deps, settings } };
	expect(await came("event", payloads.appMention())).toEqual({
		outcome: "dead",
		reason: "the app is not installed in this workspace",
	});
});

test("a fault of ours is not hidden by the framework", async () => {
	standing = {
		...standing,
		deps: {
			...standing.deps,
			client: { ...standing.deps.client, createSession: async () => Promise.reject(new Error("ours")) },
		},
	};
	await expect(came("event", payloads.appMention())).rejects.toThrow("ours");
});

test("a 429 for a whisper waits, and what follows does not hang", async () => {
	standing = standingWith({ SLACK_ALLOWED_CHANNELS: "C0OTHER" });
	slack.failNext("chat.postEphemeral", {
		status: 429,
		headers: { "retry-after": "1" },
		body: slackError("ratelimited").body,
	});
	expect(await came("event", payloads.appMention())).toMatchObject({ outcome: "wait", afterMs: 1000 });
	expect((await came("event", payloads.messageIm())).outcome).toBe("wait");
	expect(keptOf({ kind: "refresh", workspace: "T" })).toBe('{"kind":"refresh","workspace":"T"}');
});
