/// <reference types="@cloudflare/vitest-plugin/types" />
import { env, evictDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import type { TenantRpc } from "../../durable-objects/rpc.ts";
import { makeClient } from "../../src/api/client.ts";
import type { LoggedEvent } from "../../src/consensus/events.ts";
import { makeApi } from "../support/api.ts";
import { finished, sessionOf, until } from "./real-objects.ts";

/** Links to sessions by the real objects, from the API inwards. */
function tenant(): TenantRpc {
	const { TENANT } = env as unknown as { readonly TENANT: DurableObjectNamespace };
	return TENANT.getByName("default") as unknown as TenantRpc;
}

const secret = "the prompt that nobody may see";
const agents = ["demo-precedence", "demo-rewriting"].map((model, seat) => ({
	id: `a${seat}`,
	backend: "demo",
	model,
	system: secret,
}));

/** A session of its own, asked by its owner, with a link for a guest. */
async function linked(name: string) {
	const ids = [name, ...Array.from({ length: 20 }, () => crypto.randomUUID())];
	const now = () => Date.now();
	const api = makeApi({ tenant, session: sessionOf, newId: () => ids.shift() ?? "", now });
	const fetch = async (request: Request) => api.app.request(request);
	const owner = makeClient({ baseUrl: "http://here", key: api.deps.adminKey ?? "", fetch });
	const guest = makeClient({ baseUrl: "http://here", key: "", fetch, pause: async () => {} });
	const { id } = await owner.createSession({ question: "What is 6 times 7?", team: { agents } });
	const link = await owner.share(id, { expires_in_seconds: 60 });
	return { api, owner, guest, id, link };
}

async function all(events: AsyncIterable<LoggedEvent>): Promise<LoggedEvent[]> {
	const read: LoggedEvent[] = [];
	for await (const event of events) read.push(event);
	return read;
}

test("a guest follows a session to its end, and sees the same conversation without the owner's secrets", async () => {
	const { owner, guest, id, link } = await linked("followed");
	const [seen, own] = await Promise.all([all(guest.sharedEvents(link.token)), all(owner.events(id))]);
	expect(seen.map(({ seq, type }) => [seq, type])).toEqual(own.map(({ seq, type }) => [seq, type]));
	expect(seen.at(-1)).toEqual(own.at(-1));
	const shown = await guest.shared(link.token);
	const texts = [seen, own, shown].map((each) => JSON.stringify(each).includes(secret));
	expect([texts, shown.turns[0]?.status, shown.expires_at]).toEqual([[false, true, false], "done", link.expires_at]);
});

test("a link that is ended lets its guests go within a second, by stream and by socket, also after a sleep", async () => {
	const { api, owner, id, link } = await linked("ended");
	const path = `/v1/shared/${link.token}/events`;
	const upgrade = { headers: { upgrade: "websocket" } };
	const { webSocket } = await api.app.request(path, upgrade);
	const sent: LoggedEvent[] = [];
	const closed = new Promise<string>((resolve) =>
		webSocket?.addEventListener("close", ({ reason }) => resolve(reason)),
	);
	webSocket?.addEventListener("message", ({ data }) => void sent.push(JSON.parse(String(data)) as LoggedEvent));
	webSocket?.accept();
	await until(id, finished(1));
	await evictDurableObject(sessionOf(id));
	await owner.send(id, "And 6 times 8?");
	const stream = (await api.app.request(`${path}?from=${sent.length + 1}`)).body?.getReader();
	await stream?.read();
	const startedMs = Date.now();
	await owner.unshare(id, link.id);
	for (const gone of [link.id, "999"])
		await expect(owner.unshare(id, gone)).rejects.toMatchObject({ problem: { status: 404 } });
	expect(await closed).toBe("Ask again with the link.");
	for (;;) if ((await stream?.read())?.done !== false) break;
	expect([Date.now() - startedMs < 1000, JSON.stringify(sent).includes(secret), sent.length > 0]).toEqual([
		true,
		false,
		true,
	]);
	expect((await api.app.request(path)).status).toBe(404);
	const { shares } = await owner.shares(id);
	expect(shares).toEqual([]);
});
