import { unreachable } from "../../src/std/assert.ts";
import { commands } from "./commands.ts";
import { call, fieldOf, type Answered, type Caller, type Refused } from "./rest.ts";

/** How the app's commands come to Discord: all of them at once, in place of whatever there was. */

/** In one server, where they are there at once, or everywhere. As often as one likes: it is the same each time. */
export async function register(deps: Caller, guild: string | null, signal: AbortSignal): Promise<Answered> {
	const path = commandsPath(deps, guild);
	return call(deps, { method: "PUT", path, as: "bot", body: commands }, signal);
}

/** Why they are not registered, for who has to mend it. No secrets. */
export function whyNot(answer: Exclude<Answered, { kind: "ok" }>): string {
	switch (answer.kind) {
		case "refused":
			return refused(answer);
		case "limited":
			return `Discord wants a pause of ${Math.ceil(answer.afterMs / 1000)} s.`;
		case "unknown":
			return answer.reason;
		default:
			return unreachable(answer);
	}
}

function refused({ status, code }: Refused): string {
	if (status === 401) return "Discord does not take DISCORD_BOT_TOKEN. Copy it anew from the application's Bot page.";
	if (status === 403 || status === 404)
		return "DISCORD_APPLICATION_ID is that of another application than DISCORD_BOT_TOKEN, or the app is not in the server DISCORD_GUILD.";
	return `Discord refused it: status ${status}, code ${code}.`;
}

/** Whether a request can carry this as a token. */
export function isToken(text: string): boolean {
	return /^[\x21-\x7e]+$/.test(text);
}

/** The commands of ours that Discord does not have; null where it does not say which it has. */
export async function missing(deps: Caller, signal: AbortSignal): Promise<readonly string[] | null> {
	const answer = await call(deps, { method: "GET", path: commandsPath(deps, null), as: "bot" }, signal);
	if (answer.kind !== "ok" || !Array.isArray(answer.body)) return null;
	const there = new Set(answer.body.map((command: unknown) => fieldOf(command, "name")));
	return commands.filter(({ name }) => !there.has(name)).map(({ name }) => name);
}

function commandsPath({ settings }: Caller, guild: string | null): string {
	const application = `/applications/${encodeURIComponent(settings["DISCORD_APPLICATION_ID"] ?? "")}`;
	return guild === null ? `${application}/commands` : `${application}/guilds/${encodeURIComponent(guild)}/commands`;
}
