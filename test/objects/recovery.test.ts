import { describe, expect, test } from "vitest";
import { pieceCharsMax } from "../../durable-objects/store/pending.ts";
import type { FailureCode, ModelEvent, Resume } from "../../src/backends/backend.ts";
import { teamOf } from "../consensus/scenario.ts";
import { bootOf, dead, done, gapless, handle, lines, one, providing, stuck, text, usage, voting } from "./restart.ts";
import { abandoned, answering, failing, replies, rig, type Rig, type Script } from "./rig.ts";

const gone: readonly ModelEvent[] = [
	{ type: "failed", failure: { code: "not_found", retryable: false, retryAfterMs: null, message: "Gone." } },
	{ type: "end", stop: "error" },
];

describe("P15: a call that its provider has", () => {
	test("is taken up from its beginning, paid once, its usage counted once, no word twice in the log", async () => {
		const before = await dead(stuck(handle, text("Well, ")));
		const provider = providing([text("Well, "), text("let me see."), usage, ...answering("42")]);
		const after = bootOf(before, stuck(), provider);
		await after.settle();
		expect(lines(after)).toEqual([
			"paid 1",
			"agent.text a Well, ",
			"call resumed t1.a1.r1.c1.x1",
			"agent.text a let me see.",
			"ok, 10 tokens",
			...done("42"),
		]);
		expect([provider.asked, after.requests.length, gapless(after)]).toEqual([
			[{ handle: "h1", cursor: null }],
			0,
			true,
		]);
	});

	test("is taken up again by each machine that follows", async () => {
		const before = await dead(stuck(handle, text("Well, ")));
		const half: Resume = async function* reply(_, __, signal) {
			yield [{ type: "restart" }, text("Well, let ")];
			await abandoned(signal);
		};
		const second = bootOf(before, stuck(), half);
		await second.pass(1_000);
		const third = bootOf(second, stuck(), providing([text("Well, let me see."), ...answering("42")]), 4_000);
		await third.settle();
		expect(lines(third)).toEqual([
			"paid 1",
			"agent.text a Well, ",
			"call resumed t1.a1.r1.c1.x1",
			"agent.text a let ",
			"call resumed t1.a1.r1.c1.x1",
			"agent.text a me see.",
			"ok, null tokens",
			...done("42"),
		]);
	});

	test("is asked for again where the connection failed, and not paid for", async () => {
		const before = await dead(stuck(handle));
		const provider = providing(failing("server"), failing("server"), answering("42"));
		const after = bootOf(before, stuck(), provider);
		await after.pass(10_000);
		expect(lines(after)).toEqual(["paid 1", "call resumed t1.a1.r1.c1.x1", "ok, null tokens", ...done("42")]);
		expect(provider.asked.length).toBe(3);
	});

	test("is lost after the third time in vain, and paid for once more", async () => {
		const before = await dead(stuck(handle));
		const provider = providing(failing("server"));
		const after = bootOf(before, replies(answering("42")), provider);
		await after.pass(10_000);
		expect([lines(after).slice(0, 4), provider.asked.length]).toEqual([
			["paid 1", "call resumed t1.a1.r1.c1.x1", "lost, null tokens", "paid 2"],
			3,
		]);
	});

	test.each<[string, readonly ModelEvent[]]>([
		["that it does not have any more", gone],
		["that it refuses to give", failing("auth")],
	])("P10: %s is lost, paid for once more, and has used up no retry", async (_, reply) => {
		const before = await dead(stuck(handle, text("Well, ")), teamOf({ agents: 1, limits: { retries: 0 } }));
		const after = bootOf(before, replies(answering("42")), providing(reply));
		await after.settle();
		expect(lines(after)).toEqual([
			"paid 1",
			"agent.text a Well, ",
			"call resumed t1.a1.r1.c1.x1",
			"lost, null tokens",
			"paid 2",
			"ok, null tokens",
			...done("42"),
		]);
	});

	test.each<[string, FailureCode, readonly string[]]>([
		["waits as after any failure, and uses up a retry", "server", ["agent.failed a server, retry in 250"]],
		["that cannot be mended ends its round", "quota", ["agent.failed a quota", "agent.quarantined a quota"]],
	])("P10: one that has failed there by itself %s", async (_, code, expected) => {
		const before = await dead(stuck(handle));
		const provider = providing([usage, ...failing(code)]);
		const after = bootOf(before, replies(answering("42")), provider);
		await after.settle();
		expect([lines(after).slice(0, 3 + expected.length), provider.asked.length]).toEqual([
			["paid 1", "call resumed t1.a1.r1.c1.x1", "failed, 10 tokens", ...expected],
			1,
		]);
	});

	test("P10: paid for anew after it failed there, it is so once its delay has passed", async () => {
		const before = await dead(stuck(handle), teamOf({ agents: 1, limits: { retries: 1 } }));
		const after = bootOf(before, replies(failing("server")), providing([usage, ...failing("server")]));
		const payments = () => lines(after).filter((line) => line.startsWith("paid")).length;
		await after.pass(200);
		const early = payments();
		await after.pass(60_000);
		expect([early, payments()]).toEqual([1, 2]);
	});

	test("whose words are others now says nothing more until it has decided", async () => {
		const before = await dead(stuck(handle, text("Well, ")));
		const after = bootOf(before, stuck(), providing([text("Now then, "), text("Well, "), ...answering("42")]));
		await after.settle();
		expect(lines(after)).toEqual([
			"paid 1",
			"agent.text a Well, ",
			"call resumed t1.a1.r1.c1.x1",
			"ok, null tokens",
			...done("42"),
		]);
	});

	test("is this machine's then: a wait does not have it taken up once more, and a cancel ends it once", async () => {
		const signals: AbortSignal[] = [];
		const after = bootOf(await dead(stuck(handle)), stuck(), async function* reply(_, __, signal) {
			signals.push(signal);
			yield [{ type: "restart" }];
			await abandoned(signal);
		});
		await after.settle();
		after.runner.submit({ type: "suspend", detail: "Wait." }, { type: "resume" });
		await after.settle();
		after.runner.submit({ type: "cancel" });
		await after.settle();
		// Who reads an answer ends it at its provider when it is told to stop.
		expect([signals.map(({ aborted }) => aborted), after.givenUp]).toEqual([[true], []]);
	});

	test("has words, thoughts, sources and tools of which none is told twice", async () => {
		const long = Array.from({ length: pieceCharsMax }, (_, i) => `${i} `)
			.join("")
			.slice(0, pieceCharsMax);
		const brought: readonly ModelEvent[] = [
			{ type: "reasoning", text: "Hm. " },
			{ type: "citation", url: "https://a.test", title: "A" },
			{ type: "citation", url: "https://c.test", title: "C" },
			{ type: "server_tool", name: "web_search", arguments: { query: "a" } },
			{ type: "server_tool_result", name: "web_search", ok: true, text: "A." },
			text(`${long}.`),
		];
		const more: readonly ModelEvent[] = [
			{ type: "reasoning", text: "So. " },
			{ type: "citation", url: "https://b.test", title: "B" },
			text("y"),
		];
		const after = bootOf(
			await dead(stuck(handle, ...brought)),
			stuck(),
			providing([...brought, ...more, ...answering("42")]),
		);
		await after.settle();
		const shown = lines(after).filter((line) => /^(agent|tool)\./.test(line));
		expect(shown).toEqual([
			"agent.reasoning a Hm. ",
			"agent.cited a https://a.test",
			"agent.cited a https://c.test",
			"tool.called a web_search",
			"tool.returned a web_search",
			`agent.text a ${long}`,
			"agent.text a .",
			"agent.reasoning a So. ",
			"agent.cited a https://b.test",
			"agent.text a y",
		]);
	});
});

