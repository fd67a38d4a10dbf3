import { afterEach, expect, test } from "vitest";
import type { LoggedEvent } from "../../../src/consensus/events.ts";
import { discordIds, type FakeDiscord } from "../../support/discord/fake-discord.ts";
import { guild, logOf, openRig, type Asked, type Rig, type RigOptions } from "./rig.ts";

const log = logOf("0.3.0-crash-wait-and-attempts").filter(({ seq }) => seq <= 74);
let rig: Rig;

async function open(options: RigOptions = {}): Promise<Rig> {
	rig = await openRig({ log, ...options });
	return rig;
}

afterEach(() => rig.close());

const minute = 60_000;
const outcomes = ({ discord }: Rig) => discord.calls.map(({ name, outcome }) => `${name} ${outcome}`);
const final = (asked: Asked, more: Parameters<Rig["delivers"]>[1] = {}) =>
	rig.delivers(asked, { what: "final", ...more });
const posted = (discord: FakeDiscord, channel: string = discordIds.channel) =>
	discord.messages(channel).filter(({ isLoading }) => !isLoading);

/** As often as it has to wait, it is tried again. */
async function finished(asked: Asked): Promise<void> {
	let delivered = await final(asked);
	for (let tries = 0; tries < 10 && delivered.outcome === "wait"; tries++) {
		rig.clock.advance(delivered.afterMs);
		delivered = await final(asked);
	}
	expect(delivered.outcome).toBe("sent");
}

/** The same turn with another answer. */
function answering(answer: string): readonly LoggedEvent[] {
	return log.map((event) => (event.type === "turn.finished" ? { ...event, answer } : event));
}

test("the answer is a reply to the card, calls the asker and nobody else, and shows no link's picture", async () => {
	const { discord, asks, delivers } = await open({ log: answering(hostile) });
	const asked = await asks();
	await delivers(asked, {});
	const [card] = posted(discord);
	const sent = await final(asked);
	const message = posted(discord)[1]!;
	expect([sent, message.repliesTo]).toEqual([{ outcome: "sent", ref: message.id }, card!.id]);
	// Else a card that somebody deletes takes the answer with it.
	const reference = { message_id: card!.id, fail_if_not_exists: false };
	expect(discord.callsOf("createMessage")[0]?.body).toMatchObject({ message_reference: reference });
	expect(discord.pings).toEqual([{ message: message.id, mention: `<@${discordIds.user}>`, notifies: true }]);
	expect(discord.unfurls).toEqual([]);
	expect(message.content).toContain("@everyone");
});

const hostile = "@everyone @here <@999> <@&888> https://evil.example/?q=1 ![x](https://evil.example/x.png) <@!777>";

test("an answer is there once, whatever became of the tries before", async () => {
	for (const fault of ["lost", { status: 502, body: null }] as const) {
		const { discord, asks } = await open();
		const asked = await asks();
		discord.failNext("createMessage", fault);
		expect((await final(asked)).outcome).toBe("retry");
		expect((await final(asked, { tries: 1 })).outcome).toBe("sent");
		expect((await final(asked, { tries: 2 })).outcome).toBe("sent");
		expect(posted(discord).length).toBe(1);
		await rig.close();
	}
	await open();
});

test("a try that was lost is found in the channel, also long after its number is forgotten", async () => {
	const { clock, discord, asks } = await open();
	const asked = await asks();
	discord.failNext("createMessage", "lost");
	await final(asked);
	clock.advance(60 * minute);
	discord.say(discordIds.channel, "In between");
	expect(await final(asked, { tries: 1 })).toEqual({ outcome: "sent", ref: posted(discord)[0]!.id });
	expect(outcomes(rig)).toEqual(["createMessage lost", "listMessages 200"]);
});

test.each<[what: string, fault: Parameters<FakeDiscord["failNext"]>[1], outcome: string]>([
	["nobody knows", { status: 502, body: null }, "retry"],
	["Discord takes no more", { status: 429, body: { retry_after: 2, global: false } }, "wait"],
])("where %s at the look into the channel, nothing is posted before that is known", async (_, fault, outcome) => {
	const { discord, asks } = await open();
	const asked = await asks();
	discord.failNext("listMessages", fault);
	expect((await final(asked, { tries: 1 })).outcome).toBe(outcome);
	expect(posted(discord)).toEqual([]);
});

test("where the bot may not read, the message's own number keeps it from being there twice", async () => {
	const { discord, asks } = await open();
	const asked = await asks();
	discord.failNext("createMessage", "lost");
	discord.failNext("listMessages", { status: 403, body: { code: 50_001 } });
	await final(asked);
	expect((await final(asked, { tries: 1 })).outcome).toBe("sent");
	expect(posted(discord).length).toBe(1);
	expect(outcomes(rig)).toEqual(["createMessage lost", "listMessages 403 50001", "createMessage 200"]);
});

