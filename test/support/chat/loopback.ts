import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Json } from "../../../src/std/json.ts";

export type Came = {
	readonly method: string;
	readonly path: string;
	readonly query: URLSearchParams;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: Buffer;
};

/** A body that is text goes out as it is; null: there is none. */
export type Reply = {
	readonly status: number;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body: Json;
};

/** `hang`: nothing is answered, ever. `drop`: the connection breaks. */
export type Answer = Reply | "hang" | "drop";

export type Loopback = { readonly url: string; readonly close: () => Promise<void> };

const bodyBytesMax = 32 * 1024 * 1024;

/** A server on loopback that answers each request whole. */
export async function startLoopback(answer: (came: Came) => Answer | Promise<Answer>): Promise<Loopback> {
	const server = createServer((request, response) => {
		serve(request, response).catch((error: unknown) => {
			console.error("the fake platform failed:", error);
			response.destroy();
		});
	});
	const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const body = await bytesOf(request);
		if (body === null) return void response.writeHead(413).end();
		const given = await answer(cameFrom(request, body));
		if (given === "drop") response.destroy();
		else if (given !== "hang") send(response, given);
	};
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	const close = async (): Promise<void> => {
		server.close();
		server.closeAllConnections();
		await once(server, "close");
	};
	return { url: `http://127.0.0.1:${port}`, close };
}

function cameFrom(request: IncomingMessage, body: Buffer): Came {
	const url = new URL(request.url ?? "/", "http://loopback");
	const headers = Object.entries(request.headers).flatMap(([name, value]) =>
		typeof value === "string" ? [[name, value]] : [],
	);
	return {
		method: request.method ?? "GET",
		path: url.pathname,
		query: url.searchParams,
		headers: Object.fromEntries(headers) as Record<string, string>,
		body,
	};
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
	if (body === null) return void response.writeHead(status, headers).end();
	const isText = typeof body === "string";
	const type = isText ? "text/plain; charset=utf-8" : "application/json; charset=utf-8";
	response.writeHead(status, { "content-type": type, ...headers }).end(isText ? body : JSON.stringify(body));
}

async function bytesOf(request: IncomingMessage): Promise<Buffer | null> {
	const pieces: Buffer[] = [];
	let bytes = 0;
	for await (const piece of request) {
		pieces.push(piece as Buffer);
		bytes += pieces.at(-1)!.length;
		if (bytes > bodyBytesMax) return null;
	}
	return Buffer.concat(pieces);
}
