import { describe, expect, test } from "vitest";
import { Webhook } from "standardwebhooks";
import { deliverWebhook } from "../../durable-objects/outbox/deliver-webhook.ts";
import { migrate } from "../../durable-objects/store/migrations.ts";
import type { Delivered, Delivery } from "../../durable-objects/outbox/outbox.ts";
import type { Subscription, WebhookTarget } from "../../durable-objects/rpc.ts";
import * as hooks from "../../durable-objects/tenant/subscriptions.ts";
import { openWebhooks } from "../../durable-objects/outbox/webhooks.ts";
import type { SessionEvent } from "../../src/consensus/events.ts";
import { sqlStorage, transactionOn } from "../support/sql.ts";

const nowMs = Date.UTC(2026, 0, 1);
const secret = `whsec_${btoa("a secret of twenty-four b")}`;
const delivery: Delivery = { id: "msg_s1_1", address: "ops", payload: '{"é":1}', revision: 1, ref: null, tries: 0 };
const target: WebhookTarget = { url: "https://example.com/hook", secret, disabled: null };

type Sent = { readonly request: Request | null; readonly delivered: Delivered; readonly disabled: readonly unknown[] };

/** One try at a target that answers so. */
async function tried(answer: () => Response, found: WebhookTarget | null = target): Promise<Sent> {
	let request: Request | null = null;
	const disabled: unknown[] = [];
	const deliver = deliverWebhook({
		tenant: () => ({
			webhookTarget: async () => found,
			disableWebhook: async (webhook) => void disabled.push(webhook),
		}),
		fetch: async (input) => {
			request = input as Request;
			return answer();
		},
		now: () => nowMs,
	});
	return { delivered: await deliver(delivery, new AbortController().signal), request, disabled };
}

const answering =
	(status: number, headers: Record<string, string> = {}) =>
	() =>
		new Response(null, { status, headers });

