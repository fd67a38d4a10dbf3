import { expect, test } from "vitest";
import { accept, inboxSteps, knownMs, waitingMax } from "../../../durable-objects/installation/inbox.ts";
import { migrate } from "../../../durable-objects/store/migrations.ts";
import { transactionOn } from "../../support/sql.ts";
import { answers, box, message, never, takes } from "../outbox-rig.ts";

function inboxOf(deliver = takes) {
	const here = box(deliver);
	migrate(here.sql, { inbox: inboxSteps });
	const database = { sql: here.sql, transaction: transactionOn(here.sql) };
	const take = (key: string, nowMs = 0, place = "thread") => {
		// The rig's targets are called so.
		const inbound = { kind: "chat" as "slack", key, place, payload: key };
		return accept(database, here.outbox, { inbound, nowMs });
	};
	return { ...here, take };
}

test("what comes again within a day is known, and worked on once", async () => {
	const { take, outbox, pass, tries } = inboxOf();
	expect([take("e1"), take("e1"), take("e2"), take("e1", knownMs - 1)]).toEqual(["new", "known", "new", "known"]);
	outbox.kick();
	await pass(0);
	expect(tries.map(({ payload }) => payload)).toEqual(["e1", "e2"]);
	expect(take("e1", knownMs)).toBe("new");
});

test("what belongs to one place is worked on in its order, also when the first has to be tried again", async () => {
	const { take, outbox, pass, tries } = inboxOf(answers({ outcome: "retry", afterMs: 5000, reason: "busy" }));
	for (const key of ["e1", "e2", "e3"]) take(key);
	outbox.kick();
	await pass(60_000);
	expect(tries.map(({ payload }) => payload)).toEqual(["e1", "e1", "e2", "e3"]);
});

test("as much as may wait is taken, and not one more, which may be sent again", () => {
	const { take, outbox } = inboxOf(never);
	outbox.put(Array.from({ length: waitingMax - 1 }, (_, n) => message(`m${n}`)));
	expect([take("last"), take("more"), take("more"), take("last")]).toEqual(["new", "full", "full", "known"]);
});

test("where the disk refuses the row, the same may come again", () => {
	const { take, sql } = inboxOf();
	sql.exec("CREATE TRIGGER full BEFORE INSERT ON inbox BEGIN SELECT RAISE(ABORT, 'disk full'); END");
	expect(() => take("e1")).toThrow("disk full");
	sql.exec("DROP TRIGGER full");
	expect(take("e1")).toBe("new");
});
