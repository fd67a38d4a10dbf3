import { isJsonObject, type Json, type JsonObject } from "../../../src/std/json.ts";
import { meet, scriptedFaults, type Faults } from "../chat/faults.ts";
import { startLoopback, type Answer, type Came, type Reply } from "../chat/loopback.ts";
import { recentCalls } from "../chat/recent-calls.ts";
import type { Budget } from "../chat/rates.ts";
import { settableClock, type SettableClock } from "../chat/settable-clock.ts";
import { plainError } from "./discord-errors.ts";
import { discordLimits } from "./discord-limits.ts";
import { buckets, type Budgets } from "./discord-rates.ts";
import {
	removeFrom,
	type Channel,
	type ChannelCondition,
	type DiscordMessage,
	type DiscordState,
	type Interaction,
	type InteractionKind,
	type Ping,
} from "./discord-state.ts";
import { bodyOf, routeOf, type Body, type Routed } from "./discord-wire.ts";
import { answered } from "./webhook-routes.ts";

export type DiscordCall = {
	/** The route's name, or `unknown`. */
	readonly name: string;
	readonly method: string;
	readonly path: string;
	readonly authorization: string | null;
	readonly userAgent: string | null;
	readonly body: Json;
	readonly files: readonly string[];
	readonly atMs: number;
	/** The status, with Discord's code behind it if there is one; or what the network made of it. */
	outcome: string;
};

export type DiscordOptions = {
	readonly clock?: SettableClock;
	readonly application?: string;
	readonly botToken?: string;
	readonly botUser?: string;
	/** Guild channels. */
	readonly channels?: readonly string[];
	readonly users?: readonly string[];
	/** How long an answer is unknown to the webhook's routes. */
	readonly raceMs?: number;
	readonly budgets?: Budgets;
	/** Edits of one message that is older than an hour. */
	readonly oldEdits?: Budget;
	/** Answers of 401, 403 and 429 within ten minutes, before nothing is answered but 429. */
	readonly invalidMax?: number;
	readonly callsMax?: number;
};

export type NewInteraction = {
	readonly channel?: string;
	/** A component stands on a message, everything else is a command unless this says otherwise. */
	readonly kind?: InteractionKind;
	readonly isUserInstall?: boolean;
	/** The message that a component stands on. */
	readonly message?: string;
};

export type FakeDiscord = {
	/** The base of the API is `${url}/api/v10`. */
	readonly url: string;
	readonly close: () => Promise<void>;
	readonly clock: SettableClock;
	readonly calls: readonly DiscordCall[];
	readonly pings: readonly Ping[];
	/** Links that would be shown as a preview. */
	readonly unfurls: readonly string[];
	readonly failNext: Faults["failNext"];
	readonly callsOf: (name: string) => readonly DiscordCall[];
	readonly messages: (channel: string) => readonly DiscordMessage[];
	readonly channel: (id: string) => Omit<Channel, "messages"> | null;
	readonly file: (message: string, name: string) => Buffer | null;
	readonly commands: (scope: string) => readonly JsonObject[];
	readonly setChannel: (id: string, condition: ChannelCondition) => void;
	/** Nobody can write to this person any more. */
	readonly closeDirect: (user: string) => void;
	/** Somebody deletes it. */
	readonly deleteMessage: (channel: string, id: string) => void;
	readonly say: (channel: string, text: string) => string;
	/** Something that a person does: its id and its token, to be sent to the bot. */
	readonly interaction: (given?: NewInteraction) => { readonly id: string; readonly token: string };
	/** Takes what the bot has answered in its HTTP response; null, or what Discord finds wrong with it. */
	readonly answered: (token: string, answer: unknown) => Reply | null;
	/** An interaction that was answered with the type 5 already. */
	readonly deferred: (given?: NewInteraction & { readonly flags?: number }) => {
		readonly id: string;
		readonly token: string;
	};
	readonly revoke: (token: string) => void;
	/** How many answers of the last ten minutes were 401, 403 or 429. */
	readonly invalidCount: () => number;
	/** Throws if there were more. */
	readonly assertInvalidAtMost: (max: number) => void;
};

export const discordIds = {
	application: "1000000000000000001",
	botUser: "1000000000000000002",
	botToken: "bot-token",
	channel: "2000000000000000001",
	user: "3000000000000000001",
} as const;

/** Discord on loopback: it keeps what is posted, and refuses what the real one refuses. */
export async function startFakeDiscord(options: DiscordOptions = {}): Promise<FakeDiscord> {
	const state = stateOf(options);
	const { failNext, take } = scriptedFaults();
	const { calls, add } = recentCalls<DiscordCall>(options.callsMax);
	const invalid: number[] = [];
	const admit = buckets(options.budgets ?? {}, state.clock.now);
	const invalidCount = () =>
		invalid.filter((atMs) => atMs > state.clock.now() - discordLimits.invalidWindowMs).length;

	const answer = async (came: Came): Promise<Answer> => {
		const routed = routeOf(came);
		const read = await bodyOf(came);
		const call = callOf(came, routed, read, state);
		add(call);
		if (invalidCount() >= (options.invalidMax ?? 10_000)) return banned(call);
		const fault = take(call.name);
		const { reply, answer: shown } = meet(fault, () => done(routed, came, read));
		call.outcome = typeof fault === "string" ? fault : outcomeOf(reply);
		if (reply !== null && isInvalid(reply)) invalid.push(state.clock.now());
		return shown;
	};

	const done = (routed: Routed | null, came: Came, read: Body | null): Reply => {
		if (routed === null) return plainError(404);
		if (routed.row.auth === "bot" && came.headers["authorization"] !== `Bot ${state.settings.botToken}`)
			return plainError(401);
		const { refusal, headers } = admit(routed);
		if (refusal !== null) return { ...refusal, headers: { ...headers, ...refusal.headers } };
		if (read === null) return { status: 400, body: { message: "400: Bad Request", code: 0 } };
		const reply = routed.row.run({ params: routed.params, query: came.query, ...read }, state);
		return { ...reply, headers: { ...headers, ...reply.headers } };
	};

	const server = await startLoopback(answer);
	const assertInvalidAtMost = (max: number) => {
		if (invalidCount() > max)
			throw new Error(`${invalidCount()} answers were 401, 403 or 429, at most ${max} may be`);
	};
	const seen = { calls, pings: state.pings, unfurls: state.unfurls, invalidCount, assertInvalidAtMost };
	return { ...server, clock: state.clock, failNext, ...seen, ...asked(state, calls), ...people(state) };
}

