import { discordIds } from "../../support/discord/fake-discord.ts";

/** What Discord sends, as far as a bot may look at it, with much around it that it does not. */

export const guild = "5000000000000000001";
const allPermissions = "2248473465835073";
export const noManager = "2048";

export type Given = {
	readonly id: string;
	readonly token: string;
	readonly user?: string;
	readonly channel?: string;
	readonly channelType?: number;
	/** What the person may do in the server. */
	readonly permissions?: string;
	/** What the app may do in the channel. */
	readonly appPermissions?: string;
	/** Where the app is installed: in the server, or for the person alone. */
	readonly installed?: "guild" | "user";
};

export type Option = { readonly name: string; readonly value: string | number | boolean; readonly focused?: boolean };

/** `/ask question:…`. */
export function slashAsk(given: Given, question: string, more: readonly Option[] = [], resolved?: object) {
	return command(given, "ask", [{ name: "question", value: question }, ...more], resolved);
}

export function command(given: Given, name: string, options: readonly Option[] = [], resolved?: object) {
	return { ...around(given), type: 2, data: { id: "7001", name, type: 1, options, ...(resolved && { resolved }) } };
}

/** "Ask the team about this" in a message's menu. */
export function menuAsk(given: Given, content: string) {
	const message = { id: "8001", content, attachments: [], author: { id: "9001" } };
	const resolved = { messages: { "8001": message } };
	return {
		...around(given),
		type: 2,
		data: { id: "7002", name: "Ask the team about this", type: 3, target_id: "8001", resolved },
	};
}

export function autocomplete(given: Given, written: string) {
	const options = [{ name: "team", type: 3, value: written, focused: true }];
	return { ...around(given), type: 4, data: { id: "7001", name: "ask", type: 1, options } };
}

export function press(given: Given, customId: string, message: string, values?: readonly string[]) {
	const data = { component_type: values === undefined ? 2 : 3, custom_id: customId, ...(values && { values }) };
	return { ...around(given), type: 3, data, message: { id: message, content: "" } };
}

export function modal(given: Given, customId: string, text: string) {
	const components = [{ type: 18, id: 1, component: { type: 4, id: 2, custom_id: "text", value: text } }];
	return { ...around(given), type: 5, data: { custom_id: customId, components } };
}

function around(given: Given) {
	const { id, token, user = discordIds.user, channel = discordIds.channel, channelType = 0 } = given;
	const { permissions = noManager, appPermissions = allPermissions, installed = "guild" } = given;
	const person = { id: user, username: "somebody", discriminator: "0", global_name: "Somebody" };
	return {
		id,
		token,
		version: 1,
		application_id: discordIds.application,
		app_permissions: appPermissions,
		attachment_size_limit: 10_485_760,
		authorizing_integration_owners: installed === "guild" ? { "0": guild } : { "1": user },
		channel: { id: channel, type: channelType, guild_id: guild, name: "general" },
		channel_id: channel,
		context: installed === "guild" ? 0 : 2,
		locale: "en-US",
		...(installed === "guild" ? { guild_id: guild, member: { user: person, permissions, roles: [] } } : { user: person }),
	};
}
