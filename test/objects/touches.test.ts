import { expect, test } from "vitest";
import type { SessionStatus } from "../../durable-objects/rpc.ts";
import { makeTouches, touchesMax, touchWaitMs } from "../../durable-objects/tenant/touches.ts";

/** A register whose writes are told, with timers that a test rings; `full` as long as its disk takes nothing. */
function register() {
	const writes: string[][] = [];
	const timers: { readonly run: () => void; readonly ms: number }[] = [];
	const told: string[] = [];
	const disk = { full: false };
	const touches = makeTouches({
		write: (all) => {
			if (disk.full) throw new Error("full");
			writes.push(all.map(({ id, status }) => `${id} ${status}`));
		},
		later: (run, ms) => void timers.push({ run, ms }),
	});
	const add = (id: string, status: SessionStatus) =>
		void touches.add(id, status).then(
			() => told.push(id),
			(error: Error) => told.push(`${id} ${error.message}`),
		);
	const ring = () => timers.splice(0).forEach(({ run }) => run());
	return { touches, writes, told, disk, add, ring, timers: () => timers.map(({ ms }) => ms) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("sessions that tell of themselves within a while share a write, and none is confirmed before it", async () => {
	const { add, ring, told, writes, timers } = register();
	add("a", "done");
	add("b", "failed");
	await settled();
	expect([timers(), writes, told]).toEqual([[touchWaitMs], [], []]);
	ring();
	await settled();
	expect([writes, told]).toEqual([[["a done", "b failed"]], ["a", "b"]]);
	add("a", "running");
	ring();
	expect(writes.slice(1)).toEqual([["a running"]]);
});

test("who looks at the register writes what waits, and the timer finds nothing left", async () => {
	const { add, ring, told, touches, writes } = register();
	touches.write();
	add("a", "done");
	touches.write();
	await settled();
	expect([writes, told]).toEqual([[["a done"]], ["a"]]);
	ring();
	expect(writes.length).toBe(1);
});

test.each([
	["as many as may wait are written at once", touchesMax, 1],
	["one fewer waits", touchesMax - 1, 0],
])("%s", (_, count, expected) => {
	const { add, writes } = register();
	for (let nth = 0; nth < count; nth++) add(`s${nth}`, "done");
	expect(writes.length).toBe(expected);
});

test("a disk that takes nothing is told to each, who come again, and keeps nobody from looking", async () => {
	const { add, told, touches, writes, disk } = register();
	disk.full = true;
	add("a", "done");
	add("b", "done");
	touches.write();
	await settled();
	expect(told).toEqual(["a full", "b full"]);
	disk.full = false;
	add("a", "done");
	touches.write();
	await settled();
	expect([told.slice(2), writes]).toEqual([["a"], [["a done"]]]);
});
