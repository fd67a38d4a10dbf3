import { expect, test } from "vitest";
import { migrate } from "../../durable-objects/store/migrations.ts";
import {
	idempotencyRowsMax,
	idempotencyTtlMs,
	list,
	putTeam,
	registerSteps,
	reserve,
	rename,
	searchedMax,
	row,
	forget,
	team,
	touch,
	unfinished,
} from "../../durable-objects/tenant/register.ts";
import { startMs, teamOf } from "../support/api.ts";
import { sqlStorage } from "../support/sql.ts";

const at = (ms: number) => new Date(ms).toISOString();
const asked = (id: string, key: string | null = null, fingerprint = "f") => ({
	id,
	title: `about ${id}`,
	team: "demo",
	idempotencyKey: key,
	fingerprint,
});
const rowOf = (id: string, more: object = {}) => ({
	id,
	title: `about ${id}`,
	team: "demo",
	status: "running",
	created_at: at(startMs),
	updated_at: at(startMs),
	...more,
});

function register(): SqlStorage {
	const sql = sqlStorage();
	migrate(sql, { register: registerSteps });
	return sql;
}

test("migrations run once each, and later ones on top of earlier rows", () => {
	const sql = sqlStorage();
	const t = ["CREATE TABLE t (a INTEGER)", "INSERT INTO t (a) VALUES (1)"];
	const u = ["CREATE TABLE u (c INTEGER)"];
	migrate(sql, { t: t.slice(0, 1), u });
	migrate(sql, { t, u });
	// A part grows at its own end, whatever parts come after it.
	migrate(sql, { t: [...t, "ALTER TABLE t ADD COLUMN b TEXT"], u });
	expect(sql.exec("SELECT a, b FROM t").toArray()).toEqual([{ a: 1, b: null }]);
});

test("a register opened again is as it was", () => {
	const sql = register();
	reserve(sql, asked("s1"), startMs);
	migrate(sql, { register: registerSteps });
	expect(row(sql, "s1")).toEqual(rowOf("s1"));
});

type Step = readonly [id: string, key: string | null, fingerprint: string, atMs: number];
test.each<[string, Step[], unknown[], string[]]>([
	[
		"a key keeps its session",
		[
			["s1", "k", "f", 0],
			["s2", "k", "f", 1],
		],
		[
			{ outcome: "new", id: "s1" },
			{ outcome: "known", id: "s1" },
		],
		["s1"],
	],
	[
		"another body is a conflict",
		[
			["s1", "k", "f", 0],
			["s2", "k", "g", 1],
		],
		[{ outcome: "new", id: "s1" }, { outcome: "conflict" }],
		["s1"],
	],
	[
		"no key, no memory",
		[
			["s1", null, "f", 0],
			["s2", null, "f", 1],
		],
		[
			{ outcome: "new", id: "s1" },
			{ outcome: "new", id: "s2" },
		],
		["s2", "s1"],
	],
	[
		"a key lasts a day",
		[
			["s1", "k", "f", 0],
			["s2", "k", "f", idempotencyTtlMs - 1],
		],
		[
			{ outcome: "new", id: "s1" },
			{ outcome: "known", id: "s1" },
		],
		["s1"],
	],
	[
		"after a day it is forgotten, the session is not",
		[
			["s1", "k", "f", 0],
			["s2", "k", "g", idempotencyTtlMs],
		],
		[
			{ outcome: "new", id: "s1" },
			{ outcome: "new", id: "s2" },
		],
		["s2", "s1"],
	],
	[
		"an old key goes, a young one stays",
		[
			["s1", "k", "f", 0],
			["s2", "l", "f", 10],
			["s3", "l", "f", idempotencyTtlMs],
			["s4", "k", "f", idempotencyTtlMs],
		],
		[
			{ outcome: "new", id: "s1" },
			{ outcome: "new", id: "s2" },
			{ outcome: "known", id: "s2" },
			{ outcome: "new", id: "s4" },
		],
		["s4", "s2", "s1"],
	],
])("reserving: %s", (_, steps, outcomes, sessions) => {
	const sql = register();
	expect(steps.map(([id, key, fingerprint, ms]) => reserve(sql, asked(id, key, fingerprint), startMs + ms))).toEqual(
		outcomes,
	);
	expect(list(sql, { limit: 10, cursor: null }).sessions.map(({ id }) => id)).toEqual(sessions);
});

test("10,000 keys are remembered; one more and the oldest is forgotten", () => {
	const sql = register();
	const keys = () => sql.exec("SELECT COUNT(*) AS keys FROM idempotency").one();
	for (let count = 1; count <= idempotencyRowsMax; count += 1) reserve(sql, asked(`s${count}`, `k${count}`), startMs);
	expect([keys(), reserve(sql, asked("again", "k1"), startMs)]).toEqual([
		{ keys: 10_000 },
		{ outcome: "known", id: "s1" },
	]);
	reserve(sql, asked("one-more", "one-more"), startMs);
	expect([keys(), reserve(sql, asked("new", "k1"), startMs)]).toEqual([
		{ keys: 10_000 },
		{ outcome: "new", id: "new" },
	]);
});

