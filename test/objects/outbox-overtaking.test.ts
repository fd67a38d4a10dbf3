import { describe, expect, test } from "vitest";
import type { Delivered } from "../../durable-objects/outbox/outbox.ts";
import { answers, box, message, send, takes } from "./outbox-rig.ts";

const spaced = (payload: string) => ({ ...message("card", payload), spacingMs: 2000 });
const when = (tries: readonly { payload: string; atMs: number }[]) => tries.map(({ payload, atMs }) => [payload, atMs]);
const full = (afterMs: number): Delivered => ({ outcome: "wait", afterMs, reason: "full", holds: "row" });

describe("a row that alone has to wait", () => {
	test("is overtaken by what comes later for its target, and comes in its own time", async () => {
		const here = box(answers(full(30_000)));
		send(here, spaced("one"));
		await here.pass(1000);
		send(here, message("final"));
		await here.pass(60_000);
		expect(when(here.tries)).toEqual([
			["one", 0],
			["final", 1000],
			["one", 30_000],
		]);
	});

	test("is overtaken by what was put together with it", async () => {
		const here = box(answers(full(30_000)));
		send(here, spaced("one"), message("final"));
		await here.pass(60_000);
		expect(when(here.tries)).toEqual([
			["one", 0],
			["final", 0],
			["one", 30_000],
		]);
	});

	test("keeps its time when its payload is replaced", async () => {
		const here = box(answers(full(30_000)));
		send(here, spaced("one"));
		await here.pass(1000);
		send(here, spaced("two"));
		await here.pass(60_000);
		expect(when(here.tries)).toEqual([
			["one", 0],
			["two", 30_000],
		]);
	});

	test("holds its target again once it is being sent", async () => {
		const here = box(answers(full(5000), { outcome: "retry", afterMs: null, reason: "it answered 500" }));
		send(here, spaced("one"));
		await here.pass(5000);
		send(here, message("final"));
		await here.pass(60_000);
		expect(when(here.tries)).toEqual([
			["one", 0],
			["one", 5000],
			["one", 6000],
			["final", 6000],
		]);
	});

	test("waits with the others where the target itself takes nothing", async () => {
		const here = box(answers(full(5000), { outcome: "wait", afterMs: 20_000, reason: "paused" }));
		send(here, spaced("one"));
		await here.pass(1000);
		send(here, message("final"));
		await here.pass(60_000);
		expect(when(here.tries)).toEqual([
			["one", 0],
			["final", 1000],
			["one", 21_000],
			["final", 21_000],
		]);
	});

	test("says nothing where it may be sent at once", async () => {
		const here = box(takes);
		send(here, spaced("one"), message("final"));
		await here.pass(0);
		expect(when(here.tries)).toEqual([
			["one", 0],
			["final", 0],
		]);
	});
});
