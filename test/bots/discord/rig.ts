import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { deliver } from "../../../bots/discord/deliver.ts";
import { receive } from "../../../bots/discord/receive.ts";
import { work } from "../../../bots/discord/work.ts";
import type { BotDeps } from "../../../bots/chat.ts";
import type { ChatPayload } from "../../../durable-objects/outbox/chats.ts";
import type { Delivered, Delivery } from "../../../durable-objects/outbox/outbox.ts";
import type { InstallationRpc, Inbound } from "../../../durable-objects/installation/rpc.ts";
import * as lanes from "../../../durable-objects/installation/lanes.ts";
import * as notes from "../../../durable-objects/installation/notes.ts";
import * as runs from "../../../durable-objects/installation/runs.ts";
import { migrate } from "../../../durable-objects/store/migrations.ts";
import { makeClient, type Client } from "../../../src/api/client.ts";
import type { LoggedEvent } from "../../../src/consensus/events.ts";
import type { JsonObject } from "../../../src/std/json.ts";
import { apiKey, makeApi, type Api } from "../../support/api.ts";
import { settableClock, type SettableClock } from "../../support/chat/settable-clock.ts";
import { askCommand, type AskOptions, type DiscordScene } from "../../support/discord/discord-payloads.ts";
import {
	discordIds,
	startFakeDiscord,
	type DiscordOptions,
	type FakeDiscord,
	type NewInteraction,
} from "../../support/discord/fake-discord.ts";
import { discordKeys, signedInteraction } from "../../support/discord/sign-discord.ts";
import { sqlStorage } from "../../support/sql.ts";

/** The bot without a Worker: objects in memory, a fake Discord on loopback, and one clock for all, which the test turns. */
export type Rig = {
	readonly discord: FakeDiscord;
	readonly clock: SettableClock;
	readonly api: Api;
	readonly deps: BotDeps;
	/** What was taken into an inbox and not worked on, oldest first. */
	readonly inbox: Inbound[];
	readonly crashes: unknown[];
	readonly installation: (name: string) => MemoryInstallation;
	/** What Discord gets to see of its interaction; it finds nothing wrong with it. */
	readonly sends: (body: JsonObject, atMs?: number) => Promise<unknown>;
	/** Works on the oldest row of the inbox. */
	readonly works: (tries?: number) => Promise<Delivered>;
	/** `/ask`, received and worked on: where its turn is shown. */
	readonly asks: (asked?: Partial<AskOptions>, scene?: Partial<Scene>) => Promise<Asked>;
	readonly delivers: (asked: Asked, row: Partial<ChatPayload> & Partial<Delivery>) => Promise<Delivered>;
	/** Also looks whether each message said whom it may call. */
	readonly close: () => Promise<void>;
};

export type Scene = DiscordScene & {
	/** What the person may do in the server. */
	readonly permissions: string;
	readonly channelType: number;
};
export type Asked = { readonly address: string; readonly session: string; readonly id: string; readonly token: string };

export type MemoryInstallation = InstallationRpc & { readonly ends: [string, number | null][] };

export const startMs = Date.parse("2026-11-25T12:00:00Z");
export const keys = discordKeys();
export const guild = "6000000000000000001";
const url = "http://bot.test/webhooks/discord";

/** A real session's log; these are kept for ever. Turn 1 of the first ends at 182, with all agreed. */
export function logOf(name: string): readonly LoggedEvent[] {
	const lines = readFileSync(`test/logs/${name}.ndjson`, "utf8").trim().split("\n");
	return lines.map((line) => JSON.parse(line) as LoggedEvent);
}

export type RigOptions = DiscordOptions & {
	readonly settings?: Readonly<Record<string, string>>;
	readonly log?: readonly LoggedEvent[];
	/** What stands at which address, besides Discord's API. */
	readonly files?: Readonly<Record<string, (init?: RequestInit) => Response>>;
};

