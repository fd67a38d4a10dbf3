import { execFile } from "node:child_process";
import { afterEach, beforeEach, expect, test } from "vitest";
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

test.each<[what: string, settings: Readonly<Record<string, string>>, code: number, said: string]>([
	["settings that are missing", {}, 64, "Set DISCORD_APPLICATION_ID and DISCORD_BOT_TOKEN."],
	["a token that is wrong", { ...usual, DISCORD_BOT_TOKEN: "secret" }, 1, "Discord refused it: status 401, code 0."],
])("says what to do about %s", async (_, settings, code, said) => {
	expect(await registers(settings)).toEqual([code, said]);
});
