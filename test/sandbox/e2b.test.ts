import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { e2bSandbox } from "../../src/sandbox/e2b.ts";
import type { Egress } from "../../src/sandbox/sandbox.ts";
import { conformance, valueOf } from "./conformance.ts";
import { startFakeE2b } from "./fake-e2b.ts";
import { key, spec } from "./rig.ts";

const signal = new AbortController().signal;

describe("E2B, faked", () => {
	conformance(async () => {
		const { access, close } = await startFakeE2b();
		return { sandbox: e2bSandbox(access), close };
	});
});

describe("what E2B is asked for", () => {
	let fake: Awaited<ReturnType<typeof startFakeE2b>>;
	beforeAll(async () => void (fake = await startFakeE2b()));
	afterAll(async () => fake.close());

	test.each<[string, Egress, object]>([
		["nothing", [], { allow_internet_access: false }],
		["everything", "all", { allow_internet_access: true }],
		[
			"two hosts",
			["https://pypi.org", "https://tools.test"],
			{ network: { allowOut: ["pypi.org", "tools.test"], denyOut: ["0.0.0.0/0"] } },
		],
	])("a sandbox that reaches %s", async (_, egress, network) => {
		const name = `out-${JSON.stringify(egress).length}`;
		valueOf(await e2bSandbox(fake.access).create(key(name), { ...spec, egress }, signal));
		const { metadata, ...body } = fake.asked.at(-1) as { metadata: Record<string, string> };
		expect([body, metadata["massgen-key"]]).toEqual([
			{ templateID: "base", timeout: 600, secure: true, ...network },
			name,
		]);
	});

	test("a port that it cannot let through is refused, and nothing is made", async () => {
		const made = fake.asked.length;
		const outcome = await e2bSandbox(fake.access).create(
			key("ported"),
			{ ...spec, egress: ["https://tools.test:8443"] },
			signal,
		);
		expect([outcome.ok ? "ok" : outcome.failure.code, fake.asked.length]).toEqual(["unsupported", made]);
	});

	test("of two that were made at once one is left, and both are told of that one", async () => {
		const outcomes = await Promise.all(
			[1, 2].map(() => e2bSandbox(fake.access).create(key("twins"), spec, signal)),
		);
		const left = [...fake.machines.all.values()].filter(({ labels }) => labels["massgen-key"] === "twins");
		expect(outcomes.map((outcome) => valueOf(outcome).incarnation)).toEqual([left[0]!.id, left[0]!.id]);
		expect(left.length).toBe(1);
	});

	test("a wrong key says so", async () => {
		const outcome = await e2bSandbox({ ...fake.access, apiKey: "other" }).create(key("x"), spec, signal);
		expect(outcome.ok ? "ok" : outcome.failure.code).toBe("unauthorized");
	});
});
