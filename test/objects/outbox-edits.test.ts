import { describe, expect, test } from "vitest";
import { ageMaxMs, triesMax } from "../../durable-objects/outbox/outbox.ts";
import { answers, box, fails, message, send, takes } from "./outbox-rig.ts";

describe("what is put again under a key", () => {
	test("before it was sent replaces it", async () => {
		const here = box(takes);
		here.outbox.put([message("m", "one")]);
		send(here, message("m", "two"));
		await here.pass(0);
		expect(here.tries.map(({ id, payload, revision }) => [id, payload, revision])).toEqual([
			["msg_s1_1", "two", 2],
		]);
	});

	test("while it is being sent follows as an edit of what it became there", async () => {
		const clock = { release: () => {} };
		const first = new Promise<void>((resolve) => (clock.release = resolve));
		const here = box(async ({ revision }) => {
			if (revision === 1) await first;
			return { outcome: "sent", ref: `post-${revision}` };
		});
		send(here, message("m", "one"));
		send(here, message("m", "two"));
		send(here, message("m", "three"));
		await here.pass(0);
		expect(here.tries.length).toBe(1);
		clock.release();
		await here.pass(0);
		expect(here.tries.map(({ payload, revision, ref }) => [payload, revision, ref])).toEqual([
			["one", 1, null],
			["three", 3, "post-1"],
		]);
		expect(here.rows("state, ref")).toEqual([{ state: "sent", ref: "post-3" }]);
	});

	test("after it was sent is a new obligation with tries of its own", async () => {
		const here = box(async ({ revision }) =>
			revision === 1 ? { outcome: "sent", ref: "post" } : fails(...unused),
		);
		send(here, message("m", "one"));
		await here.pass(ageMaxMs * 2);
		send(here, message("m", "two"));
		await here.pass(ageMaxMs * 2);
		expect(here.tries.map(({ ref }) => ref)).toEqual([null, ...Array.from({ length: triesMax }, () => "post")]);
	});

	test("does not reset the tries of what has not arrived", async () => {
		const here = box(fails);
		send(here, message("m", "0"));
		for (let edit = 1; edit < 100; edit++) {
			await here.pass(900_000);
			if (here.outbox.deliveries()?.pending === 1) send(here, message("m", String(edit)));
		}
		expect(here.tries.length).toBe(triesMax);
	});

	test("does not make it younger", async () => {
		const hourMs = 3_600_000;
		const here = box(async () => ({ outcome: "retry", afterMs: 13 * hourMs, reason: "later" }));
		send(here, message("m", "one"));
		await here.pass(12 * hourMs);
		send(here, message("m", "two"));
		await here.pass(2 * ageMaxMs);
		expect(here.tries.map(({ payload, atMs }) => [payload, atMs / hourMs])).toEqual([
			["one", 0],
			["two", 13],
		]);
	});

	test("after it was given up is tried anew", async () => {
		const here = box(async ({ payload }, ...rest) =>
			payload === "two" ? { outcome: "sent" } : fails({ ...unused[0], payload }, ...rest),
		);
		send(here, message("m", "one"));
		await here.pass(ageMaxMs);
		send(here, message("m", "two"));
		await here.pass(0);
		expect([here.tries.length, here.outbox.deliveries()]).toEqual([triesMax + 1, null]);
	});

	test("is held back with the rest of its target", async () => {
		const here = box(answers({ outcome: "sent" }, { outcome: "retry", afterMs: 10_000, reason: "busy" }));
		send(here, message("m", "one"));
		await here.pass(0);
		send(here, message("n"));
		await here.pass(0);
		send(here, message("m", "two"));
		await here.pass(10_000);
		expect(here.tries.map(({ payload, atMs }) => [payload, atMs])).toEqual([
			["one", 0],
			["n", 0],
			["two", 10_000],
			["n", 10_000],
		]);
	});

	test("still knows what the first became, where the target names it once", async () => {
		const here = box(answers({ outcome: "sent", ref: "post" }));
		for (const payload of ["one", "two", "three"]) {
			send(here, message("m", payload));
			await here.pass(0);
		}
		expect(here.tries.map(({ ref }) => ref)).toEqual([null, "post", "post"]);
	});

	test("is not given up with what it has replaced", async () => {
		const here = box(async ({ payload }) =>
			payload === "bad"
				? (send(here, message("m", "good")), { outcome: "dead", reason: "bad" })
				: { outcome: "sent" },
		);
		send(here, message("m", "bad"));
		await here.pass(0);
		expect([here.tries.map(({ payload }) => payload), here.outbox.deliveries()]).toEqual([["bad", "good"], null]);
	});
});

const unused = [
	{ id: "", address: "", payload: "", revision: 0, ref: null, tries: 0 },
	new AbortController().signal,
] as const;
