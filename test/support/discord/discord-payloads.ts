import type { Json, JsonObject } from "../../../src/std/json.ts";
import { discordIds } from "./fake-discord.ts";

/** Who and where, in all that Discord sends; a test changes what it is about. */
export type DiscordScene = {
	readonly id: string;
	readonly token: string;
	readonly application: string;
	/** Null in a direct message. */
	readonly guild: string | null;
	readonly channel: string;
	readonly user: string;
	/** Who has installed the app: a guild, this person alone, or both. */
	readonly installed: "guild" | "user" | "both";
	readonly appPermissions: string;
	readonly locale: string;
};

const usual: DiscordScene = {
	id: "5000000000000000001",
	token: "interaction-token",
	application: discordIds.application,
	guild: "6000000000000000001",
	channel: discordIds.channel,
	user: discordIds.user,
	installed: "guild",
	// Everything but to administrate.
	appPermissions: "2248473465835073",
	locale: "en-US",
};

type Part = Partial<DiscordScene>;

export function ping(part: Part = {}): JsonObject {
	const { id, token, application } = { ...usual, ...part };
	return {
		id,
		token,
		application_id: application,
		type: 1,
		version: 1,
		user: userOf(discordIds.user),
		entitlements: [],
	};
}

export type AskOptions = {
	readonly question: string;
	readonly team?: string;
	readonly attachment?: SentAttachment;
	readonly private?: boolean;
};

export type SentAttachment = {
	readonly id: string;
	readonly filename: string;
	readonly size: number;
	readonly contentType: string;
	readonly url: string;
};

/** `/ask question: team: attachment: private:` */
export function askCommand(
	{ question, team, attachment, private: isPrivate }: AskOptions,
	part: Part = {},
): JsonObject {
	const options: Json[] = [
		{ name: "question", type: 3, value: question },
		...(team === undefined ? [] : [{ name: "team", type: 3, value: team }]),
		...(attachment === undefined ? [] : [{ name: "attachment", type: 11, value: attachment.id }]),
		...(isPrivate === undefined ? [] : [{ name: "private", type: 5, value: isPrivate }]),
	];
	const resolved =
		attachment === undefined ? {} : { resolved: { attachments: { [attachment.id]: attached(attachment) } } };
	return slashCommand("ask", options, part, resolved);
}

/** `/team`, `/status` and whatever else; options as Discord sends them. */
export function slashCommand(
	name: string,
	options: readonly Json[] = [],
	part: Part = {},
	more: JsonObject = {},
): JsonObject {
	return interactionOf(2, { id: commandId, name, type: 1, options, ...more }, part);
}

/** A command in a message's menu. */
export function messageMenu(name: string, content: string, part: Part = {}): JsonObject {
	const target = "7000000000000000001";
	const message = { ...messageOf(target, { ...usual, ...part }), content, author: userOf("3000000000000000009") };
	return interactionOf(
		2,
		{ id: commandId, name, type: 3, target_id: target, resolved: { messages: { [target]: message } } },
		part,
	);
}

export function buttonPress(customId: string, message: string, part: Part = {}): JsonObject {
	return onMessage({ component_type: 2, custom_id: customId, id: 2 }, message, part);
}

export function selectChoice(
	choice: { readonly customId: string; readonly values: readonly string[] },
	message: string,
	part: Part = {},
): JsonObject {
	return onMessage({ component_type: 3, custom_id: choice.customId, id: 2, values: choice.values }, message, part);
}

/** What was written into the form, by the custom id of each input. */
export function modalSubmit(customId: string, inputs: Readonly<Record<string, string>>, part: Part = {}): JsonObject {
	const components = Object.entries(inputs).map(([name, value], index) => ({
		type: 18,
		id: 2 * index + 1,
		component: { type: 4, id: 2 * index + 2, custom_id: name, value },
	}));
	return interactionOf(5, { custom_id: customId, components }, part);
}

/** A person is typing this into an option. */
export function autocomplete(
	name: string,
	option: { readonly name: string; readonly value: string },
	part: Part = {},
): JsonObject {
	const options = [{ ...option, type: 3, focused: true }];
	return interactionOf(4, { id: commandId, name, type: 1, options }, part);
}

/** Webhook events have a check of their own: the type 0, to be answered 204. */
export function eventPing(application: string = usual.application): JsonObject {
	return { version: 1, application_id: application, type: 0 };
}

export function applicationDeauthorized(
	user: string = usual.user,
	application: string = usual.application,
): JsonObject {
	return {
		version: 1,
		application_id: application,
		type: 1,
		event: {
			type: "APPLICATION_DEAUTHORIZED",
			timestamp: "2026-11-25T12:00:00.000000",
			data: { user: userOf(user) },
		},
	};
}

const commandId = "1400000000000000001";
const timestamp = "2026-11-25T12:00:00.000000+00:00";

function onMessage(data: JsonObject, message: string, part: Part): JsonObject {
	return { ...interactionOf(3, data, part), message: messageOf(message, { ...usual, ...part }) };
}

function interactionOf(type: number, data: JsonObject, part: Part): JsonObject {
	const scene = { ...usual, ...part };
	const { id, token, application, guild, channel, user, appPermissions, locale } = scene;
	const person =
		guild === null
			? { user: userOf(user) }
			: {
					guild_id: guild,
					guild: { id: guild, locale, features: [] },
					guild_locale: locale,
					member: memberOf(user),
				};
	return {
		id,
		token,
		type,
		version: 1,
		application_id: application,
		app_permissions: appPermissions,
		attachment_size_limit: 10_485_760,
		authorizing_integration_owners: ownersOf(scene),
		channel_id: channel,
		channel: {
			id: channel,
			type: guild === null ? 1 : 0,
			name: "general",
			...(guild === null ? {} : { guild_id: guild }),
		},
		context: guild === null ? 1 : 0,
		data,
		entitlements: [],
		entitlement_sku_ids: [],
		locale,
		...person,
	};
}

/** https://discord.com/developers/docs/interactions/receiving-and-responding: 0 is a guild's install, 1 a person's. */
function ownersOf({ installed, guild, user }: DiscordScene): JsonObject {
	return {
		...(installed === "user" ? {} : { 0: guild ?? "0" }),
		...(installed === "guild" ? {} : { 1: user }),
	};
}

function userOf(id: string): JsonObject {
	return {
		id,
		username: `user_${id.slice(-1)}`,
		global_name: "A Person",
		discriminator: "0",
		avatar: null,
		public_flags: 0,
	};
}

function memberOf(user: string): JsonObject {
	return {
		user: userOf(user),
		roles: [],
		permissions: "9007199254740991",
		joined_at: timestamp,
		deaf: false,
		mute: false,
		nick: null,
		flags: 0,
	};
}

function messageOf(id: string, { channel, application }: DiscordScene): JsonObject {
	return {
		id,
		type: 0,
		channel_id: channel,
		author: { ...userOf(application), bot: true },
		content: "",
		components: [],
		embeds: [],
		attachments: [],
		flags: 0,
		timestamp,
		edited_timestamp: null,
		mentions: [],
		mention_roles: [],
		mention_everyone: false,
		pinned: false,
		tts: false,
	};
}

function attached({ id, filename, size, contentType, url }: SentAttachment): JsonObject {
	return { id, filename, size, content_type: contentType, url, proxy_url: url, ephemeral: true };
}
