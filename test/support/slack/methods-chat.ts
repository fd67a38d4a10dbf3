import { isJsonObject, type Json, type JsonObject } from "../../../src/std/json.ts";
import { blocksFault } from "./block-rules.ts";
import { mentionsIn, unfurled } from "./mentions.ts";
import { slackLimits } from "./slack-limits.ts";
import {
	channelOf,
	keep,
	nextTs,
	refused,
	textArg,
	type Call,
	type Channel,
	type Method,
	type SlackMessage,
	type SlackState,
} from "./slack-state.ts";

export const postMessage: Method = (call, state) => {
	const channel = channelOf(call, state);
	if (typeof channel === "string") return refused(channel);
	const fault = contentFault(call.args);
	if (fault !== null) return fault;
	const threadTs = textArg(call.args, "thread_ts") || null;
	if (threadTs !== null && !tsPattern.test(threadTs)) return refused("invalid_thread_ts");
	const message = written(call, state, { channel, threadTs });
	return { channel: channel.id, ts: message.ts, message: shown(message) };
};

export const update: Method = (call, state) => {
	const channel = channelOf(call, state);
	if (typeof channel === "string") return refused(channel);
	const { args } = call;
	const old = channel.messages.find(({ ts }) => ts === args["ts"]);
	if (old === undefined || old.ephemeralTo !== null) return refused("message_not_found");
	if (old.user !== botOf(call, state)) return refused("cant_update_message");
	if (old.stream === "open" && isStreaming(state, channel, old)) return refused("streaming_state_conflict");
	const fault = contentFault(args);
	if (fault !== null) return fault;
	const hasBlocks = Array.isArray(args["blocks"]);
	keep(channel, {
		...old,
		text: typeof args["text"] === "string" ? args["text"] : old.text,
		// A text alone replaces the blocks, too.
		blocks: listOf(args["blocks"]),
		metadata: isJsonObject(args["metadata"]) ? args["metadata"] : old.metadata,
		isEdited: old.isEdited || !hasBlocks,
		stream: old.stream === "none" ? "none" : "ended",
	});
	note(call, state, { channel: channel.id, ts: old.ts, notifies: false });
	return { channel: channel.id, ts: old.ts, text: textArg(args, "text") };
};

export const postEphemeral: Method = (call, state) => {
	const channel = channelOf(call, state);
	if (typeof channel === "string") return refused(channel);
	const user = textArg(call.args, "user");
	if (!state.teams.get(call.token.team)?.users.includes(user)) return refused("user_not_in_channel");
	const fault = contentFault(call.args);
	if (fault !== null) return fault;
	const threadTs = textArg(call.args, "thread_ts") || null;
	return { message_ts: written(call, state, { channel, threadTs, ephemeralTo: user }).ts };
};

export const remove: Method = (call, state) => {
	const channel = channelOf(call, state);
	if (typeof channel === "string") return refused(channel);
	const at = channel.messages.findIndex(({ ts }) => ts === call.args["ts"]);
	const message = channel.messages[at];
	if (message === undefined) return refused("message_not_found");
	if (message.user !== botOf(call, state)) return refused("cant_delete_message");
	channel.messages.splice(at, 1);
	return { channel: channel.id, ts: message.ts };
};

export const replies: Method = (call, state) => {
	const channel = channelOf(call, state);
	if (typeof channel === "string") return refused(channel);
	const root = textArg(call.args, "ts");
	const thread = channel.messages.filter(
		({ ts, threadTs, ephemeralTo }) => ephemeralTo === null && (ts === root || threadTs === root),
	);
	if (thread.length === 0) return refused("thread_not_found");
	const from = Number(textArg(call.args, "cursor") || 0);
	const limit = Number(call.args["limit"] ?? 15);
	const isFull = isTrue(call.args["include_all_metadata"]);
	const page = thread.slice(from, from + limit);
	const hasMore = thread.length > from + limit;
	return {
		messages: page.map((message) => shown(message, isFull)),
		has_more: hasMore,
		response_metadata: { next_cursor: hasMore ? String(from + limit) : "" },
	};
};

