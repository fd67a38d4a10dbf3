import { isJsonObject, type JsonObject } from "../../../src/std/json.ts";
import type { Reply } from "../chat/loopback.ts";
import { badLength, discordError, formError, notOneOf, type DiscordCode } from "./discord-errors.ts";
import { discordLimits as limits, messageFlags } from "./discord-limits.ts";
import {
	messageIn,
	removeFrom,
	told,
	type Channel,
	type DiscordMessage,
	type DiscordState,
	type Route,
} from "./discord-state.ts";
import { writeNew, writeOver } from "./message-writing.ts";

export const createMessage: Route = (request, state) => {
	const channel = seen(request.params, state);
	if (typeof channel === "number") return discordError(channel);
	const code = writing(channel, state);
	if (code !== null) return discordError(code);
	const body = isJsonObject(request.body) ? request.body : {};
	const nonce = `${channel.id} ${String(body["nonce"])}`;
	const same = body["enforce_nonce"] === true ? state.nonces.get(nonce) : undefined;
	const before =
		same === undefined || state.clock.now() >= same.untilMs ? undefined : messageIn(channel, same.message);
	if (before !== undefined) return { status: 200, body: told(before) };
	const message = writeNew(request, channel, "message", state);
	if ("status" in message) return message;
	if (channel.condition === "archived") channel.condition = "open";
	if (body["nonce"] !== undefined)
		state.nonces.set(nonce, { message: message.id, untilMs: state.clock.now() + limits.nonceLifetimeMs });
	return { status: 200, body: { ...told(message), nonce: body["nonce"] ?? null } };
};

export const editMessage: Route = (request, state) => {
	const place = placeOf(request.params, state);
	if ("status" in place) return place;
	const { channel, message } = place;
	if (message.author !== state.settings.botUser) return discordError(50005);
	if (channel.condition === "archived" || channel.condition === "locked") return discordError(50083);
	if (isOverEdited(message, state)) return discordError(30046);
	return writeOver(message, request, { channel, from: "message" }, state);
};

export const readMessage: Route = (request, state) => {
	const place = placeOf(request.params, state);
	return "status" in place ? place : { status: 200, body: told(place.message) };
};

export const deleteMessage: Route = (request, state) => {
	const place = placeOf(request.params, state);
	if ("status" in place) return place;
	removeFrom(place.channel, place.message.id);
	return { status: 204, body: null };
};

export const listMessages: Route = ({ params, query }, state) => {
	const channel = seen(params, state);
	if (typeof channel === "number") return discordError(channel);
	const limit = Number(query.get("limit") ?? 50);
	if (!(limit >= 1 && limit <= 100)) return formError([badLength("limit", 1, 100)]);
	const after = BigInt(query.get("after") ?? 0);
	const before = BigInt(query.get("before") ?? "9999999999999999999");
	const found = channel.messages.filter(
		(message) => isPublic(message) && BigInt(message.id) > after && BigInt(message.id) < before,
	);
	// Newest first; those right after a message are taken from its end.
	const page = query.has("after") ? found.slice(0, limit) : found.slice(-limit);
	return { status: 200, body: page.toReversed().map(told) };
};

export const startThread: Route = (request, state) => {
	const place = placeOf(request.params, state);
	if ("status" in place) return place;
	const { channel, message } = place;
	if (channel.kind !== "guild") return discordError(50024);
	if (channel.condition === "mute") return discordError(50013);
	if (state.channels.has(message.id)) return discordError(160004);
	const body = isJsonObject(request.body) ? request.body : {};
	const name = String(body["name"] ?? "");
	if (name.length < 1 || name.length > limits.threadNameCharsMax)
		return formError([badLength("name", 1, limits.threadNameCharsMax)]);
	if (![60, 1440, 4320, 10_080].includes(Number(body["auto_archive_duration"] ?? 1440)))
		return formError([notOneOf("auto_archive_duration")]);
	const thread: Channel = {
		id: message.id,
		kind: "thread",
		name,
		parent: channel.id,
		messages: [],
		condition: "open",
	};
	state.channels.set(thread.id, thread);
	return { status: 201, body: toldChannel(thread) };
};

export const openDirect: Route = ({ body }, state) => {
	const user = isJsonObject(body) ? String(body["recipient_id"]) : "";
	if (!state.users.has(user)) return discordError(10013);
	const id = `9${user}`;
	const channel: Channel = { id, kind: "dm", name: user, parent: null, messages: [], condition: "open" };
	if (!state.channels.has(id)) state.channels.set(id, channel);
	return { status: 200, body: toldChannel(channel) };
};

export const readChannel: Route = ({ params }, state) => {
	const channel = seen(params, state);
	return typeof channel === "number" ? discordError(channel) : { status: 200, body: toldChannel(channel) };
};

/** The channel, or the code of why the bot has nothing of it. */
function seen([id = ""]: readonly string[], state: DiscordState): Channel | DiscordCode {
	const channel = state.channels.get(id);
	if (channel === undefined || channel.condition === "gone") return 10003;
	return channel.condition === "hidden" ? 50001 : channel;
}

function writing(channel: Channel, state: DiscordState): DiscordCode | null {
	if (channel.condition === "mute") return 50013;
	if (channel.condition === "locked") return 50083;
	return channel.kind === "dm" && state.closedUsers.has(channel.name) ? 50007 : null;
}

function placeOf(
	params: readonly string[],
	state: DiscordState,
): { channel: Channel; message: DiscordMessage } | Reply {
	const channel = seen(params, state);
	if (typeof channel === "number") return discordError(channel);
	const message = messageIn(channel, params[1] ?? "");
	// What only one person sees is not there for the bot's own route.
	return message === undefined || !isPublic(message) ? discordError(10008) : { channel, message };
}

function isPublic({ flags }: DiscordMessage): boolean {
	return (flags & messageFlags.ephemeral) === 0;
}

/** Edits of a message that is older than an hour are counted on their own. */
function isOverEdited(message: DiscordMessage, state: DiscordState): boolean {
	const now = state.clock.now();
	if (now - message.createdAtMs <= limits.oldMessageMs) return false;
	const { max, windowMs } = state.settings.oldEdits;
	const recent = (state.oldEdits.get(message.id) ?? []).filter((atMs) => atMs > now - windowMs);
	if (recent.length >= max) return true;
	state.oldEdits.set(message.id, [...recent, now]);
	return false;
}

const kinds = { guild: 0, dm: 1, thread: 11 };

function toldChannel({ id, kind, name, parent, condition }: Channel): JsonObject {
	const isArchived = condition === "archived" || condition === "locked";
	return {
		id,
		type: kinds[kind],
		name,
		...(parent === null ? {} : { parent_id: parent }),
		...(kind === "thread" ? { thread_metadata: { archived: isArchived, locked: condition === "locked" } } : {}),
	};
}
