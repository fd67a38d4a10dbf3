import { afterAll, beforeAll, expect, test } from "vitest";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiError } from "../../src/api/client.ts";
import type { Brain } from "../support/fake-script.ts";
import { hasSpoken, member, newAnswer } from "../support/members.ts";
import { eventsOf, played, startTestServer, type TestServer } from "../support/server.ts";
import { picked, traceOf } from "../support/trace.ts";
import { openSocket, sseFrames } from "../support/watching.ts";

let server: TestServer;
beforeAll(async () => void (server = await startTestServer()));
afterAll(() => server.close());

const oak = "Oak, which lasts for centuries.";
const pine = "Pine: light, cheap, and it smells good.";
const elm = "Elm, if any can still be found.";

/** Agrees on oak at once. */
const quick = { a: member({ answers: oak, votesFor: [oak] }), b: member({ answers: pine, votesFor: [oak] }) };

/** A call that goes on until it is let go, or its client leaves. */
function held() {
	const { promise: released, resolve: release } = Promise.withResolvers<void>();
	const { promise: reached, resolve: reach } = Promise.withResolvers<AbortSignal>();
	return { released, release, reached, reach };
}

/** What a refusal says, as status and text. */
async function refused(asked: Promise<unknown>): Promise<unknown> {
	return asked.then(
		() => "accepted",
		(error: unknown) => (error instanceof ApiError ? [error.problem.status, error.problem.detail] : error),
	);
}

test("the next turn's models are told the conversation so far", async () => {
	const team = server.team(quick);
	const { id } = await played(server, team, "Which wood?");
	await server.client.send(id, "And for a boat?");
	const events = await eventsOf(server, id);
	expect(picked(events, "turn.finished").map(({ turn, answer }) => [turn, answer])).toEqual([
		[1, oak],
		[2, oak],
	]);
	const asked = server.requestsOf(team, "b").map(({ body }) => JSON.stringify(body));
	const told = JSON.stringify(
		`<conversation>\nPerson: Which wood?\n\nTeam: ${oak}\n</conversation>\n\n<question>\nAnd for a boat?\n</question>`,
	).slice(1, -1);
	expect(asked.map((body) => body.includes(told))).toEqual([false, false, true, true]);
});

test("messages to a running team wait in line, eight at most, and each gets its turn", async () => {
	const hold = held();
	const team = server.team({
		a: ({ userTexts: [task = ""] }) =>
			task.includes("<conversation>") ? [newAnswer(pine)] : [{ waitFor: hold.released }, newAnswer(oak)],
	});
	const { id } = await server.client.createSession({ question: "first", team });
	for (let n = 2; n <= 9; n++) await server.client.send(id, `message ${n}`);
	expect(await refused(server.client.send(id, "message 10"))).toEqual([
		409,
		"8 messages are waiting already; send this one when a turn has finished.",
	]);
	expect((await server.client.session(id)).queued.length).toBe(8);
	hold.release();
	const events = await eventsOf(server, id);
	const expected = ["first", ...Array.from({ length: 8 }, (_, i) => `message ${i + 2}`)];
	expect(picked(events, "turn.started").map(({ question }) => question)).toEqual(expected);
	expect(picked(events, "turn.queued").map(({ message }) => message)).toEqual(expected.slice(1));
	expect((await server.client.session(id)).turns.map(({ answer }) => answer)).toEqual([
		oak,
		...Array.from({ length: 8 }, () => pine),
	]);
});

test("a note reaches an agent with the next answer to what it said", async () => {
	const hold = held();
	const heard: string[][] = [];
	const a: Brain = (request) => {
		heard.push(request.messages.filter(({ role }) => role === "tool" || role === "user").map(({ text }) => text));
		if (hasSpoken(request)) return [newAnswer(oak)];
		return [{ waitFor: (hold.reach(request.signal), hold.released) }, { tool: "search", arguments: {} }];
	};
	const team = server.team({ a }, { protocol: { final: "reuse" } });
	const { id } = await server.client.createSession({ question: "Which wood?", team });
	await hold.reached;
	await server.client.steer(id, { action: "note", text: "It must float." });
	hold.release();
	const events = await eventsOf(server, id);
	expect(picked(events, "note.added", "agent.informed")).toEqual([
		{ type: "note.added", text: "It must float." },
		{ type: "agent.informed", agent: "a", answers: [], notes: 1 },
	]);
	const note = '<note from="person">\nIt must float.\n</note>';
	expect(heard.map((texts) => texts.map((text) => text.includes(note)))).toEqual([
		[false, false],
		[false, false, true],
	]);
});

test("an agent that is dropped stops being paid for, and the others decide", async () => {
	const hold = held();
	const c: Brain = ({ signal }) => [{ waitFor: (hold.reach(signal), hold.released) }];
	const team = server.team({ ...quick, c });
	const { id } = await server.client.createSession({ question: "Which wood?", team });
	const gone = whenAborted(await hold.reached);
	expect(await refused(server.client.steer(id, { action: "drop_agent", agent: "z" }))).toEqual([
		400,
		expect.any(String),
	]);
	await server.client.steer(id, { action: "drop_agent", agent: "c" });
	await gone;
	const events = await eventsOf(server, id);
	expect(traceOf(events, "c")).toEqual([
		"round 1",
		"calls, paid 1, offered new_answer vote",
		"call aborted",
		"out: dropped",
	]);
	expect(picked(events, "turn.finished").map(({ answer, consensus }) => ({ answer, consensus }))).toEqual([
		{ answer: oak, consensus: true },
	]);
});

