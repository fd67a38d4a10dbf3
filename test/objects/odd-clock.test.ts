import { describe, expect, test } from "vitest";
import { alarmClock, alarmLateMs, flushClock, flushMs, heartbeatMs } from "../../durable-objects/run/clocks.ts";
import { following, moved, setBackMs } from "../../durable-objects/store/deadlines.ts";
import type { Deadline } from "../../src/consensus/plan.ts";
import { teamOf } from "../consensus/scenario.ts";
import { fullDisk } from "../support/full-disk.ts";
import { sqlStorage } from "../support/sql.ts";
import { picked, traceOf } from "../support/trace.ts";
import { abandoned, answering, failing, replies, rig, type Script } from "./rig.ts";

const hour = 3_600_000;
const one = teamOf({ agents: 1, limits: { round_seconds: 60 } });
const out = ["call aborted", "fails: round_timeout", "out: round_timeout"];

/** Says one thing and then nothing more, until it is given up. */
const stuck: Script = async function* stuck(_, signal) {
	yield [{ type: "text", text: "One moment" }];
	await abandoned(signal);
};

describe("P9: a clock that is set back", () => {
	const wanted: readonly Deadline[] = [{ key: "a", kind: "turn", afterMs: 100 }];

	test.each<[string, number, number, boolean]>([
		["a deadline keeps its moment as long as it has no more to go than its length", 900, 1000, false],
		["nor is it moved for a little more", 900 - setBackMs, 1000, false],
		["with more to go it starts anew", 899 - setBackMs, 999 - setBackMs, true],
		["by hours: it starts anew", 1000 - hour, 1100 - hour, true],
	])("%s", (_, nowMs, expected, isMoved) => {
		const before = new Map([["a", 1000]]);
		const after = following(before, wanted, nowMs);
		expect([after.get("a"), moved(before, after)]).toEqual([expected, isMoved]);
	});

	test.each<[string, (session: ReturnType<typeof rig>) => Promise<void>]>([
		["at the next commit", async ({ runner }) => void runner.submit({ type: "note", text: "x" })],
		["at a look at it, once its alarm is late", async ({ runner }) => runner.sweep()],
		["at an alarm that comes all the same", async ({ runner }) => runner.alarm()],
	])("by hours, a round still ends in time, counted anew %s", async (_, occasion) => {
		const session = rig(stuck);
		session.open(one);
		await session.pass(1000);
		session.setClock(-5 * hour);
		await occasion(session);
		expect([...session.store.running().values()].every((dueMs) => dueMs <= Date.UTC(2026, 0, 1))).toBe(true);
		await session.pass(60_000);
		expect(traceOf(session.log(), "a").slice(-3)).toEqual(out);
		expect(session.alarmInMs()).toBe(null);
	});

	test("a machine that starts on a clock hours behind ends its rounds in time", async () => {
		const before = rig(stuck);
		before.open(one);
		const after = rig(stuck, { sql: before.sql, fromMs: -5 * hour });
		after.runner.resume();
		await after.pass(60_000);
		expect(traceOf(after.log(), "a").slice(-3)).toEqual(out);
	});

	test("a delay before another try does not grow with it", async () => {
		const session = rig(replies(failing("server"), answering("42")));
		session.open(one);
		await session.settle();
		session.setClock(-5 * hour);
		session.runner.sweep();
		await session.pass(250);
		expect(picked(session.log(), "turn.finished").length).toBe(1);
	});

	test("no event is logged as earlier than the one before it, in this machine or the next", async () => {
		const session = rig(stuck);
		session.open(one);
		await session.pass(1000);
		session.setClock(-5 * hour);
		session.runner.submit({ type: "note", text: "x" });
		const next = rig(stuck, { sql: session.sql, fromMs: -6 * hour });
		next.runner.resume();
		next.runner.submit({ type: "note", text: "y" });
		const times = next.log().map(({ at }) => at);
		expect(times).toEqual(times.toSorted());
		expect(times.at(-1)).toBe("2026-01-01T00:00:00.200Z");
		next.setClock(12 * hour);
		next.runner.submit({ type: "note", text: "z" });
		expect(next.log().at(-1)?.at).toBe("2026-01-01T06:00:00.000Z");
	});

	test("text is flushed as soon as ever", () => {
		const waits: number[] = [];
		let nowMs = 5 * hour;
		const clock = flushClock({ now: () => nowMs, later: (_, ms) => void waits.push(ms), flush: () => {} });
		clock.committed(nowMs);
		nowMs = 0;
		clock.soon();
		expect(waits).toEqual([flushMs.most]);
	});
});

