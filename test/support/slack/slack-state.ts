import type { Json, JsonObject } from "../../../src/std/json.ts";
import type { SettableClock } from "../chat/settable-clock.ts";

/** `elsewhere`: the bot is no member. `restricted`: an admin has forbidden it to write. */
export type ChannelCondition = "open" | "elsewhere" | "archived" | "restricted" | "gone";

export type SlackMessage = {
	readonly ts: string;
	readonly threadTs: string | null;
	readonly user: string;
	readonly ephemeralTo: string | null;
	readonly metadata: JsonObject | null;
	readonly text: string;
	readonly blocks: readonly Json[];
	readonly files: readonly string[];
	readonly isEdited: boolean;
	/** An open stream is still written to. */
	readonly stream: "none" | "open" | "ended" | "broken";
};

export type Channel = {
	readonly id: string;
	readonly team: string;
	readonly kind: "channel" | "im";
	readonly messages: SlackMessage[];
	condition: ChannelCondition;
};

export type TokenCondition = "live" | "revoked" | "inactive";

export type Token = {
	readonly text: string;
	readonly team: string;
	readonly scopes: readonly string[];
	readonly expiresAtMs: number | null;
	condition: TokenCondition;
};

export type Team = { readonly id: string; readonly botUser: string; readonly users: readonly string[] };

/** Somebody who is called by what a bot wrote. Only a new message makes a sound. */
export type Ping = {
	readonly method: string;
	readonly channel: string;
	readonly ts: string;
	readonly mention: string;
	readonly notifies: boolean;
};

export type Unfurl = { readonly method: string; readonly ts: string; readonly links: readonly string[] };

export type Grant = {
	readonly team: string;
	readonly redirectUri: string | null;
	readonly untilMs: number;
	used: boolean;
};

export type Upload = { readonly name: string; readonly length: number; bytes: Buffer | null; isShared: boolean };

export type SlackState = {
	readonly clock: SettableClock;
	readonly settings: {
		readonly streamLifetimeMs: number;
		readonly clientId: string;
		readonly clientSecret: string;
		readonly appId: string;
		readonly scopes: readonly string[];
		readonly rotatesTokens: boolean;
	};
	/** Where the server listens, once it does. */
	url: string;
	readonly teams: Map<string, Team>;
	readonly tokens: Map<string, Token>;
	readonly channels: Map<string, Channel>;
	readonly triggers: Map<string, { readonly untilMs: number; used: boolean }>;
	readonly codes: Map<string, Grant>;
	readonly refreshTokens: Map<string, { readonly team: string; used: boolean }>;
	readonly uploads: Map<string, Upload>;
	readonly responseUrls: Map<string, ResponseUrl>;
	readonly streams: Map<string, { readonly untilMs: number }>;
	readonly views: Map<string, JsonObject>;
	readonly sessions: Map<string, JsonObject>;
	readonly threadStatuses: Map<string, { readonly status: string; readonly untilMs: number }>;
	readonly suggested: JsonObject[];
	readonly pings: Ping[];
	readonly unfurls: Unfurl[];
	/** A name that was not given before. */
	readonly newId: (prefix: string) => string;
};

export type ResponseUrl = {
	readonly channel: string;
	readonly user: string;
	readonly untilMs: number;
	uses: number;
	/** The message that an answer may take the place of. */
	original: string | null;
};

export type Call = { readonly method: string; readonly args: JsonObject; readonly token: Token };
/** `ok` is true unless it says otherwise. */
export type Method = (call: Call, state: SlackState) => JsonObject;

/** Slack's way to refuse: HTTP 200 and a word. */
export function refused(error: string, more: JsonObject = {}): JsonObject {
	return { ok: false, error, ...more };
}

/** A text argument; empty when it was not given. */
export function textArg(args: JsonObject, name: string): string {
	const value = args[name];
	return typeof value === "string" ? value : "";
}

/** The channel that a call names, or what is wrong with it. */
export function channelOf({ args, token }: Call, state: SlackState, name = "channel"): Channel | string {
	const channel = state.channels.get(textArg(args, name));
	if (channel === undefined || channel.team !== token.team || channel.condition === "gone")
		return "channel_not_found";
	return channel.condition === "open" ? channel : closedFor[channel.condition];
}

const closedFor = { elsewhere: "not_in_channel", archived: "is_archived", restricted: "restricted_action" } as const;

/** A new timestamp of Slack's, later than all before it in its channel. */
export function nextTs(state: SlackState, channel: Channel): string {
	const [lastSeconds = "0", lastMicros = "0"] = (channel.messages.at(-1)?.ts ?? "0.0").split(".");
	const atMs = state.clock.now();
	const micros = (atMs % 1000) * 1000 + 1;
	const now = Math.floor(atMs / 1000);
	const later = now > Number(lastSeconds) || (now === Number(lastSeconds) && micros > Number(lastMicros));
	return later ? tsOf(now, micros) : tsOf(Number(lastSeconds), Number(lastMicros) + 1);
}

function tsOf(seconds: number, micros: number): string {
	return `${seconds}.${String(Math.floor(micros)).padStart(6, "0")}`;
}

/** Puts a message in its channel, or a changed one in its own place. */
export function keep(channel: Channel, message: SlackMessage): void {
	const at = channel.messages.findIndex(({ ts }) => ts === message.ts);
	if (at === -1) channel.messages.push(message);
	else channel.messages[at] = message;
}

export function removeFrom(channel: Channel, ts: string): void {
	const at = channel.messages.findIndex((message) => message.ts === ts);
	if (at !== -1) channel.messages.splice(at, 1);
}
