import type { BotDeps, Check } from "../chat.ts";
import { clientOf } from "./client.ts";
import { healthOf } from "./health.ts";
import { scopes } from "./manifest.ts";
import { oauthClient } from "./oauth.ts";
import { secretsIn } from "./signature.ts";
import { attempted } from "./workspace.ts";

const timeoutMs = 8000;

/** Whether Slack is set up; asks Slack once. Nothing in it is secret. */
export async function checks(deps: BotDeps): Promise<readonly Check[]> {
	const [token, address] = await Promise.all([tokenChecks(deps), addressCheck(deps)]);
	return [secretCheck(deps), ...token, address, installCheck(deps)];
}

function secretCheck({ settings }: BotDeps): Check {
	const count = secretsIn(settings["SLACK_SIGNING_SECRET"]).length;
	const detail = count === 0 ? "SLACK_SIGNING_SECRET is not set" : count === 1 ? "it is set" : `${count} are set`;
	const fix = "Copy the signing secret from the app's page Basic Information into SLACK_SIGNING_SECRET.";
	return { name: "signing secret", ok: count > 0, detail, fix };
}

async function tokenChecks(deps: BotDeps): Promise<readonly Check[]> {
	const token = deps.settings["SLACK_BOT_TOKEN"];
	const name = "bot token";
	if (token === undefined) {
		const ok = oauthClient(deps.settings) !== null;
		const detail = ok ? "workspaces bring their own by /slack/install" : "SLACK_BOT_TOKEN is not set";
		const fix = "Install the app in your workspace and copy its token into SLACK_BOT_TOKEN.";
		return [{ name, ok, detail, fix }];
	}
	const signal = AbortSignal.timeout(timeoutMs);
	const tried = await attempted(() => clientOf(deps, token, signal).auth.test());
	if (!tried.ok) {
		const { fault } = tried;
		const detail = fault.kind === "refused" ? `Slack refuses it: ${fault.word}` : "Slack could not be asked";
		return [{ name, ok: false, detail, fix: "Install the app anew and copy the new token into SLACK_BOT_TOKEN." }];
	}
	const granted = tried.value.response_metadata?.scopes ?? [];
	const missing = scopes.filter((scope) => !granted.includes(scope));
	return [
		{ name, ok: true, detail: `it is of ${tried.value.team ?? "a workspace"}`, fix: "" },
		{
			name: "scopes",
			ok: missing.length === 0,
			detail: missing.length === 0 ? "all are granted" : `missing: ${missing.join(", ")}`,
			fix: "Put the current manifest (/slack/manifest) into the app's settings and install it anew.",
		},
	];
}

async function addressCheck(deps: BotDeps): Promise<Check> {
	const { verifiedAt, failure } = await healthOf(deps);
	const last = failure === null ? "" : `; last refused at ${failure.at}: ${failure.what}`;
	const seen = verifiedAt === null ? "Slack has never verified this address" : `verified at ${verifiedAt}`;
	const fix = "In the app's settings, set the request URLs to this deployment's address (see /slack/manifest).";
	return { name: "request URL", ok: verifiedAt !== null, detail: `${seen}${last}`, fix };
}

/** Whoever can install the app can spend the deployment's money. */
function installCheck({ settings }: BotDeps): Check {
	const isOpen = oauthClient(settings) !== null && settings["SLACK_ALLOWED_TEAMS"] === undefined;
	const detail = isOpen ? "any workspace may install the app" : "only known workspaces";
	return { name: "who may install", ok: !isOpen, detail, fix: "Name the workspaces' ids in SLACK_ALLOWED_TEAMS." };
}
