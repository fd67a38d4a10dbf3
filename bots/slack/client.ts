import { LogLevel, WebClient, type WebClientOptions } from "@slack/web-api";
import type { BotDeps } from "../chat.ts";

const callTimeoutMs = 8000;
/** As the library has it. */
const slackApi = "https://slack.com/api/";

/**
 * How Slack's client has to be told to run here. Its waiting and repeating are for a process of its own: a paused queue
 * hangs whoever comes next in this isolate. The outbox repeats, the workspace's lanes pause.
 */
export function clientOptions({ settings, fetch }: ClientDeps, signal: AbortSignal): WebClientOptions {
	return {
		slackApiUrl: settings["SLACK_API_URL"] ?? slackApi,
		// It asks for `redirect: "error"`, which workerd does not know; the token must not follow one anyway.
		fetch: (url, init = {}) => {
			const signals = init.signal ? [signal, init.signal] : [signal];
			return fetch(url, { ...init, redirect: "manual", signal: AbortSignal.any(signals) });
		},
		timeout: callTimeoutMs,
		retryConfig: { retries: 0 },
		rejectRateLimitedCalls: true,
		allowAbsoluteUrls: false,
		logger: silent,
	};
}

type ClientDeps = Pick<BotDeps, "settings" | "fetch">;

/** One for each piece of work: clients share nothing. */
export function clientOf(deps: ClientDeps, token: string | null, signal: AbortSignal): WebClient {
	return new WebClient(token ?? undefined, clientOptions(deps, signal));
}

/** Whose host may be sent the token: Slack's API and files, or what stands for them in a test. */
export function isSlackHost({ settings }: Pick<BotDeps, "settings">, url: string): boolean {
	const own = settings["SLACK_API_URL"];
	const host = URL.canParse(url) ? new URL(url).host : "";
	if (own !== undefined && new URL(own).host === host) return true;
	return url.startsWith("https://") && host === "files.slack.com";
}

/** What it would log are requests and answers: people's words. Faults come back as errors. */
const silent = {
	debug: () => {},
	info: () => {},
	warn: () => {},
	error: () => {},
	setLevel: () => {},
	getLevel: () => LogLevel.ERROR,
	setName: () => {},
};
