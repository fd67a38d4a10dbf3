import type { Delivered } from "../../durable-objects/outbox/outbox.ts";
import type { BotDeps } from "../chat.ts";
import { clientOf } from "./client.ts";
import { outcomeOf, type Tried } from "./faults.ts";
import { noteFailure } from "./health.ts";
import { grantOf, keepGrant, type Grant } from "./tokens.ts";
import { attempted, refreshAheadMs } from "./workspace.ts";

/** Slack's OAuth: https://docs.slack.dev/authentication/installing-with-oauth, /using-token-rotation. */

export type Granted = {
	readonly grant: Grant;
	/** The organisation where the app is installed in all of it, else the workspace. */
	readonly workspace: string;
	readonly name: string;
	readonly app: string;
};

type Client = { readonly id: string; readonly secret: string };

/** Null where this deployment is no app that others can install. */
export function oauthClient(settings: BotDeps["settings"]): Client | null {
	const { SLACK_CLIENT_ID: id, SLACK_CLIENT_SECRET: secret } = settings;
	return id === undefined || secret === undefined ? null : { id, secret };
}

/** What a code or a refresh token is worth; each is worth it once. */
export async function granted(
	deps: BotDeps,
	{ id, secret }: Client,
	given: { readonly code: string; readonly redirectUri: string } | { readonly refresh: string },
	signal: AbortSignal,
): Promise<Tried<Granted>> {
	const nowMs = deps.runtime.now();
	return attempted(async () => {
		const shown = { client_id: id, client_secret: secret };
		const client = clientOf(deps, null, signal);
		const answer =
			"code" in given
				? await client.oauth.v2.access({ ...shown, code: given.code, redirect_uri: given.redirectUri })
				: await client.oauth.v2.access({ ...shown, grant_type: "refresh_token", refresh_token: given.refresh });
		const { access_token: token = "", refresh_token: refresh, expires_in: seconds } = answer;
		const everywhere = answer.is_enterprise_install === true;
		const where = everywhere ? answer.enterprise : answer.team;
		const isRotating = refresh !== undefined && seconds !== undefined;
		const rotation = isRotating ? { refresh, expiresAtMs: nowMs + seconds * 1000 } : null;
		return {
			grant: { token, botUser: answer.bot_user_id ?? "", rotation },
			workspace: where?.id ?? "",
			name: where?.name ?? "",
			app: answer.app_id ?? "",
		};
	});
}

/** Renews a workspace's token; runs in that workspace's object alone, one at a time. */
export async function refreshed(deps: BotDeps, workspace: string, signal: AbortSignal): Promise<Delivered> {
	const held = await grantOf(deps, workspace);
	const client = oauthClient(deps.settings);
	if (held?.rotation === null || held === null) return { outcome: "sent" };
	if (client === null) return { outcome: "dead", reason: "no client is set that could renew the token" };
	if (held.rotation.expiresAtMs - deps.runtime.now() > refreshAheadMs) return { outcome: "sent" };
	const { refresh } = held.rotation;
	const tried = await granted(deps, client, { refresh }, signal);
	if (tried.ok) {
		await keepGrant(deps, workspace, { ...tried.value.grant, botUser: held.botUser });
		return { outcome: "sent" };
	}
	if (tried.fault.kind === "refused") {
		// It is not asked again: the token holds until its end, then the app has to be installed anew.
		await keepGrant(deps, workspace, { ...held, rotation: null });
		await noteFailure(deps, `the token of ${workspace} could not be renewed: ${tried.fault.word}`);
	}
	return outcomeOf(tried.fault);
}
