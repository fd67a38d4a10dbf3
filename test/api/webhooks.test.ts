import { describe, expect, test } from "vitest";
import { urlFault } from "../../src/api/webhook-url.ts";
import { badInput, makeApi, refusedWith, send, startMs } from "../support/api.ts";
import { freshSecret } from "../support/memory-objects.ts";

const url = "https://example.com/hook";
const created_at = new Date(startMs).toISOString();
const ends = ["turn.finished", "turn.failed", "session.cancelled"];
const shown = (name: string, more: object = {}) => ({ name, url, events: ends, disabled: null, created_at, ...more });
const put = (body: unknown) => ({ method: "PUT", body });
const secretOf = (bytes: number) => `whsec_${btoa("x".repeat(bytes))}`;

test("a webhook is put, shown without its secret, listed and deleted", async () => {
	const api = makeApi();
	expect(await send(api, "/v1/webhooks/ops", put({ url }))).toEqual({
		status: 200,
		body: shown("ops", { secret: freshSecret }),
	});
	expect(await send(api, "/v1/webhooks/ops")).toEqual({ status: 200, body: shown("ops") });
	expect(await send(api, "/v1/webhooks/ops", put({ url, events: ["vote.cast"] }))).toEqual({
		status: 200,
		body: shown("ops", { events: ["vote.cast"] }),
	});
	expect(await send(api, "/v1/webhooks")).toEqual({
		status: 200,
		body: { webhooks: [shown("ops", { events: ["vote.cast"] })] },
	});
	expect((await send(api, "/v1/webhooks/ops", { method: "DELETE" })).status).toBe(204);
	const gone = refusedWith(404, "There is no webhook `ops`. GET /v1/webhooks lists what there is.");
	expect([await send(api, "/v1/webhooks/ops"), await send(api, "/v1/webhooks/ops", { method: "DELETE" })]).toEqual([
		gone,
		gone,
	]);
});

const secretFault = "must be `whsec_` and the base64 of 24 to 64 bytes";
test.each<[string, unknown, string, string]>([
	["no url", {}, "url", "is required"],
	["an unknown key", { url, method: "GET" }, "method", "unknown key"],
	["no events", { url, events: [] }, "events", "must be at least 1 entries"],
	[
		"an unknown event",
		{ url, events: ["turn.finish"] },
		"events.0",
		"is no type of event; did you mean `turn.finished`?",
	],
	["another event", { url, events: ["x"] }, "events.0", "is no type of event"],
	["a bare secret", { url, secret: btoa("x".repeat(32)) }, "secret", secretFault],
	["a short secret", { url, secret: secretOf(23) }, "secret", secretFault],
	["a long secret", { url, secret: secretOf(65) }, "secret", secretFault],
	["a long url", { url: `https://a.example/${"x".repeat(2031)}` }, "url", "must be at most 2048 characters"],
	["a private url", { url: "https://10.0.0.1/" }, "url", "must be an address that everybody can reach"],
])("refused: %s", async (_, body, path, message) => {
	const api = makeApi({ publicUrl: "https://massgen.example" });
	const got = await send(api, "/v1/webhooks/ops", put(body));
	expect(got.status).toBe(400);
	expect(got).toEqual(badInput({ path, message }));
	expect(await send(api, "/v1/webhooks")).toEqual({ status: 200, body: { webhooks: [] } });
});

test.each([24, 64])("a secret of %i bytes is taken and shown once", async (bytes) => {
	const api = makeApi();
	const secret = secretOf(bytes);
	expect(await send(api, "/v1/webhooks/ops", put({ url, secret }))).toEqual({
		status: 200,
		body: shown("ops", { secret }),
	});
	expect(await send(api, "/v1/webhooks/ops", put({ url, secret }))).toEqual({ status: 200, body: shown("ops") });
});

test.each<[string, boolean]>([
	["a", true],
	["A.b_c-9", true],
	["x".repeat(64), true],
	["x".repeat(65), false],
	["-a", false],
	["a%20b", false],
])("a webhook named %s: %s", async (name, taken) => {
	expect((await send(makeApi(), `/v1/webhooks/${name}`, put({ url }))).status).toBe(taken ? 200 : 400);
});

