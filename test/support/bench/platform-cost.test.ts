import { expect, test } from "vitest";
import { flushesIn } from "./flushes.ts";
import { platformUsd, rowsAt } from "./platform-cost.ts";

const metered = {
	worker_requests: 4,
	object_requests: 6,
	rows: { session: 203, tenant: 6, alarms: 2 },
	flushes: 63,
	database_bytes: 1_000_000,
};
const pace = { seconds: 600, flushes: flushesIn(600) };

test("what does not depend on the time is counted, commits of text and heartbeats are those of the real pace", () => {
	expect(rowsAt(pace, metered)).toBe(203 - 63 + 1144 + 6 + 2 + 24);
});

test("a session of ten minutes costs its rows, its requests, its time and its storage", () => {
	expect(platformUsd(pace, metered)).toBeCloseTo(1316e-6 + 30 * 0.15e-6 + 4 * 0.3e-6 + 0.00096 + 0.0002, 9);
});
