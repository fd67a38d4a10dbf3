import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Client } from "../../../src/api/client.ts";
import { keepAsk } from "../../../bots/asks.ts";
import { deliver } from "../../../bots/slack/deliver.ts";
import type { Delivered, Delivery } from "../../../durable-objects/outbox/outbox.ts";
import type { ChatPayload } from "../../../durable-objects/outbox/chats.ts";
import { startFakeSlack, type FakeSlack, type SlackOptions } from "../../support/slack/fake-slack.ts";
import { slackError } from "../../support/slack/slack-wire.ts";
import { botDeps, type Standing } from "./bot-deps.ts";
import { problem } from "./office.ts";
import { finished, logOf, opened, voting, type Bare } from "./script.ts";

const channel = "C0GENERAL";
const thread = "1790000000.000100";
const address = `T0ALPHA/${channel}/${thread}/${thread}`;
const ended = [...voting, ...finished("Paris.")];

let slack: FakeSlack;
beforeEach(async () => {
	slack = await slackWith();
});
afterEach(() => slack.close());

async function slackWith(options: SlackOptions = {}): Promise<FakeSlack> {
	const fake = await startFakeSlack({
		channelBudget: { max: 100, windowMs: 1000 },
		budgets: { "conversations.replies": { max: 50, windowMs: 60_000 } },
		...options,
	});
	fake.say(channel, { user: "U0ASKER", ts: thread, text: "Which city?" });
	return fake;
}

type Told = { readonly standing: Standing; readonly deliver: (given?: Given) => Promise<Delivered> };
type Given = Partial<Pick<Delivery, "ref" | "tries" | "revision">> & { readonly what?: ChatPayload["what"] };

async function toldOf(events: readonly Bare[], settings: Record<string, string> = {}): Promise<Told> {
	const standing = botDeps({
		log: logOf(events),
		settings: { SLACK_BOT_TOKEN: "xoxb-alpha", SLACK_API_URL: `${slack.url}/api/`, ...settings },
	});
	await keepAsk(standing.installation("slack:T0ALPHA"), address, { asker: "U0ASKER" });
	const send = deliver(standing.deps);
	const payloadOf = (what: ChatPayload["what"]) =>
		JSON.stringify({ session: "s1", turn: 1, what, seq: events.length } satisfies ChatPayload);
	return {
		standing,
		deliver: ({ what = "card", ...given } = {}) =>
			send(
				{ id: "msg_1", address, payload: payloadOf(what), revision: 1, ref: null, tries: 0, ...given },
				AbortSignal.timeout(15_000),
			),
	};
}

const inThread = () => slack.messages(channel).filter(({ threadTs }) => threadTs === thread);
const callsMade = () => slack.calls.map(({ method, outcome }) => `${method} ${outcome}`);

test("a card is posted once and then edited in place, without a mark that it was edited", async () => {
	const told = await toldOf(voting);
	const first = await told.deliver();
	expect(first).toEqual({ outcome: "sent", ref: inThread()[0]!.ts });
	const ref = inThread()[0]!.ts;
	expect(await told.deliver({ ref, revision: 2 })).toEqual({ outcome: "sent", ref });
	expect(inThread().map(({ isEdited }) => isEdited)).toEqual([false]);
	expect(callsMade()).toEqual(["chat.postMessage ok", "chat.update ok"]);
});

test("the end is a message of its own that calls whoever has asked, and nobody else", async () => {
	const told = await toldOf(ended);
	expect(await told.deliver({ what: "final" })).toEqual({ outcome: "sent", ref: inThread()[0]!.ts });
	expect(slack.pings.map(({ mention }) => mention)).toEqual(["<@U0ASKER>"]);
	expect(slack.unfurls).toEqual([]);
});

test.each<["lost" | "hang", ChatPayload["what"], string[]]>([
	["lost", "card", ["chat.postMessage lost", "conversations.replies ok", "chat.update ok"]],
	["lost", "final", ["chat.postMessage lost", "conversations.replies ok"]],
	["hang", "final", ["chat.postMessage hang", "conversations.replies ok", "chat.postMessage ok"]],
])(
	"a post that is %s may have arrived: the %s is looked for before it is posted again",
	async (fault, what, calls) => {
		const told = await toldOf(ended);
		slack.failNext("chat.postMessage", fault);
		const reason = "Slack could not be reached";
		expect(await told.deliver({ what })).toEqual({ outcome: "retry", afterMs: null, reason });
		expect(await told.deliver({ what, tries: 1 })).toEqual({ outcome: "sent", ref: inThread()[0]!.ts });
		expect([callsMade(), inThread().length]).toEqual([calls, 1]);
	},
	20_000,
);

