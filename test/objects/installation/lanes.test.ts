import { expect, test } from "vitest";
import { laneSteps, lanesMax, pause, pauseMsMax, turn } from "../../../durable-objects/installation/lanes.ts";
import { migrate } from "../../../durable-objects/store/migrations.ts";
import { sqlStorage } from "../../support/sql.ts";

function opened(): SqlStorage {
	const sql = sqlStorage();
	migrate(sql, { lanes: laneSteps });
	return sql;
}
const lane = { name: "chat.update", perMinute: 30, burst: 3 };

test("a lane gives its burst at once, then a turn whenever one has grown", () => {
	const sql = opened();
	expect([0, 0, 0, 0, 500, 2000, 2000].map((nowMs) => turn(sql, lane, nowMs))).toEqual([
		0, 0, 0, 2000, 1500, 0, 2000,
	]);
});

test("who has to wait takes nothing", () => {
	const sql = opened();
	for (let n = 0; n < 3; n++) turn(sql, lane, 0);
	for (let n = 0; n < 50; n++) turn(sql, lane, 1000);
	expect(turn(sql, lane, 2000)).toBe(0);
});

test("no more than the burst is saved up", () => {
	const sql = opened();
	turn(sql, lane, 0);
	expect([1, 2, 3, 4].map(() => turn(sql, lane, 3_600_000))).toEqual([0, 0, 0, 2000]);
});

test("a pause holds for everyone, and then gives one turn, not a burst", () => {
	const sql = opened();
	pause(sql, { name: lane.name, forMs: 30_000 }, 0);
	expect([0, 29_999, 30_000, 30_000].map((nowMs) => turn(sql, lane, nowMs))).toEqual([30_000, 1, 0, 2000]);
});

test("a shorter pause does not end a longer one, and none is longer than an hour", () => {
	const sql = opened();
	pause(sql, { name: lane.name, forMs: pauseMsMax + 1 }, 0);
	pause(sql, { name: lane.name, forMs: 10 }, 0);
	expect(turn(sql, lane, 0)).toBe(pauseMsMax);
});

test("who spares a turn leaves it to those who spare none", () => {
	const sql = opened();
	const sparing = { ...lane, spared: 1 };
	expect([0, 0, 0].map((nowMs) => turn(sql, sparing, nowMs))).toEqual([0, 0, 2000]);
	expect([turn(sql, lane, 0), turn(sql, lane, 0), turn(sql, sparing, 0)]).toEqual([0, 2000, 4000]);
});

test("lanes are apart from each other, and a clock that is set back fills none", () => {
	const sql = opened();
	for (let n = 0; n < 3; n++) turn(sql, lane, 10_000);
	expect([turn(sql, { ...lane, name: "other" }, 10_000), turn(sql, lane, 5000)]).toEqual([0, 2000]);
});

test("with one lane more than there may be the one longest unused is forgotten", () => {
	const sql = opened();
	for (let n = 0; n <= lanesMax; n++) turn(sql, { name: `c${n}`, perMinute: 1, burst: 1 }, n);
	expect(
		sql.exec<{ n: number; first: number }>("SELECT COUNT(*) AS n, MIN(at_ms) AS first FROM lanes").one(),
	).toEqual({
		n: lanesMax,
		first: 1,
	});
});
