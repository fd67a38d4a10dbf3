import { afterEach, beforeEach, expect, test } from "vitest";
import { bodyBytesMax, receive } from "../../../bots/discord/receive.ts";
import { timestampSecondsMax } from "../../../bots/discord/signature.ts";
import type { JsonObject } from "../../../src/std/json.ts";
import {
	applicationDeauthorized,
	askCommand,
	autocomplete,
	buttonPress,
	eventPing,
	messageMenu,
	modalSubmit,
	ping,
	selectChoice,
	slashCommand,
} from "../../support/discord/discord-payloads.ts";
import { discordIds } from "../../support/discord/fake-discord.ts";
import { discordKeys, malformedInteractions, signedInteraction } from "../../support/discord/sign-discord.ts";
import { changed, guild, keys, openRig, startMs, type Rig } from "./rig.ts";

let rig: Rig;
const url = "http://bot.test/webhooks/discord";

beforeEach(async () => {
	rig = await openRig();
});
afterEach(() => rig.close());

async function reopen(settings: Readonly<Record<string, string>>): Promise<void> {
	await rig.close();
	rig = await openRig({ settings });
}

async function statusOf(request: Request): Promise<number> {
	return (await receive(rig.deps)(request)).status;
}

const signed = (body: JsonObject | string, at = startMs) => signedInteraction({ keys, body, at, url });
const begun = (part: object = {}) => ({ ...rig.discord.interaction(), ...part });
const alone = (content: string) => ({ type: 4, data: { content, flags: 64, allowed_mentions: { parse: [] } } });
const jobs = () => rig.inbox.map(({ payload }) => JSON.parse(payload) as JsonObject);

test("whatever is not signed by Discord, now, is refused, and nothing is done", async () => {
	const body = askCommand({ question: "What now?" });
	const malformed = malformedInteractions({ keys, body, at: startMs, url });
	const statuses = await Promise.all(malformed.map(async ([what, request]) => [what, await statusOf(request)]));
	expect(statuses).toEqual(malformed.map(([what]) => [what, 401]));
	expect(rig.inbox).toEqual([]);
});

test.each<[seconds: number, status: number]>([
	[-timestampSecondsMax, 200],
	[-timestampSecondsMax - 1, 401],
	[timestampSecondsMax, 200],
	[timestampSecondsMax + 1, 401],
])("a signature of %i seconds from now is answered %i", async (seconds, status) => {
	expect(await statusOf(signed(ping(), startMs + seconds * 1000))).toBe(status);
});

test("who asks whether we are here is told so", async () => {
	const response = await receive(rig.deps)(signed(ping()));
	expect([response.headers.get("content-type"), await response.json()]).toEqual(["application/json", { type: 1 }]);
	expect(await rig.installation("discord").kept("seen", "ping")).toBe(String(startMs));
});

test("a body is read up to its limit, and not beyond", async () => {
	const filled = (bytes: number) => {
		const empty = JSON.stringify({ ...ping(), filler: "" });
		return JSON.stringify({ ...ping(), filler: "x".repeat(bytes - empty.length) });
	};
	expect(await statusOf(signed(filled(bodyBytesMax)))).toBe(200);
	expect(await statusOf(signed(filled(bodyBytesMax + 1)))).toBe(413);
});

test.each<[what: string, settings: Readonly<Record<string, string>>, status: number]>([
	["without a key nothing is received", { DISCORD_PUBLIC_KEY: "" }, 503],
	["a key that is none is as good as none", { DISCORD_PUBLIC_KEY: "00ff" }, 503],
	["a key of another app refuses", { DISCORD_PUBLIC_KEY: discordKeys().publicKeyHex }, 401],
	["an interaction of another app is refused", { DISCORD_APPLICATION_ID: "1" }, 401],
	["without an application's id every app of the key is ours", { DISCORD_APPLICATION_ID: "" }, 200],
])("%s", async (_, settings, status) => {
	await reopen(settings);
	expect(await statusOf(signed(ping()))).toBe(status);
	expect(await statusOf(signed(askCommand({ question: "?" }, begun())))).toBe(status);
	expect(rig.inbox.length).toBe(status === 200 ? 1 : 0);
});

test.each<[what: string, body: string, status: number]>([
	["no JSON", "{", 400],
	["no object", "[]", 400],
	["no interaction", "{}", 400],
	["an interaction of a kind that is not known", JSON.stringify({ ...askCommand({ question: "?" }), type: 99 }), 400],
])("%s is refused", async (_, body, status) => {
	expect(await statusOf(signed(body))).toBe(status);
});

test.each<[method: string, path: string, status: number]>([
	["GET", "/webhooks/discord", 405],
	["POST", "/webhooks/discord/more", 404],
])("%s %s is answered %i", async (method, path, status) => {
	expect(await statusOf(new Request(`http://bot.test${path}`, { method }))).toBe(status);
});

