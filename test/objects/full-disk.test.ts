import { describe, expect, test } from "vitest";
import { retryMs, unwritten } from "../../durable-objects/run/disk.ts";
import { openStore } from "../../durable-objects/store/store.ts";
import type { LoggedEvent } from "../../src/consensus/events.ts";
import { teamOf } from "../consensus/scenario.ts";
import { always, diskFull, fullDisk, never, type FullDisk } from "../support/full-disk.ts";
import { sqlStorage, transactionOn } from "../support/sql.ts";
import { picked, traceOf } from "../support/trace.ts";
import { abandoned, answering, replies, rig, saying, type Rig, type RigOptions, type Script } from "./rig.ts";

const one = teamOf({ agents: 1 });

/** A session on a disk that a test fills; `says` is handed to its models. */
function onDisk(script: Script, options: RigOptions = {}): { session: Rig; disk: FullDisk } {
	const disk = fullDisk(sqlStorage());
	return { session: rig(script, { ...options, sql: disk.sql }), disk };
}

/** A model that answers once it is let. */
function held(): { readonly script: Script; readonly release: () => void } {
	const { promise, resolve } = Promise.withResolvers<void>();
	async function* script() {
		yield [{ type: "text" as const, text: "Well" }];
		await promise;
		yield answering("42");
	}
	return { script, release: resolve };
}

const gapless = (log: readonly LoggedEvent[]) => log.every(({ seq }, i) => seq === i + 1);
const stateOf = ({ runner }: Rig) => runner.storage().state;
const ended = [
	"round 1",
	"calls, paid 1, offered new_answer vote",
	"call ok",
	"answers a1.1",
	"presents, try 1, reuse",
];

