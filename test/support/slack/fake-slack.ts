import { isJsonObject, type JsonObject } from "../../../src/std/json.ts";
import { meet, scriptedFaults, type Faults } from "../chat/faults.ts";
import { startLoopback, type Answer, type Came, type Reply } from "../chat/loopback.ts";
import { recentCalls } from "../chat/recent-calls.ts";
import { slidingRates, type Budget } from "../chat/rates.ts";
import { settableClock, type SettableClock } from "../chat/settable-clock.ts";
import { uploaded } from "./methods-files.ts";
import { access } from "./methods-oauth.ts";
import { answerTo } from "./response-url.ts";
import { slackLimits } from "./slack-limits.ts";
import { directWith, sayAs, slackMethods } from "./slack-methods.ts";
import {
	removeFrom,
	textArg,
	type Channel,
	type ChannelCondition,
	type Ping,
	type SlackMessage,
	type SlackState,
	type Team,
	type Token,
	type TokenCondition,
	type Unfurl,
} from "./slack-state.ts";
import { argsOf, bearerOf, clientOf, slackError, slackRateLimited } from "./slack-wire.ts";

export type SlackCall = {
	readonly method: string;
	readonly args: JsonObject;
	readonly token: string | null;
	readonly atMs: number;
	/** `ok`, Slack's word for what was wrong, or what the network made of it. */
	outcome: string;
};

export type TeamOptions = {
	readonly id: string;
	readonly token: string;
	readonly botUser: string;
	readonly users: readonly string[];
	readonly channels: readonly string[];
};

export type SlackOptions = {
	readonly clock?: SettableClock;
	readonly teams?: readonly TeamOptions[];
	/** Per method and team, instead of Slack's own. */
	readonly budgets?: Readonly<Record<string, Budget>>;
	/** New messages in one channel: after a burst of `max` within `windowMs`. */
	readonly channelBudget?: Budget;
	readonly streamLifetimeMs?: number;
	readonly clientId?: string;
	readonly clientSecret?: string;
	readonly appId?: string;
	readonly scopes?: readonly string[];
	readonly rotatesTokens?: boolean;
	readonly callsMax?: number;
};

export type FakeSlack = {
	/** The base of the API is `${url}/api/`. */
	readonly url: string;
	/** Another host: whatever brings a token there, or outside the API here, is a leak. */
	readonly elsewhere: string;
	readonly close: () => Promise<void>;
	readonly clock: SettableClock;
	readonly calls: readonly SlackCall[];
	readonly pings: readonly Ping[];
	readonly unfurls: readonly Unfurl[];
	/** Requests that took a token where it does not belong, as `METHOD URL`. */
	readonly leaks: readonly string[];
	readonly suggested: readonly JsonObject[];
	readonly failNext: Faults["failNext"];
	readonly callsOf: (method: string) => readonly SlackCall[];
	readonly messages: (channel: string) => readonly SlackMessage[];
	readonly say: (
		channel: string,
		said: { readonly user: string; readonly ts: string; readonly text: string; readonly threadTs?: string },
	) => void;
	/** Somebody deletes it. */
	readonly deleteMessage: (channel: string, ts: string) => void;
	readonly setChannel: (channel: string, condition: ChannelCondition) => void;
	readonly setToken: (token: string, condition: TokenCondition) => void;
	/** Makes a token end at this time. */
	readonly expireToken: (token: string, atMs: number) => void;
	readonly trigger: () => string;
	/** `original`: the message that is acted upon. */
	readonly responseUrl: (channel: string, user: string, original?: string) => string;
	/** What Slack sends to the redirect URI after somebody has agreed. */
	readonly code: (team: string, redirectUri?: string) => string;
	readonly view: (id: string) => JsonObject | null;
	readonly file: (id: string) => Buffer | null;
	readonly session: (channel: string, threadTs: string) => JsonObject | null;
	/** What is shown under a thread while the bot works; null once it has cleared. */
	readonly threadStatus: (channel: string, threadTs: string) => string | null;
};

export const slackTeam: TeamOptions = {
	id: "T0ALPHA",
	token: "xoxb-alpha",
	botUser: "U0BOT",
	users: ["U0ASKER", "U0OTHER"],
	channels: ["C0GENERAL", "C0RANDOM"],
};

