import { expect, test } from "vitest";
import type { TenantRpc } from "../../durable-objects/rpc.ts";
import { type Sent, badInput, makeApi, refusedWith, send } from "../support/api.ts";

const urls = (id: string, base = "http://localhost") => ({
	url: `${base}/v1/sessions/${id}`,
	events_url: `${base}/v1/sessions/${id}/events`,
});
const created = (id: string) => ({ status: 202, body: { id, status: "running", ...urls(id) } });
const question = { question: "Why?" };

const keyed = (key: string, body: unknown = question): Sent => ({ body, headers: { "idempotency-key": key } });
const reused = refusedWith(422, "This Idempotency-Key was already used with another body. Use a new key.");
test.each<[string, Sent[], object[], number]>([
	["the same key and body give the same session", [keyed("k"), keyed("k")], [created("s1"), created("s1")], 1],
	[
		"the order of keys makes no other body",
		[keyed("k", { question: "q", team: "demo" }), keyed("k", { team: "demo", question: "q" })],
		[created("s1"), created("s1")],
		1,
	],
	["another body is refused", [keyed("k"), keyed("k", { question: "Why not?" })], [created("s1"), reused], 1],
	["another key gives another session", [keyed("k"), keyed("l")], [created("s1"), created("s2")], 2],
	["no key gives another session", [{ body: question }, { body: question }], [created("s1"), created("s2")], 2],
	[
		"a body that was refused uses up no key",
		[keyed("k", {}), keyed("k")],
		[badInput({ path: "question", message: "is required" }), created("s1")],
		1,
	],
	["a key of 255 characters", [keyed("k".repeat(255))], [created("s1")], 1],
	[
		"a key of 256 characters is refused",
		[keyed("k".repeat(256))],
		[badInput({ path: "Idempotency-Key", message: "must be at most 255 characters" })],
		0,
	],
	["an empty key is refused", [keyed("")], [badInput({ path: "Idempotency-Key", message: "must not be empty" })], 0],
])("idempotency: %s", async (_, requests, expected, stored) => {
	const api = makeApi();
	const got = [];
	for (const sent of requests) got.push(await send(api, "/v1/sessions", sent));
	expect(got.map(({ status, body }) => [status, (body as { id?: string }).id])).toEqual(
		expected.map((one) => [(one as { status: number }).status, (one as { body: { id?: string } }).body.id]),
	);
	expect(got.filter(({ status }) => status >= 400)).toEqual(
		expected.filter((one) => (one as { status: number }).status >= 400),
	);
	expect(api.sessions.opened()).toHaveLength(stored);
});

test("a session that its object refuses to open is not left in the list", async () => {
	const { deps } = makeApi();
	const session = (id: string) => ({
		...deps.session(id),
		open: async () => ({ ok: false, code: "conflict", detail: "no room" }) as const,
	});
	const api = makeApi({ session });
	expect(await send(api, "/v1/sessions", { body: question })).toEqual(refusedWith(409, "no room"));
	expect(await send(api, "/v1/sessions")).toEqual({ status: 200, body: { sessions: [], cursor: null } });
});

test.each<[string, Sent, readonly string[]]>([
	["without a key", { body: question }, ["reserving", "reserved", "opened s1"]],
	["with one", keyed("k"), ["reserving", "reserved", "opened s1"]],
])("a session is opened only once its row is there, %s", async (_, sent, expected) => {
	const { deps } = makeApi();
	const order: string[] = [];
	const reserve: TenantRpc["reserve"] = async (input) => {
		order.push("reserving");
		await new Promise((resolve) => setTimeout(resolve, 5));
		const reserved = await deps.tenant().reserve(input);
		order.push("reserved");
		return reserved;
	};
	const session = (id: string) => ({
		...deps.session(id),
		open: async () => {
			order.push(`opened ${id}`);
			return { ok: true } as const;
		},
	});
	await send(makeApi({ tenant: () => ({ ...deps.tenant(), reserve }), session }), "/v1/sessions", sent);
	expect(order).toEqual(expected);
});

test("a session whose row cannot be made is never opened", async () => {
	const { deps } = makeApi();
	const reserve = async () => Promise.reject(new Error("the register is away"));
	const api = makeApi({ tenant: () => ({ ...deps.tenant(), reserve }) });
	expect(await send(api, "/v1/sessions", { body: question })).toEqual(
		refusedWith(500, "Something failed on our side; the request may be sent again."),
	);
	expect(api.sessions.opened()).toEqual([]);
});
