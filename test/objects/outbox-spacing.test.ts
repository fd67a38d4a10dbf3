import { describe, expect, test } from "vitest";
import { ageMaxMs } from "../../durable-objects/outbox/outbox.ts";
import { answers, box, message, send, takes } from "./outbox-rig.ts";

const spaced = (payload: string) => ({ ...message("card", payload), spacingMs: 2000 });
const when = (tries: readonly { payload: string; atMs: number }[]) => tries.map(({ payload, atMs }) => [payload, atMs]);

describe("a key with a spacing", () => {
	test("is sent at once the first time, then at most once in so long, always with its newest payload", async () => {
		const here = box(takes);
		for (let n = 0; n < 12; n++) {
			send(here, spaced(String(n)));
			await here.pass(500);
		}
		await here.pass(10_000);
		expect(when(here.tries)).toEqual([
			["0", 0],
			["3", 2000],
			["7", 4000],
			["11", 6000],
		]);
	});

	test("keeps it when it was replaced while it was being sent", async () => {
		const here = box(async ({ revision }) => {
			if (revision === 1) here.outbox.put([spaced("two")]);
			return { outcome: "sent" };
		});
		send(here, spaced("one"));
		await here.pass(5000);
		expect(when(here.tries)).toEqual([
			["one", 0],
			["two", 2000],
		]);
	});

	test("is sent at once after a longer silence", async () => {
		const here = box(takes);
		send(here, spaced("one"));
		await here.pass(2000);
		send(here, spaced("two"));
		await here.pass(0);
		expect(when(here.tries)).toEqual([
			["one", 0],
			["two", 2000],
		]);
	});

	test("keeps what comes later for the same target behind it", async () => {
		const here = box(takes);
		send(here, spaced("one"));
		await here.pass(1000);
		send(here, spaced("two"), message("final"));
		await here.pass(5000);
		expect(when(here.tries)).toEqual([
			["one", 0],
			["two", 2000],
			["final", 2000],
		]);
	});

	test("that fails by itself holds back nothing else of its target, and is tried on", async () => {
		const here = box(async ({ payload }) => {
			if (payload === "one") throw new Error("ours");
			return { outcome: "sent" };
		});
		send(here, spaced("one"), message("final"));
		await here.pass(6000);
		expect(when(here.tries)).toEqual([
			["one", 0],
			["final", 0],
			["one", 0],
			["one", 4000],
		]);
	});

	test("holds back all of its target for as long as that asks", async () => {
		const here = box(answers({ outcome: "retry", afterMs: 5000, reason: "it answered 429" }));
		send(here, spaced("one"), message("final"));
		await here.pass(6000);
		expect(when(here.tries)).toEqual([
			["one", 0],
			["one", 5000],
			["final", 5000],
		]);
	});

	test("keeps it after a restart", async () => {
		const before = box(takes);
		send(before, spaced("one"));
		await before.pass(500);
		const after = box(takes, { sql: before.sql, fromMs: 500 });
		send(after, spaced("two"));
		await after.pass(5000);
		expect(when(after.tries)).toEqual([["two", 2000]]);
	});
});

describe("a target that takes no more at the moment", () => {
	test("is asked again when it said, and that counts as no try", async () => {
		const wait = { outcome: "wait", afterMs: 700, reason: "busy" } as const;
		const here = box(answers(...Array.from({ length: 30 }, () => wait)));
		send(here, message("m"));
		await here.pass(60_000);
		expect(here.tries.map(({ tries, atMs }) => [tries, atMs])).toEqual(
			Array.from({ length: 31 }, (_, n) => [0, n * 700]),
		);
		expect(here.outbox.deliveries()).toEqual(null);
	});

	test("is not asked more often than four times a second", async () => {
		const here = box(answers({ outcome: "wait", afterMs: 0, reason: "busy" }));
		send(here, message("m"));
		await here.pass(1000);
		expect(here.tries.map(({ atMs }) => atMs)).toEqual([0, 250]);
	});

	test("is given up after a day", async () => {
		const here = box(async () => ({ outcome: "wait", afterMs: ageMaxMs / 2, reason: "busy" }));
		send(here, message("m"));
		await here.pass(ageMaxMs * 2);
		expect(here.tries.map(({ atMs }) => atMs)).toEqual([0, ageMaxMs / 2, ageMaxMs]);
		expect(here.outbox.deliveries()?.dead.map(({ reason }) => reason)).toEqual(["busy; given up after a day"]);
	});

	test("is told how many tries before this one may have arrived", async () => {
		const here = box(answers({ outcome: "retry", afterMs: null, reason: "no answer" }));
		send(here, message("m"));
		await here.pass(60_000);
		expect(here.tries.map(({ tries }) => tries)).toEqual([0, 1]);
	});
});