const allScopes = [
	"app_mentions:read",
	"assistant:write",
	"channels:history",
	"chat:write",
	"commands",
	"files:write",
	"im:history",
	"im:write",
	"users:read",
];

/** Slack on loopback: it keeps what is posted, and refuses what the real one refuses. */
export async function startFakeSlack(options: SlackOptions = {}): Promise<FakeSlack> {
	const state = stateOf(options);
	const { failNext, take } = scriptedFaults();
	const { calls, add } = recentCalls<SlackCall>(options.callsMax);
	const leaks: string[] = [];
	const admit = admission(options, state);

	const api = (name: string, came: Came): Answer => {
		const row = slackMethods[name];
		const args = argsOf(came, row?.formOnly ?? false);
		const call: SlackCall = {
			method: name,
			args: args ?? {},
			token: bearerOf(came),
			atMs: state.clock.now(),
			outcome: "ok",
		};
		add(call);
		const fault = take(name);
		const { reply, answer } = meet(fault, () =>
			args === null ? slackError("invalid_post_type") : admit(call, came),
		);
		call.outcome = typeof fault === "string" || reply === null ? String(fault) : outcomeOf(reply);
		return answer;
	};

	const server = await startLoopback((came) => {
		const [, area, name = "", last = ""] = came.path.split("/");
		if (area === "api") return api(name, came);
		leak(leaks, came, state.url);
		if (area === "upload" && came.method === "POST") return uploaded(last, came.body, state);
		if (area === "response" && came.method === "POST") return answerTo(name, came, state);
		return { status: 404, body: "not found" };
	});
	state.url = server.url;
	const other = await startLoopback((came) => {
		leak(leaks, came, other.url);
		return { status: 200, body: { ok: true } };
	});
	const close = async () => void (await Promise.all([server.close(), other.close()]));
	const seen = { calls, leaks, pings: state.pings, unfurls: state.unfurls, suggested: state.suggested };
	return {
		url: server.url,
		elsewhere: other.url,
		close,
		clock: state.clock,
		failNext,
		...seen,
		...asked(state, calls),
	};
}

function asked(state: SlackState, calls: readonly SlackCall[]) {
	return {
		callsOf: (method) => calls.filter((call) => call.method === method),
		messages: (channel) => state.channels.get(channel)?.messages ?? [],
		say: (channel, said) => sayAs(state.channels.get(channel)!, said),
		deleteMessage: (channel, ts) => removeFrom(state.channels.get(channel)!, ts),
		setChannel: (channel, condition) => void (state.channels.get(channel)!.condition = condition),
		setToken: (token, condition) => void (state.tokens.get(token)!.condition = condition),
		expireToken: (token, expiresAtMs) => void state.tokens.set(token, { ...state.tokens.get(token)!, expiresAtMs }),
		trigger: () => {
			const id = state.newId("trigger-");
			state.triggers.set(id, { untilMs: state.clock.now() + slackLimits.triggerLifetimeMs, used: false });
			return id;
		},
		responseUrl: (channel, user, original) => {
			const id = state.newId("response-");
			const untilMs = state.clock.now() + slackLimits.responseUrlLifetimeMs;
			state.responseUrls.set(id, { channel, user, untilMs, uses: 0, original: original ?? null });
			return `${state.url}/response/${id}`;
		},
		code: (team, redirectUri) => {
			const code = state.newId("code-");
			const untilMs = state.clock.now() + slackLimits.codeLifetimeMs;
			state.codes.set(code, { team, redirectUri: redirectUri ?? null, untilMs, used: false });
			return code;
		},
		view: (id) => state.views.get(id) ?? null,
		file: (id) => state.uploads.get(id)?.bytes ?? null,
		session: (channel, threadTs) => state.sessions.get(`${channel}:${threadTs}`) ?? null,
		threadStatus: (channel, threadTs) => {
			const shown = state.threadStatuses.get(`${channel}:${threadTs}`);
			return shown === undefined || state.clock.now() >= shown.untilMs ? null : shown.status;
		},
	} satisfies Partial<FakeSlack>;
}

