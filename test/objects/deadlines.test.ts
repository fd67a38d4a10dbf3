import { expect, test } from "vitest";
import { deadlineSteps, following, load, save } from "../../durable-objects/store/deadlines.ts";
import type { Deadline } from "../../src/consensus/plan.ts";
import { sqlStorage } from "../support/sql.ts";

const wanted = (key: string, afterMs: number): Deadline => ({ key, kind: "turn", afterMs });

test("a deadline starts when it is first wanted, keeps its moment, and goes when it is wanted no more", () => {
	const sql = sqlStorage();
	for (const step of deadlineSteps) sql.exec(step);
	const first = following(new Map(), [wanted("a", 100), wanted("b", 200)], 1000);
	save(sql, new Map(), first);
	expect(Object.fromEntries(load(sql))).toEqual({ a: 1100, b: 1200 });
	const second = following(load(sql), [wanted("b", 200), wanted("c", 50)], 1150);
	save(sql, first, second);
	expect(Object.fromEntries(load(sql))).toEqual({ b: 1200, c: 1200 });
	save(sql, second, following(second, [], 5000));
	expect([...load(sql)]).toEqual([]);
});

test("a key may hold what it likes", () => {
	const sql = sqlStorage();
	for (const step of deadlineSteps) sql.exec(step);
	const odd = new Map([[`it's "odd", isn't it?`, 7]]);
	save(sql, new Map(), odd);
	expect([...load(sql)]).toEqual([...odd]);
	save(sql, odd, new Map());
	expect([...load(sql)]).toEqual([]);
});
