import type { JsonObject } from "../../../src/std/json.ts";

/** Who and where, in all that Slack sends; a test changes what it is about. */
export type SlackScene = {
	readonly team: string;
	readonly app: string;
	readonly bot: string;
	readonly user: string;
	readonly channel: string;
	readonly ts: string;
	readonly threadTs: string | null;
	readonly text: string;
	readonly eventId: string;
	readonly triggerId: string;
	readonly responseUrl: string;
};

const usual: SlackScene = {
	team: "T0ALPHA",
	app: "A0MASSGEN",
	bot: "U0BOT",
	user: "U0ASKER",
	channel: "C0GENERAL",
	ts: "1790000000.000100",
	threadTs: null,
	text: "Which city shall we go to?",
	eventId: "Ev0001",
	triggerId: "1.2.trigger",
	responseUrl: "http://127.0.0.1/response/none",
};

type Part = Partial<SlackScene>;

export function urlVerification(challenge: string): JsonObject {
	return { token: legacyToken, challenge, type: "url_verification" };
}

export function appMention(part: Part = {}): JsonObject {
	const scene = { ...usual, ...part };
	const text = `<@${scene.bot}> ${scene.text}`;
	return eventOf(scene, { ...messageOf({ ...scene, text }), type: "app_mention", channel: scene.channel });
}

/** What somebody writes to the bot alone. */
export function messageIm(part: Part = {}): JsonObject {
	const scene = { ...usual, channel: "D0ASKER", ...part };
	return eventOf(scene, { ...messageOf(scene), channel: scene.channel, channel_type: "im" });
}

/** The echo of what the bot has posted: to be ignored. */
export function messageOfBot(part: Part = {}): JsonObject {
	const scene = { ...usual, channel: "D0ASKER", ...part };
	const own = { ...messageOf({ ...scene, user: scene.bot }), bot_id: `B${scene.bot.slice(1)}`, app_id: scene.app };
	return eventOf(scene, { ...own, channel: scene.channel, channel_type: "im" });
}

export function appHomeOpened(part: Part & { readonly tab?: "home" | "messages" } = {}): JsonObject {
	const { tab = "home", ...rest } = part;
	const scene = { ...usual, channel: "D0ASKER", ...rest };
	const { user, channel, ts } = scene;
	return eventOf(scene, { type: "app_home_opened", user, channel, tab, event_ts: ts });
}

/** The native Stop button. */
export function agentSessionStopped(part: Part & { readonly streaming?: readonly string[] } = {}): JsonObject {
	const { streaming = [], ...rest } = part;
	const scene = { ...usual, ...rest };
	return eventOf(scene, {
		type: "agent_session_stopped",
		channel: scene.channel,
		thread_ts: scene.threadTs ?? scene.ts,
		user: scene.user,
		streaming_message_ts: streaming,
		event_ts: scene.ts,
	});
}

export function appUninstalled(part: Part = {}): JsonObject {
	return unauthorised(eventOf({ ...usual, ...part }, { type: "app_uninstalled", event_ts: usual.ts }));
}

export function tokensRevoked(part: Part = {}): JsonObject {
	const scene = { ...usual, ...part };
	return unauthorised(
		eventOf(scene, { type: "tokens_revoked", tokens: { oauth: [], bot: [scene.bot] }, event_ts: scene.ts }),
	);
}

export function slashCommand(part: Part & { readonly command?: string } = {}): JsonObject {
	const { command = "/ask", ...rest } = part;
	const scene = { ...usual, ...rest };
	return {
		token: legacyToken,
		team_id: scene.team,
		team_domain: "alpha",
		channel_id: scene.channel,
		channel_name: "general",
		user_id: scene.user,
		user_name: "asker",
		command,
		text: scene.text,
		api_app_id: scene.app,
		is_enterprise_install: "false",
		response_url: scene.responseUrl,
		trigger_id: scene.triggerId,
	};
}

/** `action` is the one element that was used, a button by default. */
export function blockActions(action: JsonObject, part: Part = {}): JsonObject {
	const scene = { ...usual, ...part };
	const place = { ts: scene.ts, ...(scene.threadTs === null ? {} : { thread_ts: scene.threadTs }) };
	return {
		type: "block_actions",
		...whoOf(scene),
		container: {
			type: "message",
			message_ts: scene.ts,
			channel_id: scene.channel,
			is_ephemeral: false,
			...(scene.threadTs === null ? {} : { thread_ts: scene.threadTs }),
		},
		trigger_id: scene.triggerId,
		channel: { id: scene.channel, name: "general" },
		message: { type: "message", user: scene.bot, bot_id: `B${scene.bot.slice(1)}`, text: scene.text, ...place },
		state: { values: {} },
		response_url: scene.responseUrl,
		actions: [{ type: "button", block_id: "actions", action_ts: scene.ts, ...action }],
	};
}

export function viewSubmission(view: JsonObject, part: Part = {}): JsonObject {
	const scene = { ...usual, ...part };
	return {
		type: "view_submission",
		...whoOf(scene),
		trigger_id: scene.triggerId,
		view: {
			id: "V0001",
			team_id: scene.team,
			type: "modal",
			callback_id: "",
			private_metadata: "",
			hash: "1790000000.hash",
			state: { values: {} },
			root_view_id: "V0001",
			app_id: scene.app,
			bot_id: `B${scene.bot.slice(1)}`,
			...view,
		},
		response_urls: [],
		is_enterprise_install: false,
		enterprise: null,
	};
}

/** A shortcut in a message's menu. */
export function messageAction(callbackId: string, part: Part = {}): JsonObject {
	const scene = { ...usual, ...part };
	return {
		type: "message_action",
		...whoOf(scene),
		action_ts: scene.ts,
		callback_id: callbackId,
		trigger_id: scene.triggerId,
		response_url: scene.responseUrl,
		channel: { id: scene.channel, name: "general" },
		message_ts: scene.ts,
		message: messageOf({ ...scene, user: "U0OTHER" }),
		is_enterprise_install: false,
		enterprise: null,
	};
}

/** Deprecated by Slack, and still sent: nothing may rely on it. */
const legacyToken = "legacy-token";

function whoOf({ team, user, app }: SlackScene): JsonObject {
	return {
		team: { id: team, domain: "alpha" },
		user: { id: user, username: "asker", name: "asker", team_id: team },
		api_app_id: app,
		token: legacyToken,
	};
}

function messageOf({ user, ts, threadTs, text, team }: SlackScene): JsonObject {
	const said = { type: "rich_text_section", elements: [{ type: "text", text }] };
	return {
		type: "message",
		user,
		ts,
		client_msg_id: `client-${ts}`,
		text,
		team,
		blocks: [{ type: "rich_text", block_id: "said", elements: [said] }],
		event_ts: ts,
		...(threadTs === null ? {} : { thread_ts: threadTs }),
	};
}

function eventOf({ team, app, bot, ts, eventId }: SlackScene, event: JsonObject): JsonObject {
	const authorization = {
		enterprise_id: null,
		team_id: team,
		user_id: bot,
		is_bot: true,
		is_enterprise_install: false,
	};
	return {
		token: legacyToken,
		team_id: team,
		context_team_id: team,
		context_enterprise_id: null,
		api_app_id: app,
		event,
		type: "event_callback",
		event_id: eventId,
		event_time: Math.floor(Number(ts)),
		authorizations: [authorization],
		is_ext_shared_channel: false,
		event_context: `4-${eventId}`,
	};
}

/** Who has left authorises nothing any more. */
function unauthorised(event: JsonObject): JsonObject {
	return { ...event, authorizations: [] };
}
