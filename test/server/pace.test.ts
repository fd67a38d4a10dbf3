import { afterAll, beforeAll, expect, test } from "vitest";
import { member } from "../support/members.ts";
import { eventsOf, startTestServer, type TestServer } from "../support/server.ts";

let server: TestServer;
beforeAll(async () => void (server = await startTestServer()));
afterAll(() => server.close());

const oak = "Oak, which lasts for centuries.";
const pine = "Pine: light, cheap, and it smells good.";

test("a session shows where its calls stand and what its hosts allow while a turn runs, and nothing of it at rest", async () => {
	const { promise: released, resolve: release } = Promise.withResolvers<void>();
	const speaking = { text: "Well." };
	const team = server.team({
		a: member({ answers: oak, votesFor: [oak], first: { answer: [{ waitFor: released }] } }),
		b: member({ answers: pine, votesFor: [oak], first: { answer: [speaking, { waitFor: released }] } }),
	});
	const { id } = await server.client.createSession({ question: "Which wood?", team });
	const shown = async () => {
		const { calls, pace } = await server.client.session(id);
		return { calls, pace };
	};
	const [a, b] = team.agents.map(({ backend, model }) => ({ backend, model }));
	const free = { state: "closed", requests_left: null, tokens_left: null, resets_at: null };
	await expect.poll(shown, { timeout: 10_000 }).toEqual({
		calls: [
			{ call: "t1.a1.r1.c1.x1", agent: "a", state: "waiting" },
			{ call: "t1.a2.r1.c1.x1", agent: "b", state: "streaming" },
		],
		pace: {
			waiting_for_headers: { max: 6, taken: 1, queued: 0 },
			hosts: [
				{ ...a, ...free },
				{ ...b, ...free },
			],
		},
	});
	release();
	await eventsOf(server, id);
	expect(await shown()).toEqual({
		calls: [],
		pace: { waiting_for_headers: { max: 6, taken: 0, queued: 0 }, hosts: [] },
	});
});
