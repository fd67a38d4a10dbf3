import { expect, test, vi } from "vitest";
import type { AppDeps } from "../../src/api/deps.ts";
import { makeApi, send } from "../support/api.ts";

const fine = async (name: string) => ({ name, ok: true, detail: "there", fix: null });
const checksOf = async (change: Partial<AppDeps>, path = "/v1/setup") => {
	const api = makeApi(change);
	const { body } = await send(api, path);
	return { ...(body as { checks: unknown[] }), crashes: api.crashes };
};
const keyed = { name: "providers", ok: true, detail: "There are keys for openai.", fix: null };
const here = { name: "PUBLIC_URL", ok: true, detail: "This server is reached on this machine.", fix: null };

test("a deployment tells what it has and what it lacks", async () => {
	expect(await checksOf({ setupChecks: [{ name: "slack", check: () => fine("slack") }] })).toEqual({
		version: "1.2.3",
		checks: [here, keyed, { name: "slack", ok: true, detail: "there", fix: null }],
		backends: [
			{ name: "demo", ready: true, why: null, key: "none" },
			{ name: "openai", ready: true, why: null, key: "setting" },
			{ name: "anthropic", ready: false, why: "set ANTHROPIC_API_KEY", key: "none" },
		],
		crashes: [],
	});
});

test("without a provider's key, and without its address, it says what to do", async () => {
	const { keys } = makeApi().deps;
	const { checks } = await checksOf({ keys: { ...keys, source: () => "none" } }, "https://massgen.example/v1/setup");
	expect(checks).toEqual([
		{
			name: "PUBLIC_URL",
			ok: false,
			detail: "Links take whatever address a request came by.",
			fix: "Set PUBLIC_URL to the address that people use, like https://massgen.example.",
		},
		{
			name: "providers",
			ok: false,
			detail: "No provider has a key, so only what needs none can answer.",
			fix: "Store a provider's key with PUT /v1/backends/{name}/key, or set one like ANTHROPIC_API_KEY.",
		},
	]);
	const { checks: addressed } = await checksOf({ publicUrl: "https://massgen.example" });
	expect(addressed[0]).toEqual({
		name: "PUBLIC_URL",
		ok: true,
		detail: "Links lead to https://massgen.example.",
		fix: null,
	});
});

test("a check that fails or never ends says nothing about the others", async () => {
	vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
	const broken = { name: "broken", check: async () => Promise.reject(new Error("no")) };
	const endless = { name: "endless", check: () => new Promise<never>(() => {}) };
	const told = checksOf({ setupChecks: [broken, endless, { name: "discord", check: () => fine("discord") }] });
	while (vi.getTimerCount() === 0) await new Promise((resolve) => setImmediate(resolve));
	await vi.advanceTimersByTimeAsync(5000);
	vi.useRealTimers();
	const { checks, crashes } = await told;
	const fix = "Ask again a little later.";
	expect([checks.slice(2), crashes]).toEqual([
		[
			{ name: "broken", ok: false, detail: "It could not be checked.", fix },
			{ name: "endless", ok: false, detail: "It was not known within 5 seconds.", fix },
			{ name: "discord", ok: true, detail: "there", fix: null },
		],
		[new Error("no")],
	]);
});

test("what a deployment has is told to the holder of its key alone", async () => {
	expect((await send(makeApi(), "/v1/setup", { headers: { authorization: "" } })).status).toBe(401);
});
