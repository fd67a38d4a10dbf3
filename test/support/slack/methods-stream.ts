import { isJsonObject, type Json, type JsonObject } from "../../../src/std/json.ts";
import { blocksFault } from "./block-rules.ts";
import { botOf, contentFault, faultReply, isStreaming, listOf, note, written } from "./methods-chat.ts";
import { slackLimits, taskStatuses } from "./slack-limits.ts";
import {
	channelOf,
	keep,
	refused,
	textArg,
	type Call,
	type Channel,
	type Method,
	type SlackMessage,
	type SlackState,
} from "./slack-state.ts";

export const startStream: Method = (call, state) => {
	const channel = channelOf(call, state);
	if (typeof channel === "string") return refused(channel);
	const threadTs = textArg(call.args, "thread_ts");
	if (threadTs === "") return refused("invalid_arguments");
	if (channel.kind === "channel") {
		if (textArg(call.args, "recipient_user_id") === "") return refused("missing_recipient_user_id");
		if (textArg(call.args, "recipient_team_id") === "") return refused("missing_recipient_team_id");
	}
	const fault = pieceFault(call.args);
	if (fault !== null) return fault;
	const first = textArg(call.args, "markdown_text");
	const message = written({ ...call, args: { ...call.args, text: first } }, state, { channel, threadTs });
	keep(channel, { ...message, blocks: listOf(call.args["chunks"]), stream: "open" });
	state.streams.set(`${channel.id}:${message.ts}`, { untilMs: state.clock.now() + state.settings.streamLifetimeMs });
	return { channel: channel.id, ts: message.ts };
};

export const appendStream: Method = (call, state) => {
	const open = openStream(call, state);
	if ("refusal" in open) return open.refusal;
	const fault = pieceFault(call.args);
	if (fault !== null) return fault;
	keep(open.channel, grown(open.message, call.args));
	note(call, state, { channel: open.channel.id, ts: open.message.ts, notifies: false });
	return { channel: open.channel.id, ts: open.message.ts };
};

export const stopStream: Method = (call, state) => {
	const open = openStream(call, state);
	if ("refusal" in open) return open.refusal;
	const blocks = call.args["blocks"];
	const blocksWrong = blocksFault(blocks, "message");
	if (blocksWrong !== null) return faultReply(blocksWrong);
	const fault = pieceFault(call.args);
	if (fault !== null) return fault;
	const { metadata } = call.args;
	const grew = grown(open.message, call.args);
	keep(open.channel, {
		...grew,
		blocks: [...grew.blocks, ...listOf(blocks)],
		metadata: isJsonObject(metadata) ? metadata : grew.metadata,
		stream: "ended",
	});
	state.streams.delete(`${open.channel.id}:${open.message.ts}`);
	note(call, state, { channel: open.channel.id, ts: open.message.ts, notifies: false });
	const status = textArg(call.args, "session_status");
	if (status !== "" && open.message.threadTs !== null)
		state.sessions.set(`${open.channel.id}:${open.message.threadTs}`, { status });
	return { channel: open.channel.id, ts: open.message.ts };
};

type Open = { readonly channel: Channel; readonly message: SlackMessage };

function openStream(call: Call, state: SlackState): Open | { readonly refusal: JsonObject } {
	const channel = channelOf(call, state);
	if (typeof channel === "string") return { refusal: refused(channel) };
	const message = channel.messages.find(({ ts }) => ts === call.args["ts"]);
	if (message === undefined) return { refusal: refused("message_not_found") };
	if (message.user !== botOf(call, state)) return { refusal: refused("message_not_owned_by_app") };
	if (message.stream === "open" && isStreaming(state, channel, message)) return { channel, message };
	// What is left of a stream that was too old is shown as broken, until it is updated.
	if (message.stream === "open") keep(channel, { ...message, stream: "broken" });
	return { refusal: refused("message_not_in_streaming_state") };
}

function grown(message: SlackMessage, args: JsonObject): SlackMessage {
	return {
		...message,
		text: message.text + textArg(args, "markdown_text"),
		blocks: [...message.blocks, ...listOf(args["chunks"])],
	};
}

function pieceFault(args: JsonObject): JsonObject | null {
	if (textArg(args, "markdown_text").length > slackLimits.markdownCharsMax) return refused("msg_too_long");
	if (args["chunks"] !== undefined && !listOf(args["chunks"]).every(isChunk)) return refused("invalid_chunks");
	const { metadata } = args;
	return metadata === undefined ? null : contentFault({ text: "-", metadata });
}

const chunkChecks: Readonly<Record<string, (chunk: JsonObject) => boolean>> = {
	markdown_text: ({ text }) => typeof text === "string" && text.length <= slackLimits.markdownCharsMax,
	task_update: ({ id, title, status }) =>
		typeof id === "string" && isTitle(title) && (status === undefined || taskStatuses.includes(String(status))),
	plan_update: ({ title }) => isTitle(title),
	blocks: ({ blocks }) => blocksFault(blocks, "message") === null,
};

function isChunk(chunk: Json): boolean {
	return isJsonObject(chunk) && (chunkChecks[String(chunk["type"])]?.(chunk) ?? false);
}

function isTitle(value: Json | undefined): boolean {
	return typeof value === "string" && value.length <= slackLimits.taskTitleCharsMax;
}