test("one more than there may be is a conflict", async () => {
	const api = makeApi();
	for (let i = 0; i < 10; i++) await send(api, `/v1/webhooks/w${i}`, put({ url }));
	expect(await send(api, "/v1/webhooks/more", put({ url }))).toEqual(
		refusedWith(409, "There are already 10 webhooks, as many as there may be. Delete one first."),
	);
});

test("a session is told of the webhooks when it is opened and with each message", async () => {
	const api = makeApi();
	await send(api, "/v1/webhooks/ops", put({ url }));
	const asked = await send(api, "/v1/sessions", { body: { question: "2+2?" } });
	const { id } = asked.body as { id: string };
	const told = () => api.sessions.opened()[0]?.webhooks;
	expect(told()).toEqual([{ name: "ops", events: null }]);
	await send(api, "/v1/webhooks/ops", put({ url, events: ["vote.cast"] }));
	await send(api, `/v1/sessions/${id}/turns`, { body: { message: "And?" } });
	expect(told()).toEqual([{ name: "ops", events: ["vote.cast"] }]);
	await send(api, "/v1/webhooks/ops", { method: "DELETE" });
	await send(api, `/v1/sessions/${id}/turns`, { body: { message: "And?" } });
	expect(told()).toBe(undefined);
});

test("a dead delivery is sent once more when asked for", async () => {
	const api = makeApi();
	const asked = await send(api, "/v1/sessions", { body: { question: "2+2?" } });
	const { id } = asked.body as { id: string };
	const retry = (session: string, delivery: string) =>
		send(api, `/v1/sessions/${session}/deliveries/${delivery}/retry`, { method: "POST" });
	expect([await retry(id, "msg_dead"), await retry(id, "msg_other"), await retry("none", "msg_dead")]).toEqual([
		{ status: 202, body: "" },
		refusedWith(404, "There is no such dead delivery."),
		refusedWith(404, "There is no session `none`."),
	]);
});

describe("an address", () => {
	const reach = "must be an address that everybody can reach";
	const https = "must start with https://";
	test.each<[string, string | null, string | null]>([
		// The address, what a hosted server says to it, what a local one.
		["https://example.com/hook?a=b", null, null],
		["https://example.com:8443/", null, null],
		["https://8.8.8.8/", null, null],
		["https://[2606:4700::1111]/", null, null],
		["http://example.com/", https, https],
		["ftp://example.com/", https, https],
		["example.com", "must be a URL", "must be a URL"],
		["https://", "must be a URL", "must be a URL"],
		[
			"https://me:pw@example.com/",
			"must not hold a user name or password",
			"must not hold a user name or password",
		],
		["https://me@example.com/", "must not hold a user name or password", "must not hold a user name or password"],
		["http://localhost:9000/", reach, null],
		["http://127.0.0.1/", reach, null],
		["http://127.9.9.9/", reach, null],
		["http://[::1]/", reach, null],
		["http://hook.localhost/", reach, null],
		["ws://localhost/", reach, "must start with https:// or http://"],
		["https://localhost./", reach, null],
		["https://LOCALHOST/", reach, null],
		["https://2130706433/", reach, null],
		["https://0x7f.1/", reach, null],
		["http://10.1.2.3/", reach, https],
		["https://10.1.2.3/", reach, null],
		["https://172.15.0.1/", null, null],
		["https://172.16.0.1/", reach, null],
		["https://172.31.255.255/", reach, null],
		["https://172.32.0.1/", null, null],
		["https://192.168.1.1/", reach, null],
		["https://169.254.169.254/", reach, null],
		["https://100.64.0.1/", reach, null],
		["https://100.128.0.1/", null, null],
		["https://0.0.0.0/", reach, null],
		["https://224.0.0.1/", reach, null],
		["https://[fe80::1]/", reach, null],
		["https://[fd00::1]/", reach, null],
		["https://[::ffff:10.0.0.1]/", reach, null],
		["https://[2002:a00:1::]/", reach, null],
		["https://[2001::1]/", reach, null],
		["https://intranet/", reach, null],
		["https://db.internal/", reach, null],
		["https://printer.local/", reach, null],
	])("%s", (text, hosted, local) => {
		expect([urlFault(text, { local: false }), urlFault(text, { local: true })]).toEqual([hosted, local]);
	});
});
