import { createServer } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Brain } from "../support/fake-script.ts";
import { member, newAnswer, shownIn, vote } from "../support/members.ts";
import { eventsOf, played, startTestServer, type Team, type TestServer } from "../support/server.ts";
import { picked, traceOf } from "../support/trace.ts";
import { eventIn, openSocket, sseFrames } from "../support/watching.ts";

let server: TestServer;
beforeAll(
	async () => void (server = await startTestServer({ XAI_BASE_URL: await deadEnd(), XAI_API_KEY: "nobody-there" })),
);
afterAll(() => server.close());

const lima = "Lima, on the coast.";
const quito = "Quito, high in the Andes.";
const bogota = "Bogota, in the east of its country.";
const better = "La Paz: the seat of a government above 3600 metres.";

const sealed = ["round 1", "calls, paid 1, offered new_answer vote", "call ok"];
const decides = ["calls, paid 1, offered new_answer vote", "call ok"];
const presents = ["presents, try 1, present", "calls, paid 1, offered nothing", "call ok"];

test("three agents of three providers agree, and the same is seen by SSE and by WebSocket", async () => {
	const team = server.team({
		a: member({ answers: lima, votesFor: [lima], presents: "It is Lima." }),
		b: member({ answers: quito, votesFor: [lima] }),
		c: member({ answers: bogota, votesFor: [lima] }),
	});
	const { id } = await server.client.createSession({ question: "Which city?", team });
	const socket = await openSocket(server, id);
	const [frames, lines] = await Promise.all([sseFrames(server, id), socket.until(["turn.finished"])]);
	socket.close();
	expect(frames.map(({ data }) => data)).toEqual(lines);
	const events = lines.map(eventIn);
	expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
	expect(frames.map(({ id: seq, event }) => [seq, event])).toEqual(
		events.map(({ seq, type }) => [String(seq), type]),
	);
	const seesAll = "round 2 sees a1.1 a2.1 a3.1";
	expect(["a", "b", "c"].map((agent) => traceOf(events, agent))).toEqual([
		[...sealed, "answers a1.1", seesAll, ...decides, "votes a1.1", ...presents],
		[...sealed, "answers a2.1", seesAll, ...decides, "votes a1.1"],
		[...sealed, "answers a3.1", seesAll, ...decides, "votes a1.1"],
	]);
	const { status, turns } = await server.client.session(id);
	const [{ question, answer, consensus, agreement, winner, dissent } = turns[0] ?? {}] = turns;
	expect({ status, question, answer, consensus, agreement, winner, reasons: dissent?.reasons }).toEqual({
		status: "done",
		question: "Which city?",
		answer: "It is Lima.",
		consensus: true,
		agreement: 1,
		winner: { agent: "a", answer: "a1.1" },
		reasons: [],
	});
});

test("a late new answer voids two votes, and all decide again having seen it", async () => {
	const bothVoted = Promise.withResolvers<void>();
	const late: Brain = (request) => {
		if (request.tools.length === 0) return [{ text: better }];
		const shown = shownIn(request).map(({ text }) => text);
		if (shown.length === 0) return [newAnswer(bogota)];
		return shown.includes(better) ? [vote(request, better)] : [{ waitFor: bothVoted.promise }, newAnswer(better)];
	};
	const team = server.team({
		a: member({ answers: lima, votesFor: [better, lima] }),
		b: member({ answers: quito, votesFor: [better, lima] }),
		c: late,
	});
	const { id } = await server.client.createSession({ question: "Which city?", team });
	const events = await eventsOf(server, id, (event, before) => {
		if (event.type === "vote.cast" && picked(before, "vote.cast").length === 1) bothVoted.resolve();
	});
	const [voided] = picked(events, "votes.voided");
	expect({ ...voided, votes: voided?.votes.toSorted((x, y) => x.agent.localeCompare(y.agent)) }).toEqual({
		type: "votes.voided",
		votes: [
			{ agent: "a", answer: "a1.1" },
			{ agent: "b", answer: "a1.1" },
		],
		by: "a3.2",
	});
	const second = "round 2 sees a1.1 a2.1 a3.1";
	const third = ["round 3 sees a1.1 a2.1 a3.2", ...decides, "votes a3.2"];
	expect(["a", "b", "c"].map((agent) => traceOf(events, agent))).toEqual([
		[...sealed, "answers a1.1", second, ...decides, "votes a1.1", ...third],
		[...sealed, "answers a2.1", second, ...decides, "votes a1.1", ...third],
		[...sealed, "answers a3.1", second, ...decides, "answers a3.2", ...third, ...presents],
	]);
	expect(picked(events, "votes.voided").length).toBe(1);
	expect(
		picked(events, "turn.finished").map(({ answer, consensus, winner }) => ({ answer, consensus, winner })),
	).toEqual([{ answer: better, consensus: true, winner: { agent: "c", answer: "a3.2" } }]);
});

const called = "calls, paid 1, offered new_answer vote";
const again = "calls, paid 2, offered new_answer vote";

test.each<[string, string, Brain, readonly string[]]>([
	[
		"answers 500 for ever",
		"gemini",
		() => [{ status: 500 }],
		["fails: server, again", "fails: server", "out: server"],
	],
	["refuses connections", "xai", () => [], ["fails: network, again", "fails: network", "out: network"]],
	[
		"accepts a request and never answers",
		"gemini",
		() => [{ hang: true }],
		["fails: first_byte_timeout, again", "fails: first_byte_timeout", "out: first_byte_timeout"],
	],
])("a provider that %s does not keep the other two from deciding", async (_, backend, brain, failures) => {
	const cast = {
		a: member({ answers: lima, votesFor: [quito] }),
		b: member({ answers: quito, votesFor: [quito] }),
		c: brain,
	};
	const limits = { retries: 1, first_byte_seconds: 1, seal_seconds: 1, round_seconds: 10 };
	const team = onBackend(server.team(cast, { limits }), "c", backend);
	const { id, events } = await played(server, team);
	expect(traceOf(events, "c")).toEqual([
		"round 1",
		called,
		"call failed",
		failures[0],
		again,
		"call failed",
		...failures.slice(1),
	]);
	expect(
		picked(events, "turn.finished").map(({ answer, consensus, winner }) => ({ answer, consensus, winner })),
	).toEqual([{ answer: quito, consensus: true, winner: { agent: "b", answer: "a2.1" } }]);
	expect(picked(events, "consensus.reached").map(({ agreement }) => agreement)).toEqual([2 / 3]);
	const lines = (await sseFrames(server, id)).map(({ data }) => data);
	const socket = await openSocket(server, id);
	expect(await socket.until(["turn.finished"])).toEqual(lines);
	socket.close();
});

/** An address at which nobody listens any more. */
async function deadEnd(): Promise<string> {
	const closed = createServer();
	await new Promise<void>((listening) => closed.listen(0, "127.0.0.1", listening));
	const address = closed.address();
	await new Promise((gone) => closed.close(gone));
	return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 1}/v1`;
}

function onBackend(team: Team, agent: string, backend: string): Team {
	return { ...team, agents: team.agents.map((spec) => (spec.id === agent ? { ...spec, backend } : spec)) };
}
