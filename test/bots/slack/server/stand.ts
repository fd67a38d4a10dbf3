import { setTimeout as sleep } from "node:timers/promises";
import type { JsonObject } from "../../../../src/std/json.ts";
import { startTestServer, type TestServer } from "../../../support/server.ts";
import { startFakeSlack, type FakeSlack, type SlackOptions } from "../../../support/slack/fake-slack.ts";
import { signedSlack, type SlackKind } from "../../../support/slack/sign-slack.ts";

const secret = "slack-signing-secret";

/** The built Worker as an app in a fake Slack. */
export type Stand = {
	readonly server: TestServer;
	readonly slack: FakeSlack;
	/** What Slack sends, signed now. */
	readonly send: (kind: SlackKind, body: JsonObject) => Promise<{ readonly status: number; readonly text: string }>;
	readonly close: () => Promise<void>;
};

export async function openStand(
	settings: Readonly<Record<string, string>> = {},
	options: SlackOptions = {},
): Promise<Stand> {
	const slack = await startFakeSlack(options);
	const server = await startTestServer({ ...settingsFor(slack), ...settings });
	const close = async () => {
		await server.close();
		await slack.close();
	};
	return { server, slack, send: (kind, body) => sendTo(server.url, kind, body), close };
}

export function settingsFor({ url }: Pick<FakeSlack, "url">): Readonly<Record<string, string>> {
	return { SLACK_SIGNING_SECRET: secret, SLACK_BOT_TOKEN: "xoxb-alpha", SLACK_API_URL: `${url}/api/` };
}

export async function sendTo(url: string, kind: SlackKind, body: JsonObject) {
	const path = { event: "events", interactivity: "interactivity", command: "commands" }[kind];
	const response = await fetch(
		signedSlack({ secret, body, at: Date.now(), kind, url: `${url}/webhooks/slack/${path}` }),
	);
	return { status: response.status, text: await response.text() };
}

export async function until<T>(look: () => T | null | undefined | false, waitMs = 15_000): Promise<T> {
	const endMs = Date.now() + waitMs;
	while (Date.now() < endMs) {
		const seen = look();
		if (seen !== null && seen !== undefined && seen !== false) return seen;
		await sleep(25);
	}
	throw new Error("it never came so far");
}
