import { execFile } from "node:child_process";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Reply } from "../support/chat/loopback.ts";
import { discordIds, startFakeDiscord, type FakeDiscord } from "../support/discord/fake-discord.ts";

let discord: FakeDiscord;
beforeEach(async () => void (discord = await startFakeDiscord()));
afterEach(() => discord.close());

/** `npm run discord:register` with these settings: its exit code, and what it says. */
function registers(settings: Readonly<Record<string, string>>): Promise<readonly [code: number, said: string]> {
	const env = { PATH: process.env["PATH"] ?? "", DISCORD_API_URL: `${discord.url}/api/v10`, ...settings };
	return new Promise((resolve) => {
		execFile(process.execPath, ["src/cli/discord-register.ts"], { env }, (error, stdout, stderr) => {
			resolve([typeof error?.code === "number" ? error.code : 0, (stdout + stderr).trim()]);
		});
	});
}

const usual = { DISCORD_APPLICATION_ID: discordIds.application, DISCORD_BOT_TOKEN: discordIds.botToken };
const names = (scope: string) => discord.commands(scope).map(({ name }) => name);

test("registers everywhere, or in one server, as often as it is run", async () => {
	expect(await registers(usual)).toEqual([0, "registered everywhere"]);
	const once = names("global");
	expect(await registers(usual)).toEqual([0, "registered everywhere"]);
	expect(await registers({ ...usual, DISCORD_GUILD: "77" })).toEqual([0, "registered in server 77"]);
	expect([names("global"), names("77")]).toEqual([once, once]);
});

const wrongToken = "Discord does not take DISCORD_BOT_TOKEN. Copy it anew from the application's Bot page.";
const noToken = "DISCORD_BOT_TOKEN holds signs that no token has. Copy it anew from the application's Bot page.";
const otherApp =
	"DISCORD_APPLICATION_ID is that of another application than DISCORD_BOT_TOKEN, or the app is not in the server DISCORD_GUILD.";

test.each<[what: string, settings: Readonly<Record<string, string>>, code: number, said: string]>([
	["settings that are missing", {}, 64, "Set DISCORD_APPLICATION_ID and DISCORD_BOT_TOKEN."],
	["a token that is wrong", { ...usual, DISCORD_BOT_TOKEN: "secret" }, 1, wrongToken],
	["a token that no header can hold", { ...usual, DISCORD_BOT_TOKEN: "se\ncret" }, 1, noToken],
	["a token with signs that none has", { ...usual, DISCORD_BOT_TOKEN: "sécret" }, 1, noToken],
	["the number of another application", { ...usual, DISCORD_APPLICATION_ID: "2" }, 1, otherApp],
])("says what to do about %s", async (_, settings, code, said) => {
	expect(await registers(settings)).toEqual([code, said]);
});

test.each<[what: string, fault: Reply, said: string]>([
	["a server that the app is not in", { status: 404, body: { code: 10_004 } }, otherApp],
	[
		"a form that it does not take",
		{ status: 400, body: { code: 50_035 } },
		"Discord refused it: status 400, code 50035.",
	],
	["a pause that it wants", { status: 429, body: { retry_after: 3.2 } }, "Discord wants a pause of 4 s."],
	["a fault of its own", { status: 503, body: "" }, "Discord answered 503"],
])("says what Discord made of it: %s", async (_, fault, said) => {
	discord.failNext("putCommands", fault);
	expect(await registers(usual)).toEqual([1, said]);
});
