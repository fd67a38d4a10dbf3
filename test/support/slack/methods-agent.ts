import { isJsonObject } from "../../../src/std/json.ts";
import { listOf } from "./methods-chat.ts";
import { slackLimits as limits } from "./slack-limits.ts";
import { channelOf, refused, textArg, type Method } from "./slack-state.ts";

export const setThreadStatus: Method = (call, state) => {
	const channel = channelOf(call, state, "channel_id");
	if (typeof channel === "string") return refused(channel);
	if (listOf(call.args["loading_messages"]).length > limits.loadingMessagesMax) return refused("invalid_arguments");
	const key = `${channel.id}:${textArg(call.args, "thread_ts")}`;
	const status = textArg(call.args, "status");
	if (status === "") state.threadStatuses.delete(key);
	else state.threadStatuses.set(key, { status, untilMs: state.clock.now() + limits.threadStatusLifetimeMs });
	return {};
};

export const setSuggestedPrompts: Method = (call, state) => {
	const channel = channelOf(call, state, "channel_id");
	if (typeof channel === "string") return refused(channel);
	const prompts = listOf(call.args["prompts"]);
	const isGood = prompts.every(
		(prompt) => isJsonObject(prompt) && textArg(prompt, "title") !== "" && textArg(prompt, "message") !== "",
	);
	if (prompts.length === 0 || prompts.length > limits.promptsMax || !isGood) return refused("invalid_arguments");
	state.suggested.push(call.args);
	return {};
};

const sessionStatuses: readonly string[] = ["processing", "active", "suspended", "closed"];

export const setSessionStatus: Method = (call, state) => {
	const channel = channelOf(call, state, "channel_id");
	if (typeof channel === "string") return refused(channel);
	const { args } = call;
	const threadTs = textArg(args, "thread_ts");
	const isGood =
		threadTs !== "" &&
		sessionStatuses.includes(textArg(args, "status")) &&
		textArg(args, "title").length <= limits.sessionTitleCharsMax;
	if (!isGood) return refused("invalid_arguments");
	const { status = "", title, initiator_user_id: initiator } = args;
	const known = state.sessions.get(`${channel.id}:${threadTs}`) ?? {};
	state.sessions.set(`${channel.id}:${threadTs}`, {
		...known,
		status,
		...(title === undefined ? {} : { title }),
		...(initiator === undefined ? {} : { initiator_user_id: initiator }),
	});
	return {};
};