describe("P15: a disk that takes no writes", () => {
	test("refuses a command: nothing has changed, in memory either, and the session says so", async () => {
		const { script } = held();
		const { session, disk } = onDisk(script);
		session.open(one);
		const before = [session.store.state(), session.store.account(), session.log()];
		disk.fails(always);
		expect(session.runner.submit({ type: "note", text: "x" })).toEqual(unwritten);
		expect([session.store.state(), session.store.account(), session.log()]).toEqual(before);
		expect(session.runner.storage()).toEqual({
			state: "failing",
			since: "2026-01-01T00:00:00.000Z",
			detail: diskFull,
		});
		disk.fails(never);
		expect(session.runner.submit({ type: "note", text: "x" })).toBe(null);
		expect([picked(session.log(), "note.added").length, session.runner.storage()]).toEqual([1, { state: "ok" }]);
	});

	test("lets no session be opened, leaves no table, and lets it be opened once there is room", async () => {
		const { session, disk } = onDisk(replies(answering("42")));
		// Whichever write of the opening fails: there is never half of it.
		session.sql.exec("SELECT 1");
		let failed = 0;
		for (let nth = 1; nth < 40; nth += 1) {
			const from = disk.writes();
			disk.fails((write) => write === from + nth);
			if (session.runner.submit({ type: "open", team: one, seed: 7, question: "?" }) === null) break;
			failed += 1;
			expect([session.store.state().status, session.requests.length]).toEqual(["empty", 0]);
			expect(session.sql.exec("SELECT name FROM sqlite_master").toArray()).toEqual([]);
			expect(session.alarmInMs()).toBe(null);
		}
		// Tables, log, ledger, deadlines.
		expect(failed).toBeGreaterThan(3);
		await session.settle();
		expect(traceOf(session.log(), "a")).toEqual(ended);
	});

	test("keeps a result that is paid for, and the session goes on by itself when there is room again", async () => {
		const { script, release } = held();
		const { session, disk } = onDisk(script);
		session.open(one);
		await session.settle();
		disk.fails(always);
		release();
		await session.pass(100_000);
		expect([stateOf(session), picked(session.log(), "call.finished"), session.requests.length]).toEqual([
			"failing",
			[],
			1,
		]);
		disk.fails(never);
		await session.pass(retryMs.most);
		expect(traceOf(session.log(), "a")).toEqual(ended);
		expect([session.requests.length, gapless(session.log()), stateOf(session), session.alarmInMs()]).toEqual([
			1,
			true,
			"ok",
			null,
		]);
	});

	test("keeps the results of all calls", async () => {
		const { script, release } = held();
		const { session, disk } = onDisk(script);
		session.open(teamOf({ agents: 3 }));
		await session.settle();
		disk.fails(always);
		release();
		await session.pass(10_000);
		disk.fails(never);
		await session.pass(retryMs.most);
		const firsts = picked(session.log(), "call.finished").slice(0, 3);
		expect(firsts.map(({ call, outcome }) => [call, outcome])).toEqual([
			["t1.a1.r1.c1.x1", "ok"],
			["t1.a2.r1.c1.x1", "ok"],
			["t1.a3.r1.c1.x1", "ok"],
		]);
	});

	test("a command that is written ends the trouble at once: what waited follows", async () => {
		const { script, release } = held();
		const { session, disk } = onDisk(script);
		session.open(one);
		await session.settle();
		disk.fails(always);
		release();
		await session.pass(20_000);
		disk.fails(never);
		session.runner.submit({ type: "note", text: "x" });
		await session.settle();
		expect([picked(session.log(), "turn.finished").length, stateOf(session)]).toEqual([1, "ok"]);
	});

	test("lets no request leave whose call is not written, and lets it leave once", async () => {
		const { session, disk } = onDisk(replies(saying("Hm."), answering("42")));
		session.open(one);
		// The end of the first call and the start of the second are one commit.
		disk.fails(always);
		await session.pass(60_000);
		expect([session.requests.length, picked(session.log(), "call.started").length]).toEqual([1, 1]);
		disk.fails(never);
		await session.pass(retryMs.most);
		expect([session.requests.length, picked(session.log(), "call.started").length]).toEqual([2, 2]);
		expect(picked(session.log(), "turn.finished").map(({ answer }) => answer)).toEqual(["42"]);
	});

	test("lets streams go on; what they brought is in the log once, in order, when there is room", async () => {
		const { promise: more, resolve: goOn } = Promise.withResolvers<void>();
		const { session, disk } = onDisk(async function* streams(_, signal) {
			yield [{ type: "text", text: "ab" }];
			await more;
			for (const text of ["c", "d"]) yield [{ type: "text", text }];
			await abandoned(signal);
		});
		session.open(one);
		await session.pass(1000);
		disk.fails(always);
		goOn();
		await session.pass(60_000);
		expect(picked(session.log(), "agent.text").map(({ text }) => text)).toEqual(["ab"]);
		disk.fails(never);
		await session.pass(retryMs.most);
		expect(picked(session.log(), "agent.text").map(({ text }) => text)).toEqual(["ab", "cd"]);
		session.runner.stop();
	});

	test("is not asked at the pace of the streams", async () => {
		const { session, disk } = onDisk(async function* drips(_, signal) {
			for (let i = 0; i < 100 && !signal.aborted; i += 1) {
				yield [{ type: "text", text: "x" }];
				await Promise.resolve();
			}
			await abandoned(signal);
		});
		session.open(one);
		disk.fails(always);
		const before = disk.writes();
		await session.pass(20_000);
		// At 200 ms, then 1, 2, 4 and 8 s later.
		expect(disk.writes() - before).toBe(5);
		session.runner.stop();
	});

	test("P9: a call whose time is up is stopped even so, and the log is told of it once there is room", async () => {
		let stopped = 0;
		const { session, disk } = onDisk(async function* hangs(_, signal) {
			yield [{ type: "text", text: "Well" }];
			await abandoned(signal);
			stopped += 1;
		});
		session.open(teamOf({ agents: 1, limits: { round_seconds: 60 } }));
		await session.pass(1000);
		disk.fails(always);
		await session.pass(58_000);
		expect(stopped).toBe(0);
		await session.pass(60_000);
		expect([stopped, picked(session.log(), "call.finished")]).toEqual([1, []]);
		disk.fails(never);
		await session.pass(retryMs.most);
		expect(traceOf(session.log(), "a").slice(-3)).toEqual([
			"call aborted",
			"fails: round_timeout",
			"out: round_timeout",
		]);
		expect([session.alarmInMs(), stateOf(session)]).toEqual([null, "ok"]);
	});

	test("a result that came before its time was up counts, however late it is written", async () => {
		const { script, release } = held();
		const { session, disk } = onDisk(script);
		session.open(teamOf({ agents: 1, limits: { round_seconds: 60 } }));
		await session.settle();
		disk.fails(always);
		release();
		await session.pass(90_000);
		disk.fails(never);
		await session.pass(retryMs.most);
		expect(traceOf(session.log(), "a")).toEqual(ended);
	});

	test("a handle that it did not take is written with what comes next, and its call goes on", async () => {
		const { promise: more, resolve: goOn } = Promise.withResolvers<void>();
		const { session, disk } = onDisk(async function* resumable(_, signal) {
			await more;
			yield [{ type: "handle", handle: "h1", cursor: null }];
			await abandoned(signal);
		});
		session.open(one);
		await session.settle();
		disk.fails(always);
		goOn();
		await session.settle();
		const handles = () => session.sql.exec("SELECT handle, state FROM calls").toArray();
		expect([handles(), stateOf(session)]).toEqual([[{ handle: null, state: "dispatched" }], "failing"]);
		disk.fails(never);
		await session.pass(retryMs.first);
		expect([handles(), stateOf(session)]).toEqual([[{ handle: "h1", state: "dispatched" }], "ok"]);
		session.runner.stop();
	});

	test("a fault that nobody knows is the disk's when not even the failure of the call can be written", async () => {
		const { script, release } = held();
		const { session, disk } = onDisk(script);
		session.open(one);
		await session.settle();
		disk.fails(always, "something new");
		release();
		await session.pass(40_000);
		expect([stateOf(session), picked(session.log(), "call.finished")]).toEqual(["failing", []]);
		disk.fails(never);
		await session.pass(retryMs.most);
		expect(traceOf(session.log(), "a")).toEqual(ended);
	});

	test("a session that is deleted meanwhile writes nothing any more", async () => {
		const { script, release } = held();
		const { session, disk } = onDisk(script);
		session.open(one);
		await session.settle();
		disk.fails(always);
		release();
		await session.pass(5000);
		session.runner.stop();
		disk.fails(never);
		const before = disk.writes();
		await session.pass(600_000);
		expect(disk.writes()).toBe(before);
	});
});

