import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { npmStart } from "../support/npm-start.ts";
import { clientOf, eventsOf, startTestServer, type TestServer } from "../support/server.ts";
import { sseFrames } from "../support/watching.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../support/webhook-receiver.ts";

/** Webhooks by real HTTP: a server, a receiver on loopback, the demo team. */
const secret = `whsec_${btoa("the receiver's secret, 32 bytes.")}`;
const team = { agents: [{ id: "a", backend: "demo", model: "demo-precedence" }] };

let server: TestServer;
let receiver: WebhookReceiver;

beforeAll(async () => {
	server = await startTestServer();
});
afterAll(() => server.close());
beforeEach(async () => {
	receiver = await startWebhookReceiver(secret);
	await put(server, { url: receiver.url, secret });
});
afterEach(() => receiver.down());

type Reached = { readonly url: string; readonly key: string };

async function call({ url, key }: Reached, path: string, method = "GET", body?: unknown) {
	const response = await fetch(`${url}${path}`, {
		method,
		headers: { authorization: `Bearer ${key}` },
		...(body !== undefined && { body: JSON.stringify(body) }),
	});
	return { status: response.status, text: await response.text() };
}

const put = (to: Reached, webhook: object) => call(to, "/v1/webhooks/ops", "PUT", webhook);
const disabled = async () => JSON.parse((await call(server, "/v1/webhooks/ops")).text).disabled as string | null;

async function asked(): Promise<string> {
	const { id } = await server.client.createSession({ question: "What is 6 times 7?", team });
	return id;
}

async function until(reached: () => boolean | Promise<boolean>): Promise<void> {
	for (let look = 0; look < 400; look++) {
		if (await reached()) return;
		await sleep(50);
	}
	throw new Error("it never came so far");
}

test("the end of a turn is received once, verified, as it stands in the log; the secret is shown nowhere", async () => {
	const id = await asked();
	const events = await eventsOf(server, id);
	await until(() => receiver.received.length > 0);
	await sleep(300);
	expect(receiver.received).toEqual([
		{ id: `msg_${id}_1`, type: "turn.finished", session: id, event: events.at(-1) },
	]);
	const shown = [
		(await put(server, { url: receiver.url, secret })).text,
		(await call(server, "/v1/webhooks")).text,
		(await call(server, `/v1/sessions/${id}`)).text,
		...(await sseFrames(server, id)).map(({ data }) => data),
	];
	expect(shown.filter((text) => text.includes("whsec_"))).toEqual([]);
	expect((await server.client.session(id)).deliveries).toBe(undefined);
});

test("a receiver that is down when the turn ends has it once it is up again", async () => {
	await receiver.down();
	const id = await asked();
	await eventsOf(server, id);
	await until(async () => (await server.client.session(id)).deliveries?.pending === 1);
	await receiver.up();
	await until(() => receiver.received.length > 0);
	await until(async () => (await server.client.session(id)).deliveries === undefined);
	expect(receiver.received.map((message) => [message.id, message.type])).toEqual([[`msg_${id}_1`, "turn.finished"]]);
});

test("a receiver that asks for a pause is not asked before", async () => {
	receiver.behave({ status: 429, headers: { "retry-after": "3" } });
	await asked();
	await until(() => receiver.received.length === 1);
	const refusedMs = Date.now();
	receiver.behave(204);
	await until(() => receiver.received.length === 2);
	expect(Date.now() - refusedMs).toBeGreaterThanOrEqual(2900);
	expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1);
});

test("410 ends the webhook; what was given up is sent again when it is put again and a person asks", async () => {
	receiver.behave(410);
	const id = await asked();
	await until(async () => (await server.client.session(id)).deliveries?.dead.length === 1);
	expect(await disabled()).toBe("it answered 410");
	expect((await server.client.session(id)).deliveries?.dead.map(({ address, reason }) => [address, reason])).toEqual([
		["ops", "it answered 410: nobody wants it any more"],
	]);
	const other = await asked();
	await eventsOf(server, other);
	receiver.behave(204);
	await put(server, { url: receiver.url });
	expect((await call(server, `/v1/sessions/${id}/deliveries/msg_${id}_1/retry`, "POST")).status).toBe(202);
	await until(() => receiver.received.length === 2);
	expect([await disabled(), receiver.received.map(({ session }) => session)]).toEqual([null, [id, id]]);
});

test("a receiver that never answers does not delay the session", async () => {
	receiver.behave("hang");
	await put(server, {
		url: receiver.url,
		events: ["session.created", "turn.started", "call.started", "turn.finished"],
	});
	const startedMs = Date.now();
	const id = await asked();
	const events = await eventsOf(server, id);
	expect([events.at(-1)?.type, Date.now() - startedMs < 10_000]).toEqual(["turn.finished", true]);
	await until(() => receiver.received.length === 1);
	const { status, deliveries } = await server.client.session(id);
	const wanted = events.filter(({ type }) =>
		/^(session.created|turn.started|call.started|turn.finished)$/.test(type),
	);
	expect([status, deliveries]).toEqual(["done", { pending: wanted.length, dead: [] }]);
	expect(receiver.received.map(({ type }) => type)).toEqual(["session.created"]);

	// Nothing is sent for a session that is gone.
	receiver.behave(204);
	expect((await call(server, `/v1/sessions/${id}`, "DELETE")).status).toBe(204);
	await sleep(1500);
	expect(receiver.received.length).toBe(1);
	await put(server, { url: receiver.url });
});

test("kill -9 while a receiver is down: started again, the server sends it with nobody asking", async () => {
	const stateDir = await mkdtemp(join(tmpdir(), "massgen-webhooks-"));
	const first = await npmStart({ MASSGEN_STATE: stateDir });
	await put(first, { url: receiver.url, secret });
	await receiver.down();
	const { id } = await clientOf(first).createSession({ question: "What is 6 times 7?", team });
	await eventsOf({ client: clientOf(first) }, id);
	await until(async () => (await clientOf(first).session(id)).deliveries?.pending === 1);
	await first.kill();
	await receiver.up();
	const second = await npmStart({ MASSGEN_STATE: stateDir });
	await until(() => receiver.received.length > 0);
	expect(receiver.received.map((message) => [message.id, message.type])).toEqual([[`msg_${id}_1`, "turn.finished"]]);
	await second.kill();
	await rm(stateDir, { recursive: true, force: true });
});