describe("a webhook's delivery", () => {
	test("is signed so that the reference implementation takes it, and nothing that was changed", async () => {
		const now = Math.floor(Date.now() / 1000) * 1000;
		let request: Request | null = null;
		const deliver = deliverWebhook({
			tenant: () => ({ webhookTarget: async () => target, disableWebhook: async () => {} }),
			fetch: async (input) => ((request = input as Request), new Response()),
			now: () => now,
		});
		expect(await deliver(delivery, new AbortController().signal)).toEqual({ outcome: "sent" });
		const sent = request as unknown as Request;
		const [body, headers] = [await sent.text(), Object.fromEntries(sent.headers)];
		const verifier = new Webhook(secret);
		expect(verifier.verify(body, headers)).toEqual({ é: 1 });
		expect(() => verifier.verify(`${body} `, headers)).toThrow("No matching signature found");
		expect(() => verifier.verify(body, { ...headers, "webhook-id": "msg_s1_2" })).toThrow("No matching signature");
		expect([sent.method, sent.url, sent.redirect]).toEqual(["POST", "https://example.com/hook", "manual"]);
		expect(headers).toEqual({
			"content-type": "application/json",
			"user-agent": "massgen-edge",
			"webhook-id": "msg_s1_1",
			"webhook-timestamp": String(now / 1000),
			"webhook-signature": headers["webhook-signature"],
		});
	});

	const again = (reason: string, afterMs: number | null = null): Delivered => ({ outcome: "retry", afterMs, reason });
	test.each<[string, () => Response, Delivered]>([
		["204 is taken", answering(204), { outcome: "sent" }],
		["299 is taken", answering(299), { outcome: "sent" }],
		[
			"302 is not followed",
			answering(302, { location: "/" }),
			again("it answered 302; redirects are not followed"),
		],
		["308 neither", answering(308, { location: "/" }), again("it answered 308; redirects are not followed")],
		["400 is tried again", answering(400), again("it answered 400")],
		["401 is tried again: a secret may be set right", answering(401), again("it answered 401")],
		["404 is tried again: a deployment may be under way", answering(404), again("it answered 404")],
		["408 is tried again", answering(408), again("it answered 408")],
		["a refusal says when too", answering(409, { "retry-after": "30" }), again("it answered 409", 30_000)],
		["429 says when", answering(429, { "retry-after": "7" }), again("it answered 429", 7000)],
		[
			"503 says when",
			answering(503, { "retry-after": "Thu, 01 Jan 2026 00:01:00 GMT" }),
			again("it answered 503", 60_000),
		],
		["500 does not say when", answering(500), again("it answered 500")],
		["502 is tried again", answering(502), again("it answered 502")],
		["504 is tried again", answering(504), again("it answered 504")],
		[
			"no answer is tried again, and the error is not told",
			() => {
				throw new Error("connect https://user:pass@example.com failed");
			},
			again("could not be reached"),
		],
	])("%s", async (_, answer, expected) => {
		const { delivered, disabled } = await tried(answer);
		expect([delivered, disabled]).toEqual([expected, []]);
	});

	test("410 ends the webhook", async () => {
		const { delivered, disabled } = await tried(answering(410));
		expect([delivered, disabled]).toEqual([
			{ outcome: "dead", reason: "it answered 410: nobody wants it any more" },
			[{ name: "ops", url: target.url, reason: "it answered 410" }],
		]);
	});

	test.each<[string, WebhookTarget | null, string]>([
		["does not exist any more", null, "there is no webhook of this name any more"],
		["is disabled", { ...target, disabled: "it answered 410" }, "the webhook is disabled: it answered 410"],
	])("is dead, and nothing is sent, where the webhook %s", async (_, found, reason) => {
		const { delivered, request } = await tried(answering(200), found);
		expect([delivered, request]).toEqual([{ outcome: "dead", reason }, null]);
	});

	test.each<[string, number, Delivered]>([
		["what was taken stays taken", 200, { outcome: "sent" }],
		["what was not is tried again", 500, again("it answered 500")],
	])("is judged by its status where the body breaks off: %s", async (_, status, expected) => {
		const unheard: unknown[] = [];
		const listener = (error: unknown) => void unheard.push(error);
		process.on("unhandledRejection", listener);
		const broken = new ReadableStream({ start: (controller) => controller.error(new Error("reset")) });
		const { delivered } = await tried(() => new Response(broken, { status }));
		await new Promise((resolve) => setTimeout(resolve, 0));
		process.off("unhandledRejection", listener);
		expect([delivered, unheard]).toEqual([expected, []]);
	});

	test("leaves an answer without end unread", async () => {
		let pulls = 0;
		let cancelled = false;
		const endless = new ReadableStream<Uint8Array>(
			{
				pull: (controller) => {
					pulls += 1;
					controller.enqueue(new Uint8Array(1024));
				},
				cancel: () => void (cancelled = true),
			},
			{ highWaterMark: 0 },
		);
		const { delivered } = await tried(() => new Response(endless));
		expect([delivered, pulls, cancelled]).toEqual([{ outcome: "sent" }, 0, true]);
	});
});

describe("a session", () => {
	const events: readonly SessionEvent[] = [
		{ type: "note.added", text: "n" },
		{ type: "turn.failed", turn: 1, reasons: [] },
	];
	const from = { firstSeq: 5, at: "2026-01-01T00:00:00.000Z" };
	const told = (type: string, seq: number, event: SessionEvent) =>
		JSON.stringify({
			type,
			timestamp: from.at,
			data: { session: "s1", seq, event: { seq, at: from.at, ...event } },
		});
	const open = (sql: SqlStorage) => openWebhooks({ sql, transaction: transactionOn(sql) }, "s1");
	const row = (name: string, seq: number, payload: string) => ({
		key: `webhook:${name}:${seq}`,
		kind: "webhook",
		address: name,
		payload,
	});
	const noted = told("note.added", 5, { type: "note.added", text: "n" });
	const failed = told("turn.failed", 6, { type: "turn.failed", turn: 1, reasons: [] });

	test.each<[string, readonly Subscription[], readonly unknown[]]>([
		["tells nobody where nobody asked", [], []],
		[
			"tells of the ends of turns unless other events were asked for",
			[{ name: "a", events: null }],
			[row("a", 6, failed)],
		],
		["tells of what was asked for", [{ name: "a", events: ["note.added"] }], [row("a", 5, noted)]],
		[
			"tells everybody who asked",
			[
				{ name: "a", events: ["note.added", "turn.failed"] },
				{ name: "b", events: null },
			],
			[row("a", 5, noted), row("a", 6, failed), row("b", 6, failed)],
		],
	])("%s", (_, subscriptions, expected) => {
		const sql = sqlStorage();
		const webhooks = open(sql);
		webhooks.learn(subscriptions);
		expect(webhooks.outgoing(events, from)).toEqual(expected);
		expect(open(sql).outgoing(events, from)).toEqual(expected);
	});

	test("forgets those that are gone, and has no table before the first", () => {
		const sql = sqlStorage();
		const webhooks = open(sql);
		webhooks.learn([]);
		expect(sql.exec("SELECT name FROM sqlite_master").toArray()).toEqual([]);
		webhooks.learn([{ name: "a", events: null }]);
		webhooks.learn([]);
		expect([webhooks.outgoing(events, from), open(sql).outgoing(events, from)]).toEqual([[], []]);
	});
});

