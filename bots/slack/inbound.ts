import { z } from "zod";
import { isJsonObject } from "../../src/std/json.ts";

/** What Slack sends, as far as it decides what becomes of it; the rest passes through unread. */
export type Sent =
	| { readonly kind: "event" | "interactivity" | "command"; readonly body: Readonly<Record<string, unknown>> }
	/** Our own errand: the token of this installation is about to end. */
	| { readonly kind: "refresh"; readonly workspace: string };

/** Something to be worked on: whose, under which name it is known again, and in which order. */
export type Inbox = {
	/** The workspace, or the organisation where the app is installed in all of it. */
	readonly workspace: string;
	readonly key: string;
	readonly place: string;
	readonly app: string | null;
	readonly channel: string | null;
	readonly user: string;
};

const word = z
	.string()
	.nullish()
	.catch(null)
	.transform((text) => text ?? null);
const flag = z
	.union([z.boolean(), z.string().transform((text) => text === "true")])
	.nullish()
	.catch(null);

/** Where Bolt relies on something, anything else is refused here: the work on it would fail each time it is tried. */
const relied = z.string().nullish();
const authorization = z.object({ enterprise_id: word, team_id: word, user_id: word, is_enterprise_install: flag });
const EventEnvelope = z.object({
	api_app_id: word,
	team_id: word,
	enterprise_id: word,
	context_team_id: word,
	is_enterprise_install: flag,
	event_id: word,
	authorizations: z.array(authorization).optional(),
	event: z.object({
		type: z.string(),
		subtype: word,
		user: word,
		bot_id: word,
		text: relied,
		ts: word,
		event_ts: word,
		thread_ts: word,
		channel: word,
		channel_type: word,
	}),
});
type Envelope = z.output<typeof EventEnvelope>;

const party = z.object({ id: word, enterprise_id: word, team_id: word });
const Interaction = z.object({
	type: z.string(),
	api_app_id: word,
	trigger_id: word,
	is_enterprise_install: flag,
	team: party.nullish().catch(null),
	enterprise: party.nullish().catch(null),
	user: z.object({ id: z.string(), team_id: word }),
	channel: party.optional(),
	actions: z
		.array(z.object({ action_id: z.string(), action_ts: word }))
		.nullish()
		.catch(null),
	callback_id: word,
	response_urls: z.array(z.object({})).optional(),
	view: z.object({ id: word, hash: word, callback_id: word, app_installed_team_id: word }).optional(),
});
const Command = z.object({
	api_app_id: word,
	team_id: word,
	enterprise_id: word,
	is_enterprise_install: flag,
	channel_id: word,
	user_id: z.string(),
	command: z.string(),
	text: z.string().catch(""),
	trigger_id: z.string(),
});

/** Null for what is nobody's business: bots, our own messages, edits, events that nothing is done about. */
export function inboxOf(sent: Sent): Inbox | null {
	if (sent.kind === "refresh") return null;
	const read = readers[sent.kind](sent.body);
	return read === null || read.workspace === "" ? null : read;
}

const readers = { event: eventInbox, interactivity: interactionInbox, command: commandInbox };

function eventInbox(body: unknown): Inbox | null {
	const parsed = EventEnvelope.safeParse(body);
	if (!parsed.success) return null;
	const { event, event_id: eventId, api_app_id: app } = parsed.data;
	const workspace = workspaceOf(parsed.data);
	const known = { workspace, app, channel: event.channel, user: event.user ?? "" };
	const spoken = event.type === "message" || event.type === "app_mention";
	if (spoken) return spokenInbox(parsed.data, known);
	if (!handledEvents.has(event.type)) return null;
	const key = eventId ?? `${event.type}:${event.user ?? ""}:${event.event_ts ?? ""}`;
	return { ...known, key: `event:${key}`, place: `${event.type}:${event.user ?? ""}` };
}

const handledEvents: ReadonlySet<string> = new Set([
	"app_home_opened",
	"agent_session_stopped",
	"app_uninstalled",
	"tokens_revoked",
]);

/**
 * A mention and a plain message are both sent for one post: what was posted is known by its place and time. A reply in a
 * thread that does not mention us may be meant for us all the same, which only the work on it can tell.
 */
function spokenInbox({ event, authorizations }: Envelope, known: Omit<Inbox, "key" | "place">): Inbox | null {
	const { channel, user } = known;
	const us = authorizations?.[0]?.user_id ?? null;
	if (channel === null || user === "" || user === us || !isSaid(event)) return null;
	const { ts, thread_ts: thread } = event;
	const place = `${channel}:${thread ?? ts}`;
	if (isAddressed(event, us)) return { ...known, key: `said:${channel}:${ts}`, place };
	return thread === null ? null : { ...known, key: `replied:${channel}:${ts}`, place };
}

