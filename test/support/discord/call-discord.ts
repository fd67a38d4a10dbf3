import type { Json, JsonObject } from "../../../src/std/json.ts";
import { discordIds, type FakeDiscord } from "./fake-discord.ts";

export type Called = { readonly status: number; readonly headers: Headers; readonly body: Json };
type How = {
	readonly token?: string | null;
	readonly timeoutMs?: number;
	/** Sent beside the body, each under its own name. */
	readonly files?: Readonly<Record<string, string>>;
};

/** One call as a bot makes it: `POST /channels/1/messages`. */
export async function callDiscord(
	{ url }: Pick<FakeDiscord, "url">,
	line: string,
	body?: Json,
	{ token = discordIds.botToken, timeoutMs = 5000, files }: How = {},
): Promise<Called> {
	const [method = "GET", path = ""] = line.split(" ");
	const response = await fetch(`${url}/api/v10${path}`, {
		method,
		headers: token === null ? {} : { authorization: `Bot ${token}` },
		...sent(body, files),
		signal: AbortSignal.timeout(timeoutMs),
	});
	const text = await response.text();
	const isJson = text.startsWith("{") || text.startsWith("[");
	return { status: response.status, headers: response.headers, body: isJson ? (JSON.parse(text) as Json) : text };
}

function sent(body: Json | undefined, files: How["files"]): RequestInit {
	if (body === undefined) return {};
	if (files !== undefined) return { body: formOf(body, files) };
	// A blob brings its own content type.
	return { body: new Blob([JSON.stringify(body)], { type: "application/json" }) };
}

/** The status, with Discord's code behind it if there is one. */
export async function outcomeOf(called: Promise<Called>): Promise<string> {
	const { status, body } = await called;
	const code = status >= 400 && typeof body === "object" ? (body as JsonObject)["code"] : undefined;
	return code === undefined ? String(status) : `${status} ${String(code)}`;
}

function formOf(body: Json, files: Readonly<Record<string, string>>): FormData {
	const form = new FormData();
	form.set("payload_json", JSON.stringify(body));
	Object.entries(files).forEach(([name, text], index) => form.set(`files[${index}]`, new Blob([text]), name));
	return form;
}
