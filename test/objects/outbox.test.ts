import { describe, expect, test } from "vitest";
import {
	ageMaxMs,
	backoffMs,
	leaseMs,
	sendingMax,
	triesMax,
	tryTimeoutMs,
	type Deliver,
} from "../../durable-objects/outbox/outbox.ts";
import { sqlStorage, transactionOn } from "../support/sql.ts";
import { answers, at, box, fails, message, never, send, takes } from "./outbox-rig.ts";

/** All that follows by itself has followed. */
const settling = () => new Promise((resolve) => setTimeout(resolve, 0));

describe("a row", () => {
	test("is sent at once, and nothing is left to wake for", async () => {
		const here = box(takes);
		send(here, message("m"));
		expect(here.wakesInMs()).toEqual([leaseMs]);
		await here.pass(0);
		expect(here.tries).toEqual([
			{ id: "msg_s1_1", address: "a", payload: "m", revision: 1, ref: null, tries: 0, atMs: 0 },
		]);
		expect([here.wakesInMs(), here.outbox.deliveries(), here.settled()]).toEqual([[], null, 1]);
		expect(here.rows("state, payload, tries")).toEqual([{ state: "sent", payload: "", tries: 0 }]);
	});

	test("costs nothing before the first: there is no table", async () => {
		const here = box(takes);
		here.outbox.put([]);
		here.outbox.kick();
		expect([here.wakesInMs(), here.outbox.deliveries(), here.outbox.redeliver("msg_s1_1")]).toEqual([
			[],
			null,
			false,
		]);
		expect(here.sql.exec("SELECT name FROM sqlite_master").toArray()).toEqual([]);
	});

	test("that is not taken is tried again with the same id, each time later", async () => {
		const here = box(
			answers(...Array.from({ length: 4 }, () => ({ outcome: "retry", afterMs: null, reason: "no" }) as const)),
		);
		send(here, message("m"));
		await here.pass(3_600_000);
		expect(here.tries.map(({ id, atMs }) => [id, atMs])).toEqual([
			["msg_s1_1", 0],
			["msg_s1_1", 1000],
			["msg_s1_1", 5000],
			["msg_s1_1", 21_000],
			["msg_s1_1", 85_000],
		]);
		expect(here.outbox.deliveries()).toBe(null);
	});

	test.each<[string, number, readonly number[]]>([
		["not before its target allows", 60_000, [0, 60_000]],
		["not sooner than it would be anyway", 10, [0, 1000]],
	])("is tried again %s", async (_, afterMs, expected) => {
		const here = box(answers({ outcome: "retry", afterMs, reason: "it answered 429" }));
		send(here, message("m"));
		await here.pass(100_000);
		expect(here.tries.map(({ atMs }) => atMs)).toEqual(expected);
	});

	test("is tried so often, and not once more", async () => {
		const here = box(fails);
		send(here, message("m"));
		await here.pass(ageMaxMs);
		expect(here.tries.length).toBe(triesMax);
		const gaveUpMs = here.tries.at(-1)?.atMs ?? 0;
		const reason = `it answered 500; given up at try ${triesMax}`;
		expect(here.outbox.deliveries()).toEqual({
			pending: 0,
			dead: [{ id: "msg_s1_1", kind: "chat", address: "a", reason, at: at(gaveUpMs) }],
		});
		expect(here.wakesInMs()).toEqual([]);
	});

	test.each<[string, number, number]>([
		["as long as that is no later than a day after it was put", ageMaxMs, 2],
		["and is given up where it would be a millisecond later", ageMaxMs + 1, 1],
	])("waits for its target %s", async (_, afterMs, expected) => {
		const here = box(answers({ outcome: "retry", afterMs, reason: "it answered 503" }));
		send(here, message("m"));
		await here.pass(2 * ageMaxMs);
		expect(here.tries.length).toBe(expected);
	});

	test("is dead where its target says so, with a reason that is cut", async () => {
		const here = box(answers({ outcome: "dead", reason: "x".repeat(201) }));
		send(here, message("m"));
		await here.pass(ageMaxMs);
		expect(here.tries.length).toBe(1);
		expect(here.outbox.deliveries()?.dead.map(({ reason }) => reason)).toEqual(["x".repeat(200)]);
	});

	test("for a kind of target that nobody knows is dead with a reason", async () => {
		const here = box(takes);
		send(here, { ...message("m"), kind: "pigeon" });
		await here.pass(0);
		expect([here.tries, here.outbox.deliveries()?.dead.map(({ reason }) => reason)]).toEqual([
			[],
			["nothing here delivers to a target of kind `pigeon`"],
		]);
	});

	test("whose deliverer throws is tried again, and we are told", async () => {
		const error = new Error("secret in here");
		let thrown = false;
		const here = box(async () => {
			if (thrown) return { outcome: "sent" };
			thrown = true;
			throw error;
		});
		send(here, message("m"));
		await here.pass(0);
		expect([here.crashes, here.rows("state, reason")]).toEqual([
			[error],
			[{ state: "pending", reason: "a fault of ours ended the try" }],
		]);
		await here.pass(1000);
		expect(here.outbox.deliveries()).toBe(null);
	});

	test("whose target never answers is given up after 15 s and its deliverer is told", async () => {
		const aborted: number[] = [];
		const here = box((_, signal) => {
			signal.addEventListener("abort", () => void aborted.push(here.tries.length));
			return new Promise(() => {});
		});
		send(here, message("m"));
		await here.pass(tryTimeoutMs - 1);
		expect([aborted, here.wakesInMs()]).toEqual([[], [leaseMs]]);
		await here.pass(1);
		expect([aborted, here.rows("reason")]).toEqual([[1], [{ reason: "no answer within 15 s" }]]);
		expect(here.wakesInMs()).toEqual([tryTimeoutMs + 1000]);
	});
});

