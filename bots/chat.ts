import type { InstallationRpc } from "../durable-objects/installation/rpc.ts";
import type { Deliver } from "../durable-objects/outbox/outbox.ts";
import type { Client } from "../src/api/client.ts";
import type { Runtime } from "../src/std/runtime.ts";

/** What every bot stands on, injected by the composition root. */
export type BotDeps = {
	/** Only what is set, trimmed. */
	readonly settings: Readonly<Record<string, string | undefined>>;
	/** The API in this process, as its tenant: a bot can do nothing that the API cannot. */
	readonly client: Client;
	/** `slack:T…`, `discord:G…`; `slack` and `discord` are the apps as a whole. */
	readonly installation: (name: string) => InstallationRpc;
	readonly fetch: typeof fetch;
	readonly runtime: Runtime;
	/** Resolves after so many milliseconds, or at once when aborted. */
	readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
	/** Told of our own faults. */
	readonly crashed: (error: unknown) => void;
};

/** One thing that has to be right before an app works. No secrets. */
export type Check = {
	readonly name: string;
	readonly ok: boolean;
	/** What was found. */
	readonly detail: string;
	/** What to do; empty where nothing is to be done. */
	readonly fix: string;
};

/** What each file of a platform's folder offers, under the file's own name. */
export type Platform = {
	/** Verifies, commits to the installation and acknowledges; works on nothing. */
	readonly receive: (deps: BotDeps) => (request: Request) => Promise<Response>;
	/** Works on what was received: the `payload` of an inbound row. */
	readonly work: (deps: BotDeps) => Deliver;
	/** Brings a turn's card or final to where it was asked: the `ChatPayload` of an outbox row. */
	readonly deliver: (deps: BotDeps) => Deliver;
	/** Pages by which the app is installed, without a key. */
	readonly install: (deps: BotDeps) => (request: Request) => Promise<Response>;
	/** Whether the app is set up, step by step; may ask the platform. */
	readonly checks: (deps: BotDeps) => Promise<readonly Check[]>;
};

export const platformNames = ["slack", "discord"] as const;
export type PlatformName = (typeof platformNames)[number];