describe("P15: a decision that had come whole before its call's end had", () => {
	test("counts, though nobody knows what it cost", async () => {
		const after = bootOf(await dead(stuck(text("Well, "), voting("42"))), stuck());
		await after.settle();
		expect(lines(after)).toEqual(["paid 1", "agent.text a Well, ", "ok, null tokens", ...done("42")]);
		expect(after.requests.length).toBe(0);
	});

	test("counts where the provider does not have the call any more", async () => {
		const after = bootOf(await dead(stuck(handle, text("Well, "), voting("42"))), stuck(), providing(gone));
		await after.settle();
		expect([lines(after).slice(2, 4), after.requests.length]).toEqual([
			["call resumed t1.a1.r1.c1.x1", "ok, null tokens"],
			0,
		]);
	});

	test("does not count where the provider had begun anew", async () => {
		const script = stuck(text("Well, "), voting("42"), { type: "restart" }, text("Or "));
		const after = bootOf(await dead(script), stuck());
		await after.settle();
		expect(lines(after).slice(-2)).toEqual(["lost, null tokens", "paid 2"]);
	});

	test("is the later one where the provider had begun anew with another", async () => {
		let reads = 0;
		const script: Script = async function* stream(_, signal) {
			yield [text("Well, "), voting("41")];
			reads += 1;
			yield [{ type: "restart" }, voting("42")];
			await abandoned(signal);
		};
		const after = bootOf(await dead(script), stuck());
		await after.settle();
		expect([reads, lines(after).at(-1)]).toEqual([1, "turn.finished 1 consensus: 42"]);
	});

	test("still stands while its call is taken up, however often", async () => {
		const before = await dead(stuck(handle, text("Well, "), voting("42")));
		const second = bootOf(before, stuck(), async function* reply(_, __, signal) {
			yield [{ type: "restart" }, text("Well, let ")];
			await abandoned(signal);
		});
		await second.pass(1_000);
		const third = bootOf(second, stuck(), providing(gone), 4_000);
		await third.settle();
		expect([third.requests.length, lines(third).at(-1)]).toEqual([0, "turn.finished 1 consensus: 42"]);
	});

	test("is written with a commit that happens anyway, and with none of its own", async () => {
		const silent = await dead(stuck(voting("42")));
		expect(silent.sql.exec("SELECT partial FROM calls").toArray()).toEqual([{ partial: null }]);
		const speaking = await dead(stuck(text("Well, "), voting("42")));
		expect(speaking.sql.exec("SELECT partial FROM calls").toArray()).toEqual([
			{ partial: expect.stringContaining('"content":"42"') },
		]);
	});

	test("is no longer kept once its call has ended", async () => {
		const end = Promise.withResolvers<readonly ModelEvent[]>();
		const session = await dead(async function* stream() {
			yield [text("Well, "), voting("42")];
			yield await end.promise;
		});
		end.resolve([{ type: "end", stop: "tools" }]);
		await session.settle();
		expect(session.sql.exec("SELECT state, partial FROM calls").toArray()).toEqual([
			{ state: "ok", partial: null },
		]);
	});
});

