import { afterAll, beforeAll, expect, test } from "vitest";
import { member, newAnswer } from "../support/members.ts";
import { eventsOf, played, startTestServer, type TestServer } from "../support/server.ts";
import { picked } from "../support/trace.ts";
import { eventIn, openSocket, sseFrames } from "../support/watching.ts";

let server: TestServer;
beforeAll(async () => void (server = await startTestServer()));
afterAll(() => server.close());

const blue = "Blue, since it calms.";
const red = "Red: it wakes everybody up.";

test("an answer's text reaches a watcher while the provider still streams it", async () => {
	const { promise: seen, resolve: received } = Promise.withResolvers<void>();
	const speaks = [{ reasoning: "Weighing colours." }, { text: "Blue it is" }, { waitFor: seen }, { text: ", then." }];
	const team = server.team({ a: () => [...speaks, newAnswer(blue)] }, { protocol: { final: "reuse" } });
	const { id } = await server.client.createSession({ question: "Which colour?", team });
	// The fake goes on only once this has seen the first piece: were it not streamed, the stream would never end.
	const events = await eventsOf(server, id, (event) => void (event.type === "agent.text" && received()));
	expect(picked(events, "agent.reasoning", "agent.text")).toEqual([
		{ type: "agent.reasoning", agent: "a", call: "t1.a1.r1.c1.x1", text: "Weighing colours." },
		{ type: "agent.text", agent: "a", call: "t1.a1.r1.c1.x1", text: "Blue it is" },
		{ type: "agent.text", agent: "a", call: "t1.a1.r1.c1.x1", text: ", then." },
	]);
});

test("the final answer reaches a watcher while the presenter still writes it", async () => {
	const { promise: seen, resolve: received } = Promise.withResolvers<void>();
	const first = { final: [{ text: "In short: " }, { waitFor: seen }] };
	const team = server.team({
		a: member({ answers: blue, votesFor: [blue], presents: "blue.", first }),
		b: member({ answers: red, votesFor: [blue] }),
	});
	const { id } = await server.client.createSession({ question: "Which colour?", team });
	const events = await eventsOf(server, id, (event) => void (event.type === "final.text" && received()));
	expect(picked(events, "final.text").map(({ text }) => text)).toEqual(["In short: ", "blue."]);
	expect(picked(events, "turn.finished").map(({ answer }) => answer)).toEqual(["In short: blue."]);
});

/** A session that has come to rest, with the lines of its log. */
async function atRest(): Promise<{ readonly id: string; readonly lines: readonly string[] }> {
	const team = server.team({
		a: member({ answers: blue, votesFor: [blue] }),
		b: member({ answers: red, votesFor: [blue] }),
	});
	const { id } = await played(server, team);
	return { id, lines: (await sseFrames(server, id)).map(({ data }) => data) };
}

test("a watcher who comes back gets what followed, by either name of the place", async () => {
	const { id, lines } = await atRest();
	const last = lines.length;
	const heard = async (query: string, lastEventId?: number) => {
		const headers = lastEventId === undefined ? {} : { "last-event-id": String(lastEventId) };
		return (await sseFrames(server, id, { query, headers })).map(({ data }) => data);
	};
	expect(await heard("?from=1")).toEqual(lines);
	expect(await heard("?from=5")).toEqual(lines.slice(4));
	expect(await heard("", 0)).toEqual(lines);
	expect(await heard("", 5)).toEqual(lines.slice(5));
	expect(await heard("?from=2", 9)).toEqual(lines.slice(9));
	expect(await heard(`?from=${last}`)).toEqual(lines.slice(-1));
	// Nothing follows the terminal event, and nothing will until somebody asks: the stream ends at once.
	expect(await heard("", last)).toEqual([]);
	expect(await heard(`?from=${last + 100}`)).toEqual([]);
	const socket = await openSocket(server, id, "?from=5");
	expect(await socket.until(["turn.finished"])).toEqual(lines.slice(4));
	socket.close();
});

test("a watcher who is cut off again and again misses nothing and gets nothing twice", async () => {
	const pieces = Array.from({ length: 12 }, (_, i) => [{ text: `piece ${i} ` }, { waitMs: 120 }]).flat();
	const team = server.team({ a: () => [...pieces, newAnswer(blue)] }, { protocol: { final: "reuse" } });
	const { id } = await server.client.createSession({ question: "Which colour?", team });
	const lines: string[] = [];
	let connections = 0;
	while (connections < 100 && !lines.some((line) => eventIn(line).type === "turn.finished")) {
		connections += 1;
		const headers = { "last-event-id": String(lines.length) };
		lines.push(...(await sseFrames(server, id, { headers, framesMax: 3 })).map(({ data }) => data));
	}
	expect(lines).toEqual((await sseFrames(server, id)).map(({ data }) => data));
	expect(connections).toBe(Math.ceil(lines.length / 3));
	const said = picked(lines.map(eventIn), "agent.text").map(({ text }) => text);
	expect(said.join("")).toBe(pieces.flatMap((piece) => ("text" in piece ? [piece.text] : [])).join(""));
});

test("many watchers see the same", async () => {
	const { promise: allThere, resolve: go } = Promise.withResolvers<void>();
	const team = server.team(
		{ a: () => [{ text: "Well, " }, { waitFor: allThere }, newAnswer(blue)] },
		{ protocol: { final: "reuse" } },
	);
	const { id } = await server.client.createSession({ question: "Which colour?", team });
	const sockets = await Promise.all(Array.from({ length: 12 }, () => openSocket(server, id)));
	const streams = Array.from({ length: 40 }, () => sseFrames(server, id));
	go();
	const [first = [], ...others] = await Promise.all(streams);
	const lines = first.map(({ data }) => data);
	expect(eventIn(lines.at(-1) ?? "{}").type).toBe("turn.finished");
	expect(others.filter((frames) => JSON.stringify(frames) !== JSON.stringify(first))).toEqual([]);
	const bySocket = await Promise.all(sockets.map((socket) => socket.until(["turn.finished"])));
	expect(bySocket.filter((heard) => heard.join("\n") !== lines.join("\n"))).toEqual([]);
	for (const socket of sockets) socket.close();
});

test("at the end of a turn an event stream ends; a WebSocket stays and gets the next turn", async () => {
	const { id, lines } = await atRest();
	const socket = await openSocket(server, id);
	await server.client.send(id, "And for the kitchen?");
	const all = await socket.until(["turn.finished"], 2);
	expect(all.slice(0, lines.length)).toEqual(lines);
	expect((await sseFrames(server, id)).map(({ data }) => data)).toEqual(all);
	expect(picked(all.map(eventIn), "turn.started")).toEqual([
		{ type: "turn.started", turn: 1, question: "Which city shall we go to?" },
		{ type: "turn.started", turn: 2, question: "And for the kitchen?" },
	]);
	socket.close();
});
