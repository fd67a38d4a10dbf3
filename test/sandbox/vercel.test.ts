import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Egress } from "../../src/sandbox/sandbox.ts";
import { vercelSandbox } from "../../src/sandbox/vercel.ts";
import { conformance, valueOf } from "./conformance.ts";
import { startFakeVercel } from "./fake-vercel.ts";
import { key, spec } from "./rig.ts";

const signal = new AbortController().signal;

describe("Vercel, faked", () => {
	conformance(async () => {
		const { access, close } = await startFakeVercel();
		return { sandbox: vercelSandbox(access), close };
	});
});

describe("what Vercel is asked for", () => {
	let fake: Awaited<ReturnType<typeof startFakeVercel>>;
	beforeAll(async () => void (fake = await startFakeVercel()));
	afterAll(async () => fake.close());

	test.each<[string, Egress, object]>([
		["nothing", [], { mode: "deny-all" }],
		["everything", "all", { mode: "allow-all" }],
		["one host", ["https://pypi.org"], { mode: "custom", allowedDomains: ["pypi.org"] }],
	])("a sandbox that reaches %s", async (title, egress, networkPolicy) => {
		const client = vercelSandbox(fake.access);
		valueOf(await client.create(key(title.replace(" ", "-")), { ...spec, egress }, signal));
		const { name, ...body } = fake.asked.at(-1) as { name: string };
		const rest = { projectId: "prj_1", persistent: false, timeout: 600_000, networkPolicy };
		expect([/^massgen-[0-9a-f]{32}$/.test(name), body]).toEqual([true, rest]);
	});

	test("another spec under a key in use is a conflict", async () => {
		const client = vercelSandbox(fake.access);
		valueOf(await client.create(key("spec"), spec, signal));
		const outcome = await client.create(key("spec"), { ...spec, egress: "all" }, signal);
		expect(outcome.ok ? "ok" : outcome.failure.code).toBe("conflict");
	});

	test("of two that make one at once, one is told to ask again, and finds it", async () => {
		const clients = [vercelSandbox(fake.access), vercelSandbox(fake.access)];
		const outcomes = await Promise.all(clients.map((client) => client.create(key("twins"), spec, signal)));
		const again = await Promise.all(clients.map((client) => client.create(key("twins"), spec, signal)));
		expect(outcomes.map((outcome) => (outcome.ok ? "ok" : outcome.failure.code)).toSorted()).toEqual([
			"ok",
			"unavailable",
		]);
		expect(valueOf(again[0]!)).toEqual(valueOf(again[1]!));
	});

	test("one that has ended gives its name to the next", async () => {
		const client = vercelSandbox(fake.access);
		const before = valueOf(await client.create(key("ended"), spec, signal));
		fake.stopAll();
		const clearing = await client.create(key("ended"), spec, signal);
		const after = valueOf(await client.create(key("ended"), spec, signal));
		expect([clearing.ok ? "ok" : clearing.failure.code, after.created]).toEqual(["unavailable", true]);
		expect(after.incarnation).not.toBe(before.incarnation);
	});

	test("a port that it cannot let through is refused", async () => {
		const wanted = { ...spec, egress: ["https://tools.test:8443"] };
		const outcome = await vercelSandbox(fake.access).create(key("ported"), wanted, signal);
		expect(outcome.ok ? "ok" : outcome.failure.code).toBe("unsupported");
	});
});