test("a question is in the inbox before it is acknowledged, in private if asked for", async () => {
	expect(await rig.sends(askCommand({ question: " What now? ", team: "trio" }, begun()))).toEqual({ type: 5 });
	expect(await rig.sends(askCommand({ question: "Mine", private: true }, begun()))).toEqual({
		type: 5,
		data: { flags: 64 },
	});
	const [first] = rig.inbox;
	expect([first?.kind, first?.place, rig.inbox.map(({ key }) => key)]).toEqual([
		"discord",
		discordIds.channel,
		["4000000000000000001", "4000000000000000004"],
	]);
	expect(jobs()).toMatchObject([
		{ do: "ask", question: "What now?", team: "trio", files: [], audience: "channel", session: { is: "here" } },
		{ do: "ask", question: "Mine", team: null, files: [], audience: "asker", session: { is: "here" } },
	]);
});

test("an interaction that does not name its application is taken for one of that which is set", async () => {
	const { application_id: _named, ...body } = askCommand({ question: "?" }, begun());
	expect(await rig.sends(body)).toEqual({ type: 5 });
	expect(jobs()).toMatchObject([{ from: { app: discordIds.application } }]);
});

test("a message may be asked about", async () => {
	const body = messageMenu("Ask the team about this", "Is the earth flat?", begun());
	expect(await rig.sends(body)).toEqual({ type: 5 });
	expect(jobs()[0]?.["question"]).toBe("Is the earth flat?");
});

test.each<[what: string, body: () => JsonObject, words: string]>([
	[
		"somebody whom Discord does not name",
		() => ({ ...askCommand({ question: "?" }, begun()), member: { user: {} } }),
		"I cannot see who asks here, and where.",
	],
	[
		"a question without a word",
		() => askCommand({ question: "  " }, begun()),
		"There is no text in it that I could ask the team about.",
	],
	[
		"a message without a word",
		() => messageMenu("Ask the team about this", "", begun()),
		"There is no text in it that I could ask the team about.",
	],
	[
		"a question of 6001 characters",
		() => askCommand({ question: "x".repeat(6001) }, begun()),
		"A question may have at most 6000 characters.",
	],
	[
		"a command that was dropped",
		() => slashCommand("council", [], begun()),
		"I do not know this command any more. Whoever set me up should register my commands again.",
	],
	["a button of an older time", () => buttonPress("v0:stop", "1", begun()), "I do not know this button any more."],
	[
		"a button of a run that is gone",
		() => buttonPress("v1:stop:s1:1", "1", begun()),
		"This run is not known any more.",
	],
	[
		"choosing the team by who manages nothing",
		() => changed(slashCommand("team", [{ name: "use", type: 3, value: "demo" }], begun())),
		"Only who manages this server chooses its team.",
	],
])("%s is answered to who did it alone, and nothing is begun", async (_, body, words) => {
	expect(await rig.sends(body())).toEqual(alone(words));
	expect(rig.inbox).toEqual([]);
});

test("a question may have 6000 characters", async () => {
	expect(await rig.sends(askCommand({ question: "x".repeat(6000) }, begun()))).toEqual({ type: 5 });
});

const file = { id: "1", filename: "notes.md", size: 2048, contentType: "text/markdown; charset=utf-8" };
const cdn = "https://cdn.discordapp.com/ephemeral-attachments/1/2/notes.md?ex=0";

test.each<[what: string, change: object, taken: boolean]>([
	["a text of Discord's own", { url: cdn }, true],
	["a text behind Discord's other name", { url: "https://media.discordapp.net/attachments/1/2/notes.md" }, true],
	["a text of somebody else", { url: "https://cdn.discordapp.com.evil.example/notes.md" }, false],
	["a text over a line that is open", { url: cdn.replace("https", "http") }, false],
	["a text of another port", { url: "https://cdn.discordapp.com:8443/notes.md" }, false],
	["a program", { url: cdn, filename: "a.exe", contentType: "application/x-msdownload" }, false],
	["source code", { url: cdn, filename: "a.ts", contentType: "video/mp2t" }, true],
	["a file at its limit", { url: cdn, size: 2 * 1024 * 1024 }, true],
	["a file beyond its limit", { url: cdn, size: 2 * 1024 * 1024 + 1 }, false],
])("%s may be attached: %o %s", async (_, change, taken) => {
	const attachment = { ...file, url: "", ...change };
	const answer = (await rig.sends(askCommand({ question: "What is it?", attachment }, begun()))) as JsonObject;
	expect([answer["type"], rig.inbox.length]).toEqual(taken ? [5, 1] : [4, 0]);
});

