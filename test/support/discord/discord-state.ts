import type { Json, JsonObject } from "../../../src/std/json.ts";
import type { Reply } from "../chat/loopback.ts";
import type { Budget } from "../chat/rates.ts";
import type { SettableClock } from "../chat/settable-clock.ts";
import type { SentFile } from "./message-rules.ts";

/** `hidden`: the bot cannot see it. `mute`: it may not write there. `locked`: archived, and writing does not open it. */
export type ChannelCondition = "open" | "hidden" | "mute" | "archived" | "locked" | "gone";

export type DiscordMessage = {
	readonly id: string;
	readonly channel: string;
	readonly author: string;
	readonly content: string;
	readonly embeds: readonly Json[];
	readonly components: readonly Json[];
	readonly files: readonly { readonly name: string; readonly size: number }[];
	readonly flags: number;
	readonly repliesTo: string | null;
	readonly createdAtMs: number;
	readonly isEdited: boolean;
	/** What is shown between a deferred answer and its first edit. */
	readonly isLoading: boolean;
};

export type Channel = {
	readonly id: string;
	readonly kind: "guild" | "thread" | "dm";
	readonly name: string;
	readonly parent: string | null;
	readonly messages: DiscordMessage[];
	condition: ChannelCondition;
};

export type InteractionKind = "ping" | "command" | "component" | "autocomplete" | "modal";

export type Interaction = {
	readonly id: string;
	readonly kind: InteractionKind;
	readonly token: string;
	readonly channel: string;
	readonly isUserInstall: boolean;
	readonly createdAtMs: number;
	answeredAtMs: number | null;
	original: string | null;
	followUps: number;
	isRevoked: boolean;
};

/** Somebody whom a message calls. Only a new message makes a sound. */
export type Ping = {
	readonly message: string;
	readonly mention: string;
	readonly notifies: boolean;
};

export type DiscordState = {
	readonly clock: SettableClock;
	readonly settings: {
		readonly application: string;
		readonly botToken: string;
		readonly botUser: string;
		readonly raceMs: number;
		readonly oldEdits: Budget;
	};
	readonly channels: Map<string, Channel>;
	readonly users: Set<string>;
	/** They take no direct messages. */
	readonly closedUsers: Set<string>;
	readonly interactions: Map<string, Interaction>;
	readonly nonces: Map<string, { readonly message: string; readonly untilMs: number }>;
	/** By scope: `global`, or a guild. */
	readonly commands: Map<string, readonly JsonObject[]>;
	readonly oldEdits: Map<string, number[]>;
	readonly pings: Ping[];
	readonly unfurls: string[];
	readonly fileBytes: Map<string, Buffer>;
	readonly newId: () => string;
};

export type DiscordRequest = {
	readonly params: readonly string[];
	readonly query: URLSearchParams;
	readonly body: Json;
	readonly files: readonly SentFile[];
};

export type Route = (request: DiscordRequest, state: DiscordState) => Reply;

/** Where a message with this id is, if it is anywhere. */
export function messageIn(channel: Channel, id: string): DiscordMessage | undefined {
	return channel.messages.find((message) => message.id === id);
}

export function keep(channel: Channel, message: DiscordMessage): void {
	const at = channel.messages.findIndex(({ id }) => id === message.id);
	if (at === -1) channel.messages.push(message);
	else channel.messages[at] = message;
}

export function removeFrom(channel: Channel, id: string): boolean {
	const at = channel.messages.findIndex((message) => message.id === id);
	if (at !== -1) channel.messages.splice(at, 1);
	return at !== -1;
}

/** A message as the API tells it. */
export function told(message: DiscordMessage): JsonObject {
	return {
		id: message.id,
		type: message.repliesTo === null ? 0 : 19,
		channel_id: message.channel,
		author: { id: message.author, username: "massgen", bot: true, discriminator: "0000" },
		content: message.content,
		embeds: message.embeds,
		components: message.components,
		attachments: message.files.map(({ name, size }, index) => ({ id: String(index), filename: name, size })),
		flags: message.flags | (message.isLoading ? loadingFlag : 0),
		timestamp: new Date(message.createdAtMs).toISOString(),
		edited_timestamp: message.isEdited ? new Date(message.createdAtMs).toISOString() : null,
		mentions: [],
		mention_roles: [],
		mention_everyone: false,
		pinned: false,
		tts: false,
		...(message.repliesTo === null ? {} : { message_reference: { type: 0, message_id: message.repliesTo } }),
	};
}

const loadingFlag = 1 << 7;
