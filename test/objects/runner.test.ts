import { describe, expect, test } from "vitest";
import { unwritten } from "../../durable-objects/run/disk.ts";
import { teamOf } from "../consensus/scenario.ts";
import { picked, traceOf } from "../support/trace.ts";
import { abandoned, answering, failing, replies, rig, saying, type Rig, type Script } from "./rig.ts";

const one = teamOf({ agents: 1 });
const calls = (paid: number) => `calls, paid ${paid}, offered new_answer vote`;

/** Says one thing and then nothing more, until it is given up. */
const stuck: Script = async function* stuck(_, signal) {
	yield [{ type: "text", text: "One moment" }];
	await abandoned(signal);
};

describe("a call", () => {
	test("that is answered ends its round; at rest no alarm is left", async () => {
		const session = rig(replies(answering("42")));
		session.open(one);
		expect(session.alarmInMs()).toBe(25_000);
		await session.settle();
		expect(traceOf(session.log(), "a")).toEqual([
			"round 1",
			calls(1),
			"call ok",
			"answers a1.1",
			"presents, try 1, reuse",
		]);
		expect([session.alarmInMs(), [...session.store.running()], session.crashes]).toEqual([null, [], []]);
	});

	test("that fails is made again once its delay has passed, not before", async () => {
		const session = rig(replies(failing("server"), answering("42")));
		session.open(one);
		await session.settle();
		// Half of 500 ms is certain; chance, which is 0 here, adds up to as much again.
		expect([session.alarmInMs(), session.requests.length]).toEqual([250, 1]);
		await session.pass(249);
		expect(session.requests.length).toBe(1);
		await session.pass(1);
		expect(traceOf(session.log(), "a")).toEqual([
			"round 1",
			calls(1),
			"call failed",
			"fails: server, again",
			calls(2),
			"call ok",
			"answers a1.1",
			"presents, try 1, reuse",
		]);
	});

	test("is kept alive by a heartbeat and ended by its round's deadline", async () => {
		const session = rig(stuck);
		session.open(teamOf({ agents: 1, limits: { round_seconds: 60 } }));
		await session.pass(59_999);
		expect([session.alarmInMs(), picked(session.log(), "call.finished")]).toEqual([60_000, []]);
		await session.pass(1);
		expect(traceOf(session.log(), "a")).toEqual([
			"round 1",
			calls(1),
			"call aborted",
			"fails: round_timeout",
			"out: round_timeout",
		]);
		expect(picked(session.log(), "turn.failed").length).toBe(1);
		expect(session.alarmInMs()).toBe(null);
	});

	test("in which a fault of ours is met fails, and we are told", async () => {
		const fault = new Error("a bug");
		// oxlint-disable-next-line require-yield
		const session = rig(async function* broken() {
			throw fault;
		});
		session.open(one);
		await session.settle();
		expect(session.crashes).toEqual([fault]);
		expect(traceOf(session.log(), "a")).toEqual([
			"round 1",
			calls(1),
			"call failed",
			"fails: server",
			"out: server",
		]);
	});

	test("that was ended is told nothing more, whatever its stream still brings", async () => {
		const session = rig(async function* late(_, signal) {
			await abandoned(signal);
			yield answering("too late");
		});
		session.open(one);
		await session.settle();
		session.runner.submit({ type: "cancel" });
		await session.settle();
		expect(traceOf(session.log(), "a")).toEqual(["round 1", calls(1), "call aborted"]);
		expect(session.log().at(-1)?.type).toBe("session.cancelled");
	});
});

describe("what streams in", () => {
	const drip: Script = async function* drip(_, signal) {
		for (const text of ["a", "b", "c"]) yield [{ type: "text", text }];
		await abandoned(signal);
	};
	const texts = (session: Rig) => picked(session.log(), "agent.text").map(({ text }) => text);

	test("is committed together, 200 ms after the commit before it", async () => {
		const session = rig(drip);
		session.open(one);
		await session.settle();
		expect(texts(session)).toEqual([]);
		await session.pass(199);
		expect(texts(session)).toEqual([]);
		await session.pass(1);
		expect(texts(session)).toEqual(["abc"]);
	});

	test("is committed once", async () => {
		const { promise: more, resolve: goOn } = Promise.withResolvers<void>();
		const session = rig(async function* twice(_, signal) {
			yield [{ type: "text", text: "ab" }];
			await more;
			yield [{ type: "text", text: "c" }];
			await abandoned(signal);
		});
		session.open(one);
		await session.pass(200);
		goOn();
		await session.pass(1000);
		expect(texts(session)).toEqual(["ab", "c"]);
	});

	test("goes into the commit of whatever happens next", async () => {
		const session = rig(drip);
		session.open(one);
		await session.settle();
		session.runner.submit({ type: "cancel" });
		expect(
			session
				.log()
				.slice(-3)
				.map(({ type }) => type),
		).toEqual(["agent.text", "call.finished", "session.cancelled"]);
	});

	test("is not lost when a command is refused", async () => {
		const session = rig(drip);
		session.open(one);
		await session.settle();
		expect(session.runner.submit({ type: "drop_agent", agent: "z" as never })?.code).toBe("unknown_agent");
		await session.pass(1000);
		expect(texts(session)).toEqual(["abc"]);
	});
});

