import type { Delivered } from "../../durable-objects/outbox/outbox.ts";
import { send } from "./governor.ts";
import { undecided, type Target } from "./target.ts";

/** As many as Discord gives at once. */
const lookedAtMax = 100;

/** The last messages of a channel, newest first: none where the bot may not look. What to do where nobody knows. */
export async function recentIn(
	{ deps, signal }: Target,
	path: string,
): Promise<{ readonly messages: readonly unknown[] } | Delivered> {
	const came = await send(deps, { method: "GET", path: `${path}?limit=${lookedAtMax}`, as: "bot" }, signal);
	if (came.kind === "unknown" || came.kind === "limited") return undecided(came);
	return { messages: came.kind === "ok" && Array.isArray(came.body) ? came.body : [] };
}
