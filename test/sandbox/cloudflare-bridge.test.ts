import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bridgeSandbox } from "../../src/sandbox/cloudflare-bridge.ts";
import { conformance, valueOf } from "./conformance.ts";
import { startFakeBridge } from "./fake-bridge.ts";
import { at, key, shell, spec } from "./rig.ts";

const signal = new AbortController().signal;
const open = { ...spec, egress: "all" } as const;

describe("the Cloudflare bridge, faked", () => {
	conformance(async () => {
		const { access, close } = await startFakeBridge();
		return { sandbox: bridgeSandbox(access), close, egress: "all" };
	});
});

describe("a sandbox behind the Cloudflare bridge", () => {
	let fake: Awaited<ReturnType<typeof startFakeBridge>>;
	beforeAll(async () => void (fake = await startFakeBridge()));
	afterAll(async () => fake.close());

	test("is refused where it is to be kept from the network", async () => {
		const outcome = await bridgeSandbox(fake.access).create(key("closed"), spec, signal);
		expect(outcome.ok ? "ok" : outcome.failure.code).toBe("unsupported");
	});

	test("is one where two make it at once", async () => {
		const clients = [bridgeSandbox(fake.access), bridgeSandbox(fake.access)];
		const made = await Promise.all(clients.map((client) => client.create(key("twins"), open, signal)));
		expect(valueOf(made[0]!).incarnation).toBe(valueOf(made[1]!).incarnation);
	});

	test("is gone once its container has slept, and no command runs in the one that woke", async () => {
		const box = bridgeSandbox(fake.access);
		const before = valueOf(await box.create(key("sleeper"), open, signal));
		fake.sleep();
		const outcome = await box.start(at("sleeper", "c"), shell("echo ran"), signal);
		const after = valueOf(await box.create(key("sleeper"), open, signal));
		expect([outcome.ok ? "ok" : outcome.failure.code, after.created]).toEqual(["gone", true]);
		expect(after.incarnation).not.toBe(before.incarnation);
	});
});