/** Lets a call in, and does it. */
function admission({ budgets = {}, channelBudget = { max: 5, windowMs: 5000 } }: SlackOptions, state: SlackState) {
	const rates = slidingRates(state.clock.now);
	return (call: SlackCall, came: Came): Reply => {
		const { method, args } = call;
		if (method === "oauth.v2.access") return replyOf(access({ ...clientOf(came), ...args }, state), []);
		const row = slackMethods[method];
		if (row === undefined) return slackError("unknown_method");
		const token = tokenFault(call.token, state);
		if (typeof token === "string") return slackError(token);
		const needed = typeof row.scope === "function" ? row.scope(args) : row.scope;
		if (needed !== null && !token.scopes.includes(needed))
			return slackError("missing_scope", { needed, provided: token.scopes.join(",") });
		const waitMs =
			rates.take(`${token.team} ${method}`, budgets[method] ?? row.budget) ??
			(method === "chat.postMessage"
				? rates.take(`${token.team} ${textArg(args, "channel")} posts`, channelBudget)
				: null);
		if (waitMs !== null) return slackRateLimited(Math.ceil(waitMs / 1000));
		return replyOf(row.run({ method, args, token }, state), token.scopes);
	};
}

function replyOf(body: JsonObject, scopes: readonly string[]): Reply {
	return { status: 200, headers: { "x-oauth-scopes": scopes.join(",") }, body: { ok: true, ...body } };
}

function tokenFault(text: string | null, state: SlackState): Token | string {
	if (text === null) return "not_authed";
	const token = state.tokens.get(text);
	if (token === undefined) return "invalid_auth";
	if (token.condition === "revoked") return "token_revoked";
	if (token.condition === "inactive") return "account_inactive";
	return token.expiresAtMs !== null && state.clock.now() >= token.expiresAtMs ? "token_expired" : token;
}

function outcomeOf({ status, body }: Reply): string {
	if (isJsonObject(body) && "error" in body) return String(body["error"]);
	return status < 400 ? "ok" : `status ${status}`;
}

function leak(leaks: string[], { method, path, headers, query, body }: Came, url: string): void {
	const carried = `${headers["authorization"] ?? ""} ${query.toString()} ${body.subarray(0, 10_000).toString("latin1")}`;
	if (/\bxox[a-z]/.test(carried)) leaks.push(`${method} ${url}${path}`);
}

function stateOf(options: SlackOptions): SlackState {
	let ids = 0;
	const teams = options.teams ?? [slackTeam];
	const scopes = options.scopes ?? allScopes;
	const tokenOf = ({ id, token }: TeamOptions): [string, Token] => [
		token,
		{ text: token, team: id, scopes, expiresAtMs: null, condition: "live" },
	];
	const channels = teams.flatMap(channelsOf);
	if (new Set(channels.map(({ id }) => id)).size < channels.length)
		throw new Error("no two teams have a channel or a person in common");
	return {
		clock: options.clock ?? settableClock(),
		settings: {
			streamLifetimeMs: options.streamLifetimeMs ?? 5 * 60_000,
			clientId: options.clientId ?? "client-id",
			clientSecret: options.clientSecret ?? "client-secret",
			appId: options.appId ?? "A0MASSGEN",
			scopes,
			rotatesTokens: options.rotatesTokens ?? false,
		},
		url: "",
		teams: new Map(teams.map((team): [string, Team] => [team.id, team])),
		tokens: new Map(teams.map(tokenOf)),
		channels: new Map(channels.map((channel) => [channel.id, channel])),
		triggers: new Map(),
		codes: new Map(),
		refreshTokens: new Map(),
		uploads: new Map(),
		responseUrls: new Map(),
		streams: new Map(),
		views: new Map(),
		sessions: new Map(),
		threadStatuses: new Map(),
		suggested: [],
		pings: [],
		unfurls: [],
		newId: (prefix) => `${prefix}${String((ids += 1)).padStart(4, "0")}`,
	};
}

function channelsOf({ id: team, channels, users }: TeamOptions): Channel[] {
	const made = { team, condition: "open" } as const;
	return [
		...channels.map((id): Channel => ({ ...made, id, kind: "channel", messages: [] })),
		...users.map((user): Channel => ({ ...made, id: directWith(user), kind: "im", messages: [] })),
	];
}