test.each(["constructor", "__proto__", "toString"])("`%s` is a question like any other", async (question) => {
	expect(await rig.sends(askCommand({ question }, begun()))).toEqual({ type: 5 });
	expect(jobs().map(({ question: asked, files }) => [asked, files])).toEqual([[question, []]]);
});

test("a question that is the number of a file takes no file along", async () => {
	const attachment = {
		id: "8000000000000000001",
		filename: "a.png",
		size: 1,
		contentType: "image/png",
		url: "https://cdn.discordapp.com/a.png",
	};
	const body = askCommand({ question: attachment.id, attachment }, begun());
	await rig.sends(body);
	expect(jobs().map(({ files }) => (files as JsonObject[]).map(({ filename }) => filename))).toEqual([["a.png"]]);
});

test.each<[who: string, scene: object, permissions: string]>([
	["in a direct message with the bot", { guild: null }, "0"],
	["with the app installed for oneself alone", { installed: "user" }, "0"],
	["who manages the server", {}, "32"],
])("%s, a person chooses the team", async (_, scene, permissions) => {
	const body = slashCommand("team", [{ name: "use", type: 3, value: "demo" }], begun(scene));
	expect(await rig.sends(changed(body, { permissions }))).toEqual({ type: 5, data: { flags: 64 } });
});

test("the questions of a channel wait for each other, and for nothing else", async () => {
	const { session, id } = await rig.asks();
	const message = rig.discord.messages(discordIds.channel)[0]!.id;
	await rig.sends(askCommand({ question: "One?" }, begun()));
	await rig.sends(askCommand({ question: "Two?" }, begun()));
	const looks = begun();
	await rig.sends(slashCommand("status", [], looks));
	const presses = rig.discord.interaction({ message });
	await rig.sends(buttonPress(`v1:stop:${session}:${id}`, message, presses));
	expect(rig.inbox.map(({ place }) => place)).toEqual([discordIds.channel, discordIds.channel, looks.id, presses.id]);
});

test("where a list of servers or channels is set, nobody else is answered", async () => {
	const answered = async (settings: Readonly<Record<string, string>>, part: object = {}) => {
		await reopen(settings);
		const answer = (await rig.sends(askCommand({ question: "?" }, begun(part)))) as JsonObject;
		return answer["type"];
	};
	expect(await answered({ DISCORD_ALLOWED_GUILDS: `1, ${guild}` })).toBe(5);
	expect(await answered({ DISCORD_ALLOWED_GUILDS: "1,2" })).toBe(4);
	expect(await answered({ DISCORD_ALLOWED_GUILDS: guild }, { installed: "user" })).toBe(4);
	expect(await answered({ DISCORD_ALLOWED_GUILDS: discordIds.user }, { installed: "user" })).toBe(5);
	expect(await answered({ DISCORD_ALLOWED_CHANNELS: discordIds.channel })).toBe(5);
	expect(await answered({ DISCORD_ALLOWED_CHANNELS: "1" })).toBe(4);
});

test("a thread is allowed where its channel is, and by its own number", async () => {
	const thread = "2000000000000000002";
	const answered = async (allowed: string, type: number) => {
		await reopen({ DISCORD_ALLOWED_CHANNELS: allowed });
		const body = askCommand({ question: "?" }, begun({ channel: thread }));
		const answer = await rig.sends({ ...body, channel: { id: thread, type, parent_id: discordIds.channel } });
		return (answer as JsonObject)["type"];
	};
	expect(await answered(discordIds.channel, 11)).toBe(5);
	expect(await answered(discordIds.channel, 12)).toBe(5);
	expect(await answered(thread, 11)).toBe(5);
	expect(await answered("1", 11)).toBe(4);
	// What a channel lies in is a category, which nobody has allowed.
	expect(await answered(discordIds.channel, 0)).toBe(4);
});

test("a limit is told to who ran into it alone, with the time at which it ends; the same interaction counts once", async () => {
	await reopen({ CHAT_RUNS_PER_USER_PER_DAY: "1" });
	const first = askCommand({ question: "?" }, begun());
	await rig.sends(first);
	expect(await statusOf(signed(first))).toBe(200);
	const resetS = startMs / 1000 + 24 * 60 * 60;
	expect(await rig.sends(askCommand({ question: "?" }, begun()))).toEqual(
		alone(`You have asked as many questions as one person may in a day here. You can ask again <t:${resetS}:R>.`),
	);
	expect(rig.inbox.length).toBe(1);
});

test("an inbox that is full gives the place back that the run had taken", async () => {
	await reopen({ CHAT_RUNS_AT_ONCE: "1" });
	const there = rig.installation(`discord:${guild}`);
	const { accept } = there;
	Object.assign(there, { accept: async () => "full" });
	const answer = (await rig.sends(askCommand({ question: "?" }, begun()))) as JsonObject;
	Object.assign(there, { accept });
	expect(answer["type"]).toBe(4);
	expect(await rig.sends(askCommand({ question: "?" }, begun()))).toEqual({ type: 5 });
});

