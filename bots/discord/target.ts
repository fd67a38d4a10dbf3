import type { InstallationRpc } from "../../durable-objects/installation/rpc.ts";
import type { ChatPayload } from "../../durable-objects/outbox/chats.ts";
import type { Delivered, Delivery } from "../../durable-objects/outbox/outbox.ts";
import type { BotDeps } from "../chat.ts";
import type { Told } from "../told.ts";
import { tokenAt, tokenMsMax, type Ask, type Token } from "./ask.ts";
import type { Answered, Refused } from "./rest.ts";
import { raceMs } from "./said.ts";

/** One delivery with all that is known of where it goes. */
export type Target = {
	readonly deps: BotDeps;
	readonly installation: InstallationRpc;
	readonly delivery: Delivery;
	readonly payload: ChatPayload;
	readonly ask: Ask;
	/** The interaction that asked. */
	readonly interaction: string;
	readonly told: Told;
	/** Where everybody in the channel can watch it; null where nobody knows. */
	readonly page: string | null;
	readonly signal: AbortSignal;
};

/** Whether our bot can write there by its own right, with no end. */
export function isLasting({ deps, ask }: Pick<Target, "deps" | "ask">): boolean {
	return ask.place.botWrites && ask.audience === "channel" && deps.settings["DISCORD_BOT_TOKEN"] !== undefined;
}

/** Before a token ends its card is taken over by the bot's own right, where it has one. */
export const handOverMs = 13 * 60 * 1000;

/** The token by which the card is edited; null where the bot does that, or nobody can. */
export async function cardToken(target: Target): Promise<Token | null> {
	return tokenWithin(target, isLasting(target) ? handOverMs : tokenMsMax);
}

/** The token, while Discord takes it. */
export async function liveToken(target: Target): Promise<Token | null> {
	return tokenWithin(target, tokenMsMax);
}

async function tokenWithin({ deps, installation, delivery }: Target, ms: number): Promise<Token | null> {
	const token = await tokenAt(installation, delivery.address);
	return token !== null && deps.runtime.now() < token.atMs + ms ? token : null;
}

/** Whether the token may still be about to be known (discord-api-docs#7220); one that is over is refused otherwise. */
export function isRacing({ deps }: Target, { atMs }: Token, { status }: Refused): boolean {
	return status === 404 && deps.runtime.now() < atMs + raceMs;
}

/** What to do about an answer that is neither yes nor no. */
export function undecided(answer: Exclude<Answered, { kind: "ok" | "refused" }>): Delivered {
	if (answer.kind === "unknown") return { outcome: "retry", afterMs: null, reason: answer.reason };
	const reason =
		answer.scope === "global"
			? "Discord takes nothing of us at the moment"
			: "Discord takes no more here at the moment";
	return { outcome: "wait", afterMs: answer.afterMs, reason };
}

export const racing: Delivered = {
	outcome: "wait",
	afterMs: 2000,
	reason: "Discord does not know the interaction yet",
};

/** Nothing that could be tried again would help. */
export function dead(reason: string): Delivered {
	return { outcome: "dead", reason };
}
