import type { JsonObject } from "../../../src/std/json.ts";
import { slackLimits } from "./slack-limits.ts";
import { refused, textArg, type Method, type SlackState } from "./slack-state.ts";

/** `oauth.v2.access` comes without a token: the client names itself. */
export function access(args: JsonObject, state: SlackState): JsonObject {
	const { clientId, clientSecret } = state.settings;
	if (textArg(args, "client_id") !== clientId) return refused("invalid_client_id");
	if (textArg(args, "client_secret") !== clientSecret) return refused("bad_client_secret");
	const kind = textArg(args, "grant_type") || "authorization_code";
	if (kind === "refresh_token") return refreshed(args, state);
	return kind === "authorization_code" ? exchanged(args, state) : refused("invalid_grant_type");
}

export const revoke: Method = (call) => {
	call.token.condition = "revoked";
	return { revoked: true };
};

function exchanged(args: JsonObject, state: SlackState): JsonObject {
	const grant = state.codes.get(textArg(args, "code"));
	if (grant === undefined || state.clock.now() >= grant.untilMs) return refused("invalid_code");
	if (grant.used) return refused("code_already_used");
	if (grant.redirectUri !== null && grant.redirectUri !== textArg(args, "redirect_uri"))
		return refused("bad_redirect_uri");
	grant.used = true;
	return granted(grant.team, state);
}

function refreshed(args: JsonObject, state: SlackState): JsonObject {
	const old = state.refreshTokens.get(textArg(args, "refresh_token"));
	if (old === undefined || old.used) return refused("invalid_refresh_token");
	old.used = true;
	return granted(old.team, state);
}

function granted(team: string, state: SlackState): JsonObject {
	const { scopes, rotatesTokens, appId } = state.settings;
	const text = state.newId(rotatesTokens ? "xoxe.xoxb-1-" : "xoxb-");
	const lifetimeMs = slackLimits.tokenLifetimeSeconds * 1000;
	const expiresAtMs = rotatesTokens ? state.clock.now() + lifetimeMs : null;
	state.tokens.set(text, { text, team, scopes, expiresAtMs, condition: "live" });
	const rotation: JsonObject = rotatesTokens ? rotationOf(team, state) : {};
	return {
		app_id: appId,
		authed_user: { id: state.teams.get(team)?.users[0] ?? "" },
		scope: scopes.join(","),
		token_type: "bot",
		access_token: text,
		bot_user_id: state.teams.get(team)?.botUser ?? "",
		team: { id: team, name: `Team ${team}` },
		enterprise: null,
		is_enterprise_install: false,
		...rotation,
	};
}

function rotationOf(team: string, state: SlackState): JsonObject {
	const refreshToken = state.newId("xoxe-1-");
	state.refreshTokens.set(refreshToken, { team, used: false });
	return { refresh_token: refreshToken, expires_in: slackLimits.tokenLifetimeSeconds };
}
