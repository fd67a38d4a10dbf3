import { InteractionType } from "discord-interactions";
import { z } from "zod";

/** What Discord sends of an interaction, as far as we use it: https://docs.discord.com/developers/interactions */

const id = z.string().regex(/^[\w-]{1,40}$/);
/** Whom Discord does not name is `{}`. */
const user = z.object({ id: id.nullish() });
const attachment = z.object({
	filename: z.string(),
	size: z.number(),
	url: z.string(),
	content_type: z.string().nullish(),
});
const option = z.object({
	name: z.string(),
	value: z.union([z.string(), z.number(), z.boolean()]).nullish(),
	focused: z.boolean().nullish(),
});
const message = z.object({ id, content: z.string().nullish(), attachments: z.array(attachment).nullish() });
/** A modal's part that holds a value: in a label, or in a row of the older form. */
const field = z.object({ custom_id: z.string().nullish(), value: z.string().nullish() });
const modalPart = z.object({ component: field.nullish(), components: z.array(field).nullish() });

export const Interaction = z.object({
	id,
	application_id: id.nullish(),
	type: z.enum(InteractionType),
	token: z.string().min(1).max(2000),
	guild_id: id.nullish(),
	channel_id: id.nullish(),
	channel: z.object({ type: z.number().nullish(), parent_id: id.nullish() }).nullish(),
	member: z.object({ user, permissions: z.string().nullish() }).nullish(),
	user: user.nullish(),
	app_permissions: z.string().nullish(),
	context: z.number().nullish(),
	authorizing_integration_owners: z.record(z.string(), z.string()).nullish(),
	message: z.object({ id }).nullish(),
	data: z
		.object({
			name: z.string().nullish(),
			options: z.array(option).nullish(),
			target_id: id.nullish(),
			resolved: z
				.object({
					attachments: z.record(z.string(), attachment).nullish(),
					messages: z.record(z.string(), message).nullish(),
				})
				.nullish(),
			custom_id: z.string().nullish(),
			values: z.array(z.string()).nullish(),
			components: z.array(modalPart).nullish(),
		})
		.nullish(),
});
export type Interaction = z.output<typeof Interaction>;
export type SentFile = z.output<typeof attachment>;

/** Whether Discord only asks if we are here: whatever else that brings is not looked at. */
export const Ping = z.object({ type: z.literal(InteractionType.PING), application_id: id.nullish() });

/** Who asks, and where. */
export type Place = {
	/** The server, or `user-` and the person where the app is installed for herself. */
	readonly owner: string;
	readonly guild: string | null;
	readonly channel: string;
	readonly isThread: boolean;
	/** Whether answers that are long may have a thread of their own here. */
	readonly takesThreads: boolean;
	readonly user: string;
	/** Whether the person manages the server. */
	readonly manages: boolean;
	/** Whether our bot may write here, so that nothing ends with the interaction's token. */
	readonly botWrites: boolean;
};

const channelType = { text: 0, announcement: 5, announcementThread: 10, publicThread: 11, privateThread: 12 } as const;
/** https://docs.discord.com/developers/topics/permissions */
const permission = {
	administrator: 1n << 3n,
	manageGuild: 1n << 5n,
	viewChannel: 1n << 10n,
	sendMessages: 1n << 11n,
	embedLinks: 1n << 14n,
	attachFiles: 1n << 15n,
	readHistory: 1n << 16n,
	createPublicThreads: 1n << 35n,
	sendInThreads: 1n << 38n,
} as const;

/** What the bot asks for when it is installed. */
export const permissionsWanted =
	permission.viewChannel |
	permission.sendMessages |
	permission.embedLinks |
	permission.attachFiles |
	permission.readHistory |
	permission.createPublicThreads |
	permission.sendInThreads;

/** Null where it does not say who asks and where. */
export function placeOf(interaction: Interaction): Place | null {
	const { guild_id: guild = null, channel_id: channel, channel: shown, member } = interaction;
	const person = (member?.user ?? interaction.user)?.id;
	if (isMissing(person) || isMissing(channel)) return null;
	const isThread = threadTypes.has(shown?.type ?? -1);
	return {
		guild,
		channel,
		isThread,
		user: person,
		manages: has(permissionsIn(member?.permissions), permission.manageGuild),
		...ofApp(interaction, { isThread, person }),
	};
}

function isMissing(name: string | null | undefined): name is null | undefined {
	return name === null || name === undefined;
}

/** The installation of who has the app for herself. */
export function ownerFor(person: string): string {
	return `user-${person}`;
}

/** The channel that a thread belongs to; null elsewhere, where a parent is a mere category. */
export function threadParent({ channel }: Interaction): string | null {
	return threadTypes.has(channel?.type ?? -1) ? (channel?.parent_id ?? null) : null;
}

type Where = { readonly isThread: boolean; readonly person: string };

/** Through which installation it comes, and what our bot may do there. */
function ofApp(interaction: Interaction, { isThread, person }: Where) {
	const { guild_id: guild, channel: shown, authorizing_integration_owners: owners, context } = interaction;
	if (guild === undefined || guild === null || !isInstalledInGuild(interaction)) {
		const owner = ownerFor(owners?.["1"] ?? person);
		return { owner, botWrites: context === botDm, takesThreads: false };
	}
	const app = permissionsIn(interaction.app_permissions);
	const botWrites = has(app, permission.viewChannel | writing(isThread));
	const mayThread = has(app, permission.createPublicThreads | permission.sendInThreads);
	return { owner: guild, botWrites, takesThreads: botWrites && mayThread && openTypes.has(shown?.type ?? -1) };
}

/** A direct message with our bot, where it may always write. */
const botDm = 1;

function writing(isThread: boolean): bigint {
	return isThread ? permission.sendInThreads : permission.sendMessages;
}

const openTypes: ReadonlySet<number> = new Set([channelType.text, channelType.announcement]);
const threadTypes: ReadonlySet<number> = new Set([
	channelType.announcementThread,
	channelType.publicThread,
	channelType.privateThread,
]);

/** `0` names the server that installed the app, `1` the person who did. */
function isInstalledInGuild({ authorizing_integration_owners: owners, guild_id: guild }: Interaction): boolean {
	return owners === undefined || owners === null || owners["0"] === guild;
}

function permissionsIn(text: string | null | undefined): bigint {
	return /^\d{1,30}$/.test(text ?? "") ? BigInt(text ?? "0") : 0n;
}

function has(held: bigint, wanted: bigint): boolean {
	return (held & permission.administrator) !== 0n || (held & wanted) === wanted;
}

/** A command's option of this name. */
export function optionIn({ data }: Interaction, name: string): string | number | boolean | null {
	return data?.options?.find((given) => given.name === name)?.value ?? null;
}

/** What was written into a modal's field. */
export function fieldIn({ data }: Interaction, customId: string): string {
	const fields = (data?.components ?? []).flatMap(({ component, components }) => [
		...(component ? [component] : []),
		...(components ?? []),
	]);
	return fields.find((written) => written.custom_id === customId)?.value ?? "";
}
