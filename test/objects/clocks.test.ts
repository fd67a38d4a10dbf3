import { describe, expect, test } from "vitest";
import {
	alarmClock,
	endingClock,
	endingMs,
	crowdMs,
	flushClock,
	flushMs,
	heartbeatMs,
} from "../../durable-objects/run/clocks.ts";
import { flushesIn } from "../support/bench/flushes.ts";

describe("the alarm", () => {
	const beating = { beating: true, nowMs: 1000 };
	const quiet = { beating: false, nowMs: 1000 };
	type Step = readonly [moments: readonly number[], at: typeof beating] | "fired";

	test.each<[string, readonly Step[], readonly (number | null)[]]>([
		["is set to the first moment", [[[5000, 3000], quiet]], [3000]],
		["beats while calls are open", [[[], beating]], [1000 + heartbeatMs]],
		["beats only if nothing comes sooner", [[[5000], beating]], [5000]],
		[
			"is moved to what comes sooner",
			[
				[[5000], quiet],
				[[3000], quiet],
			],
			[5000, 3000],
		],
		[
			"is left where it comes too early",
			[
				[[3000], quiet],
				[[5000], quiet],
			],
			[3000],
		],
		[
			"is taken away when nothing is left",
			[
				[[3000], quiet],
				[[], quiet],
			],
			[3000, null],
		],
		[
			"is not taken away twice",
			[
				[[], quiet],
				[[], quiet],
			],
			[],
		],
		["is set anew once it has gone off", [[[3000], quiet], "fired", [[3000], quiet]], [3000, 3000]],
	])("%s", (_, steps, expected) => {
		const set: (number | null)[] = [];
		const clock = alarmClock(
			(dueMs) => void set.push(dueMs),
			() => {},
		);
		for (const step of steps) {
			if (step === "fired") clock.fired();
			else clock.arm(...step);
		}
		expect(set).toEqual(expected);
	});
});

describe("the flush", () => {
	/** The waits it asks for while a text comes right after each commit and its timers are late by so much. */
	function waits(lateMs: readonly number[]): number[] {
		const asked: number[] = [];
		let nowMs = 0;
		let ring = () => {};
		const clock = flushClock({
			now: () => nowMs,
			later: (run, ms) => ((ring = run), void asked.push(ms)),
			flush: () => clock.committed(nowMs),
		});
		clock.committed(0);
		for (const late of lateMs) {
			clock.soon();
			nowMs += (asked.at(-1) ?? 0) + late;
			ring();
		}
		return asked;
	}

	test.each<[string, readonly number[], readonly number[]]>([
		["comes every 200 ms on a machine that keeps time", [0, flushMs.late, 0], [200, 200, 200]],
		[
			"half as often after each late timer, down to once a second",
			[41, 41, 41, 41, 41],
			[200, 400, 800, 1000, 1000],
		],
		[
			"and sooner again, step by step, once timers are in time",
			[41, 41, 0, 0, 0, 0, 0],
			[200, 400, 800, 640, 512, 409.6, 327.68].map((ms) => expect.closeTo(ms, 5)),
		],
	])("%s", (_, late, expected) => {
		expect(waits(late)).toEqual(expected);
	});

	test.each<[string, readonly [seconds: number, begunAtSecond?: number], number]>([
		["comes five times a second while a turn is young", [30], 149],
		["then twice a second", [60], 209],
		["and once a second where it goes on for long: 1,144 rows in ten minutes", [600], 1144],
		["comes as often as at first once a presentation begins", [60, 45], 254],
	])("%s", (_, given, expected) => {
		expect(flushesIn(...given)).toBe(expected);
	});

	test("comes 100 ms after a text that follows a silence, and once for all that comes meanwhile", () => {
		const asked: number[] = [];
		let nowMs = 0;
		const clock = flushClock({ now: () => nowMs, later: (_, ms) => void asked.push(ms), flush: () => {} });
		clock.committed(0);
		nowMs = 10_000;
		clock.soon();
		clock.soon();
		expect(asked).toEqual([flushMs.first]);
	});

	test.each<[string, number, number]>([
		["few on one machine flush as if they were alone", 10, flushMs.first],
		["more than that wait until there is room", 12, 11 * crowdMs.apart],
		["and no longer than five seconds, however many they are", 1000, crowdMs.most],
	])("%s", (_, sessions, lastWaitMs) => {
		const crowd = { untilMs: 0 };
		const asked: number[] = [];
		for (let session = 0; session < sessions; session += 1)
			flushClock({ now: () => 10_000, later: (__, ms) => void asked.push(ms), flush: () => {}, crowd }).soon();
		expect([asked[0], asked.at(-1)]).toEqual([flushMs.first, lastWaitMs]);
	});

	test("a clock that was set back keeps nobody waiting for longer than that", () => {
		const asked: number[] = [];
		const crowd = { untilMs: 1_000_000 };
		flushClock({ now: () => 0, later: (_, ms) => void asked.push(ms), flush: () => {}, crowd }).soon();
		expect([asked, crowd.untilMs]).toEqual([[crowdMs.most], crowdMs.most]);
	});

	test("does not come where everything was committed meanwhile", () => {
		let flushes = 0;
		let ring = () => {};
		const clock = flushClock({ now: () => 0, later: (run) => void (ring = run), flush: () => void (flushes += 1) });
		clock.soon();
		clock.committed(0);
		ring();
		expect(flushes).toBe(0);
	});
});

