import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { askCommand } from "../support/discord/discord-payloads.ts";
import { discordIds, startFakeDiscord, type FakeDiscord } from "../support/discord/fake-discord.ts";
import { discordKeys, signedInteraction } from "../support/discord/sign-discord.ts";
import { npmStart } from "../support/npm-start.ts";
import type { Started } from "../support/start-process.ts";

/** `kill -9` at the worst moments: what a person asked on Discord is answered there, once. */
const keys = discordKeys();
let discord: FakeDiscord;
let server: Started;
let state: string;

beforeEach(async () => {
	discord = await startFakeDiscord();
	state = await mkdtemp(join(tmpdir(), "massgen-state-"));
	server = await start();
});
afterEach(async () => {
	await server.kill();
	await discord.close();
	await rm(state, { recursive: true, force: true });
});

function start(): Promise<Started> {
	return npmStart({
		MASSGEN_STATE: state,
		DISCORD_PUBLIC_KEY: keys.publicKeyHex,
		DISCORD_APPLICATION_ID: discordIds.application,
		DISCORD_BOT_TOKEN: discordIds.botToken,
		DISCORD_API_URL: `${discord.url}/api/v10`,
	});
}

async function ask(): Promise<void> {
	const asked = discord.interaction();
	const body = askCommand({ question: "What is 6 times 7?", team: "demo" }, asked);
	const url = `${server.url}/webhooks/discord`;
	const response = await fetch(signedInteraction({ keys, body, at: Date.now(), url }));
	expect(discord.answered(asked.token, await response.json())).toBe(null);
}

async function until(reached: () => boolean): Promise<void> {
	for (let look = 0; look < 800; look++) {
		if (reached()) return;
		await sleep(50);
	}
	throw new Error(
		`it never came so far: ${discord.calls.map(({ name, outcome }) => `${name} ${outcome}`).join(", ")}`,
	);
}

const answers = () => discord.messages(discordIds.channel).filter(({ content }) => content.includes("42"));

/** How often it is answered, how many messages there are, and how often somebody is called. */
async function counts(): Promise<readonly number[]> {
	await until(
		() => answers().length > 0 && JSON.stringify(discord.messages(discordIds.channel)).includes("Consensus"),
	);
	await sleep(1500);
	return [answers().length, discord.messages(discordIds.channel).length, discord.pings.length];
}

test("killed right after the acknowledgement", { timeout: 90_000 }, async () => {
	await ask();
	await server.kill();
	expect(discord.calls).toEqual([]);
	server = await start();
	expect(await counts()).toEqual([1, 2, 1]);
});

test.each(["hang", "stuck"] as const)(
	"killed while the final is sent, and Discord's answer is %s",
	{ timeout: 90_000 },
	async (fault) => {
		discord.failNext("createMessage", fault);
		await ask();
		await until(() => discord.callsOf("createMessage").length > 0);
		await server.kill();
		server = await start();
		expect(await counts()).toEqual([1, 2, 1]);
	},
);