describe("a machine that starts on a full disk", () => {
	test("can be read, starts no call, and goes on when there is room", async () => {
		const { session: before, disk } = onDisk(held().script);
		before.open(one);
		await before.pass(500);
		disk.fails(always);
		const after = rig(replies(answering("42")), { sql: disk.sql, fromMs: 1000 });
		after.runner.resume();
		await after.pass(50_000);
		expect([after.store.state(), after.requests.length, stateOf(after)]).toEqual([
			before.store.state(),
			0,
			"failing",
		]);
		disk.fails(never);
		await after.pass(retryMs.most);
		expect(after.log().slice(0, before.log().length)).toEqual(before.log());
		expect(traceOf(after.log(), "a").slice(2)).toEqual([
			"call lost",
			"calls, paid 2, offered new_answer vote",
			...ended.slice(2),
		]);
		expect(after.sql.exec("SELECT epoch FROM boots").toArray()).toEqual([{ epoch: 1 }]);
		expect(gapless(after.log())).toBe(true);
	});

	test("does not hide another fault", () => {
		const { session, disk } = onDisk(held().script);
		session.open(one);
		disk.fails(always, "something new");
		expect(() => openStore({ sql: disk.sql, transaction: transactionOn(disk.sql) }, 0)).toThrow("something new");
	});
});

describe("an alarm that cannot be set", () => {
	test.each<[string, () => void | Promise<void>]>([
		[
			"since storage throws",
			() => {
				throw new Error(diskFull);
			},
		],
		["since storage refuses later", () => Promise.reject(new Error(diskFull))],
	])("%s: the session says so, tries again, and is waked by its own timer", async (_, refuse) => {
		let failing = true;
		const setsAlarm = () => (failing ? refuse() : undefined);
		const { session } = onDisk(held().script, { setsAlarm });
		session.open(teamOf({ agents: 1, limits: { round_seconds: 10 } }));
		await session.settle();
		expect([stateOf(session), session.alarmInMs()]).toEqual(["failing", null]);
		await session.pass(20_000);
		expect(picked(session.log(), "turn.failed").length).toBe(1);
		session.runner.submit({ type: "message", text: "Again" });
		failing = false;
		await session.pass(retryMs.most);
		expect([stateOf(session), session.runner.calls()]).toEqual(["ok", []]);
		expect(picked(session.log(), "turn.failed").length).toBe(2);
	});
});

test("P15: whichever write fails once, the session ends as it does without a fault, and pays no more", async () => {
	const script = () => {
		let asked = 0;
		return async function* mixed() {
			asked += 1;
			yield asked === 1 ? saying("Hm.") : answering("42");
		};
	};
	const run = async (nth: number) => {
		const { session, disk } = onDisk(script());
		session.open(one);
		const from = disk.writes();
		disk.fails((write) => write === from + nth);
		await session.pass(60_000);
		return { writes: disk.writes() - from, trace: traceOf(session.log(), "a"), log: session.log(), session };
	};
	const whole = await run(0);
	expect(whole.trace.slice(-2)).toEqual(["answers a1.1", "presents, try 1, reuse"]);
	for (let nth = 1; nth <= whole.writes; nth += 1) {
		const { trace, log, session } = await run(nth);
		expect([nth, trace, gapless(log), session.requests.length]).toEqual([
			nth,
			whole.trace,
			true,
			whole.session.requests.length,
		]);
		expect([stateOf(session), session.alarmInMs(), session.crashes]).toEqual(["ok", null, []]);
	}
});
