import { App, type Receiver } from "@slack/bolt";
import type { Delivered } from "../../durable-objects/outbox/outbox.ts";
import type { Platform } from "../chat.ts";
import { acted } from "./buttons.ts";
import { clientOptions } from "./client.ts";
import { commanded } from "./commands.ts";
import { done, type Desk } from "./desk.ts";
import { goodbye } from "./goodbye.ts";
import { homeOpened } from "./home.ts";
import { inboxOf, sentOf, type Sent } from "./inbound.ts";
import { shortcut } from "./message.ts";
import { askedAbout, submitted } from "./modals.ts";
import { refreshed } from "./oauth.ts";
import { said, stopped } from "./said.ts";
import { openWorkspace } from "./workspace.ts";

/**
 * Works on what `receive` has kept. Bolt finds out what it is and who is to be told; an app of it lives as long as the
 * work on one thing, because its clients and queues belong to the request that has made them.
 */
export const work: Platform["work"] = (deps) => async (delivery, signal) => {
	const sent = sentOf(delivery.payload);
	if (sent.kind === "refresh") return refreshed(deps, sent.workspace, signal);
	const inbox = inboxOf(sent);
	if (inbox === null) return { outcome: "dead", reason: "nothing is done about this" };
	if (isGoodbye(sent)) return goodbye(deps, inbox.workspace);
	const workspace = await openWorkspace(deps, inbox.workspace, signal);
	if ("closed" in workspace) return workspace.closed;
	const { bot, responseUrl } = told(sent);
	return listened({ deps, workspace, inbox, delivery, bot, responseUrl }, sent, signal);
};

type Received = Exclude<Sent, { kind: "refresh" }>;

function isGoodbye({ kind, body }: Received): boolean {
	if (kind !== "event") return false;
	const event = body["event"] as { readonly type?: string; readonly tokens?: { readonly bot?: unknown } };
	if (event.type === "app_uninstalled") return true;
	return event.type === "tokens_revoked" && Array.isArray(event.tokens?.bot) && event.tokens.bot.length > 0;
}

/** What Bolt does not pass on: which of the authorizations is ours. */
function told({ body }: Received): Pick<Desk, "bot" | "responseUrl"> {
	const authorizations = body["authorizations"] as readonly { readonly user_id?: string }[] | undefined;
	const responseUrl = body["response_url"];
	return {
		bot: authorizations?.[0]?.user_id ?? null,
		responseUrl: typeof responseUrl === "string" ? responseUrl : null,
	};
}

async function listened(desk: Desk, { body }: Received, signal: AbortSignal): Promise<Delivered> {
	let delivered: Delivered = done;
	const app = appOf(desk, signal);
	const settles =
		<Args>(handle: (desk: Desk, args: Args) => Promise<Delivered>) =>
		async (args: Args) => {
			delivered = await handle(desk, args);
		};
	app.event("app_mention", settles(said));
	app.message(settles(said));
	app.event("app_home_opened", settles(homeOpened));
	app.event("agent_session_stopped", settles(stopped));
	app.command(/.*/, settles(commanded));
	app.shortcut({ callback_id: shortcut, type: "message_action" }, settles(askedAbout));
	app.action(/^massgen_/, settles(acted));
	app.view(/^massgen_/, settles(submitted));
	// It was acknowledged when it was kept.
	await app.processEvent({ body: { ...body }, ack: async () => {} });
	return delivered;
}

function appOf({ deps, workspace, bot }: Desk, signal: AbortSignal): App {
	const { id, token } = workspace;
	const authorization = { botToken: token, teamId: id, ...(bot !== null && { botUserId: bot }) };
	const clients = clientOptions(deps, signal);
	const app = new App({
		receiver,
		// Told, not asked for: `auth.test` would be a call for each event, and a promise that outlives its request.
		authorize: async () => authorization,
		clientOptions: clients,
		...(clients.logger !== undefined && { logger: clients.logger }),
		convoStore: false,
	});
	app.error(async (error) => {
		throw "original" in error && error.original instanceof Error ? error.original : error;
	});
	return app;
}

/** Bolt's side of our own receiver: what came is handed in one by one. */
const receiver: Receiver = { init: () => {}, start: async () => {}, stop: async () => {} };
