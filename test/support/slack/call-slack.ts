import type { JsonObject } from "../../../src/std/json.ts";
import { slackTeam, type FakeSlack } from "./fake-slack.ts";

export type Called = { readonly status: number; readonly headers: Headers; readonly body: JsonObject };
type How = { readonly token?: string | null; readonly as?: "json" | "form"; readonly timeoutMs?: number };

/** One call as a bot makes it; JSON unless a form is asked for. */
export async function callSlack(
	{ url }: Pick<FakeSlack, "url">,
	method: string,
	args: JsonObject,
	{ token = slackTeam.token, as = "json", timeoutMs = 5000 }: How = {},
): Promise<Called> {
	const form = Object.entries(args).map(([name, value]) => [
		name,
		typeof value === "object" ? JSON.stringify(value) : String(value),
	]);
	const headers = {
		...(token === null ? {} : { authorization: `Bearer ${token}` }),
		"content-type": as === "json" ? "application/json; charset=utf-8" : "application/x-www-form-urlencoded",
	};
	const body = as === "json" ? JSON.stringify(args) : new URLSearchParams(form).toString();
	const response = await fetch(`${url}/api/${method}`, {
		method: "POST",
		headers,
		body,
		redirect: "manual",
		signal: AbortSignal.timeout(timeoutMs),
	});
	const text = await response.text();
	return {
		status: response.status,
		headers: response.headers,
		body: text.startsWith("{") ? (JSON.parse(text) as JsonObject) : { text },
	};
}

/** `ok`, or Slack's word for what was wrong. */
export async function outcomeOf(called: Promise<Called>): Promise<string> {
	const { body } = await called;
	return body["ok"] === true ? "ok" : String(body["error"]);
}
