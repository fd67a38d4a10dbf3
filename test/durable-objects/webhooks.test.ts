/// <reference types="@cloudflare/vitest-plugin/types" />
import { abortAllDurableObjects, env, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { SessionRpc, TenantRpc } from "../../durable-objects/rpc.ts";
import type { Team } from "../../src/consensus/team.ts";
import { teamOf } from "../consensus/scenario.ts";

/** A session's object and its tenant's in the Workers runtime, and a receiver of webhooks that takes nothing unsigned. */
type Objects = { readonly SESSION: DurableObjectNamespace; readonly TENANT: DurableObjectNamespace };

function sessionOf(name: string): SessionRpc & DurableObjectStub {
	const { SESSION } = env as unknown as Objects;
	return SESSION.getByName(name) as unknown as SessionRpc & DurableObjectStub;
}

function tenant(): TenantRpc {
	const { TENANT } = env as unknown as Objects;
	return TENANT.getByName("default") as unknown as TenantRpc;
}

const { agents, ...rest } = teamOf({});
const alone: Team = { ...rest, agents: agents.slice(0, 1).map((agent) => ({ ...agent, model: "demo-precedence" })) };
const secret = `whsec_${btoa("the receiver's secret, 32 bytes.")}`;
const url = "https://receiver.example/hook";

type Received = { readonly id: string | null; readonly body: { type: string; data: { session: string; seq: number } } };
let received: Received[] = [];
let statuses: number[] = [];

/** Answers with the next of `statuses`, and takes everything after them. */
async function receive(request: Request): Promise<Response> {
	const text = await request.text();
	const body = new Webhook(secret).verify(text, Object.fromEntries(request.headers));
	received.push({ id: request.headers.get("webhook-id"), body: body as Received["body"] });
	return new Response(null, { status: statuses.shift() ?? 204 });
}

beforeEach(async () => {
	received = [];
	statuses = [];
	vi.stubGlobal("fetch", receive);
	await tenant().putWebhook({ name: "ops", url, events: null, secret });
});
afterEach(() => void vi.unstubAllGlobals());

async function until<T>(look: () => Promise<T> | T, reached: (found: T) => boolean): Promise<T> {
	for (let looks = 0; looks < 300; looks++) {
		const found = await look();
		if (reached(found)) return found;
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
	throw new Error("it never came so far");
}

const rowsOf = (name: string, query: string) =>
	runInDurableObject(sessionOf(name), (_, state) => state.storage.sql.exec(query).toArray());
const alarmOf = (name: string) => runInDurableObject(sessionOf(name), (_, state) => state.storage.getAlarm());
const statesOf = (name: string) => rowsOf(name, "SELECT state, tries FROM outbox");
const ask = (name: string) =>
	sessionOf(name).open({
		id: name,
		team: alone,
		question: "What is 6 times 7?",
		webhooks: [{ name: "ops", events: null }],
	});

test("the end of a turn is told once, signed, and nothing is left to wake for", async () => {
	const name = "told";
	await ask(name);
	await until(
		() => received.length,
		(count) => count > 0,
	);
	await until(
		() => alarmOf(name),
		(alarm) => alarm === null,
	);
	const { last_seq = 0, deliveries } = (await sessionOf(name).summary()) ?? {};
	expect(received.map(({ id, body }) => [id, body.type, body.data.session, body.data.seq])).toEqual([
		[`msg_${name}_1`, "turn.finished", name, last_seq],
	]);
	expect([await statesOf(name), deliveries]).toEqual([[{ state: "sent", tries: 0 }], undefined]);

	// What the tenant wants by then is what the next message brings.
	await sessionOf(name).send("And 1 + 1?", [], []);
	await until(
		() => sessionOf(name).summary(),
		(summary) => summary?.turns.filter(({ status }) => status === "done").length === 2,
	);
	expect(received.length).toBe(1);
});

test("a session at rest keeps its alarm for what was not taken, and sends it again after a crash", async () => {
	const name = "crashed";
	statuses = [500];
	await ask(name);
	await until(
		() => received.length,
		(count) => count === 1,
	);
	await until(
		() => rowsOf(name, "SELECT reason FROM outbox"),
		([row]) => row?.["reason"] === "it answered 500",
	);
	const dueMs = await alarmOf(name);
	expect([dueMs !== null, (await sessionOf(name).summary())?.deliveries]).toEqual([true, { pending: 1, dead: [] }]);
	await abortAllDurableObjects();
	await until(
		() => runDurableObjectAlarm(sessionOf(name)).then(() => received.length),
		(count) => count === 2,
	);
	await until(
		() => alarmOf(name),
		(alarm) => alarm === null,
	);
	expect([received.map(({ id }) => id), await statesOf(name)]).toEqual([
		[`msg_${name}_1`, `msg_${name}_1`],
		[{ state: "sent", tries: 0 }],
	]);
});

test("410 ends the webhook, and a dead delivery is sent when a person asks once it is put again", async () => {
	const name = "gone";
	statuses = [410];
	await ask(name);
	const summary = await until(
		() => sessionOf(name).summary(),
		(found) => (found?.deliveries?.dead.length ?? 0) > 0,
	);
	const id = `msg_${name}_1`;
	expect(summary?.deliveries?.dead.map((dead) => [dead.id, dead.kind, dead.address, dead.reason])).toEqual([
		[id, "webhook", "ops", "it answered 410: nobody wants it any more"],
	]);
	expect((await tenant().webhooks()).map(({ disabled }) => disabled)).toEqual(["it answered 410"]);
	expect(await sessionOf(name).redeliver("msg_gone_2")).toEqual({
		ok: false,
		code: "not_found",
		detail: "There is no such dead delivery.",
	});
	await tenant().putWebhook({ name: "ops", url, events: null, secret: null });
	expect(await sessionOf(name).redeliver(id)).toEqual({ ok: true });
	await until(
		() => received.length,
		(count) => count === 2,
	);
	await until(
		() => statesOf(name),
		([row]) => row?.["state"] === "sent",
	);
});

test("a deleted session has no rows, and what it had under way is not written down", async () => {
	const name = "deleted";
	let release = () => {};
	const held = new Promise<void>((resolve) => (release = resolve));
	let asked = 0;
	vi.stubGlobal("fetch", async () => {
		asked += 1;
		await held;
		return new Response();
	});
	await ask(name);
	await until(
		() => asked,
		(count) => count === 1,
	);
	await sessionOf(name).destroy();
	release();
	await new Promise((resolve) => setTimeout(resolve, 100));
	expect(await rowsOf(name, "SELECT name FROM sqlite_master WHERE name IN ('outbox', 'webhooks')")).toEqual([]);
	expect(await alarmOf(name)).toBe(null);
});

test("a fresh secret is made for a webhook that brings none, and can be decoded", async () => {
	const put = await tenant().putWebhook({ name: "fresh", url, events: null, secret: null });
	expect(put.ok && atob((put.secret ?? "").replace("whsec_", "")).length).toBe(32);
	await tenant().dropWebhook("fresh");
});
