import { z } from "zod";
import type { BotDeps } from "../chat.ts";

/** What happens to the app itself: https://docs.discord.com/developers/events/webhook-events */

const ping = z.object({ type: z.literal(0), application_id: z.string().exactOptional() });
const told = z.object({
	type: z.literal(1),
	application_id: z.string().exactOptional(),
	event: z.object({
		type: z.string(),
		data: z
			.object({ user: z.object({ id: z.string().regex(/^[\w-]{1,40}$/) }).nullish() })
			.nullish()
			.catch(null),
	}),
});
const Event = z.discriminatedUnion("type", [ping, told]);
export type WebhookEvent = z.output<typeof Event>;

/** Null where it is an interaction: a ping of theirs is of type 1, but has no event. */
export function eventOf(body: unknown): WebhookEvent | null {
	return Event.safeParse(body).data ?? null;
}

/** Acknowledged once it is done; else Discord sends it again for ten minutes. */
export async function happened(deps: BotDeps, event: WebhookEvent): Promise<Response> {
	const gone =
		event.type === 1 && event.event.type === "APPLICATION_DEAUTHORIZED" ? event.event.data?.user?.id : null;
	// It names a person, never a server: what the person has asked for by herself is forgotten.
	if (gone !== null && gone !== undefined) await deps.installation(`discord:user-${gone}`).purge();
	return new Response(null, { status: 204 });
}