function asked(state: DiscordState, calls: readonly DiscordCall[]) {
	return {
		callsOf: (name) => calls.filter((call) => call.name === name),
		messages: (channel) => state.channels.get(channel)?.messages ?? [],
		channel: (id) => {
			const { messages: _, ...channel } = state.channels.get(id) ?? { messages: [] };
			return "id" in channel ? channel : null;
		},
		file: (message, name) => state.fileBytes.get(`${message}/${name}`) ?? null,
		commands: (scope) => state.commands.get(scope) ?? [],
	} satisfies Partial<FakeDiscord>;
}

function people(state: DiscordState) {
	const interaction = ({
		channel = discordIds.channel,
		isUserInstall = false,
		message,
		kind,
	}: NewInteraction = {}) => {
		// Somebody has brought the app along to where the bot is not.
		if (!state.channels.has(channel)) state.channels.set(channel, { ...channelOf(channel), condition: "hidden" });
		const begun: Interaction = {
			id: state.newId(),
			token: `interaction-token-${state.newId()}`,
			kind: kind ?? (message === undefined ? "command" : "component"),
			channel,
			isUserInstall,
			createdAtMs: state.clock.now(),
			answeredAtMs: null,
			original: message ?? null,
			followUps: 0,
			isRevoked: false,
		};
		state.interactions.set(begun.token, begun);
		return { id: begun.id, token: begun.token };
	};
	return {
		interaction,
		answered: (token, answer) => answered(token, answer, state),
		deferred: ({ flags, ...given } = {}) => {
			const begun = interaction(given);
			answered(begun.token, { type: 5, ...(flags === undefined ? {} : { data: { flags } }) }, state);
			return begun;
		},
		revoke: (token) => void (state.interactions.get(token)!.isRevoked = true),
		setChannel: (id, condition) => void (state.channels.get(id)!.condition = condition),
		closeDirect: (user) => void state.closedUsers.add(user),
		deleteMessage: (channel, id) => void removeFrom(state.channels.get(channel)!, id),
		say: (channel, text) => said(state, channel, text),
	} satisfies Partial<FakeDiscord>;
}

function said(state: DiscordState, channel: string, content: string): string {
	const id = state.newId();
	const shown = { content, embeds: [], components: [], files: [], flags: 0, repliesTo: null };
	const createdAtMs = state.clock.now();
	const author = [...state.users][0] ?? "";
	state.channels
		.get(channel)!
		.messages.push({ id, channel, author, ...shown, createdAtMs, isEdited: false, isLoading: false });
	return id;
}

function callOf(came: Came, routed: Routed | null, read: Body | null, { clock }: DiscordState): DiscordCall {
	const { method, path, headers } = came;
	return {
		name: routed?.name ?? "unknown",
		method,
		path,
		authorization: headers["authorization"] ?? null,
		userAgent: headers["user-agent"] ?? null,
		body: read?.body ?? null,
		files: read?.files.map(({ name }) => name) ?? [],
		atMs: clock.now(),
		outcome: "",
	};
}

function outcomeOf(reply: Reply | null): string {
	if (reply === null) return "";
	const code = isJsonObject(reply.body) ? reply.body["code"] : undefined;
	return typeof code === "number" && code !== 0 ? `${reply.status} ${code}` : String(reply.status);
}

/** What is shared with others is nobody's fault. */
function isInvalid({ status, headers }: Reply): boolean {
	return status === 401 || status === 403 || (status === 429 && headers?.["x-ratelimit-scope"] !== "shared");
}

/** What stands before Discord has had enough of this address. */
function banned(call: DiscordCall): Reply {
	call.outcome = "banned";
	return { status: 429, headers: { "retry-after": "600" }, body: "error code: 1015" };
}

function stateOf(options: DiscordOptions): DiscordState {
	const clock = options.clock ?? settableClock();
	let ids = 4_000_000_000_000_000_000n;
	return {
		clock,
		settings: {
			application: options.application ?? discordIds.application,
			botToken: options.botToken ?? discordIds.botToken,
			botUser: options.botUser ?? discordIds.botUser,
			raceMs: options.raceMs ?? 0,
			oldEdits: options.oldEdits ?? { max: 5, windowMs: 60 * 60_000 },
		},
		channels: new Map((options.channels ?? [discordIds.channel]).map((id) => [id, channelOf(id)])),
		users: new Set(options.users ?? [discordIds.user]),
		closedUsers: new Set(),
		interactions: new Map(),
		nonces: new Map(),
		commands: new Map(),
		oldEdits: new Map(),
		pings: [],
		unfurls: [],
		fileBytes: new Map(),
		newId: () => String((ids += 1n)),
	};
}

function channelOf(id: string): Channel {
	return { id, kind: "guild", name: "general", parent: null, messages: [], condition: "open" };
}