test.each<[string, Bare[], Given, Delivered["outcome"], string]>([
	["internal_error", ended, {}, "retry", "Slack failed: internal_error"],
	["fatal_error", ended, { what: "final" }, "retry", "Slack failed: fatal_error"],
	["not_allowed_token_type", ended, {}, "dead", "Slack refused it: not_allowed_token_type"],
	["token_revoked", ended, {}, "dead", "Slack refused it: token_revoked"],
	["token_expired", ended, {}, "dead", "Slack refused it: token_expired"],
	["is_archived", ended, {}, "dead", "Slack refused it: is_archived"],
])("Slack's %s ends a try", async (word, events, given, outcome, reason) => {
	const told = await toldOf(events);
	slack.failNext("chat.postMessage", slackError(word));
	expect(await told.deliver(given)).toMatchObject({ outcome, reason });
});

test("a 429 stops the lane for as long as Slack says, and nothing is sent meanwhile", async () => {
	const told = await toldOf(voting);
	slack.failNext("chat.postMessage", { status: 429, headers: { "retry-after": "7" }, body: { ok: false } });
	const reason = "Slack takes no more at the moment";
	expect(await told.deliver()).toEqual({ outcome: "wait", afterMs: 7000, reason });
	const later = await told.deliver();
	expect(later).toMatchObject({ outcome: "wait", reason });
	expect(later.outcome === "wait" && later.afterMs > 6000 && later.afterMs <= 7000).toBe(true);
	expect(callsMade()).toEqual(["chat.postMessage status 429"]);
});

test("edits of a workspace share a lane: the last turn is left to a card that shows an end, and who waits is overtaken", async () => {
	const told = await toldOf(voting);
	await told.deliver();
	const ref = inThread()[0]!.ts;
	const edit = async (card: Told) => {
		const delivered = await card.deliver({ ref, revision: 2 });
		return delivered.outcome === "wait" ? `wait, holding its ${delivered.holds}` : delivered.outcome;
	};
	const outcomes: string[] = [];
	for (let at = 0; at < 5; at += 1) outcomes.push(await edit(told));
	expect(outcomes).toEqual(["sent", "sent", "sent", "sent", "wait, holding its row"]);
});

test("the end of a card takes the turn that others spare", async () => {
	const told = await toldOf(ended);
	await told.deliver();
	const ref = inThread()[0]!.ts;
	const outcomes: string[] = [];
	for (let edit = 0; edit < 6; edit += 1) outcomes.push((await told.deliver({ ref, revision: 2 + edit })).outcome);
	expect(outcomes).toEqual(["sent", "sent", "sent", "sent", "sent", "wait"]);
});

test("where nothing may be posted yet the answer waits behind its card", async () => {
	const told = await toldOf(voting);
	for (let post = 0; post < 3; post += 1) await told.deliver();
	expect(await told.deliver()).toMatchObject({ outcome: "wait" });
	expect(await told.deliver()).not.toHaveProperty("holds");
});

test("a card that somebody has deleted is posted anew", async () => {
	const told = await toldOf(voting);
	expect(await told.deliver({ ref: "1790000000.999999", revision: 2 })).toEqual({
		outcome: "sent",
		ref: inThread()[0]!.ts,
	});
	expect(callsMade()).toEqual(["chat.update message_not_found", "chat.postMessage ok"]);
});

test.each(["msg_too_long", "msg_blocks_too_long", "invalid_blocks"])(
	"where Slack finds %s, the same is said without a layout",
	async (word) => {
		const told = await toldOf(ended);
		slack.failNext("chat.postMessage", slackError(word));
		expect((await told.deliver({ what: "final" })).outcome).toBe("sent");
		expect(inThread().map(({ blocks }) => blocks)).toEqual([
			[{ type: "section", text: { type: "mrkdwn", text: "<@U0ASKER> Paris.", verbatim: true } }],
		]);
	},
);

test.each(["archived", "gone", "elsewhere"] as const)(
	"whoever asked in a channel that is %s now gets the answer in a direct message",
	async (condition) => {
		const told = await toldOf(ended);
		slack.setChannel(channel, condition);
		expect((await told.deliver({ what: "final" })).outcome).toBe("sent");
		expect(slack.messages("D0ASKER").map(({ blocks }) => blocks[0])).toEqual([
			{ type: "markdown", text: "Paris." },
		]);
	},
);

