import { commands } from "./commands.ts";
import { call, fieldOf, type Answered, type Caller } from "./rest.ts";

/** How the app's commands come to Discord: all of them at once, in place of whatever there was. */

/** In one server, where they are there at once, or everywhere. As often as one likes: it is the same each time. */
export async function register(deps: Caller, guild: string | null, signal: AbortSignal): Promise<Answered> {
	const path = commandsPath(deps, guild);
	return call(deps, { method: "PUT", path, as: "bot", body: commands }, signal);
}

/** The commands of ours that Discord does not have; null where it does not say which it has. */
export async function missing(deps: Caller, signal: AbortSignal): Promise<readonly string[] | null> {
	const answer = await call(deps, { method: "GET", path: commandsPath(deps, null), as: "bot" }, signal);
	if (answer.kind !== "ok" || !Array.isArray(answer.body)) return null;
	const there = new Set(answer.body.map((command: unknown) => fieldOf(command, "name")));
	return commands.filter(({ name }) => !there.has(name)).map(({ name }) => name);
}

function commandsPath({ settings }: Caller, guild: string | null): string {
	const application = `/applications/${settings["DISCORD_APPLICATION_ID"] ?? ""}`;
	return guild === null ? `${application}/commands` : `${application}/guilds/${guild}/commands`;
}