test("pages go on where the one before ended, even when sessions come and go meanwhile", () => {
	const sql = register();
	for (const id of ["s1", "s2", "s3", "s4"]) reserve(sql, asked(id), startMs);
	expect(list(sql, { limit: 2, cursor: null })).toEqual({ sessions: [rowOf("s4"), rowOf("s3")], cursor: "3" });
	reserve(sql, asked("s5"), startMs);
	forget(sql, "s3");
	expect(list(sql, { limit: 2, cursor: "3" })).toEqual({ sessions: [rowOf("s2"), rowOf("s1")], cursor: null });
	expect(list(sql, { limit: 2, cursor: "1" })).toEqual({ sessions: [], cursor: null });
});

test("a session is renamed and touched; one that is gone stays gone", () => {
	const sql = register();
	reserve(sql, asked("s1"), startMs);
	expect(rename(sql, { id: "s1", title: "New" }, startMs + 1)).toEqual(
		rowOf("s1", { title: "New", updated_at: at(startMs + 1) }),
	);
	touch(sql, { id: "s1", status: "done" }, startMs + 2);
	expect(row(sql, "s1")).toEqual(rowOf("s1", { title: "New", status: "done", updated_at: at(startMs + 2) }));
	expect([forget(sql, "s1"), forget(sql, "s1")]).toEqual([true, false]);
	touch(sql, { id: "s1", status: "running" }, startMs + 3);
	expect([row(sql, "s1"), rename(sql, { id: "s1", title: "x" }, startMs)]).toEqual([null, null]);
});

test("a forgotten session takes its key along", () => {
	const sql = register();
	reserve(sql, asked("s1", "k"), startMs);
	forget(sql, "s1");
	expect(reserve(sql, asked("s2", "k", "other"), startMs)).toEqual({ outcome: "new", id: "s2" });
});

test("unfinished are those that run", () => {
	const sql = register();
	const statuses = ["running", "waiting", "done", "failed", "cancelled", "running"] as const;
	for (const [seat, status] of statuses.entries()) {
		reserve(sql, asked(`s${seat}`), startMs);
		touch(sql, { id: `s${seat}`, status }, startMs);
	}
	expect(unfinished(sql)).toEqual(["s5", "s0"]);
});

test("a team comes back as it was put", () => {
	const sql = register();
	const trio = teamOf({
		name: "trio",
		agents: [{ id: "a", backend: "b", model: "m", system: "'; DROP TABLE teams; --" }],
	});
	expect([putTeam(sql, "trio", trio), team(sql, "trio"), team(sql, "Trio")]).toEqual([{ ok: true }, trio, null]);
});

test.each<[string, string, string[]]>([
	["in whatever case", "PARIS", ["s5", "s1"]],
	["also of other alphabets", "ÉTÉ", ["s2"]],
	["in whatever form its letters are written", "e\u0301te\u0301", ["s2"]],
	["with its white space around it gone", " москва ", ["s3"]],
	["with signs that mean something elsewhere", "100%_", ["s4"]],
	["or not at all", "%", ["s4"]],
	["that nobody has", "none", []],
])("titles are found %s", (_, q, expected) => {
	const sql = register();
	const titles = ["Trip to Paris", "Un été", "МОСКВА", "100%_sure", "paris again"];
	for (const [i, title] of titles.entries()) reserve(sql, { ...asked(`s${i + 1}`), title }, startMs);
	const page = list(sql, { limit: 10, cursor: null, q });
	expect([page.sessions.map(({ id }) => id), page.cursor]).toEqual([expected, null]);
});

test("what is found comes in pages", () => {
	const sql = register();
	for (const [i, title] of ["yes", "no", "yes", "yes", "no"].entries())
		reserve(sql, { ...asked(`s${i + 1}`), title }, startMs);
	const first = list(sql, { limit: 2, cursor: null, q: "yes" });
	const second = list(sql, { limit: 2, cursor: first.cursor, q: "yes" });
	expect([first, second].map(({ sessions }) => sessions.map(({ id }) => id))).toEqual([["s4", "s3"], ["s1"]]);
	expect([first.cursor, second.cursor]).toEqual(["3", null]);
});

test.each<[number, string[], string | null]>([
	[searchedMax, ["s0"], null],
	[searchedMax + 1, [], "2"],
])("a search among %i titles looks at as many as may be and goes on at its cursor", (count, expected, cursor) => {
	const sql = register();
	for (let i = 0; i < count; i += 1) reserve(sql, { ...asked(`s${i}`), title: i === 0 ? "yes" : "no" }, startMs);
	const page = list(sql, { limit: 10, cursor: null, q: "yes" });
	expect([page.sessions.map(({ id }) => id), page.cursor]).toEqual([expected, cursor]);
	const next = list(sql, { limit: 10, cursor: page.cursor, q: "yes" });
	expect(next.sessions.map(({ id }) => id)).toEqual(["s0"]);
});
