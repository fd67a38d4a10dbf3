import type { Delivered } from "../../durable-objects/outbox/outbox.ts";
import { ApiError } from "../../src/api/client.ts";
import type { BotDeps } from "../chat.ts";
import type { From } from "./job.ts";
import { contentCharsMax, flags, quietly } from "./message.ts";
import { send } from "./governor.ts";
import { webhookPath, type Answered, type Call, type File } from "./rest.ts";

/** What one person is told after the acknowledgement, by the token of her own interaction. */

/** An edit that comes with the acknowledgement finds no message yet (discord-api-docs#7220, #6851). */
const settleMs = 700;
/** For so long a message that is not there may still come. */
export const raceMs = 15_000;
const againMs = 2000;

/** In place of "is thinking": the same at every try. */
export async function answered(
	deps: BotDeps,
	from: From,
	said: { readonly content: string; readonly file?: File },
	signal: AbortSignal,
): Promise<Delivered> {
	const early = tooEarly(deps, from);
	if (early !== null) return early;
	const body = { content: said.content.slice(0, contentCharsMax), flags: flags.suppressEmbeds, ...quietly };
	const path = `${webhookPath(from)}/messages/@original`;
	const request: Call = { method: "PATCH", path, as: "interaction", body };
	return ended(
		deps,
		from,
		await send(deps, said.file === undefined ? request : { ...request, file: said.file }, signal),
	);
}

/** A message of its own that this person alone sees. */
export async function alone(deps: BotDeps, from: From, content: string, signal: AbortSignal): Promise<Delivered> {
	const early = tooEarly(deps, from);
	if (early !== null) return early;
	const body = {
		content: content.slice(0, contentCharsMax),
		flags: flags.ephemeral | flags.suppressEmbeds,
		...quietly,
	};
	const path = webhookPath(from);
	return ended(deps, from, await send(deps, { method: "POST", path, as: "interaction", body }, signal));
}

/** What there is to wait for before Discord knows the acknowledgement; null where it should by now. */
export function tooEarly({ runtime }: Pick<BotDeps, "runtime">, { atMs }: Pick<From, "atMs">): Delivered | null {
	const afterMs = atMs + settleMs - runtime.now();
	return afterMs > 0 ? { outcome: "wait", afterMs, reason: "it was acknowledged just now" } : null;
}

function ended({ runtime }: BotDeps, { atMs }: From, answer: Answered): Delivered {
	switch (answer.kind) {
		case "ok":
			return { outcome: "sent" };
		case "limited":
			return { outcome: "wait", afterMs: answer.afterMs, reason: "Discord takes no more at the moment" };
		case "unknown":
			return { outcome: "retry", afterMs: null, reason: answer.reason };
		case "refused":
			if (answer.status === 404 && runtime.now() < atMs + raceMs)
				return { outcome: "wait", afterMs: againMs, reason: "Discord does not know the interaction yet" };
			return { outcome: "dead", reason: `Discord refused it (${answer.code || answer.status})` };
	}
}

/** A refusal of our API in its own words; null where asking again may help. */
export function refusalOf(error: unknown): string | null {
	if (!(error instanceof ApiError) || error.problem.status >= 500 || error.problem.status === 429) return null;
	return error.problem.detail;
}