export async function openRig({ settings = {}, log = [], files = {}, ...options }: RigOptions = {}): Promise<Rig> {
	const clock = settableClock();
	clock.set(startMs);
	const discord = await startFakeDiscord({ clock, ...options });
	const api = makeApi({ publicUrl: settings["PUBLIC_URL"] ?? null });
	const inbox: Inbound[] = [];
	const crashes: unknown[] = [];
	const installations = new Map<string, MemoryInstallation>();
	const installation = (name: string) => {
		const found = installations.get(name) ?? memoryInstallation(clock, inbox);
		installations.set(name, found);
		return found;
	};
	const given = {
		DISCORD_PUBLIC_KEY: keys.publicKeyHex,
		DISCORD_APPLICATION_ID: discordIds.application,
		DISCORD_BOT_TOKEN: discordIds.botToken,
		DISCORD_API_URL: `${discord.url}/api/v10`,
		...settings,
	};
	const deps: BotDeps = {
		settings: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== "")),
		client: clientOf(api, log),
		installation,
		fetch: async (input, init) => files[String(input)]?.(init) ?? fetch(input, init),
		runtime: { now: clock.now, random: () => 0.5, newId: () => "id" },
		sleep: () => Promise.resolve(),
		crashed: (error) => void crashes.push(error),
	};
	const sends = async (body: JsonObject, atMs = clock.now()): Promise<unknown> => {
		const response = await receive(deps)(signedInteraction({ keys, body, at: atMs, url }));
		expect(response.status).toBe(200);
		const answer: unknown = await response.json();
		expect(discord.answered(String(body["token"]), answer)).toBe(null);
		return answer;
	};
	const works = async (tries = 0): Promise<Delivered> => {
		const { key, place, payload } = inbox.shift()!;
		return work(deps)(
			{ id: key, address: place, payload, revision: 1, ref: null, tries },
			AbortSignal.timeout(14_000),
		);
	};
	const asks: Rig["asks"] = async (asked = {}, scene = {}) => {
		const begun = discord.interaction(begunBy(scene));
		await sends(changed(askCommand({ question: "What now?", ...asked }, { ...begun, ...scene }), scene));
		expect(await works()).toEqual({ outcome: "sent" });
		const session = api.sessions.opened().at(-1)!;
		clock.advance(1000);
		return { address: session.chats!.at(-1)!.address, session: session.id, ...begun };
	};
	const delivers: Rig["delivers"] = ({ address, session }, row) => {
		const { turn = 1, what = "card", seq = log.at(-1)?.seq ?? 1, ...rest } = row;
		const payload = JSON.stringify({ session, turn, what, seq } satisfies ChatPayload);
		const delivery = { id: `msg_${session}_1`, address, payload, revision: 1, ref: null, tries: 0, ...rest };
		return deliver(deps)(delivery, AbortSignal.timeout(14_000));
	};
	return {
		discord,
		clock,
		api,
		deps,
		inbox,
		crashes,
		installation,
		sends,
		works,
		asks,
		delivers,
		close: discord.close,
	};
}

/** The body as it would come from there: what the person may do, and what kind of channel it is. */
export function changed(body: JsonObject, { permissions = "2048", channelType }: Partial<Scene> = {}): JsonObject {
	const { member, channel } = body as { member?: JsonObject; channel: JsonObject };
	return {
		...body,
		channel: { ...channel, ...(channelType !== undefined && { type: channelType }) },
		...(member !== undefined && { member: { ...member, permissions } }),
	};
}

function begunBy({ channel, installed }: Partial<Scene>): NewInteraction {
	return { ...(channel !== undefined && { channel }), isUserInstall: installed === "user" };
}

function clientOf(api: Api, log: readonly LoggedEvent[]): Client {
	const baseUrl = "http://api.test";
	const client = makeClient({ baseUrl, key: apiKey, fetch: async (request) => api.app.fetch(request) });
	async function* events(_: string, { from = 1 }: { readonly from?: number } = {}) {
		yield* log.filter(({ seq }) => seq >= from);
	}
	return log.length === 0 ? client : { ...client, events };
}

function memoryInstallation(clock: SettableClock, inbox: Inbound[]): MemoryInstallation {
	const open = () => {
		const made = sqlStorage();
		migrate(made, { notes: notes.noteSteps, lanes: lanes.laneSteps, runs: runs.runSteps });
		return made;
	};
	let sql = open();
	const known = new Set<string>();
	const ends: [string, number | null][] = [];
	return {
		ends,
		accept: async (inbound) => {
			if (known.has(inbound.key)) return "known";
			known.add(inbound.key);
			inbox.push(inbound);
			return "new";
		},
		keep: async (note) => notes.keep(sql, note, clock.now()),
		kept: async (kind, key) => notes.kept(sql, { kind, key }, clock.now()),
		newest: async (kind, limit) => notes.newest(sql, { kind, limit }, clock.now()),
		drop: async (kind, key) => notes.drop(sql, kind, key),
		turn: async (lane) => lanes.turn(sql, lane, clock.now()),
		pause: async (name, forMs) => lanes.pause(sql, { name, forMs }, clock.now()),
		admit: async (run) => runs.admit(sql, run, clock.now()),
		ended: async (run, usd) => {
			ends.push([run, usd]);
			runs.ended(sql, { run, usd }, clock.now());
		},
		purge: async () => void (sql = open()),
	};
}
