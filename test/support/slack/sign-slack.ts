import { createHmac } from "node:crypto";
import type { JsonObject } from "../../../src/std/json.ts";

/** Slack sends an event as JSON, a command as a form, and an interaction as JSON in a form's `payload`. */
export type SlackKind = "event" | "interactivity" | "command";

export type Signing = {
	readonly secret: string;
	readonly body: JsonObject;
	/** Unix time in milliseconds. */
	readonly at: number;
	readonly kind: SlackKind;
	readonly url?: string;
	/** The second try of an event and those after it say so. */
	readonly retry?: { readonly num: number; readonly reason: string };
};

/** A request as Slack would send it. */
export function signedSlack({ secret, body, at, kind, url, retry }: Signing): Request {
	const text = bodyOf[kind](body);
	const seconds = String(Math.floor(at / 1000));
	const headers = {
		"content-type": kind === "event" ? "application/json" : "application/x-www-form-urlencoded",
		"x-slack-request-timestamp": seconds,
		"x-slack-signature": slackSignature(secret, seconds, text),
		...(retry === undefined
			? {}
			: { "x-slack-retry-num": String(retry.num), "x-slack-retry-reason": retry.reason }),
	};
	return new Request(url ?? `http://127.0.0.1/slack/${pathOf[kind]}`, { method: "POST", headers, body: text });
}

/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
export function slackSignature(secret: string, seconds: string, text: string): string {
	return `v0=${createHmac("sha256", secret).update(`v0:${seconds}:${text}`).digest("hex")}`;
}

const bodyOf: Record<SlackKind, (body: JsonObject) => string> = {
	event: (body) => JSON.stringify(body),
	interactivity: (body) => new URLSearchParams({ payload: JSON.stringify(body) }).toString(),
	command: (body) =>
		new URLSearchParams(Object.entries(body).map(([name, value]) => [name, String(value)])).toString(),
};

const pathOf: Record<SlackKind, string> = { event: "events", interactivity: "interactivity", command: "commands" };
