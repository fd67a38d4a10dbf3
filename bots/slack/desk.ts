import type { Delivered, Delivery } from "../../durable-objects/outbox/outbox.ts";
import { namesIn } from "../admission.ts";
import type { BotDeps } from "../chat.ts";
import { isSlackHost } from "./client.ts";
import type { Fault, Tried } from "./faults.ts";
import type { Inbox } from "./inbound.ts";
import { noteTo } from "./render.ts";
import { whispered, type Where } from "./post.ts";
import { settled, type Workspace } from "./workspace.ts";

/** One thing that Slack has sent, while it is worked on. It may have been worked on before, up to any point. */
export type Desk = {
	readonly deps: BotDeps;
	readonly workspace: Workspace;
	readonly inbox: Inbox;
	readonly delivery: Delivery;
	/** Our own user in this workspace; null where Slack has not said it. */
	readonly bot: string | null;
	/** Where Slack takes an answer to this person without our being a member; null where it offers none. */
	readonly responseUrl: string | null;
};

export const done: Delivered = { outcome: "sent" };

/** How the row ends with a fault of Slack's. */
export function ended({ deps, workspace }: Desk, fault: Fault): Promise<Delivered> {
	return settled(deps, workspace, fault);
}

/** How the row ends with what a call has come to. */
export function endedAfter(desk: Desk, tried: Tried<unknown>): Promise<Delivered> | Delivered {
	return tried.ok ? done : ended(desk, tried.fault);
}

/**
 * Tells whoever has asked or clicked, and nobody else. A note is not worth a second one: what may have arrived is not
 * sent again.
 */
export async function tell(desk: Desk, where: Where, text: string): Promise<Delivered> {
	const tried = await whispered(desk.workspace, { ...where, user: desk.inbox.user }, noteTo(text));
	if (tried.ok || tried.fault.kind === "unknown") return done;
	if (tried.fault.kind === "busy") return ended(desk, tried.fault);
	await respond(desk, text);
	// Only a token that is over has to be dealt with: who cannot be told cannot be told.
	await ended(desk, tried.fault);
	return done;
}

const respondTimeoutMs = 5000;

/** The address is a credential for half an hour: it is neither logged nor sent elsewhere. */
async function respond({ deps, responseUrl }: Desk, text: string): Promise<void> {
	if (responseUrl === null || !isResponseHost(deps, responseUrl)) return;
	const headers = { "content-type": "application/json" };
	const body = JSON.stringify({ response_type: "ephemeral", replace_original: false, ...noteTo(text) });
	const signal = AbortSignal.timeout(respondTimeoutMs);
	try {
		const sent = await deps.fetch(responseUrl, { method: "POST", headers, body, redirect: "manual", signal });
		await sent.body?.cancel();
	} catch {
		// There is no other way to this person.
	}
}

function isResponseHost(deps: BotDeps, url: string): boolean {
	return url.startsWith("https://hooks.slack.com/") || isSlackHost(deps, url);
}

/** Who asked may steer, and whom the deployment names. */
export function maySteer(desk: Desk, asker: string): boolean {
	return desk.inbox.user === asker || isAdmin(desk);
}

/** Whom the deployment names: its money is theirs to spend. */
export function isAdmin({ deps, inbox }: Desk): boolean {
	return namesIn(deps.settings["SLACK_ADMINS"]).includes(inbox.user);
}
