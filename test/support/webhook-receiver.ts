import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import type { LoggedEvent } from "../../src/consensus/events.ts";

export type Received = {
	readonly id: string;
	readonly type: string;
	readonly session: string;
	readonly event: LoggedEvent;
};

/** What a receiver does with a message: a status, or nothing at all. */
export type Manner = number | { readonly status: number; readonly headers: Readonly<Record<string, string>> } | "hang";

/** Receives webhooks on loopback; a message that is not signed as Standard Webhooks has it is never received. */
export type WebhookReceiver = {
	readonly url: string;
	/** All that came, oldest first, whatever was answered. */
	readonly received: readonly Received[];
	/** What to do from now on. */
	readonly behave: (manner: Manner) => void;
	/** Nobody listens any more, until `up`. */
	readonly down: () => Promise<void>;
	readonly up: () => Promise<void>;
};

export async function startWebhookReceiver(secret: string): Promise<WebhookReceiver> {
	const received: Received[] = [];
	let manner: Manner = 204;
	let server = createServer();
	const listen = async (port: number): Promise<Server> => {
		const next = createServer((request, response) => {
			void textOf(request).then((text) => {
				received.push(verified(secret, request, text));
				if (manner === "hang") return;
				const { status, headers } = typeof manner === "number" ? { status: manner, headers: {} } : manner;
				response.writeHead(status, headers).end();
			});
		});
		next.listen(port, "127.0.0.1");
		await once(next, "listening");
		return next;
	};
	server = await listen(0);
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}/hook`,
		received,
		behave: (next) => void (manner = next),
		down: async () => {
			server.closeAllConnections();
			if (!server.listening) return;
			server.close();
			await once(server, "close");
		},
		up: async () => void (server = await listen(port)),
	};
}

async function textOf(request: IncomingMessage): Promise<string> {
	let text = "";
	request.setEncoding("utf8");
	for await (const piece of request) text += String(piece);
	return text;
}

function verified(secret: string, { headers }: IncomingMessage, text: string): Received {
	const named = Object.entries(headers).flatMap(([name, value]) =>
		typeof value === "string" ? [[name, value]] : [],
	);
	const body = new Webhook(secret).verify(text, Object.fromEntries(named));
	const { type, data } = body as { type: string; data: { session: string; event: LoggedEvent } };
	return { id: String(headers["webhook-id"]), type, session: data.session, event: data.event };
}
