import { isJsonObject, type JsonObject } from "../../../src/std/json.ts";
import type { Came, Reply } from "../chat/loopback.ts";
import { contentFault, listOf, note } from "./methods-chat.ts";
import { slackLimits } from "./slack-limits.ts";
import {
	keep,
	nextTs,
	removeFrom,
	textArg,
	type Channel,
	type ResponseUrl,
	type SlackMessage,
	type SlackState,
} from "./slack-state.ts";
import { parsed, slackError } from "./slack-wire.ts";

/** Where an interaction's answer may be sent to: five times, for half an hour, by whoever has the address. */
export function answerTo(id: string, came: Came, state: SlackState): Reply {
	const place = state.responseUrls.get(id);
	if (place === undefined) return { ...slackError("no_such_url"), status: 404 };
	if (state.clock.now() >= place.untilMs) return { ...slackError("expired_url"), status: 404 };
	if (place.uses >= slackLimits.responseUrlUsesMax) return { ...slackError("used_url"), status: 404 };
	const body = parsed(came.body.toString());
	const channel = state.channels.get(place.channel);
	if (!isJsonObject(body) || channel === undefined) return { status: 400, body: "invalid_payload" };
	const isRemoval = body["delete_original"] === true;
	const fault = isRemoval ? null : contentFault(body);
	if (fault !== null) return { status: 200, body: fault };
	place.uses += 1;
	const old = channel.messages.find(({ ts }) => ts === place.original);
	if (isRemoval && old !== undefined) removeFrom(channel, old.ts);
	if (!isRemoval) write(body, { place, channel, old: body["replace_original"] === true ? old : undefined }, state);
	return { status: 200, body: "ok" };
}

type Where = { readonly place: ResponseUrl; readonly channel: Channel; readonly old: SlackMessage | undefined };

function write(body: JsonObject, { place, channel, old }: Where, state: SlackState): void {
	const isPublic = body["response_type"] === "in_channel";
	const message: SlackMessage = {
		ts: nextTs(state, channel),
		threadTs: textArg(body, "thread_ts") || null,
		user: state.teams.get(channel.team)?.botUser ?? "",
		ephemeralTo: isPublic ? null : place.user,
		metadata: null,
		files: [],
		isEdited: false,
		stream: "none",
		...old,
		text: textArg(body, "text"),
		blocks: listOf(body["blocks"]),
	};
	keep(channel, message);
	place.original ??= message.ts;
	const notifies = old === undefined && isPublic;
	note({ method: "response_url", args: body }, state, { channel: channel.id, ts: message.ts, notifies });
}