describe("targets", () => {
	test("get one at a time, in order", async () => {
		const open: (() => void)[] = [];
		const here = box(() => new Promise((resolve) => open.push(() => resolve({ outcome: "sent" }))));
		send(here, message("m1"), message("m2"), message("m3"));
		for (let sent = 1; sent <= 3; sent++) {
			here.outbox.kick();
			await here.pass(0);
			expect(here.tries.map(({ payload }) => payload)).toEqual(["m1", "m2", "m3"].slice(0, sent));
			open[sent - 1]?.();
			await here.pass(0);
		}
		expect(here.outbox.deliveries()).toBe(null);
	});

	test(`are asked ${sendingMax} at a time, and not one more`, async () => {
		const here = box(never);
		const targets = Array.from({ length: sendingMax + 1 }, (_, i) => message(`m${i}`, `m${i}`, `target ${i}`));
		send(here, ...targets);
		await here.pass(tryTimeoutMs - 1);
		expect(here.tries.length).toBe(sendingMax);
		await here.pass(1);
		expect(here.tries.length).toBe(sendingMax + 1);
	});

	test("that are down hold back only what is theirs, and get the rest once they take one", async () => {
		let down = true;
		const here = box(async ({ address }) =>
			address === "a" && down ? { outcome: "retry", afterMs: 10_000, reason: "down" } : { outcome: "sent" },
		);
		send(here, message("a1"), message("a2"), message("b1", "b1", "b"));
		await here.pass(5000);
		send(here, message("a3"));
		down = false;
		await here.pass(60_000);
		expect(here.tries.map(({ payload, atMs }) => [payload, atMs])).toEqual([
			["a1", 0],
			["b1", 0],
			["a1", 10_000],
			["a2", 10_000],
			["a3", 10_000],
		]);
	});

	test("get what was put during a try as soon as that is over", async () => {
		let release = () => {};
		const first = new Promise<void>((resolve) => (release = resolve));
		const here = box(() => first.then(() => ({ outcome: "sent" })));
		send(here, message("m"));
		send(here, message("n"));
		await here.pass(5000);
		release();
		await here.pass(0);
		expect(here.tries.map(({ payload, atMs }) => [payload, atMs])).toEqual([
			["m", 0],
			["n", 5000],
		]);
	});

	test("that have taken nothing for so long are not asked for the next row at once", async () => {
		const here = box(fails);
		send(here, message("m"), message("n"));
		await here.pass(2 * ageMaxMs);
		const [lastMs, firstMs] = [
			here.tries.findLast(({ payload }) => payload === "m"),
			here.tries.find(({ payload }) => payload === "n"),
		];
		expect((firstMs?.atMs ?? 0) - (lastMs?.atMs ?? 0)).toBe(backoffMs(triesMax, 1));
	});

	test("are asked in the order in which they became due", async () => {
		const here = box(async ({ address }) =>
			address === "a" ? { outcome: "retry", afterMs: null, reason: "no" } : { outcome: "sent" },
		);
		send(here, message("m"));
		await here.pass(500);
		here.outbox.put([message("n", "n", "b"), message("o", "o", "c")]);
		await here.pass(30_000);
		expect(here.tries.slice(0, 4).map(({ payload }) => payload)).toEqual(["m", "n", "o", "m"]);
	});

	test("of one address but different kinds are different", async () => {
		const here = box(never);
		send(here, message("m"), { ...message("n"), kind: "page" });
		expect(here.tries.length).toBe(2);
		await here.pass(0);
	});
});

