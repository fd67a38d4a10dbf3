import { isAllowed } from "../admission.ts";
import { boundedBody } from "../body.ts";
import type { BotDeps, Platform } from "../chat.ts";
import { typedIn, type Typed } from "./command.ts";
import { noteFailure, noteVerified } from "./health.ts";
import { helpText } from "./help.ts";
import { inboxOf, keptOf, type Inbox, type Sent } from "./inbound.ts";
import { secretsIn, verdictOn } from "./signature.ts";

/** What Slack sends is small. */
export const bodyBytesMax = 1_048_576;
/** Of what is kept of it: the outbox takes no more in one row. */
const keptBytesMax = 250_000;

/**
 * `POST /webhooks/slack/{events,interactivity,commands}`: verified, committed to the workspace's object, and only then
 * acknowledged, within the three seconds that Slack waits. Nothing of Bolt is loaded here.
 */
export const receive: Platform["receive"] = (deps) => async (request) => {
	const kind = kinds[new URL(request.url).pathname.replace("/webhooks/slack/", "")];
	if (kind === undefined) return said(404, "There is nothing here.");
	if (request.method !== "POST") return said(405, "Only POST is understood here.", { allow: "POST" });
	const secrets = secretsIn(deps.settings["SLACK_SIGNING_SECRET"]);
	if (secrets.length === 0) return said(503, "This deployment has no SLACK_SIGNING_SECRET, so it takes nothing.");
	const body = await boundedBody(request, bodyBytesMax);
	if (body === null) return said(413, `The body is larger than ${bodyBytesMax} bytes.`);
	const nowMs = deps.runtime.now();
	const verdict = await verdictOn(request.headers, body, { secrets, nowMs });
	if (verdict !== "good") {
		await noteFailure(deps, `signature ${verdict}`);
		return said(401, `The signature is ${verdict}.`);
	}
	const text = decoded(body);
	const sent = text === null ? null : parsed[kind](text);
	if (sent === null) return said(400, "The body cannot be read.");
	return answered(deps, sent);
};

const kinds: Readonly<Record<string, Exclude<Sent["kind"], "refresh">>> = {
	events: "event",
	interactivity: "interactivity",
	commands: "command",
};

async function answered(deps: BotDeps, sent: Received): Promise<Response> {
	const { body } = sent;
	if (body["type"] === "url_verification") {
		await noteVerified(deps);
		return json({ challenge: typeof body["challenge"] === "string" ? body["challenge"] : "" });
	}
	if (body["ssl_check"] !== undefined) return said(200, "");
	const inbox = inboxOf(sent);
	if (inbox === null || !isOurs(deps, inbox)) return said(200, "");
	if (sent.kind === "command" && verbIn(body["text"]) === "help") return ephemeral(helpText);
	return committed(deps, sent, inbox);
}

/** Slack says again what was not acknowledged: at once, after a minute, after five. */
async function committed({ installation, crashed }: BotDeps, sent: Received, inbox: Inbox): Promise<Response> {
	const { workspace, key, place } = inbox;
	const payload = keptOf(sent);
	if (new TextEncoder().encode(payload).byteLength > keptBytesMax)
		return said(413, `More than ${keptBytesMax} bytes of it would have to be kept.`);
	try {
		const accepted = await installation(`slack:${workspace}`).accept({ kind: "slack", key, place, payload });
		if (accepted === "full") return said(503, "Too much waits already.", { "retry-after": "30" });
	} catch (error) {
		crashed(error);
		return said(500, "It could not be kept.");
	}
	const isQuestion = sent.kind === "command" && verbIn(sent.body["text"]) === "ask";
	return isQuestion ? ephemeral("On it: I am putting your question to the team.") : said(200, "");
}

function verbIn(text: unknown): Typed["verb"] {
	return typedIn(typeof text === "string" ? text : "").verb;
}

/** Another app's, or of a workspace that is not served: nobody answers, and Slack need not repeat it. */
function isOurs({ settings }: BotDeps, { app, workspace }: Inbox): boolean {
	const ours = settings["SLACK_APP_ID"];
	return (ours === undefined || app === ours) && isAllowed(settings["SLACK_ALLOWED_TEAMS"], workspace);
}

type Received = Exclude<Sent, { kind: "refresh" }>;

const parsed: Readonly<Record<Received["kind"], (text: string) => Received | null>> = {
	event: (text) => received("event", jsonIn(text)),
	interactivity: (text) => received("interactivity", jsonIn(new URLSearchParams(text).get("payload") ?? "")),
	command: (text) => received("command", Object.fromEntries(new URLSearchParams(text))),
};

function received(kind: Received["kind"], body: unknown): Received | null {
	if (typeof body !== "object" || body === null || Array.isArray(body)) return null;
	return { kind, body: { ...body } };
}

function jsonIn(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}

function decoded(body: Uint8Array): string | null {
	try {
		return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(body);
	} catch {
		return null;
	}
}

function said(status: number, words: string, headers: Record<string, string> = {}): Response {
	return new Response(words === "" ? null : `${words}\n`, { status, headers });
}

function json(value: object): Response {
	return Response.json(value);
}

/** Only the person who typed the command sees it. */
function ephemeral(text: string): Response {
	return json({ response_type: "ephemeral", text });
}
