import type { InstallationRpc } from "../../durable-objects/installation/rpc.ts";
import { makeSeal, type Seal } from "../../src/std/seal.ts";
import type { BotDeps } from "../chat.ts";

/** What an installation by OAuth has brought; sealed, it is a note of the workspace's object. */
export type Grant = {
	readonly token: string;
	readonly botUser: string;
	/** Null where tokens of this app do not rotate. */
	readonly rotation: { readonly refresh: string; readonly expiresAtMs: number } | null;
};

/** A token with what is known of it. */
export type Held = { readonly token: string; readonly rotation: Grant["rotation"] };

type Deps = Pick<BotDeps, "settings" | "installation">;

const foreverMs = 10 * 365 * 24 * 60 * 60 * 1000;
const disabledMs = 30 * 24 * 60 * 60 * 1000;

/** The token for this workspace, or why there is none. */
export async function heldToken(deps: Deps, workspace: string): Promise<Held | { readonly absent: string }> {
	const installation = deps.installation(`slack:${workspace}`);
	const grant = await grantOf(deps, workspace);
	const single = deps.settings["SLACK_BOT_TOKEN"];
	const held = grant ?? (single === undefined ? null : { token: single, rotation: null });
	if (held === null) return { absent: "the app is not installed in this workspace" };
	const disabled = await installation.kept("disabled", await fingerprint(held.token));
	return disabled === null ? held : { absent: `Slack does not take this workspace's token any more: ${disabled}` };
}

/** What OAuth has brought for this workspace; null where nothing was stored or it cannot be opened any more. */
export async function grantOf({ settings, installation }: Deps, workspace: string): Promise<Grant | null> {
	const sealed = await installation(`slack:${workspace}`).kept("grant", "bot");
	if (sealed === null) return null;
	const opened = (await sealOf(settings)?.open(sealName(workspace), sealed)) ?? null;
	if (opened === null) return null;
	// Sealed by us, so that the parse is trusted.
	const parsed: unknown = JSON.parse(opened);
	return parsed as Grant;
}

/** In place of an earlier one. */
export async function keepGrant({ settings, installation }: Deps, workspace: string, grant: Grant): Promise<void> {
	const seal = sealOf(settings);
	if (seal === null) throw new Error("no key is set to seal the workspace's token with");
	const value = await seal.seal(sealName(workspace), JSON.stringify(grant));
	await installation(`slack:${workspace}`).keep({ kind: "grant", key: "bot", value, forMs: foreverMs });
}

/** Slack has said that this token is over: it is not sent again. Another one may be. */
export async function disable(installation: InstallationRpc, token: string, word: string): Promise<void> {
	await installation.keep({ kind: "disabled", key: await fingerprint(token), value: word, forMs: disabledMs });
}

/** Null where no key is set: then nothing secret is stored. */
export function sealOf(settings: BotDeps["settings"]): Seal | null {
	return makeSeal(crypto, { v: settings["VAULT_KEY"], a: settings["ADMIN_KEY"] });
}

function sealName(workspace: string): string {
	return `slack:${workspace}`;
}

/** Names a token without giving it away. */
async function fingerprint(token: string): Promise<string> {
	const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
	return [...new Uint8Array(digest).slice(0, 12)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
