import type { Delivered, Delivery } from "../../durable-objects/outbox/outbox.ts";
import type { BotDeps } from "../chat.ts";

/** placeholder */
export async function refreshed(_deps: BotDeps, _delivery: Delivery, _signal: AbortSignal): Promise<Delivered> {
	return { outcome: "dead", reason: "not built yet" };
}