describe("a call's ending", () => {
	type Between = "heard" | "ended" | "silence";
	/** Plays one word per look: what happens between the looks. Says when it was committed, in ms after the call ended. */
	function endsAfter(between: readonly Between[]): number | null {
		let nowMs = 0;
		let open = true;
		let endedMs: number | null = null;
		let timers: { readonly run: () => void; readonly ms: number }[] = [];
		const clock = endingClock({
			now: () => nowMs,
			later: (run, ms) => void timers.push({ run, ms }),
			others: () => open,
			end: () => void (endedMs = nowMs),
		});
		clock.soon();
		for (const happens of between) {
			if (happens === "heard") clock.heard();
			if (happens === "ended") clock.soon();
			for (const { run, ms } of timers.splice(0)) {
				nowMs += ms;
				run();
			}
		}
		open = false;
		for (const { run } of timers.splice(0)) run();
		timers = [];
		return endedMs;
	}

	test.each<[string, readonly Between[], number]>([
		["is committed a look later where the others are silent", ["silence", "silence"], 1],
		["waits for another that brings something", ["heard", "heard", "silence"], 2],
		["waits for one that has ended as well", ["silence", "ended", "silence"], 2],
		["waits no longer than that in all", Array.from({ length: 9 }, () => "heard" as const), endingMs.most],
		["does not wait where no other is open", [], 0],
	])("%s", (_, between, expected) => {
		expect(endsAfter(between)).toBe(expected);
	});

	/** A clock whose timers a test rings, for so many calls as are open. */
	function endings(open: { others: boolean }) {
		const asked: number[] = [];
		const rings: (() => void)[] = [];
		let ends = 0;
		const clock = endingClock({
			now: () => 0,
			later: (run, ms) => (rings.push(run), void asked.push(ms)),
			others: () => open.others,
			end: () => void (ends += 1),
		});
		return { clock, asked, ends: () => ends, ring: () => rings.shift()?.() };
	}

	test("that follows on a commit begins to wait anew", () => {
		const { clock, asked, ends, ring } = endings({ others: true });
		clock.soon();
		clock.soon();
		ring();
		ring();
		clock.soon();
		expect([asked, ends()]).toEqual([[0, endingMs.step, 0], 1]);
	});

	test("that is the last one is committed at once with those that wait, whose timer then finds nothing to do", () => {
		const open = { others: true };
		const { clock, asked, ends, ring } = endings(open);
		clock.soon();
		open.others = false;
		clock.soon();
		expect([asked, ends()]).toEqual([[0], 1]);
		open.others = true;
		clock.soon();
		ring();
		expect([asked, ends()]).toEqual([[0, 0], 1]);
	});
});
