import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Brain, FakeRequest, Step } from "../support/fake-script.ts";
import { hasSpoken, member, newAnswer, shownIn, vote } from "../support/members.ts";
import { played, startTestServer, type TestServer } from "../support/server.ts";
import { picked, traceOf } from "../support/trace.ts";

let server: TestServer;
beforeAll(async () => void (server = await startTestServer()));
afterAll(() => server.close());

const ferry = "The ferry, which leaves every hour.";
const train = "A train along the coast: two changes.";
const bus = "By bus, if nothing else goes.";
const limits = { retries: 2, first_byte_seconds: 1, stall_seconds: 1, enforcement_max: 1, seal_seconds: 5 };

/** What the third agent does in its first round; in the later ones it votes like the others. */
const thirdIs =
	(first: (request: FakeRequest) => readonly Step[]): Brain =>
	(request) =>
		shownIn(request).length > 0 && request.tools.length > 0 ? [vote(request, ferry)] : first(request);

/** A team whose two sound members agree, and what its third one went through. */
async function through(brain: Brain, { resume = true } = {}): Promise<readonly string[]> {
	const cast = {
		a: member({ answers: ferry, votesFor: [ferry] }),
		b: member({ answers: train, votesFor: [ferry] }),
		c: brain,
	};
	const { agents, ...team } = server.team(cast, { limits, protocol: { final: "reuse" } });
	const asked = { ...team, agents: agents.map((agent) => ({ ...agent, resume })) };
	const { events } = await played(server, asked, "How do we get there?");
	// Whatever becomes of the third one, the team has its answer.
	expect(picked(events, "turn.finished").map(({ answer, consensus }) => ({ answer, consensus }))).toEqual([
		{ answer: ferry, consensus: true },
	]);
	return traceOf(events, "c");
}

const call = (paid: number) => `calls, paid ${paid}, offered new_answer vote`;
const votes = ["round 2 sees a1.1 a2.1 a3.1", call(1), "call ok", "votes a1.1"];
const text: Step = { text: "One moment: " };
const onlyFirst = (broken: readonly Step[]) => thirdIs(({ attempt }) => (attempt === 1 ? broken : [newAnswer(bus)]));

describe("a call that fails", () => {
	test.each<[string, Brain, readonly string[]]>([
		["401 ends the round at once", () => [{ status: 401 }], ["call failed", "fails: auth", "out: auth"]],
		["404 ends the round at once", () => [{ status: 404 }], ["call failed", "fails: not_found", "out: not_found"]],
		[
			"500 for ever is tried as often as the team allows",
			() => [{ status: 500 }],
			[
				...[2, 3].flatMap((paid) => ["call failed", "fails: server, again", call(paid)]),
				"call failed",
				"fails: server",
				"out: server",
			],
		],
		[
			"429 is tried again when the provider says",
			onlyFirst([{ status: 429, retryAfterSeconds: 1 }]),
			["call failed", "fails: rate_limited, again", call(2), "call ok", "answers a3.1", ...votes],
		],
		[
			"nothing more comes: a stall has a deadline",
			onlyFirst([text, { hang: true }]),
			["call failed", "fails: stall_timeout, again", call(2), "call ok", "answers a3.1", ...votes],
		],
		[
			"a stream that is cut is tried once more, and only once",
			thirdIs(() => [text, { cut: true }]),
			["call failed", "fails: bad_stream, again", call(2), "call failed", "fails: bad_stream", "out: bad_stream"],
		],
		[
			"a stream that is no JSON is tried once more, and only once",
			thirdIs(() => [text, { malformed: true }, text]),
			["call failed", "fails: bad_stream, again", call(2), "call failed", "fails: bad_stream", "out: bad_stream"],
		],
		[
			"ten megabytes of the same are a loop: it is cut, tried once more, and only once",
			() => [{ bytes: 10 * 1024 * 1024 }],
			["call failed", "fails: repetition, again", call(2), "call failed", "fails: repetition", "out: repetition"],
		],
	])("%s", async (_, brain, expected) => {
		expect(await through(brain)).toEqual(["round 1", call(1), ...expected]);
	});

	// A call that can be taken up again has its handle as its first bytes, and then stalls.
	test.each<[string, boolean, string]>([
		["the first byte has a deadline", false, "first_byte_timeout"],
		["after a handle it is a stall", true, "stall_timeout"],
	])("nothing comes: %s", async (_, resume, code) => {
		const never = new Promise(() => {});
		expect(await through(onlyFirst([{ waitFor: never }]), { resume })).toEqual([
			"round 1",
			call(1),
			"call failed",
			`fails: ${code}, again`,
			call(2),
			"call ok",
			"answers a3.1",
			...votes,
		]);
	});
});

