import type { BotDeps, Check } from "../chat.ts";
import { missing } from "./register.ts";
import { call, fieldOf } from "./rest.ts";
import { lastSeen } from "./seen.ts";
import { isPublicKey } from "./signature.ts";

/** Whether Discord is set up, step by step, for who does it. */

type Checking = Pick<BotDeps, "settings" | "fetch" | "installation">;

const checkMsMax = 8000;

/** Each step in the order in which one takes them. */
export async function checks(deps: Checking): Promise<readonly Check[]> {
	const signal = AbortSignal.timeout(checkMsMax);
	return [
		publicKey(deps),
		await botToken(deps, signal),
		await endpoint(deps),
		await signatures(deps),
		await registered(deps, signal),
	];
}

function good(name: string, detail: string): Check {
	return { name, ok: true, detail, fix: "" };
}

function bad(name: string, detail: string, fix: string): Check {
	return { name, ok: false, detail, fix };
}

function publicKey({ settings }: Checking): Check {
	const key = settings["DISCORD_PUBLIC_KEY"];
	const fix = "Copy the public key from the application's General Information into DISCORD_PUBLIC_KEY.";
	if (key === undefined) return bad("public key", "DISCORD_PUBLIC_KEY is not set.", fix);
	if (!isPublicKey(key)) return bad("public key", "DISCORD_PUBLIC_KEY is not 64 hexadecimal digits.", fix);
	return good("public key", "DISCORD_PUBLIC_KEY is set.");
}

async function botToken(deps: Checking, signal: AbortSignal): Promise<Check> {
	const { settings } = deps;
	const fix = "Copy the token from the application's Bot page into DISCORD_BOT_TOKEN.";
	if (settings["DISCORD_BOT_TOKEN"] === undefined) return bad("bot token", "DISCORD_BOT_TOKEN is not set.", fix);
	const answer = await call(deps, { method: "GET", path: "/applications/@me", as: "bot" }, signal);
	if (answer.kind === "refused") return bad("bot token", "Discord does not take DISCORD_BOT_TOKEN.", fix);
	if (answer.kind !== "ok") return bad("bot token", "Discord could not be asked.", "Try again in a minute.");
	return sameApp(settings, answer.body) ?? good("bot token", "Discord takes DISCORD_BOT_TOKEN.");
}

/** Null where key, id and token are of one application. */
function sameApp(settings: BotDeps["settings"], application: unknown): Check | null {
	const [id, key] = [fieldOf(application, "id"), fieldOf(application, "verify_key")];
	const ours = settings["DISCORD_APPLICATION_ID"];
	const where = "Take all settings from the same application.";
	if (ours !== undefined && id !== ours)
		return bad("bot token", "DISCORD_APPLICATION_ID is that of another application than DISCORD_BOT_TOKEN.", where);
	if (typeof key === "string" && key !== settings["DISCORD_PUBLIC_KEY"])
		return bad("bot token", "DISCORD_PUBLIC_KEY is that of another application than DISCORD_BOT_TOKEN.", where);
	return null;
}

async function endpoint(deps: Checking): Promise<Check> {
	const seenMs = await lastSeen(deps, "ping");
	if (seenMs !== null) return good("endpoint", `Discord has asked for us at ${timeOf(seenMs)}.`);
	const base = deps.settings["PUBLIC_URL"]?.replace(/\/+$/, "") ?? "https://YOUR-DEPLOYMENT";
	const fix = `Enter ${base}/webhooks/discord as the Interactions Endpoint URL in General Information, and save.`;
	return bad("endpoint", "Discord has not asked for us yet.", fix);
}

/** Discord sends some bad ones itself, to see whether they are refused; what counts is what came after the last good one. */
async function signatures(deps: Checking): Promise<Check> {
	const [refusedMs, pingMs] = [await lastSeen(deps, "signature_refused"), await lastSeen(deps, "ping")];
	if (refusedMs === null || pingMs !== null)
		return good("signatures", "No signature was refused but those that should be.");
	const fix = "Compare DISCORD_PUBLIC_KEY with the application's public key.";
	return bad("signatures", `A signature was refused at ${timeOf(refusedMs)}, and none was good.`, fix);
}

async function registered(deps: Checking, signal: AbortSignal): Promise<Check> {
	const fix = "Run `npm run discord:register` with DISCORD_APPLICATION_ID and DISCORD_BOT_TOKEN set.";
	const { DISCORD_APPLICATION_ID: id, DISCORD_BOT_TOKEN: token } = deps.settings;
	if (id === undefined || token === undefined)
		return bad("commands", "It is not known which commands there are.", fix);
	const lacking = await missing(deps, signal);
	if (lacking === null) return bad("commands", "Discord does not say which commands there are.", fix);
	if (lacking.length === 0) return good("commands", "All commands are registered.");
	return bad("commands", `Not registered: ${lacking.join(", ")}.`, fix);
}

function timeOf(ms: number): string {
	return new Date(ms).toISOString();
}