describe("started again on the same database", () => {
	test("an open call is lost, and made once more", async () => {
		const before = rig(stuck);
		before.open(one);
		await before.pass(500);
		const after = rig(replies(answering("42")), { sql: before.sql, fromMs: 1000 });
		after.runner.resume();
		await after.settle();
		expect(after.log().slice(0, before.log().length)).toEqual(before.log());
		expect(traceOf(after.log(), "a")).toEqual([
			"round 1",
			calls(1),
			"call lost",
			calls(2),
			"call ok",
			"answers a1.1",
			"presents, try 1, reuse",
		]);
	});

	test("a call that is lost a second time is not made again", async () => {
		const first = rig(stuck);
		first.open(one);
		const second = rig(stuck, { sql: first.sql });
		second.runner.resume();
		await second.settle();
		const third = rig(stuck, { sql: first.sql });
		third.runner.resume();
		await third.settle();
		expect(traceOf(third.log(), "a")).toEqual([
			"round 1",
			calls(1),
			"call lost",
			calls(2),
			"call lost",
			"fails: lost",
			"out: lost",
		]);
		expect([second.requests.length, third.requests.length]).toEqual([1, 0]);
	});

	test("a round goes on with its whole transcript, as the model itself had written it", async () => {
		let asked = 0;
		const before = rig(async function* talks(request, signal) {
			asked += 1;
			if (asked === 1) yield saying("I would say 42.");
			else yield* stuck(request, signal);
		});
		before.open(one);
		await before.settle();
		const after = rig(replies(answering("42")), { sql: before.sql });
		after.runner.resume();
		await after.settle();
		expect(after.requests).toEqual([before.requests[1]]);
		expect(after.requests[0]?.messages.slice(2)).toEqual([
			{ role: "assistant", text: "I would say 42.", toolCalls: [], echo: [{ said: "I would say 42." }] },
			{ role: "user", text: expect.stringMatching(/^Your work is not finished/) },
		]);
		expect(traceOf(after.log(), "a").slice(-2)).toEqual(["answers a1.1", "presents, try 1, reuse"]);
	});

	test("a delay and a deadline keep their moment", async () => {
		const before = rig(replies(failing("server")));
		before.open(teamOf({ agents: 1, limits: { round_seconds: 10 } }));
		await before.settle();
		const after = rig(replies(answering("42")), { sql: before.sql, fromMs: 100 });
		after.runner.resume();
		await after.settle();
		expect([after.alarmInMs(), after.requests.length]).toEqual([250, 0]);
		expect(Object.fromEntries(after.store.running())).toEqual(Object.fromEntries(before.store.running()));
		await after.pass(150);
		expect(picked(after.log(), "turn.finished").map(({ answer }) => answer)).toEqual(["42"]);
	});

	test("a deadline that passed meanwhile ends what it has to end at once, and nothing is paid for it", async () => {
		const before = rig(stuck);
		before.open(teamOf({ agents: 1, limits: { round_seconds: 10 } }));
		const after = rig(stuck, { sql: before.sql, fromMs: 11_000 });
		after.runner.resume();
		await after.pass(0);
		expect(traceOf(after.log(), "a").slice(-3)).toEqual([
			"call lost",
			"fails: round_timeout",
			"out: round_timeout",
		]);
		expect(after.requests).toEqual([]);
	});

	test("at rest nothing happens, not even a row", async () => {
		const before = rig(replies(answering("42")));
		before.open(one);
		await before.settle();
		const after = rig(stuck, { sql: before.sql });
		after.runner.resume();
		expect([after.log(), after.alarmInMs(), after.sql.exec("SELECT COUNT(*) AS boots FROM boots").one()]).toEqual([
			before.log(),
			null,
			{ boots: 0 },
		]);
	});
});

