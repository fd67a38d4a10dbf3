import { isAllowed } from "../admission.ts";
import type { BotDeps, Platform } from "../chat.ts";
import { clientOf } from "./client.ts";
import { manifestFor, scopes } from "./manifest.ts";
import { granted, oauthClient, type Granted } from "./oauth.ts";
import { keepGrant, sealOf } from "./tokens.ts";
import { attempted } from "./workspace.ts";

/** `GET /slack/install`, `/slack/oauth/callback`, `/slack/manifest`: pages without a key. */
export const install: Platform["install"] = (deps) => async (request) => {
	if (request.method !== "GET") return page(405, "Only GET is understood here.");
	const serve = pages[new URL(request.url).pathname];
	return serve === undefined ? page(404, "There is nothing here.") : serve(deps, request);
};

type Serve = (deps: BotDeps, request: Request) => Promise<Response>;

const pages: Readonly<Record<string, Serve>> = {
	"/slack/install": begun,
	"/slack/oauth/callback": returned,
	"/slack/manifest": async (deps, request) => Response.json(manifestFor(baseOf(deps, request))),
};

const cookie = "massgen_slack_state";
const stateMs = 10 * 60 * 1000;
const stateBytes = 24;
const noClient = "This deployment has no SLACK_CLIENT_ID and SLACK_CLIENT_SECRET, so it cannot be installed from here.";

/** Off to Slack, with a state that only this browser and we know. */
async function begun(deps: BotDeps, request: Request): Promise<Response> {
	const client = oauthClient(deps.settings);
	if (client === null) return page(503, noClient);
	if (sealOf(deps.settings) === null) return page(503, "This deployment has no VAULT_KEY to keep tokens with.");
	const random = crypto.getRandomValues(new Uint8Array(stateBytes));
	const state = [...random].map((byte) => byte.toString(16).padStart(2, "0")).join("");
	await deps.installation("slack").keep({ kind: "oauth", key: state, value: "asked", forMs: stateMs });
	const url = new URL("/oauth/v2/authorize", deps.settings["SLACK_API_URL"] ?? "https://slack.com");
	url.searchParams.set("client_id", client.id);
	url.searchParams.set("scope", scopes.join(","));
	url.searchParams.set("redirect_uri", redirectUri(deps, request));
	url.searchParams.set("state", state);
	const secure = new URL(request.url).protocol === "https:" ? "; Secure" : "";
	const kept = `${cookie}=${state}; HttpOnly; SameSite=Lax; Path=/slack; Max-Age=${stateMs / 1000}${secure}`;
	return new Response(null, { status: 302, headers: { location: url.toString(), "set-cookie": kept } });
}

/** Back from Slack: the state is used up, whatever comes of the code. */
async function returned(deps: BotDeps, request: Request): Promise<Response> {
	const client = oauthClient(deps.settings);
	if (client === null) return page(503, noClient);
	const { searchParams: query } = new URL(request.url);
	if (!(await isExpected(deps, request, query.get("state")))) return page(403, again("This page was not asked for."));
	const code = query.get("code");
	if (code === null) return page(400, again(`Slack says: ${query.get("error") ?? "nothing"}.`));
	const given = { code, redirectUri: redirectUri(deps, request) };
	const tried = await granted(deps, client, given, request.signal);
	if (!tried.ok)
		return page(
			502,
			again(`Slack did not take it${tried.fault.kind === "refused" ? `: ${tried.fault.word}` : ""}.`),
		);
	return installed(deps, tried.value, request.signal);
}

async function installed(deps: BotDeps, found: Granted, signal: AbortSignal): Promise<Response> {
	const { grant, workspace, name, app } = found;
	const ours = deps.settings["SLACK_APP_ID"];
	const isServed = isAllowed(deps.settings["SLACK_ALLOWED_TEAMS"], workspace);
	if (workspace === "" || !isServed || (ours !== undefined && app !== ours)) {
		await attempted(() => clientOf(deps, grant.token, signal).auth.revoke());
		return page(403, "This deployment does not serve your workspace.");
	}
	await keepGrant(deps, workspace, grant);
	return page(
		200,
		`MassGen is installed in ${name === "" ? workspace : name}. Mention it in a channel to ask the team.`,
	);
}

async function isExpected({ installation }: BotDeps, request: Request, state: string | null): Promise<boolean> {
	const sent = cookieIn(request.headers.get("cookie") ?? "");
	if (state === null || state === "" || sent !== state) return false;
	const app = installation("slack");
	const kept = await app.kept("oauth", state);
	await app.drop("oauth", state);
	return kept !== null;
}

function cookieIn(header: string): string | null {
	const pair = header.split(";").find((part) => part.trim().startsWith(`${cookie}=`));
	return pair === undefined ? null : pair.trim().slice(cookie.length + 1);
}

function baseOf({ settings }: BotDeps, request: Request): string {
	return (settings["PUBLIC_URL"] ?? new URL(request.url).origin).replace(/\/+$/, "");
}

function redirectUri(deps: BotDeps, request: Request): string {
	return `${baseOf(deps, request)}/slack/oauth/callback`;
}

function again(words: string): string {
	return `${words} Begin again at /slack/install.`;
}

/** Plain text: nothing in it can be markup. */
function page(status: number, words: string): Response {
	const headers = {
		"content-type": "text/plain; charset=utf-8",
		"cache-control": "no-store",
		"referrer-policy": "no-referrer",
	};
	return new Response(`${words}\n`, { status, headers });
}
