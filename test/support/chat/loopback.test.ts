import { expect, onTestFinished, test } from "vitest";
import { recentCalls } from "./recent-calls.ts";
import { slidingRates } from "./rates.ts";
import { settableClock } from "./settable-clock.ts";
import { startLoopback } from "./loopback.ts";

test("a body of 32 MiB is read, and one byte more is refused", async () => {
	const loopback = await startLoopback(({ body }) => ({ status: 200, body: body.length }));
	onTestFinished(loopback.close);
	const send = async (bytes: number) =>
		(await fetch(loopback.url, { method: "POST", body: new Uint8Array(bytes) })).status;
	const most = 32 * 1024 * 1024;
	expect([await send(most), await send(most + 1)]).toEqual([200, 413]);
});

test("a window slides: each place is free again after its own time, and a refusal takes none", () => {
	const clock = settableClock(() => 0);
	const rates = slidingRates(clock.now);
	const budget = { max: 2, windowMs: 1000 };
	const take = () => rates.take("a", budget);
	expect([rates.left("a", budget), rates.resetInMs("a", budget)]).toEqual([2, 0]);
	expect(take()).toBe(null);
	clock.advance(400);
	expect([take(), take(), take()]).toEqual([null, 600, 600]);
	expect([rates.left("a", budget), rates.resetInMs("a", budget), rates.left("b", budget)]).toEqual([0, 1000, 2]);
	clock.advance(599);
	expect(take()).toBe(1);
	clock.advance(1);
	expect([take(), take()]).toEqual([null, 400]);
});

test("a clock runs until it is set, and then stands", () => {
	let base = 5;
	const clock = settableClock(() => base);
	clock.advance(10);
	base = 6;
	expect(clock.now()).toBe(16);
	clock.set(100);
	base = 7;
	expect(clock.now()).toBe(100);
	clock.advance(1);
	expect(clock.now()).toBe(101);
});

test("10000 calls are remembered", () => {
	const { calls, add } = recentCalls<number>();
	for (let call = 0; call < 10_000; call++) add(call);
	expect([calls.length, calls[0]]).toEqual([10_000, 0]);
	add(10_000);
	expect([calls.length, calls[0]]).toEqual([10_000, 1]);
});
