import { isJsonObject, type JsonObject } from "../../../src/std/json.ts";
import type { Reply } from "../chat/loopback.ts";
import { discordError } from "./discord-errors.ts";
import { messageFlags } from "./discord-limits.ts";
import { mentionsIn, unfurledIn, type MentionDefault } from "./discord-mentions.ts";
import {
	keep,
	messageIn,
	told,
	type Channel,
	type DiscordMessage,
	type DiscordRequest,
	type DiscordState,
} from "./discord-state.ts";
import { isEmptyMessage, listOf, messageFault } from "./message-rules.ts";

type Written = Pick<DiscordRequest, "body" | "files">;

const messageMayHave = messageFlags.suppressEmbeds | messageFlags.suppressNotifications | messageFlags.componentsV2;
const flagsAllowed: Record<MentionDefault, number> = {
	message: messageMayHave,
	interaction: messageMayHave | messageFlags.ephemeral,
};

/** A new message of the bot's in this channel; or what Discord refuses it for. */
export function writeNew(
	written: Written,
	channel: Channel,
	from: MentionDefault,
	state: DiscordState,
): DiscordMessage | Reply {
	const body = isJsonObject(written.body) ? written.body : {};
	const fault = messageFault({ body, files: written.files, flags: 0, flagsAllowed: flagsAllowed[from] });
	if (fault !== null) return fault;
	if (isEmptyMessage({ body, files: written.files })) return discordError(50006);
	const reference = isJsonObject(body["message_reference"]) ? String(body["message_reference"]["message_id"]) : null;
	const replied = reference === null ? undefined : messageIn(channel, reference);
	const message: DiscordMessage = {
		...blank(channel.id, state),
		...shownBy(body),
		flags: Number(body["flags"] ?? 0),
		files: written.files.map(({ name, bytes }) => ({ name, size: bytes.length })),
		repliesTo: reference,
	};
	keep(channel, message);
	keepFiles(message.id, written, state);
	note(message.id, body, { from, repliedUser: replied?.author ?? null, notifies: true }, state);
	return message;
}

/** An edit changes what it names, and nothing else; nobody hears of it. */
export function writeOver(
	old: DiscordMessage,
	written: Written,
	where: { readonly channel: Channel; readonly from: MentionDefault },
	state: DiscordState,
): Reply {
	const body = isJsonObject(written.body) ? written.body : {};
	const allowed = messageFlags.suppressEmbeds | messageFlags.componentsV2;
	const fault = messageFault({ body, files: written.files, flags: old.flags, flagsAllowed: allowed });
	if (fault !== null) return fault;
	const flags = old.flags | Number(body["flags"] ?? 0);
	const isV2 = (flags & messageFlags.componentsV2) !== 0;
	const next: DiscordMessage = {
		...old,
		...shownBy({ content: old.content, embeds: old.embeds, components: old.components, ...body }),
		// A message of components keeps nothing of what it was before.
		...(isV2 ? { content: "", embeds: [] } : {}),
		flags,
		files: [...keptFiles(old, body), ...written.files.map(({ name, bytes }) => ({ name, size: bytes.length }))],
		isEdited: !old.isLoading,
		isLoading: false,
	};
	keep(where.channel, next);
	keepFiles(old.id, written, state);
	note(old.id, body, { from: where.from, repliedUser: null, notifies: false }, state);
	return { status: 200, body: told(next) };
}

/** A message that says nothing yet. */
export function blank(channel: string, state: DiscordState): DiscordMessage {
	return {
		id: state.newId(),
		channel,
		author: state.settings.botUser,
		content: "",
		embeds: [],
		components: [],
		files: [],
		flags: 0,
		repliesTo: null,
		createdAtMs: state.clock.now(),
		isEdited: false,
		isLoading: false,
	};
}

function shownBy(body: JsonObject): Pick<DiscordMessage, "content" | "embeds" | "components"> {
	return {
		content: typeof body["content"] === "string" ? body["content"] : "",
		embeds: listOf(body["embeds"]),
		components: listOf(body["components"]),
	};
}

/** Files stay, unless the edit lists those that are to. */
function keptFiles({ files }: DiscordMessage, { attachments }: JsonObject): DiscordMessage["files"] {
	if (!Array.isArray(attachments)) return files;
	const names = attachments.filter(isJsonObject).map(({ filename }) => filename);
	return files.filter(({ name }) => names.includes(name));
}

function keepFiles(message: string, { files }: Written, state: DiscordState): void {
	for (const { name, bytes } of files) state.fileBytes.set(`${message}/${name}`, bytes);
}

type Manner = { readonly from: MentionDefault; readonly repliedUser: string | null; readonly notifies: boolean };

function note(message: string, body: JsonObject, { from, repliedUser, notifies }: Manner, state: DiscordState): void {
	for (const mention of mentionsIn(body, from, repliedUser)) state.pings.push({ message, mention, notifies });
	state.unfurls.push(...unfurledIn(body));
}
