import type { BotDeps } from "../chat.ts";
import { parsedJson } from "./json-body.ts";

/** What came of a request to Discord's REST API. */
export type Answered =
	| { readonly kind: "ok"; readonly body: unknown }
	/** It was not done, and would not be at another try. `code`: Discord's own, 0 where it names none. */
	| { readonly kind: "refused"; readonly status: number; readonly code: number }
	| { readonly kind: "limited"; readonly afterMs: number; readonly scope: "global" | "here" }
	/** It may have been done: nobody answered in time, or it answered that it has a fault. */
	| { readonly kind: "unknown"; readonly reason: string };

export type Refused = Extract<Answered, { kind: "refused" }>;

export type File = { readonly name: string; readonly text: string };
export type Call = {
	readonly method: "GET" | "POST" | "PATCH" | "PUT";
	readonly path: string;
	/** Where an interaction's token is in the path, no other credential is wanted. */
	readonly as: "bot" | "interaction";
	readonly body?: unknown;
	readonly file?: File;
};

/** A Worker's request to Discord sometimes never resolves though it was delivered (discord-api-docs#7936). */
const answerMsMax = 8000;
const answerBytesMax = 1_048_576;
/** Where a refusal does not say for how long: what blocks without a word of JSON is Discord's edge, for all of us. */
const pauseMsDefault = 60_000;

/** Not documented (discord-api-docs#4413). */
const tooManyOldEdits = 30_046;

const realApi = "https://discord.com/api/v10";

/** Where Discord's API is. */
export function apiOf({ settings }: Pick<BotDeps, "settings">): string {
	return (settings["DISCORD_API_URL"] ?? realApi).replace(/\/+$/, "");
}

export type Caller = Pick<BotDeps, "settings" | "fetch">;

/** Where an interaction's own messages are. */
export function webhookPath({ app, token }: { readonly app: string; readonly token: string }): string {
	return `/webhooks/${encodeURIComponent(app)}/${encodeURIComponent(token)}`;
}

/** One request, never a second one: what to do about a refusal is for who knows what was to be done. */
export async function call(deps: Caller, request: Call, signal: AbortSignal): Promise<Answered> {
	const { method, path } = request;
	const within = AbortSignal.any([signal, AbortSignal.timeout(answerMsMax)]);
	try {
		const init = { method, headers: headersOf(deps, request), redirect: "manual", signal: within } as const;
		const body = bodyOf(request);
		const response = await deps.fetch(`${apiOf(deps)}${path}`, body === null ? init : { ...init, body });
		return await answeredBy(response);
	} catch {
		// What the error says may hold the address, and with it a token.
		return { kind: "unknown", reason: "Discord did not answer in time" };
	}
}

function headersOf({ settings }: Caller, { as, body, file }: Call): Record<string, string> {
	const agent = { "user-agent": `DiscordBot (${settings["PUBLIC_URL"] ?? "http://localhost"}, 1)` };
	const type = body !== undefined && file === undefined ? { "content-type": "application/json" } : {};
	const bot = as === "bot" ? { authorization: `Bot ${settings["DISCORD_BOT_TOKEN"] ?? ""}` } : {};
	return { ...agent, ...type, ...bot };
}

function bodyOf({ body, file }: Call): BodyInit | null {
	if (body === undefined) return null;
	if (file === undefined) return JSON.stringify(body);
	const form = new FormData();
	form.set("payload_json", JSON.stringify(body));
	form.set("files[0]", new Blob([file.text], { type: "text/markdown; charset=utf-8" }), file.name);
	return form;
}

async function answeredBy(response: Response): Promise<Answered> {
	const { status, headers } = response;
	const body = await parsedJson(response, answerBytesMax);
	if (response.ok) return { kind: "ok", body };
	const code = numberIn(body, "code") ?? 0;
	// A limit of one old message, whose answer looks like the others.
	if (status === 429 && code !== tooManyOldEdits) return limitedBy(headers, body);
	if (status >= 500) return { kind: "unknown", reason: `Discord answered ${status}` };
	return { kind: "refused", status, code };
}

/** https://docs.discord.com/developers/topics/rate-limits */
function limitedBy(headers: Headers, body: unknown): Answered {
	const seconds = numberIn(body, "retry_after") ?? Number.parseFloat(headers.get("retry-after") ?? "");
	const scope = headers.get("x-ratelimit-scope");
	const isGlobal = scope === "global" || fieldOf(body, "global") === true || body === null;
	const afterMs = Number.isFinite(seconds) ? Math.ceil(Math.max(0, seconds) * 1000) : pauseMsDefault;
	return { kind: "limited", afterMs, scope: isGlobal ? "global" : "here" };
}

function numberIn(body: unknown, name: string): number | null {
	const value = fieldOf(body, name);
	return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** A field of what Discord has answered; undefined where there is none. */
export function fieldOf(body: unknown, name: string): unknown {
	if (typeof body !== "object" || body === null) return undefined;
	return new Map(Object.entries(body)).get(name);
}
