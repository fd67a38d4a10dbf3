import { afterAll, beforeAll, expect, test } from "vitest";
import { Counterfactuals } from "../../src/api/counterfactuals-schema.ts";
import { played, startTestServer, type TestServer } from "../support/server.ts";

let server: TestServer;
beforeAll(async () => (server = await startTestServer()));
afterAll(() => server.close());

test("a session at rest tells what else its votes could have come to, without another call", async () => {
	const { client } = server;
	const { id } = await client.createSession({ question: "What is 2+3*4?", team: "demo" });
	for await (const event of client.events(id)) if (event.type === "turn.finished") break;
	const before = await client.session(id);
	const { turns } = Counterfactuals.parse(await client.counterfactuals(id));
	expect(turns.map(({ turn, winner, what_if }) => [turn, winner, what_if.map(({ what }) => what)])).toEqual([
		[
			1,
			before.turns[0]?.winner?.answer,
			["without_agent", "without_agent", "without_agent", "latest_of_equals", "self_votes_count", "stop", "stop"],
		],
	]);
	expect((await client.session(id)).last_seq).toBe(before.last_seq);
});

test("there is nothing to tell before anything is decided, and nobody to ask where there is no session", async () => {
	const { client } = server;
	await expect(client.counterfactuals("none")).rejects.toMatchObject({ problem: { status: 404 } });
	const { id } = await played(server, server.team({ a: () => [{ status: 400, message: "no" }] }));
	expect(await client.counterfactuals(id)).toEqual({ id, turns: [] });
});
