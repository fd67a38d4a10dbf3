import { expect, test } from "vitest";
import { migrate } from "../../durable-objects/store/migrations.ts";
import { dropKey, keySteps, keysTold, putKey, sealedKeys } from "../../durable-objects/tenant/keys.ts";
import { sqlStorage } from "../support/sql.ts";

function tenant(): SqlStorage {
	const sql = sqlStorage();
	migrate(sql, { keys: keySteps });
	return sql;
}

test("each change of a key counts, and what changes nothing does not", () => {
	const sql = tenant();
	const told = [keysTold(sql)];
	putKey(sql, { backend: "openai", sealed: "one" });
	told.push(keysTold(sql));
	putKey(sql, { backend: "openai", sealed: "two" });
	putKey(sql, { backend: "anthropic", sealed: "three" });
	expect(sealedKeys(sql)).toEqual({
		version: 3,
		keys: [
			{ backend: "anthropic", sealed: "three" },
			{ backend: "openai", sealed: "two" },
		],
	});
	expect([dropKey(sql, "openai"), dropKey(sql, "openai"), dropKey(sql, "anthropic")]).toEqual([true, false, true]);
	told.push(keysTold(sql));
	expect([told, sealedKeys(sql)]).toEqual([[{}, { keys: 1 }, { keys: 5 }], { version: 5, keys: [] }]);
});

test("sixty-four keys are taken; one more is a conflict, replacing one is not", () => {
	const sql = tenant();
	for (let i = 0; i < 64; i += 1) expect(putKey(sql, { backend: `b${i}`, sealed: "s" })).toEqual({ ok: true });
	const detail = "There are already 64 keys, as many as there may be. Delete one first.";
	expect([putKey(sql, { backend: "more", sealed: "s" }), putKey(sql, { backend: "b7", sealed: "t" })]).toEqual([
		{ ok: false, code: "conflict", detail },
		{ ok: true },
	]);
});