describe("P15: the next call of a step is taken up as well", () => {
	const paused: Script = async function* reply() {
		yield [text("Searching. "), { type: "echo", item: { said: 1 } }, { type: "end", stop: "pause" }];
	};
	const then = (first: Script, second: Script): Script => {
		let call = 0;
		return (...asked) => (call++ === 0 ? first : second)(...asked);
	};

	test("P1: after a pause", async () => {
		const before = await dead(then(paused, stuck(handle, text("Found. "))));
		const after = bootOf(before, stuck(), providing([text("Found. "), ...answering("42")]));
		await after.settle();
		expect(lines(after)).toEqual([
			"paid 1",
			"agent.text a Searching. ",
			"ok, null tokens",
			"agent.paused a",
			"paid 1",
			"agent.text a Found. ",
			"call resumed t1.a1.r1.c2.x1",
			"ok, null tokens",
			...done("42"),
		]);
	});

	test("P1: after a pause, paid for once more, it still knows what was said before it", async () => {
		const after = bootOf(await dead(then(paused, stuck())), replies(answering("42")));
		await after.settle();
		expect(after.requests.map(({ messages }) => messages.slice(2))).toEqual([
			[{ role: "assistant", text: "Searching. ", toolCalls: [], echo: [{ said: 1 }] }],
		]);
	});

	test("P10: by the fallback that speaks", async () => {
		const before = await dead(then(replies(failing("auth")), stuck(handle)), teamOf({ agents: 1, spared: ["a"] }));
		const asked: string[] = [];
		const after = bootOf(before, stuck(), async function* reply(_, { model }) {
			asked.push(model);
			yield [{ type: "restart" }, ...answering("42")];
		});
		await after.settle();
		expect([asked, lines(after).filter((line) => line.startsWith("call"))]).toEqual([
			["spare-a"],
			["call resumed t1.a1.r1.c1.f.x1"],
		]);
	});

	test("P10: a delay before a retry goes on where it was", async () => {
		const before = rig(replies(failing("server"), answering("42")));
		before.open(one);
		await before.settle();
		const due = before.alarmInMs();
		const after = bootOf(before, replies(answering("42")), null, 100);
		expect([due, after.alarmInMs(), after.requests.length]).toEqual([250, 250, 0]);
		await after.pass(200);
		expect([after.requests.length, lines(after).at(-1)]).toEqual([1, "turn.finished 1 consensus: 42"]);
	});
});