test("what was posted before a crash is known by its note, and not asked about again", async () => {
	const { discord, asks } = await open();
	const asked = await asks();
	await final(asked);
	expect(await final(asked, { tries: 1 })).toEqual({ outcome: "sent", ref: posted(discord)[0]!.id });
	expect(outcomes(rig)).toEqual(["createMessage 200"]);
});

test.each<[length: number, shape: string]>([
	[1800, "content"],
	[2100, "components"],
	[3700, "components"],
	[3900, "thread"],
	[30_000, "thread"],
])("an answer of %i characters is %s", async (length, shape) => {
	const answer = `${"A sentence of the answer. ".repeat(length / 26)}The end`;
	const { discord, asks } = await open({ log: answering(answer) });
	const asked = await asks();
	await finished(asked);
	const [message] = posted(discord);
	const thread = discord.channel(message!.id);
	const kind = thread !== null ? "thread" : (message!.flags & (1 << 15)) !== 0 ? "components" : "content";
	expect(kind).toBe(shape);
	expect(outcomes(rig).filter((outcome) => !/ (20[01]|429)$/.test(outcome))).toEqual([]);
	expect(discord.pings.length).toBe(1);
});

test("a long answer goes on in a thread named after the question, whole in a file, and a question there is its next turn", async () => {
	const answer = Array.from({ length: 60 }, (_, n) => `Paragraph ${n}: ${"words ".repeat(16)}`).join("\n\n");
	const { discord, asks, api } = await open({ log: answering(answer) });
	const asked = await asks();
	await final(asked);
	const [message] = posted(discord);
	expect(discord.channel(message!.id)?.name).toBe("When do we open the sluice on Sunday?");
	expect(discord.file(message!.id, `answer-${asked.session.slice(0, 8)}.md`)?.toString()).toContain(answer.trim());
	const pieces = posted(discord, message!.id).map(({ content }) => content);
	const paragraphs = (text: string) => text.split(/\n+/).map((line) => line.trim());
	expect(pieces.flatMap(paragraphs)).toEqual(paragraphs(answer));
	expect(pieces.every(({ length }) => length <= 1900)).toBe(true);
	await asks({ question: "And on Monday?" }, { channel: message!.id, channelType: 11 });
	expect(api.sessions.opened().map(({ messages }) => messages)).toEqual([["And on Monday?"]]);
});

test("in a thread a long answer goes on below its beginning", async () => {
	const answer = Array.from({ length: 60 }, (_, n) => `Paragraph ${n}: ${"words ".repeat(16)}`).join("\n\n");
	const { discord, asks } = await open({ log: answering(answer) });
	await finished(await asks({}, { channelType: 11 }));
	expect(posted(discord).at(-1)?.content).toContain("Paragraph 59");
	expect(discord.callsOf("startThread")).toEqual([]);
});

test("a thread that broke off is gone on with, and no piece stands there twice", async () => {
	const answer = Array.from({ length: 60 }, (_, n) => `Paragraph ${n}: ${"words ".repeat(16)}`).join("\n\n");
	const { discord, asks } = await open({ log: answering(answer) });
	const asked = await asks();
	discord.failNext("startThread", "lost");
	expect((await final(asked)).outcome).toBe("retry");
	const thread = posted(discord)[0]!.id;
	discord.failNext("createMessage", "lost");
	expect((await final(asked, { tries: 1 })).outcome).toBe("retry");
	// Longer than Discord knows the piece by its number.
	rig.clock.advance(10 * minute);
	expect((await final(asked, { tries: 2 })).outcome).toBe("sent");
	const pieces = posted(discord, thread).map(({ content }) => content);
	expect([posted(discord).length, new Set(pieces).size]).toEqual([1, pieces.length]);
	expect(pieces.join("\n\n")).toContain("Paragraph 59");
});

test.each<[where: string, scene: Parameters<Rig["asks"]>, flags: number]>([
	["was asked by who installed the app for herself", [{}, { installed: "user" }], 4],
	["is for the asker alone", [{ private: true }], 4 | 64],
])("what %s is answered by the interaction's own right, and no other", async (_, scene, flags) => {
	const { clock, discord, asks } = await open();
	const asked = await asks(...scene);
	await rig.delivers(asked, {});
	expect((await final(asked)).outcome).toBe("sent");
	expect(posted(discord)[1]?.flags).toBe(flags);
	expect(outcomes(rig)).toEqual(["editOwn 200", "followUp 200"]);
	const late = await asks(...scene);
	clock.advance(15 * minute);
	expect(await final(late)).toEqual({
		outcome: "dead",
		reason: "nothing that Discord takes leads to where this was asked; the answer is in the session",
	});
	expect(discord.calls.length).toBe(2);
});

