import { isJsonObject } from "../../../src/std/json.ts";
import { commandProblems } from "./command-rules.ts";
import { discordError, formError } from "./discord-errors.ts";
import type { Route } from "./discord-state.ts";

export const ownApplication: Route = (_, { settings }) => ({
	status: 200,
	body: { id: settings.application, name: "MassGen", bot: { id: settings.botUser, username: "massgen", bot: true } },
});

export const ownUser: Route = (_, { settings }) => ({
	status: 200,
	body: { id: settings.botUser, username: "massgen", discriminator: "0000", bot: true },
});

/** Overwrites all commands of a scope: what is not named any more is gone. */
export const putCommands: Route = ({ params, body }, state) => {
	const [application = "", guild = "global"] = params;
	if (application !== state.settings.application) return discordError(50001);
	const problems = commandProblems(body);
	if (problems.length > 0 || !Array.isArray(body)) return formError(problems);
	const commands = body
		.filter(isJsonObject)
		.map((command) => ({ ...command, id: state.newId(), application_id: application }));
	state.commands.set(guild, commands);
	return { status: 200, body: commands };
};