test("a clock that is set forward ends what it says is over, once", async () => {
	const session = rig(stuck);
	session.open(one);
	await session.pass(1000);
	session.setClock(120_000);
	await session.pass(0);
	expect(traceOf(session.log(), "a").slice(-3)).toEqual(out);
	expect(session.alarmInMs()).toBe(null);
});

describe("an alarm", () => {
	test("that comes twice does nothing the second time but beat", async () => {
		const disk = fullDisk(sqlStorage());
		const session = rig(stuck, { sql: disk.sql });
		session.open(one);
		await session.pass(1000);
		session.runner.alarm();
		const before = [session.log(), disk.writes()];
		session.runner.alarm();
		expect([session.log(), disk.writes()]).toEqual(before);
		session.runner.stop();
	});

	test("that comes twice when a deadline is due ends the round once", async () => {
		const session = rig(stuck);
		session.open(one);
		await session.pass(59_999);
		session.loseAlarm();
		await session.pass(1);
		session.runner.alarm();
		session.runner.alarm();
		expect(picked(session.log(), "agent.failed").length).toBe(1);
	});

	test.each<[string, (session: ReturnType<typeof rig>) => void]>([
		["a command", ({ runner }) => void runner.submit({ type: "message", text: "Next" })],
		["a look at it", ({ runner }) => runner.sweep()],
	])("that is late is not waited for: %s ends what is due", async (_, occasion) => {
		const session = rig(stuck);
		session.open(one);
		await session.pass(1000);
		session.loseAlarm();
		await session.pass(10 * 60_000);
		expect(picked(session.log(), "agent.failed")).toEqual([]);
		occasion(session);
		expect(traceOf(session.log(), "a").slice(0, 5).slice(-3)).toEqual(out);
		session.runner.stop();
	});

	test("that is lost is set again at the next look at the session, or by what streams in", async () => {
		const { promise: more, resolve: goOn } = Promise.withResolvers<void>();
		const session = rig(async function* streams(_, signal) {
			await more;
			yield [{ type: "text", text: "x" }];
			await abandoned(signal);
		});
		session.open(one);
		session.loseAlarm();
		await session.pass(40_000);
		expect(session.alarmInMs()).toBe(null);
		session.runner.sweep();
		expect(session.alarmInMs()).toBe(48_000);
		session.loseAlarm();
		// As long as the alarm could still be on its way it is left alone.
		await session.pass(10_000);
		session.runner.sweep();
		expect(session.alarmInMs()).toBe(null);
		goOn();
		await session.pass(200);
		expect(session.alarmInMs()).toBe(null);
		session.runner.stop();
	});

	test.each<[string, number, readonly number[]]>([
		["is waited for until it is so late", heartbeatMs + alarmLateMs, []],
		["and set anew once it is later", heartbeatMs + alarmLateMs + 1, [2 * heartbeatMs + alarmLateMs + 1]],
	])("that does not come %s", (_, nowMs, expected) => {
		const set: (number | null)[] = [];
		const clock = alarmClock(
			(dueMs) => void set.push(dueMs),
			() => {},
		);
		clock.arm([], { beating: true, nowMs: 0 });
		clock.arm([], { beating: true, nowMs });
		expect(set.slice(1)).toEqual(expected);
	});

	test.each<[string, () => void | Promise<void>]>([
		[
			"throws",
			() => {
				throw new Error("no");
			},
		],
		["rejects", () => Promise.reject(new Error("no"))],
	])("that cannot be set (it %s) is told of, and set at the next occasion", async (_, refuse) => {
		const failed: unknown[] = [];
		let refusing = true;
		const set: (number | null)[] = [];
		const clock = alarmClock(
			(dueMs) => {
				set.push(dueMs);
				return refusing ? refuse() : undefined;
			},
			(error) => void failed.push(String(error)),
		);
		clock.arm([3000], { beating: false, nowMs: 0 });
		await Promise.resolve();
		await Promise.resolve();
		refusing = false;
		clock.arm([3000], { beating: false, nowMs: 0 });
		clock.arm([3000], { beating: false, nowMs: 0 });
		expect([failed, set]).toEqual([["Error: no"], [3000, 3000]]);
	});
});
