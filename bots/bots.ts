import type { Deliver } from "../durable-objects/outbox/outbox.ts";
import { platformNames, type BotDeps, type Check, type Platform, type PlatformName } from "./chat.ts";

/** Both bots, each part of them loaded when it is first used: who never chats pays nothing for it. */
export type Bots = {
	/** Null where no bot serves this path. */
	readonly fetch: (request: Request) => Promise<Response> | null;
	readonly work: Readonly<Record<PlatformName, Deliver>>;
	readonly deliver: Readonly<Record<PlatformName, Deliver>>;
	/** Whether each app is set up, step by step; one line for a platform of which nothing is set. */
	readonly checks: readonly { readonly name: PlatformName; readonly check: () => Promise<readonly Checked[]> }[];
};

/** `make` is asked at the first use, once: what bots remember of a session or a minute they remember for all. */
export function makeBots(make: () => BotDeps): Bots {
	let known: BotDeps | null = null;
	const deps = () => (known ??= make());
	// Made once for all deliveries, so that what they remember of a session is not read anew for each.
	const lazily =
		(part: "work" | "deliver") =>
		(name: PlatformName): Deliver => {
			let made: Deliver | null = null;
			return async (delivery, signal) => {
				const load = parts[name][part];
				made ??= (await load())(deps());
				return made(delivery, signal);
			};
		};
	return {
		fetch: (request) => {
			const { pathname } = new URL(request.url);
			for (const name of platformNames) {
				if (isBelow(pathname, `/webhooks/${name}`)) return served(parts[name].receive, deps, request);
				if (isBelow(pathname, `/${name}`)) return served(parts[name].install, deps, request);
			}
			return null;
		},
		work: { slack: lazily("work")("slack"), discord: lazily("work")("discord") },
		deliver: { slack: lazily("deliver")("slack"), discord: lazily("deliver")("discord") },
		checks: platformNames.map((name) => ({ name, check: () => checked(name, deps()) })),
	};
}

function isBelow(pathname: string, prefix: string): boolean {
	return pathname === prefix || pathname.startsWith(`${prefix}/`);
}

async function served(
	load: () => Promise<Platform["receive"]>,
	deps: () => BotDeps,
	request: Request,
): Promise<Response> {
	const serve = await load();
	return serve(deps())(request);
}

/** `fix` null: nothing is to be done. */
type Checked = Omit<Check, "fix"> & { readonly fix: string | null };

async function checked(name: PlatformName, deps: BotDeps): Promise<readonly Checked[]> {
	const prefix = `${name.toUpperCase()}_`;
	if (!Object.keys(deps.settings).some((setting) => setting.startsWith(prefix)))
		return [{ name, ok: false, detail: "It is not connected.", fix: "The README tells how, in five minutes." }];
	const checks = await parts[name].checks();
	return (await checks(deps)).map((check) => ({ ...check, name: `${name}: ${check.name}`, fix: check.fix || null }));
}

type Parts = { readonly [part in keyof Platform]: () => Promise<Platform[part]> };

const parts: Readonly<Record<PlatformName, Parts>> = {
	slack: {
		receive: async () => (await import("./slack/receive.ts")).receive,
		work: async () => (await import("./slack/work.ts")).work,
		deliver: async () => (await import("./slack/deliver.ts")).deliver,
		install: async () => (await import("./slack/install.ts")).install,
		checks: async () => (await import("./slack/checks.ts")).checks,
	},
	discord: {
		receive: async () => (await import("./discord/receive.ts")).receive,
		work: async () => (await import("./discord/work.ts")).work,
		deliver: async () => (await import("./discord/deliver.ts")).deliver,
		install: async () => (await import("./discord/install.ts")).install,
		checks: async () => (await import("./discord/checks.ts")).checks,
	},
};