function isAddressed({ type, channel, channel_type: kind, text }: Envelope["event"], us: string | null): boolean {
	const isDirect = kind === "im" || channel?.startsWith("D") === true;
	return type === "app_mention" || isDirect || (us !== null && mentions(text ?? "", us));
}

/** Edits, deletions, joins and what bots say have a subtype or a bot's id. */
function isSaid({ subtype, bot_id: bot, ts }: Envelope["event"]): boolean {
	const isPlain = subtype === null || saidSubtypes.has(subtype);
	return isPlain && bot === null && /^\d+\.\d+$/.test(ts ?? "");
}

const saidSubtypes: ReadonlySet<string> = new Set(["file_share", "thread_broadcast"]);

/** Whether a text calls this user. */
function mentions(text: string, user: string): boolean {
	return text.includes(`<@${user}>`) || text.includes(`<@${user}|`);
}

/** In a shared channel the authorization, not the sender's team, says who has installed us. */
function workspaceOf(envelope: Envelope): string {
	const { team_id: team, enterprise_id: enterprise, context_team_id: context } = envelope;
	const ours = envelope.authorizations?.[0];
	if (ours?.is_enterprise_install === true) return ours.enterprise_id ?? enterprise ?? "";
	return ours?.team_id ?? context ?? team ?? enterprise ?? "";
}

function interactionInbox(body: unknown): Inbox | null {
	const parsed = Interaction.safeParse(body);
	if (!parsed.success) return null;
	const { data } = parsed;
	const used = uses[data.type]?.(data) ?? null;
	if (used === null) return null;
	const { id: user } = data.user;
	const { key, what } = used;
	const channel = data.channel?.id ?? null;
	// A button waits for no other: what cannot be done now must not hold back who wants to stop.
	return { workspace: whereInstalled(data), key, place: `${what}:${user}`, app: data.api_app_id, channel, user };
}

function whereInstalled({ is_enterprise_install: everywhere, enterprise, view, team, user }: Interaction): string {
	const organisation = everywhere === true ? enterprise?.id : null;
	return organisation ?? view?.app_installed_team_id ?? team?.id ?? user.team_id ?? "";
}

/** A link that was followed is sent like a button that was pressed. */
export const linkAction = "massgen_link";

type Interaction = z.output<typeof Interaction>;
/** What was used, and under which key it is known again; null for what is not ours. */
const uses: Readonly<Record<string, (interaction: Interaction) => { what: string; key: string } | null>> = {
	block_actions: ({ actions, user }) => {
		const action = actions?.[0];
		const what = action?.action_id ?? null;
		if (!isOwn(what) || what.startsWith(linkAction)) return null;
		return { what, key: `action:${action?.action_ts ?? ""}:${what}:${user.id}` };
	},
	view_submission: ({ view }) => {
		const what = view?.callback_id ?? null;
		return isOwn(what) ? { what, key: `view:${view?.id ?? ""}:${view?.hash ?? ""}` } : null;
	},
	message_action: ({ callback_id: what, trigger_id: trigger }) =>
		isOwn(what) ? { what, key: `shortcut:${trigger ?? ""}` } : null,
};

/** Every button, window and shortcut of ours has a name that begins so. */
function isOwn(name: string | null): name is string {
	return name?.startsWith("massgen_") === true;
}

function commandInbox(body: unknown): Inbox | null {
	const parsed = Command.safeParse(body);
	if (!parsed.success) return null;
	const { data } = parsed;
	const isEverywhere = data.is_enterprise_install === true;
	return {
		workspace: (isEverywhere ? data.enterprise_id : data.team_id) ?? data.team_id ?? "",
		key: `command:${data.trigger_id}`,
		place: `user:${data.user_id}`,
		app: data.api_app_id,
		channel: data.channel_id,
		user: data.user_id,
	};
}

/** What the work needs of it: previews and layouts of messages are large and unread, verification tokens are deprecated. */
export function keptOf(sent: Sent): string {
	return JSON.stringify(sent, (name, value: unknown) => (unread.has(name) ? undefined : value));
}

const unread: ReadonlySet<string> = new Set(["blocks", "attachments", "token"]);

/** What `keptOf` has written, so that the parse is trusted. */
export function sentOf(kept: string): Sent {
	const parsed: unknown = JSON.parse(kept);
	if (!isJsonObject(parsed)) throw new Error("an inbound row holds no object");
	return parsed as Sent;
}
