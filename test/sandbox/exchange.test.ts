import { afterEach, expect, test } from "vitest";
import { exchange, unexplained, type Exchange } from "../../src/sandbox/exchange.ts";
import { runnerSandbox } from "../../src/sandbox/runner.ts";
import { at, key, shell, spec } from "./rig.ts";
import { serveFake, type Handled } from "./fake-machines.ts";

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

async function served(handle: Handled): Promise<string> {
	const fake = await serveFake(handle);
	closing.push(fake.close);
	return fake.url;
}

const never = new AbortController().signal;
const asking = (url: string, changes: Partial<Exchange> = {}): Exchange => ({
	method: "GET",
	url,
	headers: {},
	body: null,
	waitMs: 0,
	bytesMax: 10,
	signal: never,
	...changes,
});
const access = { fetch, timeoutMs: 300, name: "It" };

test.each<[bytes: number, code: string]>([
	[10, "ok"],
	[11, "bad_answer"],
])("an answer of %i bytes where 10 are allowed", async (bytes, code) => {
	const url = await served(async (_request, _body, response) => void response.end("x".repeat(bytes)));
	const outcome = await exchange(asking(url), access);
	expect(outcome.ok ? "ok" : outcome.failure.code).toBe(code);
});

test("an answer that does not come in time, unless it was asked to wait", async () => {
	const url = await served(async (_request, _body, response) => void setTimeout(() => response.end("late"), 500));
	const outcomes = [await exchange(asking(url), access), await exchange(asking(url, { waitMs: 1000 }), access)];
	expect(outcomes.map((outcome) => (outcome.ok ? "ok" : outcome.failure.message))).toEqual([
		"It did not answer in time.",
		"ok",
	]);
});

test("nobody there", async () => {
	const outcome = await exchange(asking("http://127.0.0.1:9"), access);
	expect(outcome).toEqual({
		ok: false,
		failure: { code: "unavailable", retryAfterMs: null, message: "It cannot be reached." },
	});
});

test("a redirect is not followed: the token stays", async () => {
	let elsewhere = 0;
	const target = await served(async (_request, _body, response) => {
		elsewhere += 1;
		response.end();
	});
	const url = await served(async (_request, _body, response) => {
		response.writeHead(307, { location: target }).end();
	});
	const outcome = await exchange(asking(url), access);
	expect([outcome.ok && outcome.value.status, elsewhere]).toEqual([307, 0]);
});

test.each<[status: number, code: string]>([
	[400, "bad_answer"],
	[401, "unauthorized"],
	[403, "unauthorized"],
	[408, "unavailable"],
	[429, "unavailable"],
	[500, "unavailable"],
	[503, "unavailable"],
])("status %i without a reason is %s", (status, code) => {
	expect(unexplained({ status, retryAfterMs: null, bytes: new Uint8Array() }, "It").code).toBe(code);
});

test.each<[string, status: number, headers: Record<string, string>, body: string, failure: object]>([
	["a proxy's page", 502, { "retry-after": "7" }, "<html>", { code: "unavailable", retryAfterMs: 7000 }],
	["no JSON", 200, {}, "hello", { code: "bad_answer" }],
	["another shape", 200, {}, '{"incarnation":1}', { code: "bad_answer" }],
	[
		"a reason",
		413,
		{},
		'{"type":"about:blank","title":"t","status":413,"detail":"d","code":"too_large","bytesMax":5}',
		{ code: "too_large", bytesMax: 5, message: "d" },
	],
])("a runner that answers with %s", async (_, status, headers, body, failure) => {
	const url = await served(async (_request, _body, response) => void response.writeHead(status, headers).end(body));
	const outcome = await runnerSandbox({ url, token: "t", fetch, timeoutMs: 1000 }).create(key("k"), spec, never);
	expect(outcome).toMatchObject({ ok: false, failure });
});

test("a failure never says the token", async () => {
	const token = "a-secret-token-of-ours";
	const url = await served(async (request, _body, response) => {
		response.writeHead(400).end(`you sent ${request.headers.authorization}`);
	});
	const client = runnerSandbox({ url, token, fetch, timeoutMs: 1000 });
	const outcomes = [
		await client.start(at("k", "c"), shell("true"), never),
		await runnerSandbox({ url: "http://127.0.0.1:9", token, fetch, timeoutMs: 1000 }).destroy(key("k"), never),
	];
	expect(JSON.stringify(outcomes).includes(token)).toBe(false);
});