test("a fault of ours is told to who asked, since Discord asks only once", async () => {
	Object.assign(rig.installation(`discord:${guild}`), { accept: async () => Promise.reject(new Error("disk")) });
	expect(await rig.sends(askCommand({ question: "?" }, begun()))).toEqual(
		alone("Something went wrong on our side, and nothing was started. Please try again."),
	);
	expect(rig.crashes).toEqual([new Error("disk")]);
});

test("teams are offered as they are written", async () => {
	const offered = (value: string) =>
		rig.sends(autocomplete("ask", { name: "team", value }, rig.discord.interaction({ kind: "autocomplete" })));
	expect(await offered("DE")).toEqual({ type: 8, data: { choices: [{ name: "demo", value: "demo" }] } });
	expect(await offered("x")).toEqual({ type: 8, data: { choices: [] } });
	const team = { agents: [{ id: "a", backend: "demo", model: "demo" }] };
	for (let n = 10; n < 40; n++) await rig.deps.client.putTeam(`team-${n}`, team);
	const { data } = (await offered("team")) as { data: { choices: unknown[] } };
	expect(data.choices.length).toBe(25);
});

test("the app's own events are acknowledged without a body", async () => {
	const response = await receive(rig.deps)(signed(eventPing()));
	expect([response.status, await response.text()]).toEqual([204, ""]);
});

test("who removes the app is forgotten, and nobody else", async () => {
	const [mine, other] = [`discord:user-${discordIds.user}`, `discord:${guild}`].map((name) => rig.installation(name));
	for (const there of [mine!, other!]) await there.keep({ kind: "ask", key: "1", value: "{}", forMs: 1000 });
	expect(await statusOf(signed(applicationDeauthorized()))).toBe(204);
	expect([await mine!.kept("ask", "1"), await other!.kept("ask", "1")]).toEqual([null, "{}"]);
});

const pressing: readonly [verb: string, ack: object, how: "button" | "select" | "modal"][] = [
	["stop", { type: 6 }, "button"],
	["answer_now", { type: 6 }, "button"],
	["resume", { type: 6 }, "button"],
	["refresh", { type: 6 }, "button"],
	["drop", { type: 6 }, "select"],
	["note", { type: 6 }, "modal"],
	["reasons", { type: 5, data: { flags: 64 } }, "button"],
	["export", { type: 5, data: { flags: 64 } }, "button"],
	["again", { type: 5 }, "button"],
	["more", { type: 5 }, "modal"],
];

function used(how: "button" | "select" | "modal", id: string, part: object): JsonObject {
	if (how === "modal") return { ...modalSubmit(id, { text: "hurry" }, part), message: { id: "1" } };
	return how === "select" ? selectChoice({ customId: id, values: ["a"] }, "1", part) : buttonPress(id, "1", part);
}

test.each(pressing)("`%s` may be used by who asked, an admin and who manages the server", async (verb, ack, how) => {
	await reopen({ DISCORD_ADMINS: "77, 78" });
	const { session, id } = await rig.asks();
	const message = rig.discord.messages(discordIds.channel)[0]!.id;
	const answered = async (user: string, permissions: string) => {
		const kind = how === "modal" ? "modal" : "component";
		const part = { ...rig.discord.interaction({ message, kind }), user };
		return rig.sends(changed(used(how, `v1:${verb}:${session}:${id}`, part), { permissions }));
	};
	const stranger = alone("Only who asked this, or who manages this server, can do that.");
	expect(await answered("79", "2048")).toEqual(stranger);
	expect(rig.inbox.length).toBe(0);
	for (const [user, permissions] of [
		[discordIds.user, "2048"],
		["78", "2048"],
		["79", "32"],
		["79", "8"],
	] as const)
		expect(await answered(user, permissions)).toEqual(ack);
	expect(rig.inbox.length).toBe(4);
});

test.each(["note", "more"])("`%s` asks for its text first, and takes none without a word", async (verb) => {
	const { session, id } = await rig.asks();
	const customId = `v1:${verb}:${session}:${id}`;
	const message = rig.discord.messages(discordIds.channel)[0]!.id;
	const answer = (await rig.sends(
		buttonPress(customId, message, rig.discord.interaction({ message })),
	)) as JsonObject;
	expect([answer["type"], (answer["data"] as JsonObject)["custom_id"]]).toEqual([9, customId]);
	const written = rig.discord.interaction({ message, kind: "modal" });
	const empty = { ...modalSubmit(customId, { text: " " }, written), message: { id: message } };
	expect(await rig.sends(empty)).toEqual(alone("There was no text in it."));
	expect(rig.inbox).toEqual([]);
});
