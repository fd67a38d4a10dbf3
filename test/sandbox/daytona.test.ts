import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { daytonaSandbox } from "../../src/sandbox/daytona.ts";
import type { Egress } from "../../src/sandbox/sandbox.ts";
import { conformance, valueOf } from "./conformance.ts";
import { startFakeDaytona } from "./fake-daytona.ts";
import { key, spec } from "./rig.ts";

const signal = new AbortController().signal;

describe("Daytona, faked", () => {
	conformance(async () => {
		const { access, close } = await startFakeDaytona();
		return { sandbox: daytonaSandbox(access), close };
	});
});

describe("what Daytona is asked for", () => {
	let fake: Awaited<ReturnType<typeof startFakeDaytona>>;
	beforeAll(async () => void (fake = await startFakeDaytona()));
	afterAll(async () => fake.close());

	test.each<[string, Egress, boolean]>([
		["nothing", [], true],
		["everything", "all", false],
	])("a sandbox that reaches %s", async (title, egress, networkBlockAll) => {
		valueOf(await daytonaSandbox(fake.access).create(key(title), { ...spec, egress }, signal));
		const { name, labels, ...body } = fake.asked.at(-1) as { name: string; labels: object };
		expect([/^massgen-[0-9a-f]{32}$/.test(name), Object.keys(labels), body]).toEqual([
			true,
			["massgen-spec"],
			{ public: false, networkBlockAll, autoStopInterval: 10, autoDeleteInterval: 0 },
		]);
	});

	test("a list of hosts, which it has no way to keep, is refused, and nothing is made", async () => {
		const made = fake.asked.length;
		const wanted = { ...spec, egress: ["https://pypi.org"] };
		const outcome = await daytonaSandbox(fake.access).create(key("listed"), wanted, signal);
		expect([outcome.ok ? "ok" : outcome.failure.code, fake.asked.length]).toEqual(["unsupported", made]);
	});

	test("of two that make one at once, one is told to ask again, and finds it", async () => {
		const clients = [daytonaSandbox(fake.access), daytonaSandbox(fake.access)];
		const outcomes = await Promise.all(clients.map((client) => client.create(key("twins"), spec, signal)));
		const again = await Promise.all(clients.map((client) => client.create(key("twins"), spec, signal)));
		expect(outcomes.map((outcome) => (outcome.ok ? "ok" : outcome.failure.code)).toSorted()).toEqual([
			"ok",
			"unavailable",
		]);
		expect(valueOf(again[0]!)).toEqual(valueOf(again[1]!));
	});
});