describe("a reply that decides nothing", () => {
	const replies: readonly [string, readonly Step[], readonly string[], readonly string[]][] = [
		[
			"broken arguments",
			[{ tool: "new_answer", arguments: '{"content": "By b' }],
			[],
			["answer refused: bad_arguments", "reminded: bad_arguments"],
		],
		[
			"a tool that does not exist",
			[{ tool: "web_search", arguments: { query: "bus" } }],
			["uses web_search", "web_search fails"],
			["reminded: unknown_tool"],
		],
		[
			"two decisions at once",
			[newAnswer(bus), { tool: "vote", arguments: { answer: "answer_1", reason: "" } }],
			[],
			["answer refused: ambiguous", "reminded: ambiguous"],
		],
		["no tool call", [{ text: "By bus, I would say." }], [], ["reminded: no_decision"]],
	];
	const asked = (tried: readonly string[] = []) => [call(1), ...tried, "call ok"];

	test.each(replies)("%s: the agent is told, and repairs it in the same round", async (_, broken, tried, told) => {
		const brain = thirdIs((request) => (hasSpoken(request) ? [newAnswer(bus)] : broken));
		expect(await through(brain)).toEqual([
			"round 1",
			...asked(tried),
			...told,
			...asked(),
			"answers a3.1",
			...votes,
		]);
	});

	test.each(replies)("%s again: the round fails within its bound", async (_, broken, tried, told) => {
		const last = told.filter((line) => !line.startsWith("reminded"));
		expect(await through(thirdIs(() => broken))).toEqual([
			"round 1",
			...asked(tried),
			...told,
			...asked(tried),
			...last,
			"fails: no_decision",
			"out: no_decision",
		]);
	});
});

test("when every agent fails, the turn says for each of them why", async () => {
	const { id, events } = await played(
		server,
		server.team(
			{
				a: () => [{ status: 401, message: "no such key" }],
				b: () => [{ status: 404 }],
				c: () => [{ text: "?" }],
			},
			{ limits: { enforcement_max: 0, retries: 0 } },
		),
	);
	const reasons = [
		{ agent: "a", code: "auth", message: "no such key" },
		{ agent: "b", code: "not_found", message: "fake status 404" },
		{ agent: "c", code: "no_decision", message: expect.any(String) },
	];
	expect(picked(events, "turn.failed")).toEqual([{ type: "turn.failed", turn: 1, reasons }]);
	const { status, turns } = await server.client.session(id);
	expect([status, turns.map((turn) => [turn.status, turn.answer, turn.consensus])]).toEqual([
		"failed",
		[["failed", null, null]],
	]);
});

test.each<[string, Brain, readonly string[], string]>([
	[
		"fails",
		() => [{ status: 500 }],
		[
			"call failed",
			"fails: server, again",
			"presents, try 2, present",
			"calls, paid 2, offered nothing",
			"call failed",
			"fails: server",
			"presents, try 3, reuse",
		],
		ferry,
	],
	[
		"is cut",
		({ attempt }) => (attempt === 1 ? [{ text: "By f" }, { cut: true }] : [{ text: "Ferry!" }]),
		[
			"call failed",
			"fails: bad_stream, again",
			"presents, try 2, present",
			"calls, paid 2, offered nothing",
			"call ok",
		],
		"Ferry!",
	],
])("a presentation that %s: only the pieces of the last try count", async (_, presents, expected, answer) => {
	const sound = member({ answers: ferry, votesFor: [ferry] });
	const a: Brain = (request) => (request.tools.length === 0 ? presents(request) : sound(request));
	const { events } = await played(server, server.team({ a, b: member({ answers: train, votesFor: [ferry] }) }));
	const trace = traceOf(events, "a");
	expect(trace.slice(trace.indexOf("presents, try 1, present"))).toEqual([
		"presents, try 1, present",
		"calls, paid 1, offered nothing",
		...expected,
	]);
	const last = events.findLastIndex(({ type }) => type === "presentation.started");
	expect(
		picked(events.slice(last), "final.text")
			.map(({ text: piece }) => piece)
			.join(""),
	).toBe(answer);
	expect(picked(events, "turn.finished").map((event) => event.answer)).toEqual([answer]);
});