test("a commit that the database refuses changes nothing, in memory either", async () => {
	const session = rig(stuck);
	session.open(one);
	const before = [session.store.state(), session.store.account(), session.log()];
	session.sql.exec("CREATE TRIGGER full BEFORE INSERT ON log BEGIN SELECT RAISE(ABORT, 'disk full'); END");
	expect(session.runner.submit({ type: "note", text: "x" })).toEqual(unwritten);
	expect([session.store.state(), session.store.account(), session.log()]).toEqual(before);
});

describe("what must not happen", () => {
	test("P9: no request leaves that the budget does not allow, and none that the ledger does not know", async () => {
		const session = rig(stuck);
		session.open(teamOf({ agents: 3, budget: { calls: 2 } }));
		await session.settle();
		expect([session.requests.length, picked(session.log(), "call.started").length]).toEqual([2, 2]);
		session.runner.submit({ type: "cancel" });
		await session.settle();
		expect(session.alarmInMs()).toBe(null);
	});

	test("the object sleeps for good because one sweep went wrong", async () => {
		const session = rig(stuck);
		session.open(teamOf({ agents: 1, limits: { round_seconds: 60 } }));
		await session.pass(59_999);
		session.sql.exec("ALTER TABLE log RENAME TO away");
		await expect(session.pass(1)).rejects.toThrow("no such table: log");
		expect(session.alarmInMs()).toBe(85_000);
		session.sql.exec("ALTER TABLE away RENAME TO log");
		await session.pass(25_000);
		expect(picked(session.log(), "turn.failed").length).toBe(1);
		expect(session.alarmInMs()).toBe(null);
	});

	test("a timer that outlives its session writes into the next one of that name", async () => {
		const session = rig(stuck);
		session.open(one);
		await session.settle();
		const before = session.log();
		session.runner.stop();
		expect(session.runner.submit({ type: "cancel" })).toBe(null);
		await session.pass(600_000);
		expect(session.log()).toEqual(before);
	});
});

test.each<[string, Script, number | null]>([
	["that was refused costs nothing", replies(failing("auth")), 0],
	[
		"that brought something before it broke: nobody can say",
		replies([{ type: "text", text: "A" }, ...failing("server")]),
		null,
	],
	["that never answered: nobody can say", replies(failing("first_byte_timeout")), null],
])("the price of a call %s", async (_, script, cost) => {
	const session = rig(script);
	session.open(teamOf({ agents: 1, limits: { retries: 0 } }));
	await session.settle();
	expect(picked(session.log(), "call.finished").map(({ cost_usd }) => cost_usd)).toEqual([cost]);
});

test("what cannot be written ends its own call, and not the session", async () => {
	// No JSON can hold it: it stands for anything a database refuses.
	const unwritable = 1n as unknown as string;
	const session = rig(
		replies([{ type: "citation", url: "https://example.com", title: unwritable }, ...answering("42")]),
	);
	session.open(one);
	await session.settle();
	expect(picked(session.log(), "agent.failed").map(({ code }) => code)).toEqual(["server"]);
	expect([session.crashes.length, picked(session.log(), "turn.failed").length, session.alarmInMs()]).toEqual([
		1,
		1,
		null,
	]);
});

test("where each call stands is known while it is open, without a word in the log", async () => {
	const steps = ["queued", "paced", "queued", "waiting", "streaming"] as const;
	const next: (() => void)[] = [];
	const session = rig(async function* slow(_, signal, reached) {
		if (signal.aborted) return;
		for (const stage of steps) {
			reached?.(stage);
			await new Promise<void>((resolve) => next.push(resolve));
		}
		yield answering("42");
	});
	session.open(one);
	await session.settle();
	const rows = session.log().length;
	const seen = [session.runner.calls()];
	for (const _ of steps) {
		next.shift()?.();
		await session.settle();
		seen.push(session.runner.calls());
	}
	const call = { call: "t1.a1.r1.c1.x1", agent: "a" };
	expect([seen, rows]).toEqual([[...steps.map((state) => [{ ...call, state }]), []], 5]);
});

test("a backend without a host computes from the start", async () => {
	const session = rig(stuck);
	session.open(one);
	await session.settle();
	expect(session.runner.calls()).toEqual([{ call: "t1.a1.r1.c1.x1", agent: "a", state: "streaming" }]);
	session.runner.stop();
	expect(session.runner.calls()).toEqual([]);
});
