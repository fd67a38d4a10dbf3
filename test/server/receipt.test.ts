import { afterAll, beforeAll, expect, test } from "vitest";
import { Receipt } from "../../src/api/receipt-schema.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

let server: TestServer;
beforeAll(async () => void (server = await startTestServer()));
afterAll(() => server.close());

test("a receipt has every call of its session, in pages, with the totals of the whole", async () => {
	const { client } = server;
	const { id } = await client.createSession({ question: "What is 15% of 80?", team: "demo" });
	for await (const _ of client.events(id));
	const whole = Receipt.parse(await client.receipt(id));
	const first = await client.receipt(id, { limit: 2 });
	const rest = await client.receipt(id, { limit: 500, cursor: first.cursor ?? "" });
	expect([first.calls.length, first.totals, rest.cursor, [...first.calls, ...rest.calls]]).toEqual([
		2,
		whole.totals,
		null,
		whole.calls,
	]);
	expect([whole.totals.cost_usd, whole.totals.changed.new_answer >= 1]).toEqual([0, true]);
});

test("a page is bounded, and a session that is not there has no receipt", async () => {
	const { client } = server;
	const { id } = await client.createSession({ question: "What is 2 + 2?", team: "demo" });
	await expect(client.receipt(id, { limit: 501 })).rejects.toMatchObject({ problem: { status: 400 } });
	await expect(client.receipt("none")).rejects.toMatchObject({ problem: { status: 404 } });
});
