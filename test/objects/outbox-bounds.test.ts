import { describe, expect, test } from "vitest";
import { backoffMs } from "../../durable-objects/outbox/outbox.ts";
import { deadMax, payloadBytesMax, pendingMax, sentMax } from "../../durable-objects/outbox/outbox-rows.ts";
import { box, message, never, send, takes } from "./outbox-rig.ts";

describe("bounds", () => {
	test.each<[string, number, number, number]>([
		["so many", pendingMax, pendingMax, 0],
		["one more, and the oldest is given up", pendingMax + 1, pendingMax, 1],
	])("of those that wait: %s", (_, count, pending, dead) => {
		const here = box(never);
		here.outbox.put(Array.from({ length: count }, (__, i) => message(`m${i}`)));
		const { pending: waiting, dead: givenUp = [] } = here.outbox.deliveries() ?? {};
		expect([waiting, givenUp.map(({ id, reason }) => [id, reason])]).toEqual([
			pending,
			Array.from({ length: dead }, () => ["msg_s1_1", `more than ${pendingMax} newer ones waited`]),
		]);
	});

	test.each<[string, number, string, number]>([
		["dead ones are forgotten beyond so many", deadMax + 1, "dead", deadMax],
		["as many are kept", deadMax, "dead", deadMax],
		["sent ones are forgotten beyond so many", sentMax + 1, "sent", sentMax],
		["and as many are kept", sentMax, "sent", sentMax],
	])("%s", async (_, count, state, kept) => {
		const here = box(state === "dead" ? async () => ({ outcome: "dead", reason: "no" }) : takes);
		send(here, ...Array.from({ length: count }, (__, i) => message(`m${i}`, "p", `target ${i}`)));
		for (let turn = 0; turn < 300; turn++) await here.pass(0);
		here.outbox.put([message("last")]);
		expect(here.rows("state").filter((row) => JSON.stringify(row).includes(state)).length).toBe(kept);
	});

	test.each<[string, string, readonly unknown[]]>([
		["as large as it may be", "é".repeat(payloadBytesMax / 2), [{ state: "pending", reason: null }]],
		[
			"a byte larger is dead from the start",
			`${"é".repeat(payloadBytesMax / 2)}x`,
			[{ state: "dead", reason: `larger than ${payloadBytesMax} bytes` }],
		],
	])("a payload %s", (_, payload, expected) => {
		const here = box(takes);
		here.outbox.put([message("m", payload)]);
		expect(here.rows("state, reason")).toEqual(expected);
		// It was not kept, so it cannot be sent later either.
		expect(here.outbox.redeliver("msg_s1_1")).toBe(false);
	});

	test.each<[number, number, number]>([
		[1, 0, 500],
		[1, 1, 1000],
		[2, 1, 4000],
		[5, 1, 256_000],
		[8, 1, 16_384_000],
		[9, 1, 21_600_000],
		[9, 0, 10_800_000],
		[10_000, 1, 21_600_000],
	])("after try %i and a chance of %d the next one waits %i ms", (tries, chance, expected) => {
		expect(backoffMs(tries, chance)).toBe(expected);
	});
});
