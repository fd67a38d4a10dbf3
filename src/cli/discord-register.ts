import { join } from "node:path";
import { isToken, register, whyNot } from "../../bots/discord/register.ts";
import { readSettings } from "./settings.ts";

/**
 * `npm run discord:register`: the app's commands, everywhere, or only in the server that DISCORD_GUILD names, where they
 * are there at once. The same as often as it is run.
 */
const settings = readSettings(join(import.meta.dirname, "..", ".."), process.env);
const guild = settings["DISCORD_GUILD"] ?? null;
const lacking = ["DISCORD_APPLICATION_ID", "DISCORD_BOT_TOKEN"].filter((name) => settings[name] === undefined);
if (lacking.length > 0) fail(64, `Set ${lacking.join(" and ")}.`);
else if (!isToken(settings["DISCORD_BOT_TOKEN"] ?? ""))
	fail(1, "DISCORD_BOT_TOKEN holds signs that no token has. Copy it anew from the application's Bot page.");
else {
	const answer = await register({ settings, fetch }, guild, AbortSignal.timeout(30_000));
	if (answer.kind === "ok") console.log(guild === null ? "registered everywhere" : `registered in server ${guild}`);
	else fail(1, whyNot(answer));
}

function fail(code: number, why: string): void {
	console.error(why);
	process.exitCode = code;
}