describe("a tenant's webhooks", () => {
	function tenant(): SqlStorage {
		const sql = sqlStorage();
		migrate(sql, { webhooks: hooks.subscriptionSteps });
		return sql;
	}
	const wanted = (name: string, change: object = {}) => ({
		name,
		url: "https://a/",
		events: null,
		secret: null,
		fresh: "f",
		...change,
	});
	const created_at = new Date(nowMs).toISOString();
	const shown = (name: string, change: object = {}) => ({
		name,
		url: "https://a/",
		events: null,
		disabled: null,
		created_at,
		...change,
	});

	test("a new one shows its secret; put again it keeps it and does not; a new secret shows", () => {
		const sql = tenant();
		const put = (change: object) => hooks.putWebhook(sql, wanted("a", change), nowMs);
		expect([put({}), put({ fresh: "g", url: "https://b/" }), put({ secret: "s" }), put({ secret: "s" })]).toEqual([
			{ ok: true, webhook: shown("a"), secret: "f" },
			{ ok: true, webhook: shown("a", { url: "https://b/" }), secret: null },
			{ ok: true, webhook: shown("a"), secret: "s" },
			{ ok: true, webhook: shown("a"), secret: null },
		]);
		expect(hooks.webhookTarget(sql, "a")).toEqual({ url: "https://a/", secret: "s", disabled: null });
	});

	test(`there may be ${hooks.webhooksMax}, and not one more; each may be replaced and dropped`, () => {
		const sql = tenant();
		const names = Array.from({ length: hooks.webhooksMax }, (_, i) => `w${i}`);
		expect(names.every((name) => hooks.putWebhook(sql, wanted(name), nowMs).ok)).toBe(true);
		expect(hooks.putWebhook(sql, wanted("more"), nowMs)).toEqual({
			ok: false,
			code: "conflict",
			detail: "There are already 10 webhooks, as many as there may be. Delete one first.",
		});
		expect(hooks.putWebhook(sql, wanted("w0"), nowMs).ok).toBe(true);
		expect([hooks.dropWebhook(sql, "w0"), hooks.dropWebhook(sql, "w0")]).toEqual([true, false]);
		expect(hooks.putWebhook(sql, wanted("more"), nowMs).ok).toBe(true);
		expect(hooks.webhooks(sql).length).toBe(hooks.webhooksMax);
	});

	test("a disabled one is not told to sessions until it is put again; one that has moved meanwhile stays", () => {
		const sql = tenant();
		hooks.putWebhook(sql, wanted("a", { events: ["note.added"] }), nowMs);
		const told = { webhooks: [{ name: "a", events: ["note.added"] }] };
		hooks.disableWebhook(sql, { name: "a", url: "https://elsewhere/", reason: "gone" });
		expect(hooks.subscriptions(sql)).toEqual(told);
		hooks.disableWebhook(sql, { name: "a", url: "https://a/", reason: "gone" });
		expect([hooks.subscriptions(sql), hooks.webhooks(sql)]).toEqual([
			{},
			[shown("a", { events: ["note.added"], disabled: "gone" })],
		]);
		hooks.putWebhook(sql, wanted("a", { events: ["note.added"] }), nowMs);
		expect(hooks.subscriptions(sql)).toEqual(told);
	});
});
