import { InteractionResponseFlags, InteractionResponseType } from "discord-interactions";
import { customId, type Pressed } from "./custom-id.ts";
import type { Audience } from "./job.ts";

/** What an interaction is answered with at once. */

const ephemeral = InteractionResponseFlags.EPHEMERAL;
/** Nobody is notified by what we say to one person. */
const pingsNobody = { parse: [] } as const;
const contentCharsMax = 2000;
const choicesMax = 25;

/** It works: Discord asks whether we are here. */
export function pong(): Response {
	return Response.json({ type: InteractionResponseType.PONG });
}

/** Said to this person alone; nothing else comes of it. */
export function toldAlone(content: string): Response {
	const said = { content: content.slice(0, contentCharsMax), flags: ephemeral, allowed_mentions: pingsNobody };
	return Response.json({ type: InteractionResponseType.CHANNEL_MESSAGE_WITH_SOURCE, data: said });
}

/** A message will come, for those who see it from the start on: that cannot be changed later. */
export function awaited(audience: Audience): Response {
	const type = InteractionResponseType.DEFERRED_CHANNEL_MESSAGE_WITH_SOURCE;
	return Response.json(audience === "asker" ? { type, data: { flags: ephemeral } } : { type });
}

/** Seen; the message that was used will be edited. */
export function seen(): Response {
	return Response.json({ type: InteractionResponseType.DEFERRED_UPDATE_MESSAGE });
}

/** What may be meant, as a person writes. */
export function choices(names: readonly string[]): Response {
	const offered = names.slice(0, choicesMax).map((name) => ({ name: name.slice(0, 100), value: name }));
	return Response.json({
		type: InteractionResponseType.APPLICATION_COMMAND_AUTOCOMPLETE_RESULT,
		data: { choices: offered },
	});
}

/** The only field of our modals. */
export const modalField = "text";

/** Asks for a text; it comes back with the same verb. */
export function askedFor(pressed: Pressed, { title, label }: { title: string; label: string }): Response {
	const input = { type: 4, custom_id: modalField, style: 2, min_length: 1, max_length: 4000, required: true };
	const data = { custom_id: customId(pressed), title, components: [{ type: 18, label, component: input }] };
	return Response.json({ type: InteractionResponseType.MODAL, data });
}
