import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { JsonObject } from "../../src/std/json.ts";
import { askCommand, buttonPress, type DiscordScene } from "../support/discord/discord-payloads.ts";
import { discordIds, startFakeDiscord, type FakeDiscord } from "../support/discord/fake-discord.ts";
import { discordKeys, malformedInteractions, signedInteraction } from "../support/discord/sign-discord.ts";
import { member, newAnswer } from "../support/members.ts";
import { eventsOf, startTestServer, type Cast, type TestServer } from "../support/server.ts";

/** Discord by real HTTP: the built Worker, a fake Discord on loopback, really signed interactions. */
const keys = discordKeys();
const thread = "2000000000000000002";
let server: TestServer;
let discord: FakeDiscord;

beforeAll(async () => {
	discord = await startFakeDiscord({ raceMs: 300, channels: [discordIds.channel, thread] });
	server = await startTestServer({
		DISCORD_PUBLIC_KEY: keys.publicKeyHex,
		DISCORD_APPLICATION_ID: discordIds.application,
		DISCORD_BOT_TOKEN: discordIds.botToken,
		DISCORD_API_URL: `${discord.url}/api/v10`,
		CHAT_TEAM: "demo",
	});
});
afterAll(async () => {
	await server.close();
	await discord.close();
});

/** A team of this cast, stored under this name. */
async function store(name: string, cast: Cast): Promise<void> {
	await server.client.putTeam(name, server.team(cast));
}

/** The session that was begun last. */
async function latest(): Promise<string> {
	return (await server.client.sessions({ limit: 1 })).sessions[0]?.id ?? "";
}

async function send(body: JsonObject): Promise<unknown> {
	const url = `${server.url}/webhooks/discord`;
	const response = await fetch(signedInteraction({ keys, body, at: Date.now(), url }));
	const answer: unknown = await response.json();
	expect(discord.answered(String(body["token"]), answer)).toBe(null);
	return answer;
}

async function until<T>(look: () => T | undefined | false | null): Promise<T> {
	for (let tries = 0; tries < 400; tries++) {
		const found = look();
		if (found) return found;
		await sleep(50);
	}
	throw new Error(`it never came so far: ${JSON.stringify(discord.calls, null, 1).slice(-4000)}`);
}

const here = () => discord.messages(discordIds.channel);
const tellsOf = (id: string, text: string) =>
	here().find((message) => message.repliesTo === id && message.content.includes(text));

test("a question is acknowledged at once, shown as a card, and answered in a message that calls the asker alone", async () => {
	const asked = discord.interaction();
	expect(await send(askCommand({ question: "What is 6 times 7?" }, asked))).toEqual({ type: 5 });
	const card = here().at(-1)?.id ?? "";
	const final = await until(() => tellsOf(card, "42"));
	await until(() => JSON.stringify(here()).includes("Consensus"));
	expect(discord.pings).toEqual([{ message: final.id, mention: `<@${discordIds.user}>`, notifies: true }]);
	expect(discord.calls.map(({ outcome }) => outcome)).toEqual(discord.calls.map(() => "200"));
});

test("five deliveries of one interaction at once are one run", async () => {
	const asked = discord.interaction();
	const body = askCommand({ question: "What is 5 times 5?" }, asked);
	const url = `${server.url}/webhooks/discord`;
	const copies = Array.from({ length: 5 }, () => fetch(signedInteraction({ keys, body, at: Date.now(), url })));
	const answers = await Promise.all((await Promise.all(copies)).map((response) => response.json()));
	expect(answers).toEqual([{ type: 5 }, { type: 5 }, { type: 5 }, { type: 5 }, { type: 5 }]);
	discord.answered(asked.token, answers[0]);
	const card = here().at(-1)?.id ?? "";
	await until(() => tellsOf(card, "25"));
	await sleep(500);
	const titles = (await server.client.sessions()).sessions.map(({ title }) => title);
	expect(titles.filter((title) => title === "What is 5 times 5?").length).toBe(1);
	expect(here().filter(({ content }) => content.includes("**25**")).length).toBe(1);
});

test("whatever is signed otherwise is refused by the runtime's own cryptography as well", async () => {
	const body = askCommand({ question: "What now?" }, discord.interaction());
	const url = `${server.url}/webhooks/discord`;
	const malformed = malformedInteractions({ keys, body, at: Date.now(), url });
	const statuses = await Promise.all(malformed.map(async ([what, request]) => [what, (await fetch(request)).status]));
	expect(statuses).toEqual(malformed.map(([what]) => [what, 401]));
});

test("a turn of many events is edited every two seconds at most", async () => {
	const before = discord.callsOf("editOwn").length;
	await send(askCommand({ question: "What is 3 times 3?" }, discord.interaction()));
	const card = here().at(-1)?.id ?? "";
	await until(() => tellsOf(card, "**9**"));
	const events = await eventsOf(server, await latest());
	await until(() => JSON.stringify(here().find(({ id }) => id === card)).includes("Consensus"));
	const edits = discord.callsOf("editOwn").slice(before);
	const spacings = edits.slice(1).map(({ atMs }, i) => atMs - (edits[i]?.atMs ?? 0));
	expect(events.length).toBeGreaterThan(40);
	expect(spacings.filter((ms) => ms < 1900)).toEqual([]);
	expect(edits.length).toBeLessThan(10);
});

test("what an agent writes calls nobody, and a person's stop ends the turn without an answer", async () => {
	const hostile = "@everyone <@999> <@&888> ```js\nnot closed https://evil.example/";
	await store("hostile", { a: member({ answers: hostile, votesFor: [hostile] }) });
	const pingsBefore = discord.pings.length;
	await send(askCommand({ question: "@here <@999>?", team: "hostile" }, discord.interaction()));
	const final = await until(() => here().find(({ content }) => content.includes("not closed")));
	expect(discord.pings.slice(pingsBefore)).toEqual([
		{ message: final.id, mention: `<@${discordIds.user}>`, notifies: true },
	]);
	expect(discord.unfurls).toEqual([]);

	const { promise: never } = Promise.withResolvers<void>();
	await store("slow", { a: () => [{ waitFor: never }, newAnswer("too late")] });
	const asked = discord.interaction();
	await send(askCommand({ question: "Are you there?", team: "slow" }, asked));
	const card = here().at(-1)?.id ?? "";
	const shown = () => JSON.stringify(here().find(({ id }) => id === card)?.components);
	await until(() => shown().includes("v1:stop:"));
	const customId = /v1:stop:[\w-]+:[\w-]+/.exec(shown())?.[0] ?? "";
	expect(await send(buttonPress(customId, card, discord.interaction({ message: card })))).toEqual({ type: 6 });
	await until(() => shown().includes("Stopped"));
	await sleep(500);
	expect(here().at(-1)?.id).toBe(card);
	expect((await server.client.session(await latest())).status).toBe("cancelled");
});

test("in a thread a question is the next turn of its session", async () => {
	const ask = async (question: string, scene: Partial<DiscordScene>) => {
		const body = askCommand({ question }, { ...discord.interaction(scene), ...scene });
		await send({ ...body, channel: { id: scene.channel ?? "", type: 11 } });
		const card = discord.messages(scene.channel ?? "").at(-1)?.id;
		return until(() => discord.messages(scene.channel ?? "").find(({ repliesTo }) => repliesTo === card));
	};
	await ask("What is 2 times 4?", { channel: thread });
	await ask("And what is 2 times 8?", { channel: thread });
	const { turns } = await server.client.session(await latest());
	expect(turns.map(({ question }) => question)).toEqual(["What is 2 times 4?", "And what is 2 times 8?"]);
});
