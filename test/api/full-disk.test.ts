import { expect, test } from "vitest";
import { row } from "../../durable-objects/tenant/register.ts";
import type { Accepted, SessionRpc } from "../../durable-objects/rpc.ts";
import { makeApi, send, sendRaw, startMs, type Api } from "../support/api.ts";
import { always, fullDisk, never, type FullDisk } from "../support/full-disk.ts";
import { memoryTenant } from "../support/memory-objects.ts";
import { sqlStorage } from "../support/sql.ts";

const question = { question: "Why?" };
const refused: Accepted = { ok: false, code: "unavailable", detail: "Nothing was changed. Send it again." };
const problem = (detail: string) => ({
	type: "about:blank",
	title: "Service Unavailable",
	status: 503,
	detail,
});
const later = "The storage takes no writes at the moment. Send the request again a little later.";

/** The API of a tenant whose disk a test fills. */
function apiOnDisk(): { api: Api; disk: FullDisk } {
	const disk = fullDisk(sqlStorage());
	const tenant = memoryTenant({ nowMs: startMs }, disk.sql);
	return { api: makeApi({ tenant: () => tenant }), disk };
}

/** An API whose sessions take nothing as long as `failing` says so. */
function apiOfFull(failing: () => boolean, change: Parameters<typeof makeApi>[0] = {}): Api {
	const api = makeApi({
		...change,
		session: (id) => {
			const session = api.sessions.session(id);
			const writes = { open: async () => refused, send: async () => refused, steer: async () => refused };
			return failing() ? ({ ...session, ...writes } satisfies SessionRpc) : session;
		},
	});
	return api;
}

test.each<[string, string, unknown]>([
	["a message", "/v1/sessions/s1/turns", { message: "And?" }],
	["a note", "/v1/sessions/s1/steer", { action: "note", text: "x" }],
])("%s that a session cannot write is answered by 503 and when to come again", async (_, path, body) => {
	let failing = false;
	const api = apiOfFull(() => failing);
	await send(api, "/v1/sessions", { body: question });
	failing = true;
	const response = await sendRaw(api, path, { body });
	expect([response.status, response.headers.get("retry-after"), response.headers.get("content-type")]).toEqual([
		503,
		"10",
		"application/problem+json",
	]);
	expect(await response.json()).toEqual(problem(refused.detail));
});

test("a session that cannot be opened is not in the list, and its key may be used again", async () => {
	let failing = true;
	const api = apiOfFull(() => failing);
	const asked = { body: question, headers: { "idempotency-key": "k" } };
	expect(await send(api, "/v1/sessions", asked)).toEqual({ status: 503, body: problem(refused.detail) });
	expect((await send(api, "/v1/sessions")).body).toEqual({ sessions: [], cursor: null });
	failing = false;
	expect((await send(api, "/v1/sessions", asked)).status).toBe(202);
});

test("a session whose row could not be taken back either is opened by the same request sent again", async () => {
	const disk = fullDisk(sqlStorage());
	const tenant = memoryTenant({ nowMs: startMs }, disk.sql);
	let failing = true;
	const api = apiOfFull(() => failing, { tenant: () => tenant });
	disk.fails((_, query) => query.startsWith("DELETE FROM sessions"));
	const asked = { body: question, headers: { "idempotency-key": "k" } };
	expect(await send(api, "/v1/sessions", asked)).toEqual({ status: 503, body: problem(later) });
	failing = false;
	const opened = await send(api, "/v1/sessions", asked);
	expect(opened).toEqual({ status: 202, body: expect.objectContaining({ id: "s1" }) });
	expect(api.sessions.opened().map(({ id }) => id)).toEqual(["s1"]);
});

test("whichever write of a reservation fails, there is neither a row nor a key, and the request can be sent again", async () => {
	const asked = { body: question, headers: { "idempotency-key": "k" } };
	let failures = 0;
	for (let nth = 1; ; nth += 1) {
		const { api, disk } = apiOnDisk();
		const from = disk.writes();
		disk.fails((write) => write === from + nth);
		const first = await send(api, "/v1/sessions", asked);
		if (first.status === 202) break;
		failures += 1;
		expect(first).toEqual({ status: 503, body: problem(later) });
		const rows = ["sessions", "idempotency"].map((table) => disk.sql.exec(`SELECT * FROM ${table}`).toArray());
		expect([rows, api.sessions.opened()]).toEqual([[[], []], []]);
		disk.fails(never);
		expect((await send(api, "/v1/sessions", asked)).status).toBe(202);
	}
	// Old keys go, the key is written, the number of keys is bounded, the row is written.
	expect(failures).toBe(4);
});

test.each<[string, string, string, unknown]>([
	["a team is put", "PUT", "/v1/teams/t", { agents: [{ id: "a", backend: "demo", model: "m" }] }],
	["a title is changed", "PATCH", "/v1/sessions/s1", { title: "Because" }],
	["a session is deleted", "DELETE", "/v1/sessions/s1", undefined],
])("on a full disk nothing is half done where %s; once there is room it is done", async (_, method, path, body) => {
	const { api, disk } = apiOnDisk();
	await send(api, "/v1/sessions", { body: question });
	const before = row(disk.sql, "s1");
	disk.fails(always);
	expect(await send(api, path, { method, body })).toEqual({ status: 503, body: problem(later) });
	expect([row(disk.sql, "s1"), (await send(api, "/v1/teams")).status]).toEqual([before, 200]);
	disk.fails(never);
	expect((await send(api, path, { method, body })).status).toBe(method === "DELETE" ? 204 : 200);
});