test("a follow-up of which nobody knows is not sent again: the answer stands in the card's place", async () => {
	const { discord, asks } = await open();
	const asked = await asks({}, { installed: "user" });
	await rig.delivers(asked, {});
	discord.failNext("followUp", "hang", 1);
	discord.failNext("followUp", { status: 502, body: null });
	expect((await final(asked)).outcome).toBe("retry");
	expect((await final(asked, { tries: 1 })).outcome).toBe("sent");
	expect(JSON.stringify(posted(discord).map(({ components }) => components))).toContain("sluice");
	expect(outcomes(rig)).toEqual(["editOwn 200", "followUp hang", "editOwn 200"]);
	expect(await rig.delivers(asked, {})).toEqual({ outcome: "dead", reason: "the answer stands in its place" });
}, 12_000);

test("where five follow-ups were sent, the answer stands in the card's place", async () => {
	const { discord, asks } = await open();
	const asked = await asks({}, { installed: "user" });
	await rig.delivers(asked, {});
	discord.failNext("followUp", { status: 400, body: { code: 40_094 } });
	expect((await final(asked)).outcome).toBe("sent");
	expect(outcomes(rig)).toEqual(["editOwn 200", "followUp 400 40094", "editOwn 200"]);
});

test.each<[what: string, status: number, code: number]>([
	["may not look", 403, 50_001],
	["may not write", 403, 50_013],
	["finds no channel", 404, 10_003],
	["is not known by its token", 401, 0],
])("where the bot %s, the interaction's own right is used while it lives", async (_, status, code) => {
	const { clock, discord, asks } = await open();
	const [asked, late] = [await asks(), await asks()];
	discord.failNext("createMessage", { status, body: { code } }, 2);
	expect((await final(asked)).outcome).toBe("sent");
	clock.advance(15 * minute);
	expect((await final(late)).outcome).toBe("dead");
	expect(outcomes(rig).map((outcome) => outcome.split(" ")[0])).toEqual([
		"createMessage",
		"followUp",
		"createMessage",
	]);
});

test.each([50_035, 160_002])("what Discord refuses with %i is said plainly, with the whole in a file", async (code) => {
	const { discord, asks } = await open();
	const asked = await asks();
	discord.failNext("createMessage", { status: 400, body: { code } });
	expect((await final(asked)).outcome).toBe("sent");
	const [message] = posted(discord);
	expect([message!.repliesTo, message!.files.map(({ name }) => name), discord.pings.length]).toEqual([
		null,
		[`answer-${asked.session.slice(0, 8)}.md`],
		1,
	]);
});

test("a limit is waited for, and the place is given back once the answer is there, with what the turn has cost", async () => {
	const priced = log.map((event) => (event.type === "call.finished" ? { ...event, cost_usd: 0.25 } : event));
	const { discord, asks, installation } = await open({ log: priced });
	const asked = await asks();
	const limited = { status: 429, headers: { "x-ratelimit-scope": "user" }, body: { retry_after: 3, global: false } };
	discord.failNext("createMessage", limited);
	expect(await final(asked)).toEqual({
		outcome: "wait",
		afterMs: 3000,
		reason: "Discord takes no more here at the moment",
	});
	expect(installation(`discord:${guild}`).ends).toEqual([]);
	await final(asked);
	const calls = log.filter(({ type }) => type === "call.finished").length;
	expect(installation(`discord:${guild}`).ends).toEqual([[asked.id, 0.25 * calls]]);
});

test("a later turn is told what it has cost itself", async () => {
	const whole = logOf("0.3.0-crash-wait-and-attempts");
	const priced = whole.map((event) => (event.type === "call.finished" ? { ...event, cost_usd: 0.25 } : event));
	const { asks, installation } = await open({ log: priced });
	await final(await asks(), { turn: 2 });
	const calls = whole.filter(({ type, seq }) => type === "call.finished" && seq > 75).length;
	expect(installation(`discord:${guild}`).ends.map(([, usd]) => usd)).toEqual([0.25 * calls]);
});

test("a turn that failed says why, and offers to run again", async () => {
	const failed = {
		seq: 74,
		at: "2026-01-01T00:00:26.000Z",
		type: "turn.failed",
		turn: 1,
		reasons: [{ agent: "a", code: "auth", message: "the key was *refused*" }],
	} as const;
	const failing = [...log.slice(0, 73), failed] as readonly LoggedEvent[];
	const { discord, asks } = await open({ log: failing });
	await final(await asks());
	const [message] = posted(discord);
	expect(message!.content).toMatchInlineSnapshot(`
		"<@3000000000000000001>
		**No answer: none of 3 agents could answer**
		- **a**: the key was \\*refused\\*
		-# free · 26 s"
	`);
	expect(JSON.stringify(message!.components)).toContain("v1:again:");
});
