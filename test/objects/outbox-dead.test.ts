import { expect, test } from "vitest";
import type { OutboxDeps } from "../../durable-objects/outbox/outbox.ts";
import { pendingMax } from "../../durable-objects/outbox/outbox-rows.ts";
import { answers, box, message, never, send } from "./outbox-rig.ts";

test.each<[string, OutboxDeps["dead"], string, boolean]>([
	["is kept where somebody may have it sent again", "kept", "token", true],
	["is emptied where nobody can", "emptied", "", false],
])("the payload of what was given up %s", async (_, dead, payload, isRevived) => {
	const here = box(answers({ outcome: "dead", reason: "no" }), { dead });
	send(here, message("m", "token"));
	await here.pass(0);
	expect(here.rows("state, reason, payload")).toEqual([{ state: "dead", reason: "no", payload }]);
	expect(here.outbox.redeliver("msg_s1_1")).toBe(isRevived);
});

test("what waits for too many newer ones is emptied as it is given up", () => {
	const here = box(never, { dead: "emptied" });
	here.outbox.put(Array.from({ length: pendingMax + 1 }, (_, i) => message(`m${i}`)));
	expect(here.rows("state, payload").slice(0, 2)).toEqual([
		{ state: "dead", payload: "" },
		{ state: "pending", payload: "m1" },
	]);
});

test("what was given up before anybody emptied it is empty once the outbox is opened", async () => {
	const before = box(answers({ outcome: "dead", reason: "no" }));
	send(before, message("m", "token"), message("n", "waits", "b"));
	await before.pass(0);
	const { rows } = box(never, { sql: before.sql, dead: "emptied" });
	expect(rows("state, payload")).toEqual([
		{ state: "dead", payload: "" },
		{ state: "sent", payload: "" },
	]);
});
