import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { wakePagesMax, wakeUnfinished } from "../../src/cli/wake.ts";

/** A server whose list of sessions has as many pages as its key says, on each one that runs and one that is done. */
const asked: string[] = [];
const server = createServer(({ url = "", headers }, response) => {
	asked.push(url);
	const { pathname, searchParams } = new URL(url, "http://host");
	const page = Number(searchParams.get("cursor") ?? 0);
	const pages = Number(headers.authorization?.replace("Bearer ", ""));
	const sessions = ["running", "done"].map((status) => ({ id: `${status}-${page}`, status }));
	const cursor = page + 1 < pages ? String(page + 1) : null;
	response.setHeader("content-type", "application/json");
	response.end(JSON.stringify(pathname === "/v1/sessions" ? { sessions, cursor } : {}));
});
let url: string;
beforeAll(async () => {
	await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
	url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

const pageAsked = (page: number) => [
	`/v1/sessions?limit=100${page === 0 ? "" : `&cursor=${page}`}`,
	`/v1/sessions/running-${page}`,
];

test.each<[number, number]>([
	[1, 1],
	[3, 3],
	[wakePagesMax, 20],
	[wakePagesMax + 1, 20],
])("of %i pages of sessions those that run on %i are woken", async (pages, woken) => {
	asked.length = 0;
	await wakeUnfinished({ url, key: String(pages) });
	expect(asked).toEqual(Array.from({ length: woken }, (_, page) => pageAsked(page)).flat());
});

test.each<[string, number, string]>([
	["a page", 502, "<p>Bad gateway</p>"],
	["nothing", 503, ""],
])("a server that answers with %s is known by its status", async (_, status, body) => {
	const broken = createServer((__, response) => void response.writeHead(status).end(body));
	await new Promise<void>((listening) => broken.listen(0, "127.0.0.1", listening));
	const { port } = broken.address() as AddressInfo;
	const said = await wakeUnfinished({ url: `http://127.0.0.1:${port}`, key: "k" }).catch(
		(error: Error) => error.message,
	);
	broken.close();
	expect(said).toBe(`The server answered with status ${status}.`);
});