test("a token that Slack has revoked is not sent again; another one is", async () => {
	const told = await toldOf(ended);
	slack.setToken("xoxb-alpha", "revoked");
	expect(await told.deliver()).toEqual({ outcome: "dead", reason: "Slack refused it: token_revoked" });
	const reason = "Slack does not take this workspace's token any more: token_revoked";
	expect(await told.deliver({ what: "final" })).toEqual({ outcome: "dead", reason });
	expect(callsMade()).toEqual(["chat.postMessage token_revoked"]);
});

test("a long answer is a summary and a file, shared once however often it is tried", async () => {
	const text = `${"word ".repeat(3000)}end`;
	const told = await toldOf([...voting, ...finished(text)]);
	slack.failNext("files.completeUploadExternal", slackError("internal_error"));
	expect((await told.deliver({ what: "final" })).outcome).toBe("retry");
	expect((await told.deliver({ what: "final", tries: 1 })).outcome).toBe("sent");
	expect((await told.deliver({ what: "final", tries: 2 })).outcome).toBe("sent");
	const files = inThread().flatMap((message) => message.files);
	expect([inThread().length, files.length]).toEqual([2, 1]);
	expect(slack.file(files[0]!)!.toString()).toBe(text);
	expect(slack.leaks).toEqual([]);
});

test("the end of a turn makes room for another run, with what this one has cost, even if it cannot be shown", async () => {
	const wanted = { user: "U0ASKER", atOnceMax: 1, perUserDayMax: 9, usdPerDayMax: 9 };
	for (const broken of [false, true]) {
		const told = await toldOf(ended, broken ? { SLACK_BOT_TOKEN: "xoxb-unknown" } : {});
		const installation = told.standing.installation("slack:T0ALPHA");
		await installation.admit({ run: address, ...wanted });
		expect((await installation.admit({ run: "other", ...wanted })).ok).toBe(false);
		await told.deliver();
		expect((await installation.admit({ run: "other", ...wanted })).ok).toBe(true);
	}
});

test("an app that is declared an agent shows its own status too, and only such an app", async () => {
	const quiet = await toldOf(opened);
	await quiet.deliver();
	expect(slack.session(channel, thread)).toBe(null);
	const agent = await toldOf(opened, { SLACK_AGENT: "1" });
	await agent.deliver();
	expect(slack.session(channel, thread)).toEqual({
		status: "processing",
		title: "Which city shall we go to?",
		initiator_user_id: "U0ASKER",
	});
	const over = await toldOf(ended, { SLACK_AGENT: "1" });
	await over.deliver();
	expect(slack.session(channel, thread)?.["status"]).toBe("active");
});

describe("the link to the session's page", () => {
	const link = () => JSON.stringify(inThread()[0]?.blocks).match(/"url":"([^"]*)"/)?.[1] ?? null;
	const at = { id: "7", created_at: "", expires_at: null };
	const sharing = (told: Told, share: Client["share"]) => {
		const { deps } = told.standing;
		return deliver({ ...deps, client: { ...deps.client, share } });
	};
	const card = (seq: number, ref: string | null = null) =>
		({
			id: "msg_1",
			address,
			payload: JSON.stringify({ session: "s1", turn: 1, what: "card", seq } satisfies ChatPayload),
			revision: 1,
			ref,
			tries: 0,
		}) satisfies Delivery;

	test("needs no key and is made once for the session", async () => {
		const told = await toldOf(voting, { PUBLIC_URL: "https://m.example" });
		const shared: string[] = [];
		const send = sharing(told, async (session) => {
			shared.push(session);
			return { ...at, token: "secret", url: `https://m.example/share/secret-${shared.length}` };
		});
		await send(card(opened.length), AbortSignal.timeout(1000));
		await send(card(voting.length, inThread()[0]!.ts), AbortSignal.timeout(1000));
		expect([shared, link()]).toEqual([["s1"], "https://m.example/share/secret-1"]);
	});

	test("is left out where the session takes no more of them, and where nobody knows the address", async () => {
		const refuse = async () => Promise.reject(problem(409, "full"));
		const told = await toldOf(voting, { PUBLIC_URL: "https://m.example" });
		expect((await sharing(told, refuse)(card(voting.length), AbortSignal.timeout(1000))).outcome).toBe("sent");
		await (await toldOf(voting)).deliver();
		expect(link()).toBe(null);
	});
});

test("an address that is not ours, and a session that is gone, are given up", async () => {
	const { deps } = botDeps();
	const odd = { id: "m", address: "a/b", payload: "{}", revision: 1, ref: null, tries: 0 };
	expect(await deliver(deps)(odd, AbortSignal.timeout(1000))).toEqual({
		outcome: "dead",
		reason: "this is no address in Slack",
	});
});
