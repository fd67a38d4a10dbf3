import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { discordIds, startFakeDiscord, type FakeDiscord } from "../support/discord/fake-discord.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { slashAsk } from "../bots/discord/interactions.ts";
import { makeSigner } from "../bots/discord/signed.ts";

/** Discord by real HTTP: the built Worker, a fake Discord on loopback, really signed interactions. */
const signer = makeSigner();
let server: TestServer;
let discord: FakeDiscord;

beforeAll(async () => {
	discord = await startFakeDiscord({ raceMs: 300 });
	server = await startTestServer({
		DISCORD_PUBLIC_KEY: signer.publicKey,
		DISCORD_APPLICATION_ID: discordIds.application,
		DISCORD_BOT_TOKEN: discordIds.botToken,
		DISCORD_API_URL: `${discord.url}/api/v10`,
	});
});
afterAll(async () => {
	await server.close();
	await discord.close();
});

async function send(interaction: { readonly token: string }): Promise<unknown> {
	const body = JSON.stringify(interaction);
	const response = await fetch(`${server.url}/webhooks/discord`, {
		method: "POST",
		body,
		headers: signer.headers(body),
	});
	const answer: unknown = await response.json();
	expect(discord.answered(interaction.token, answer)).toBe(null);
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

test("a question is acknowledged at once, shown as a card, and answered in a message of its own", async () => {
	const asked = discord.interaction();
	const startedMs = Date.now();
	expect(await send(slashAsk(asked, "What is 6 times 7?"))).toEqual({ type: 5 });
	console.log("ack", Date.now() - startedMs);
	const final = await until(() => discord.messages(discordIds.channel).find(({ repliesTo }) => repliesTo !== null));
	await until(() => discord.messages(discordIds.channel).some(({ components }) => JSON.stringify(components).includes("3066993")));
	console.log(JSON.stringify(discord.messages(discordIds.channel), null, 1));
	console.log(discord.calls.map(({ name, outcome, atMs }) => [name, outcome, atMs - startedMs].join(" ")).join("\n"), discord.pings);
	expect(final.content).toContain("42");
});
