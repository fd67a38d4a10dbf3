import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { JsonObject } from "../../src/std/json.ts";
import { askCommand } from "../support/discord/discord-payloads.ts";
import { discordIds, startFakeDiscord, type FakeDiscord } from "../support/discord/fake-discord.ts";
import { discordKeys, signedInteraction } from "../support/discord/sign-discord.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

/** Discord by real HTTP: the built Worker, a fake Discord on loopback, really signed interactions. */
const keys = discordKeys();
let server: TestServer;
let discord: FakeDiscord;

beforeAll(async () => {
	discord = await startFakeDiscord({ raceMs: 300 });
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
