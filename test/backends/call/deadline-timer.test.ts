import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { makeDeadlineTimer, type Waiting } from "../../../src/backends/call/deadline-timer.ts";

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

type Step = (rig: Rig) => void;
type Rig = {
	readonly expect: (name: string, dueMs: number) => void;
	readonly leave: (name: string) => void;
};

const by =
	(name: string, dueMs: number): Step =>
	(rig) =>
		rig.expect(name, dueMs);
const leave =
	(name: string): Step =>
	(rig) =>
		rig.leave(name);
const pass =
	(ms: number): Step =>
	() =>
		void vi.advanceTimersByTime(ms);

test.each<[string, Step[], readonly string[], number]>([
	["a deadline rings once it has passed, and once", [by("a", 10), pass(100)], ["a 10"], 0],
	["several ring by one timer", [by("a", 10), by("b", 20)], [], 1],
	["each at its own moment", [by("a", 20), by("b", 10), pass(100)], ["b 10", "a 20"], 0],
	["one that is moved on rings later", [by("a", 10), pass(5), by("a", 30), pass(100)], ["a 30"], 0],
	["one that is moved ahead rings sooner", [by("a", 30), pass(5), by("a", 10), pass(100)], ["a 10"], 0],
	["nothing rings while it rests", [by("a", 10), by("a", Number.POSITIVE_INFINITY), pass(100)], [], 0],
	[
		"after its rest it rings again",
		[by("a", 10), by("a", Number.POSITIVE_INFINITY), pass(50), by("a", 60), pass(9)],
		[],
		1,
	],
	["one that leaves does not ring", [by("a", 10), by("b", 20), leave("a"), pass(100)], ["b 20"], 0],
	["the last one that leaves takes the timer along", [by("a", 10), by("b", 20), leave("a"), leave("b")], [], 0],
	["those due at one moment ring together", [by("a", 10), by("b", 10), pass(100)], ["a 10", "b 10"], 0],
])("%s", (_, steps, rung, timers) => {
	const told: string[] = [];
	const timer = makeDeadlineTimer(() => Date.now());
	const all = new Map<string, Waiting>();
	const rig: Rig = {
		expect: (name, dueMs) => {
			const waiting = all.get(name) ?? { dueMs, ring: () => void told.push(`${name} ${Date.now()}`) };
			if (!all.has(name)) timer.add(waiting);
			all.set(name, waiting);
			waiting.dueMs = dueMs;
			timer.moved(waiting);
		},
		leave: (name) => {
			const waiting = all.get(name);
			if (waiting !== undefined) timer.remove(waiting);
		},
	};
	for (const step of steps) step(rig);
	expect([told, vi.getTimerCount()]).toEqual([rung, timers]);
});
