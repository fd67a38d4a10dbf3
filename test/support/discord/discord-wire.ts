import type { Json } from "../../../src/std/json.ts";
import type { Came } from "../chat/loopback.ts";
import {
	listMessages,
	createMessage,
	deleteMessage,
	editMessage,
	openDirect,
	readChannel,
	readMessage,
	startThread,
} from "./channel-routes.ts";
import { ownApplication, ownUser, putCommands } from "./application-routes.ts";
import type { Route } from "./discord-state.ts";
import type { SentFile } from "./message-rules.ts";
import { deleteOwn, editOwn, followUp, readOwn } from "./webhook-routes.ts";

/** `token`: the interaction's own token in the address is enough, and no bot token is asked for. */
type Row = { readonly verb: string; readonly path: RegExp; readonly auth: "bot" | "token"; readonly run: Route };

const row = (verb: string, path: string, run: Route, auth: Row["auth"] = "bot"): Row => ({
	verb,
	path: new RegExp(`^/api/v10${path.replaceAll("*", "([^/]+)")}$`),
	auth,
	run,
});

/** Every route that the fake knows, by the name under which its calls are kept. */
const discordRoutes = {
	createMessage: row("POST", "/channels/*/messages", createMessage),
	listMessages: row("GET", "/channels/*/messages", listMessages),
	readMessage: row("GET", "/channels/*/messages/*", readMessage),
	editMessage: row("PATCH", "/channels/*/messages/*", editMessage),
	deleteMessage: row("DELETE", "/channels/*/messages/*", deleteMessage),
	startThread: row("POST", "/channels/*/messages/*/threads", startThread),
	readChannel: row("GET", "/channels/*", readChannel),
	openDirect: row("POST", "/users/@me/channels", openDirect),
	ownUser: row("GET", "/users/@me", ownUser),
	ownApplication: row("GET", "/applications/@me", ownApplication),
	putCommands: row("PUT", "/applications/*/commands", putCommands),
	putGuildCommands: row("PUT", "/applications/*/guilds/*/commands", putCommands),
	followUp: row("POST", "/webhooks/*/*", followUp, "token"),
	readOwn: row("GET", "/webhooks/*/*/messages/*", readOwn, "token"),
	editOwn: row("PATCH", "/webhooks/*/*/messages/*", editOwn, "token"),
	deleteOwn: row("DELETE", "/webhooks/*/*/messages/*", deleteOwn, "token"),
} as const satisfies Record<string, Row>;

export type RouteName = keyof typeof discordRoutes;
export type Routed = { readonly name: RouteName; readonly row: Row; readonly params: readonly string[] };

/** Which route a request means; null: there is none. */
export function routeOf({ method, path }: Came): Routed | null {
	const names = Object.keys(discordRoutes) as RouteName[];
	const name = names.find((each) => discordRoutes[each].verb === method && discordRoutes[each].path.test(path));
	if (name === undefined) return null;
	const [, ...params] = discordRoutes[name].path.exec(path) ?? [];
	return { name, row: discordRoutes[name], params: params.map(decodeURIComponent) };
}

export type Body = { readonly body: Json; readonly files: readonly SentFile[] };

/** A body in JSON, or in parts with files; null: it cannot be read. */
export async function bodyOf({ headers, body }: Came): Promise<Body | null> {
	const type = headers["content-type"] ?? "";
	try {
		if (body.length === 0) return { body: {}, files: [] };
		if (type.startsWith("multipart/form-data")) return await partsOf(body, type);
		return type.startsWith("application/json") ? { body: JSON.parse(body.toString()) as Json, files: [] } : null;
	} catch {
		return null;
	}
}

async function partsOf(bytes: Buffer, type: string): Promise<Body> {
	const form = await new Response(new Uint8Array(bytes), { headers: { "content-type": type } }).formData();
	const files: SentFile[] = [];
	for (const [name, value] of form)
		if (typeof value !== "string" && /^files\[\d+\]$/.test(name))
			files.push({ name: value.name, bytes: Buffer.from(await value.arrayBuffer()) });
	const payload = form.get("payload_json");
	const text = typeof payload === "string" ? payload : ((await payload?.text()) ?? "{}");
	return { body: JSON.parse(text) as Json, files };
}
