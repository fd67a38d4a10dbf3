import { expect, test } from "vitest";
import { admit, dayMs, ended, runMsMax, runSteps } from "../../../durable-objects/installation/runs.ts";
import { migrate } from "../../../durable-objects/store/migrations.ts";
import { sqlStorage } from "../../support/sql.ts";

function opened(): SqlStorage {
	const sql = sqlStorage();
	migrate(sql, { runs: runSteps });
	return sql;
}
const wanted = (run: string, user = "u") => ({ run, user, atOnceMax: 2, perUserDayMax: 3, usdPerDayMax: 1 });
const ok = { ok: true };

test("so many runs at once, and another as soon as one is over", () => {
	const sql = opened();
	expect([admit(sql, wanted("r1"), 0), admit(sql, wanted("r2", "v"), 0), admit(sql, wanted("r3", "w"), 0)]).toEqual([
		ok,
		ok,
		{ ok: false, limit: "runs_at_once", resetsAtMs: null },
	]);
	ended(sql, { run: "r1", usd: 0 }, 10);
	expect(admit(sql, wanted("r3", "w"), 10)).toEqual(ok);
});

test("a run that has begun may always go on, and is counted once", () => {
	const sql = opened();
	for (let n = 0; n < 5; n++) expect(admit(sql, wanted("r1"), n)).toEqual(ok);
	expect(admit(sql, wanted("r2"), 9)).toEqual(ok);
});

test("a run whose end nobody told does not block for ever", () => {
	const sql = opened();
	for (const run of ["r1", "r2"]) admit(sql, wanted(run, run), 0);
	expect([admit(sql, wanted("r3", "w"), runMsMax - 1).ok, admit(sql, wanted("r3", "w"), runMsMax).ok]).toEqual([
		false,
		true,
	]);
});

test("so many runs of one person in a day, and others are not hindered", () => {
	const sql = opened();
	for (const run of ["r1", "r2", "r3"]) {
		expect(admit(sql, wanted(run), 100)).toEqual(ok);
		ended(sql, { run, usd: 0 }, 100);
	}
	expect(admit(sql, wanted("r4"), dayMs + 99)).toEqual({
		ok: false,
		limit: "user_runs_per_day",
		resetsAtMs: 100 + dayMs,
	});
	expect([admit(sql, wanted("r5", "v"), 200).ok, admit(sql, wanted("r4"), dayMs + 100).ok]).toEqual([true, true]);
});

test("so much money in a day; what nobody knows the price of counts as nothing", () => {
	const sql = opened();
	const costs: readonly [run: string, usd: number | null][] = [
		["r1", 0.6],
		["r2", null],
		["r3", 0.4],
	];
	for (const [i, [run, usd]] of costs.entries()) {
		expect(admit(sql, wanted(run, run), i)).toEqual(ok);
		ended(sql, { run, usd }, i);
	}
	expect(admit(sql, wanted("r4", "w"), 10)).toEqual({ ok: false, limit: "usd_per_day", resetsAtMs: dayMs });
	expect(admit(sql, wanted("r4", "w"), dayMs)).toEqual(ok);
});

test("a run ends once", () => {
	const sql = opened();
	admit(sql, wanted("r1"), 0);
	ended(sql, { run: "r1", usd: 0.6 }, 1);
	ended(sql, { run: "r1", usd: 5 }, 2);
	expect(admit(sql, wanted("r2"), 3)).toEqual(ok);
});