test("answer_now gives the best so far, and is not called consensus", async () => {
	const hold = held();
	const c: Brain = ({ signal }) => [{ text: "Let me see" }, { waitFor: (hold.reach(signal), hold.released) }];
	const team = server.team({ ...quick, c }, { limits: { seal_seconds: 1 }, protocol: { final: "reuse" } });
	const { id } = await server.client.createSession({ question: "Which wood?", team });
	const events = await eventsOf(server, id, (event, before) => {
		if (event.type === "vote.cast" && picked(before, "vote.cast").length === 1)
			void server.client.steer(id, { action: "answer_now" });
	});
	expect(picked(events, "answer_now.requested")).toEqual([{ type: "answer_now.requested", turn: 1 }]);
	expect(picked(events, "consensus.failed").map(({ reason, best }) => [reason, best])).toEqual([
		["answer_now", "a1.1"],
	]);
	expect(traceOf(events, "c").at(-1)).toBe("call aborted");
	expect(picked(events, "turn.finished").map(({ answer, consensus }) => ({ answer, consensus }))).toEqual([
		{ answer: oak, consensus: false },
	]);
});

test("cancel ends a turn and its calls; the next message starts another one", async () => {
	const hold = held();
	const a: Brain = ({ signal, userTexts: [task = ""] }) =>
		task.includes("Again?") ? [newAnswer(elm)] : [{ waitFor: (hold.reach(signal), hold.released) }];
	const team = server.team({ a }, { protocol: { final: "reuse" } });
	const { id } = await server.client.createSession({ question: "Which wood?", team });
	const gone = whenAborted(await hold.reached);
	await server.client.steer(id, { action: "cancel" });
	await gone;
	const first = await eventsOf(server, id);
	expect(first.at(-1)?.type).toBe("session.cancelled");
	expect((await server.client.session(id)).status).toBe("cancelled");
	expect(await refused(server.client.steer(id, { action: "cancel" }))).toEqual([409, "No turn is running."]);
	await server.client.send(id, "Again?");
	expect((await eventsOf(server, id)).slice(0, first.length)).toEqual(first);
	const { status, turns } = await server.client.session(id);
	expect([status, turns.map((turn) => [turn.status, turn.answer])]).toEqual([
		"done",
		[
			["cancelled", null],
			["done", elm],
		],
	]);
});

test("a budget that is set while the team runs stops it", async () => {
	const hold = held();
	const a: Brain = (request) => [{ waitFor: (hold.reach(request.signal), hold.released) }, newAnswer(oak)];
	const b: Brain = () => [newAnswer(pine)];
	const team = server.team({ a, b });
	const { id } = await server.client.createSession({ question: "Which wood?", team });
	await hold.reached;
	await server.client.steer(id, { action: "budget", budget: { calls: 2 } });
	hold.release();
	const events = await eventsOf(server, id);
	expect(picked(events, "call.started").length).toBe(2);
	expect(picked(events, "consensus.failed").map(({ reason, limit }) => [reason, limit])).toEqual([
		["limit", "budget.calls"],
	]);
	expect(picked(events, "turn.finished").map(({ consensus }) => consensus)).toEqual([false]);
});

test("a session that is deleted while it runs is gone: its calls, its watchers, its events", async () => {
	const hold = held();
	const a: Brain = ({ signal }) => [{ text: "Let me see" }, { waitFor: (hold.reach(signal), hold.released) }];
	const { id } = await server.client.createSession({ question: "Which wood?", team: server.team({ a }) });
	const gone = whenAborted(await hold.reached);
	const socket = await openSocket(server, id);
	const stream = sseFrames(server, id).then(
		() => "ended",
		() => "ended",
	);
	await socket.until(["agent.text"]);
	await server.client.remove(id);
	await gone;
	expect(await stream).toBe("ended");
	await expect.poll(() => socket.isLetGo()).toBe(true);
	const gets = await Promise.all(
		["", "/events"].map((path) =>
			fetch(`${server.url}/v1/sessions/${id}${path}`, { headers: { authorization: `Bearer ${server.key}` } }),
		),
	);
	expect(gets.map(({ status }) => status)).toEqual([404, 404]);
	expect((await server.client.sessions({ limit: 100 })).sessions.filter((session) => session.id === id)).toEqual([]);
	expect(await refused(server.client.remove(id))).toEqual([404, `There is no session \`${id}\`.`]);
});

/** Resolves when the fake's client has left; fails the test's clock if it never does. */
async function whenAborted(signal: AbortSignal): Promise<void> {
	if (signal.aborted) return;
	const late = sleep(5000, "late", { ref: false });
	const left = new Promise((resolve) => signal.addEventListener("abort", () => resolve("left"), { once: true }));
	expect(await Promise.race([left, late])).toBe("left");
}