describe("a crash", () => {
	test("after the insert: it is sent by the next machine", async () => {
		const { sql, outbox } = box(takes);
		outbox.put([message("m")]);
		const next = box(takes, { sql });
		next.outbox.kick();
		await next.pass(0);
		expect([next.tries.map(({ id }) => id), next.outbox.deliveries()]).toEqual([["msg_s1_1"], null]);
	});

	test("after it was sent and before that was written: it is sent again under the same id, once its lease is over", async () => {
		const first = box(never);
		send(first, message("m"));
		const next = box(takes, { sql: first.sql, fromMs: 1000 });
		next.outbox.kick();
		expect([next.wakesInMs(), next.tries]).toEqual([[leaseMs], []]);
		await next.pass(60_000);
		expect(next.tries.map(({ id, atMs }) => [id, atMs])).toEqual([["msg_s1_1", leaseMs]]);
	});

	test("after that was written: it is not sent again", async () => {
		const first = box(takes);
		send(first, message("m"));
		await first.pass(0);
		const next = box(takes, { sql: first.sql });
		next.outbox.kick();
		await next.pass(ageMaxMs);
		expect(next.tries).toEqual([]);
	});

	test("at every try ends after as many as there may be", async () => {
		const sql = sqlStorage();
		let tries = 0;
		for (let boot = 0; boot < triesMax + 5; boot++) {
			const machine = box(never, { sql, fromMs: boot * leaseMs });
			if (boot === 0) machine.outbox.put([message("m")]);
			machine.outbox.kick();
			tries += machine.tries.length;
		}
		const last = box(takes, { sql, fromMs: ageMaxMs });
		await last.pass(0);
		expect([tries, last.outbox.deliveries()?.dead.map(({ reason }) => reason)]).toEqual([
			triesMax,
			[`no try of ${triesMax} came to its end`],
		]);
	});

	test("of the transaction that put it leaves nothing behind", async () => {
		const here = box(takes);
		const failing = () =>
			transactionOn(here.sql)(() => {
				here.outbox.put([message("m")]);
				throw new Error("disk full");
			});
		expect(failing).toThrow("disk full");
		here.outbox.kick();
		expect([here.wakesInMs(), here.tries, here.outbox.deliveries()]).toEqual([[], [], null]);
	});

	test("of a write leaves the session alone: the row is tried again after its lease", async () => {
		const sql = sqlStorage();
		let full = false;
		const exec: SqlStorage["exec"] = (query, ...bindings) => {
			if (full && query.startsWith("UPDATE")) throw new Error("disk full");
			return sql.exec(query, ...bindings);
		};
		const here = box(takes, { sql: { ...sql, exec } });
		here.outbox.put([message("m")]);
		full = true;
		here.outbox.kick();
		await here.pass(0);
		expect([here.tries, here.crashes.map(String), here.wakesInMs()]).toEqual([[], ["Error: disk full"], [leaseMs]]);
		full = false;
		await here.pass(leaseMs);
		expect(here.outbox.deliveries()).toBe(null);
	});

	test("of a read after a delivery is told to us, undoes nothing, and what waits is sent at the next wake", async () => {
		const sql = sqlStorage();
		let broken = false;
		const exec: SqlStorage["exec"] = (query, ...bindings) => {
			if (broken && query.startsWith("SELECT")) throw new Error("disk I/O error");
			return sql.exec(query, ...bindings);
		};
		const deliver: Deliver = async () => {
			broken = true;
			return { outcome: "sent" };
		};
		const here = box(deliver, { sql: { ...sql, exec } });
		send(here, message("m"), message("n"));
		await settling();
		broken = false;
		const states = "payload, state";
		expect([here.crashes.map(String), here.settled(), here.rows(states)]).toEqual([
			["Error: disk I/O error"],
			0,
			[
				{ payload: "", state: "sent" },
				{ payload: "n", state: "pending" },
			],
		]);
		here.outbox.kick();
		await settling();
		expect(here.tries.map(({ payload }) => payload)).toEqual(["m", "n"]);
	});
});

describe("a dead one", () => {
	test("is sent again when a person asks for it, under the same id", async () => {
		const here = box(answers({ outcome: "dead", reason: "no" }));
		send(here, message("m"));
		await here.pass(0);
		expect(here.outbox.redeliver("msg_s1_1")).toBe(true);
		here.outbox.kick();
		await here.pass(0);
		expect([here.tries.map(({ id, payload }) => [id, payload]), here.outbox.deliveries()]).toEqual([
			[
				["msg_s1_1", "m"],
				["msg_s1_1", "m"],
			],
			null,
		]);
	});

	test.each(["msg_s1_2", "msg_s2_1", "msg_s1_", "msg_s1_01", "msg_s1_1x", ""])("is not named by %j", async (id) => {
		const here = box(answers({ outcome: "dead", reason: "no" }));
		send(here, message("m"));
		await here.pass(0);
		expect(here.outbox.redeliver(id)).toBe(false);
	});

	test("has all its tries and all its time again", async () => {
		const here = box(fails);
		send(here, message("m"));
		await here.pass(3 * ageMaxMs);
		here.outbox.redeliver("msg_s1_1");
		await here.pass(3 * ageMaxMs);
		expect(here.tries.length).toBe(2 * triesMax);
	});

	test("one that was sent is not sent again", async () => {
		const here = box(takes);
		send(here, message("m"));
		await here.pass(0);
		expect(here.outbox.redeliver("msg_s1_1")).toBe(false);
	});
});

test("once stopped it aborts what is under way, writes nothing and starts nothing", async () => {
	const here = box(
		(_, signal) => new Promise((resolve) => signal.addEventListener("abort", () => resolve({ outcome: "sent" }))),
	);
	send(here, message("m"), message("n", "n", "b"), message("o", "o", "c"));
	const before = here.rows("*");
	here.outbox.stop();
	await here.pass(0);
	here.outbox.kick();
	await here.pass(0);
	expect([here.rows("*"), here.wakesInMs(), here.tries.length, here.settled()]).toEqual([before, [], sendingMax, 0]);
});