describe("P15: what a lost call had written", () => {
	const start = "Six sevens are added up, one after the other. ".repeat(5);
	const last = ({ requests }: Rig) => requests.at(-1)?.messages.at(-1);
	const draft = { role: "user", text: expect.stringMatching(/^You had begun and were interrupted\.[^]*Six sevens/) };

	test("is handed to the call that is paid for once more, after all else", async () => {
		const before = await dead(stuck(text(start)));
		const after = bootOf(before, replies(answering("42")));
		await after.settle();
		const [first] = before.requests;
		expect(after.requests.map(({ messages, ...rest }) => ({ ...rest, messages }))).toEqual([
			{ ...first, messages: [...(first?.messages ?? []), draft] },
		]);
	});

	test("is handed to it also where calls are sized before they leave (P9)", async () => {
		const team = teamOf({ agents: 1, budget: { tokens: 1_000_000 } });
		const after = bootOf(await dead(stuck(text(start)), team), replies(answering("42")));
		await after.settle();
		expect([after.requests.length, last(after)]).toEqual([1, draft]);
	});

	test.each([null, 1_000_000])("is handed to the presenter too, under a budget of %s tokens", async (tokens) => {
		const team = teamOf({ agents: 2, protocol: { final: "present" }, budget: { tokens } });
		let call = 0;
		const before = await dead(async function* stream(_, signal) {
			call += 1;
			if (call <= 2) return yield [voting("42"), { type: "end", stop: "tools" }];
			yield [text(start)];
			await abandoned(signal);
		}, team);
		before.runner.submit({ type: "answer_now" });
		await before.pass(1_000);
		const after = bootOf(before, replies([text("42."), { type: "end", stop: "end" }]), null, 4_000);
		await after.settle();
		expect([after.requests.length, last(after)]).toEqual([1, draft]);
		expect(lines(after).at(-1)).toBe("turn.finished 1 no consensus: 42.");
	});

	test("is not, where it is hardly anything, nor after a failure", async () => {
		const short = bootOf(await dead(stuck(text("Well, "))), replies(answering("42")));
		await short.settle();
		const failed = await dead(replies([text(start), ...failing("server", true)], answering("42")));
		await failed.pass(10_000);
		expect([short, failed].map(({ requests }) => requests.at(-1)?.messages.length)).toEqual([2, 2]);
	});
});

test("P15: an orphan that the others' ends make needless is ended at its provider, and not read", async () => {
	const team = teamOf({ agents: 2, protocol: { final: "reuse" } });
	let call = 0;
	const before = await dead(async function* stream(_, signal) {
		call += 1;
		yield call === 1 ? [text("Well, "), voting("42")] : [handle, text("Hm")];
		await abandoned(signal);
	}, team);
	before.runner.submit({ type: "answer_now" });
	const provider = providing(answering("43"));
	const after = bootOf(before, stuck(), provider);
	await after.settle();
	expect([after.crashes, after.givenUp, provider.asked.length, lines(after).at(-1)]).toEqual([
		[],
		["h1"],
		0,
		"turn.finished 1 no consensus: 42",
	]);
});
