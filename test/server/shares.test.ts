import { afterAll, beforeAll, expect, test } from "vitest";
import { makeClient } from "../../src/api/client.ts";
import { newAnswer } from "../support/members.ts";
import { eventsOf, startTestServer, type TestServer } from "../support/server.ts";

/** Links, files and documents by real HTTP. */
let server: TestServer;
beforeAll(async () => void (server = await startTestServer()));
afterAll(() => server.close());

const secret = "nobody else is to read this";

test("whoever watches with a link is let go within seconds of its end, and the session goes on", async () => {
	const released = Promise.withResolvers<void>();
	const team = server.team({ a: () => [{ text: "Let me see. " }, { waitFor: released.promise }, newAnswer("Rome")] });
	const agents = team.agents.map((agent) => ({ ...agent, system: secret }));
	const { id } = await server.client.createSession({ question: "Which city?", team: { ...team, agents } });
	const link = await server.client.share(id);
	const url = `${server.url}/v1/shared/${link.token}/events`;
	const { body } = await fetch(url);
	const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
	let heard = "";
	while (!heard.includes("event: call.started")) heard += (await reader?.read())?.value ?? "";
	const socket = new WebSocket(url.replace("http", "ws"));
	const first = await new Promise<string>((resolve) => {
		socket.addEventListener("message", ({ data }) => resolve(String(data)), { once: true });
	});

	const startedMs = Date.now();
	await server.client.unshare(id, link.id);
	while ((await reader?.read())?.done === false);
	// The object says goodbye at once; that the connection itself ends may take as long as its calls do.
	while (socket.readyState === WebSocket.OPEN) await new Promise((resolve) => setTimeout(resolve, 10));
	expect([Date.now() - startedMs < 2000, (await fetch(url)).status]).toEqual([true, 404]);
	expect([(JSON.parse(first) as { seq: number }).seq, `${heard}${first}`.includes(secret)]).toEqual([1, false]);
	released.resolve();
	const events = await eventsOf(server, id);
	expect([events.at(-1)?.type, JSON.stringify(events).includes(secret)]).toEqual(["turn.finished", true]);
});

test("a finished session is followed by link to its end, and exported", async () => {
	const team = server.team({ a: () => [newAnswer("Rome, by all means")] });
	const agents = team.agents.map((agent) => ({ ...agent, system: secret }));
	const { id } = await server.client.createSession({ question: "Which city?", team: { ...team, agents } });
	await eventsOf(server, id);
	const { token } = await server.client.share(id);
	const guest = makeClient({ baseUrl: server.url, key: "", fetch: (request) => fetch(request) });
	const types: string[] = [];
	for await (const { type } of guest.sharedEvents(token)) types.push(type);
	const [md, json] = await Promise.all([guest.sharedExport(token, "md"), guest.sharedExport(token, "json")]);
	const texts = await Promise.all([md.text(), json.text()]);
	const { events } = JSON.parse(texts[1] ?? "") as { events: { type: string }[] };
	expect([types, texts[0]?.startsWith("# Which city?"), texts[0]?.includes("Rome, by all means")]).toEqual([
		events.map(({ type }) => type),
		true,
		true,
	]);
	expect(texts.map((text) => text.includes(secret))).toEqual([false, false]);
	expect((await (await server.client.exported(id, "json")).text()).includes(secret)).toBe(true);
});

test("a team goes in and out as YAML", async () => {
	await server.client.putTeamYaml("mine", "agents: [{ id: a, backend: demo, model: demo-precedence }]");
	expect(await server.client.teamYaml("mine")).toContain("model: demo-precedence");
});
