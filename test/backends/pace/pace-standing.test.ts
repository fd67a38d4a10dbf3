import { expect, test } from "vitest";
import { breakerBounds } from "../../../src/backends/pace/breaker.ts";
import { paceBounds, type PacedCall } from "../../../src/backends/pace/pace.ts";
import { paced, requests, startMs, tokens } from "./pace-rig.ts";

const here = { name: "openai", baseUrl: "https://a.example", key: "k", model: "m" };

test("how things stand is told without changing them", async () => {
	const at = paced();
	const nothing = { breaker: "closed", requestsLeft: null, tokensLeft: null, resetsAtMs: null };
	expect(at.pace.standing(here)).toEqual(nothing);
	await at.heard({ ...requests(3, "2s"), ...tokens(100, "4s") });
	at.send("c", { tokens: 30 });
	await at.clock.pass(0);
	expect(at.pace.standing(here)).toEqual({
		breaker: "closed",
		requestsLeft: 2,
		tokensLeft: 70,
		resetsAtMs: startMs + 4000,
	});
	expect(at.pace.standing({ ...here, key: "k2" })).toEqual(nothing);
	at.next().ended("unsent");
	await at.clock.pass(4000);
	expect(at.pace.standing(here)).toEqual({ breaker: "closed", requestsLeft: 5, tokensLeft: 1000, resetsAtMs: null });
	for (let i = 0; i < breakerBounds.failuresMax; i++) await at.failed("server", null, "m2");
	expect(at.pace.standing(here).breaker).toBe("open");
	await at.clock.pass(breakerBounds.openMsMin);
	at.send("probe");
	await at.clock.pass(0);
	expect(at.pace.standing({ ...here, model: "m2" })).toEqual({ ...nothing, breaker: "probing" });
});

test.each<[string, number, (i: number) => Partial<PacedCall>]>([
	["hosts", paceBounds.hostsMax, (i) => ({ baseUrl: `https://${i}.example` })],
	["models of a host", paceBounds.modelsMax, (i) => ({ model: `m${i}` })],
])("as many %s are remembered as there may be, one more displaces the first", async (_, max, other) => {
	const left: unknown[] = [];
	for (const others of [max - 1, max]) {
		const at = paced();
		await at.heard(requests(3, "9s"));
		for (let i = 0; i < others; i++) await at.heard({}, other(i));
		left.push(at.pace.standing(here).requestsLeft);
	}
	expect(left).toEqual([3, null]);
});
