import { expect, test } from "vitest";
import { traceFigures, type TraceEvent } from "./trace-figures.ts";

const ms = 1000;
/** An event of the page's thread: when it began, how long it took by the clock and how much of that it worked. */
const event = (name: string, at: number, dur: number, tdur = dur): TraceEvent => ({
	name,
	ph: "X",
	pid: 1,
	tid: 1,
	ts: at * ms,
	dur: dur * ms,
	tdur: tdur * ms,
});
const thread = (pid: number): TraceEvent => ({
	name: "thread_name",
	ph: "M",
	pid,
	tid: 1,
	ts: 0,
	args: { name: "CrRendererMain" },
});

test("a task is long by the time for which it worked, at more than 50 ms", () => {
	const trace = [thread(1), event("RunTask", 0, 50), event("RunTask", 100, 51), event("RunTask", 200, 300, 20)];
	expect(traceFigures(trace)).toEqual({
		longTasks: 1,
		longTasksByClock: 2,
		longestTaskMs: 51,
		scriptMsPerFrameP95: 0,
		frames: 0,
	});
});

test.each<[string, readonly TraceEvent[], number]>([
	["what runs before a frame is that frame's", [event("FunctionCall", 0, 3), event("Commit", 5, 1)], 3],
	[
		"what runs within a script counts once",
		[event("TimerFire", 0, 4), event("FunctionCall", 1, 2), event("Commit", 5, 1)],
		4,
	],
	[
		"several scripts of one frame are added",
		[event("TimerFire", 0, 4), event("RunMicrotasks", 4, 2), event("Commit", 9, 1)],
		6,
	],
	["what comes after the last frame is none's", [event("Commit", 5, 1), event("TimerFire", 7, 9)], 0],
	["layout is no script", [event("Layout", 0, 30), event("Commit", 40, 1)], 0],
	[
		"of twenty frames the second worst counts",
		Array.from({ length: 20 }, (_, i) => [
			event("TimerFire", i * 100, i + 1),
			event("Commit", i * 100 + 50, 1),
		]).flat(),
		19,
	],
])("%s", (_, events, expected) => {
	expect(traceFigures([thread(1), ...events]).scriptMsPerFrameP95).toBe(expected);
});

test("of several pages the one that ran most is meant, and without any there is no figure", () => {
	const idle = { ...event("RunTask", 0, 90), pid: 2 };
	const busy = [event("RunTask", 0, 10), event("RunTask", 20, 10)];
	expect(traceFigures([thread(2), thread(1), idle, ...busy]).longTasks).toBe(0);
	expect(() => traceFigures(busy)).toThrow("no thread of a page");
});
