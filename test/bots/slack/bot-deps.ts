import type { BotDeps } from "../../../bots/chat.ts";
import type { Client } from "../../../src/api/client.ts";
import { makeClient } from "../../../src/api/client.ts";
import type { LoggedEvent } from "../../../src/consensus/events.ts";
import { memoryInstallations, type MemoryInstallation } from "./memory-installation.ts";

export type Standing = {
	readonly deps: BotDeps;
	readonly installation: (name: string) => MemoryInstallation;
	/** Our own faults that were told. */
	readonly faults: unknown[];
};

type Given = {
	readonly settings?: Readonly<Record<string, string>>;
	readonly now?: () => number;
	/** A session's log, where one is to be read. */
	readonly log?: readonly LoggedEvent[];
	readonly client?: Partial<Client>;
};

/** What a bot stands on, in memory; only Slack is reached over HTTP. */
export function botDeps({ settings = {}, now = Date.now, log = [], client = {} }: Given = {}): Standing {
	const installation = memoryInstallations(now);
	const faults: unknown[] = [];
	const unreached = makeClient({
		baseUrl: "http://nowhere.invalid",
		key: "none",
		fetch: async () => new Response(null, { status: 500 }),
	});
	const events: Client["events"] = async function* read(_, following) {
		for (const event of log) if (event.seq >= (following?.from ?? 1)) yield event;
	};
	const deps: BotDeps = {
		settings,
		client: { ...unreached, events, ...client },
		installation,
		fetch: (input, init) => fetch(input, init),
		runtime: { now, random: () => 0.5, newId: () => "id" },
		sleep: async () => {},
		crashed: (error) => void faults.push(error),
	};
	return { deps, installation, faults };
}