export const validateBlocks: Method = (call) => {
	const fault = blocksFault(call.args["blocks"], "message");
	return fault === null ? {} : faultReply(fault);
};

type Place = { readonly channel: Channel; readonly threadTs: string | null; readonly ephemeralTo?: string | null };

/** A new message of the bot's, with who was called by it. */
export function written(call: Call, state: SlackState, { channel, threadTs, ephemeralTo = null }: Place): SlackMessage {
	const { args } = call;
	const message: SlackMessage = {
		ts: nextTs(state, channel),
		threadTs,
		user: botOf(call, state),
		ephemeralTo,
		metadata: isJsonObject(args["metadata"]) ? args["metadata"] : null,
		text: textArg(args, "text") || textArg(args, "markdown_text"),
		blocks: listOf(args["blocks"]),
		files: [],
		isEdited: false,
		stream: "none",
	};
	keep(channel, message);
	state.threadStatuses.delete(`${channel.id}:${threadTs ?? ""}`);
	note(call, state, { channel: channel.id, ts: message.ts, notifies: true });
	return message;
}

/** Remembers who is called, and which links are shown, by what was written. */
export function note(
	{ method, args }: Pick<Call, "method" | "args">,
	state: SlackState,
	where: { readonly channel: string; readonly ts: string; readonly notifies: boolean },
): void {
	// An update parses names unless it is told not to, a post does not: the fake fears the former in both.
	for (const mention of mentionsIn(args)) state.pings.push({ method, ...where, mention });
	const links = unfurled(args);
	if (links.length > 0) state.unfurls.push({ method, ts: where.ts, links });
}

/** What is wrong with the text and the blocks of a message, as Slack says it. */
export function contentFault(args: JsonObject): JsonObject | null {
	const text = textArg(args, "text");
	const markdown = textArg(args, "markdown_text");
	const blocks = listOf(args["blocks"]);
	if (markdown !== "" && (text !== "" || blocks.length > 0)) return refused("markdown_text_conflict");
	if (text === "" && markdown === "" && blocks.length === 0) return refused("no_text");
	if (text.length > slackLimits.textCharsMax || markdown.length > slackLimits.markdownCharsMax)
		return refused("msg_too_long");
	const { metadata } = args;
	if (metadata !== undefined && !isMetadata(metadata)) return refused("invalid_metadata_format");
	const fault = blocksFault(args["blocks"], "message");
	return fault === null ? null : faultReply(fault);
}

export function botOf({ token }: Call, state: SlackState): string {
	return state.teams.get(token.team)?.botUser ?? "";
}

export function listOf(value: Json | undefined): readonly Json[] {
	return Array.isArray(value) ? value : [];
}

function isMetadata(value: Json): boolean {
	return isJsonObject(value) && typeof value["event_type"] === "string" && isJsonObject(value["event_payload"]);
}

export function faultReply({
	error,
	messages,
}: {
	readonly error: string;
	readonly messages: readonly string[];
}): JsonObject {
	return refused(error, messages.length === 0 ? {} : { response_metadata: { messages } });
}

/** Whether a stream has not yet reached its end by time. */
export function isStreaming(state: SlackState, channel: Channel, { ts }: SlackMessage): boolean {
	const stream = state.streams.get(`${channel.id}:${ts}`);
	return stream !== undefined && state.clock.now() < stream.untilMs;
}

function shown(message: SlackMessage, withMetadata = false): JsonObject {
	return {
		type: "message",
		user: message.user,
		bot_id: `B${message.user.slice(1)}`,
		ts: message.ts,
		text: message.text,
		blocks: message.blocks,
		...(message.threadTs === null ? {} : { thread_ts: message.threadTs }),
		...(withMetadata && message.metadata !== null ? { metadata: message.metadata } : {}),
		...(message.isEdited ? { edited: { user: message.user, ts: message.ts } } : {}),
	};
}

/** A form sends words for what JSON has values for. */
function isTrue(value: Json | undefined): boolean {
	return value === true || value === "true" || value === 1 || value === "1";
}

const tsPattern = /^\d+\.\d{6}$/;
