import { expect, test } from "vitest";
import { makePace } from "../../../src/backends/pace/pace.ts";
import { metering, type FakeLimits } from "../../support/fake-limits.ts";
import { manualClock } from "../../support/manual-clock.ts";

const startMs = Date.UTC(2026, 10, 1);
const never = new AbortController().signal;
const callsPerBurst = 10;
const bursts = 2;
const triesMax = 40;
const hourMs = 3_600_000;

/** Park and Miller's generator: uniform in [0, 1). */
function chance(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state * 48_271) % 2_147_483_647;
		return state / 2_147_483_647;
	};
}

type Sum = { refused: number; answered: number };

/** Bursts of calls to a host that keeps its limits, over a network that delays and reorders. */
async function simulated(seed: number): Promise<Sum> {
	const random = chance(seed);
	const upTo = (max: number) => Math.floor(random() * max);
	const limits: FakeLimits = { requests: 2 + upTo(8), tokens: 500 + upTo(2000), windowMs: 3000 + upTo(20_000) };
	const wire = random() < 0.5 ? "anthropic-messages" : "openai-chat";
	const clock = manualClock(startMs + upTo(1000));
	const pace = makePace({ now: clock.now, random, sleep: clock.sleep });
	const meter = metering(limits);
	const sum: Sum = { refused: 0, answered: 0 };
	const call = async (losses: number): Promise<void> => {
		const tokens = 1 + upTo(400);
		for (let tries = 0; tries < triesMax; tries++) {
			const to = { name: "openai", baseUrl: "https://a.example", key: "k", model: "m", tokens };
			const admitted = await pace.admit(to, never, () => {});
			if ("failure" in admitted) {
				await clock.sleep(admitted.failure.retryAfterMs ?? 0, never);
				continue;
			}
			await clock.sleep(upTo(200), never);
			const { refusedForMs, headers } = meter(wire, tokens, clock.now());
			await clock.sleep(upTo(200), never);
			if (random() >= losses) admitted.permit.heard({ ok: refusedForMs === null, headers: new Headers(headers) });
			admitted.permit.ended("whole");
			if (refusedForMs !== null) sum.refused += 1;
			sum.answered += 1;
			return;
		}
	};
	void call(0);
	await clock.pass(hourMs);
	for (let burst = 0; burst < bursts; burst++) {
		for (let i = 0; i < callsPerBurst; i++) void call(0.1);
		await clock.pass(hourMs);
	}
	return sum;
}

test("calls that start at once never exceed what the headers allow, and all of them go in the end", async () => {
	const seeds = Array.from({ length: 300 }, (_, i) => i + 1);
	const sums = [];
	for (const seed of seeds) sums.push({ seed, ...(await simulated(seed)) });
	const answered = 1 + bursts * callsPerBurst;
	expect(sums).toEqual(seeds.map((seed) => ({ seed, refused: 0, answered })));
});
