/// <reference types="@cloudflare/vitest-plugin/types" />
import { env, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import type { Tenant } from "../../durable-objects/tenant.ts";

/** A tenant of its own for each test: the object itself, in the Workers runtime, over RPC. */
function tenantOf(name: string): DurableObjectStub<Tenant> {
	const namespace = (env as unknown as { readonly TENANT: DurableObjectNamespace<Tenant> }).TENANT;
	return namespace.get(namespace.idFromName(name));
}

const asked = (id: string, idempotencyKey: string | null = null) => ({
	id,
	title: `about ${id}`,
	team: "demo",
	idempotencyKey,
	fingerprint: "f",
});

test("a tenant keeps sessions across requests, newest first", async () => {
	const tenant = tenantOf("lists");
	expect(await tenant.reserve(asked("s1", "k"))).toEqual({ outcome: "new", id: "s1" });
	expect(await tenant.reserve(asked("s2", "k"))).toEqual({ outcome: "known", id: "s1" });
	expect(await tenant.reserve({ ...asked("s3", "k"), fingerprint: "g" })).toEqual({ outcome: "conflict" });
	await tenant.reserve(asked("s4"));
	await tenant.touch("s1", "done");
	const page = await tenant.list({ limit: 1, cursor: null });
	const rest = await tenant.list({ limit: 1, cursor: page.cursor });
	expect([page, rest].map(({ sessions }) => sessions.map(({ id, title, status }) => [id, title, status]))).toEqual([
		[["s4", "about s4", "running"]],
		[["s1", "about s1", "done"]],
	]);
	expect([rest.cursor, await tenant.unfinished()]).toEqual([null, ["s4"]]);
	expect([(await tenant.rename("s4", "New"))?.title, (await tenant.row("s4"))?.title]).toEqual(["New", "New"]);
	expect([await tenant.forget("s4"), await tenant.forget("s4"), await tenant.row("s4")]).toEqual([true, false, null]);
});

test("what one tenant has, another has not", async () => {
	await tenantOf("one").reserve(asked("s1"));
	expect(await tenantOf("other").row("s1")).toBe(null);
});

test("its tables outlive it: the migrations run once", async () => {
	const tenant = tenantOf("outlives");
	await tenant.reserve(asked("s1"));
	const steps = await runInDurableObject(tenant, (_, state) =>
		state.storage.sql.exec("SELECT COUNT(*) AS steps FROM migrations").one(),
	);
	expect(steps).toEqual({ steps: 10 });
});

test("what a session was told is written stays so, also where the request that came between fails", async () => {
	const tenant = tenantOf("rolls back");
	await tenant.reserve(asked("s1"));
	await runInDurableObject(tenant, (_, state) => {
		state.storage.sql.exec(`CREATE TRIGGER full BEFORE INSERT ON sessions BEGIN SELECT RAISE(ABORT, 'full'); END`);
	});
	const [told, reserved] = await runInDurableObject(tenant, (object) =>
		Promise.allSettled([object.touch("s1", "done"), object.reserve(asked("s2"))]),
	);
	expect([told.status, reserved.status, (await tenant.row("s1"))?.status]).toEqual(["fulfilled", "rejected", "done"]);
});
