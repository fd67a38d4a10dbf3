import { expect, test } from "vitest";
import { breakerBounds } from "../../../src/backends/pace/breaker.ts";
import { makeFailure } from "../../../src/backends/failure.ts";
import { makePace, paceBounds, type Permit } from "../../../src/backends/pace/pace.ts";

const startMs = Date.UTC(2026, 10, 1);
const never = new AbortController().signal;
const call = { name: "openai", baseUrl: "https://a.example", key: "k", model: "m", tokens: 10 };

/** Whether a call may go at once when the clock was set back by this much after a host behaved so. */
async function goesAfter(backMs: number, behaves: (permit: Permit) => void, times: number): Promise<boolean> {
	let nowMs = startMs;
	const pace = makePace({ now: () => nowMs, random: () => 0, sleep: async () => {} });
	for (let i = 0; i < times; i++) {
		const admitted = await pace.admit(call, never, () => {});
		if ("permit" in admitted) behaves(admitted.permit);
	}
	nowMs -= backMs;
	return "permit" in (await pace.admit(call, never, () => {}));
}

const fails = (permit: Permit): void => permit.ended(makeFailure("server", "no"));
const sends = (permit: Permit): void => permit.ended(makeFailure("rate_limited", "no", 60_000));
const { clockBackMs } = paceBounds;

test.each<[string, (permit: Permit) => void, number]>([
	["a host that keeps failing", fails, breakerBounds.failuresMax],
	["a host that sent us away", sends, 1],
])(
	"%s is asked again once the clock was set back: when its time is up nobody knows any more",
	async (_, does, times) => {
		const went = [];
		for (const backMs of [0, clockBackMs, clockBackMs + 1, 3_600_000])
			went.push(await goesAfter(backMs, does, times));
		expect(went).toEqual([false, false, true, true]);
	},
);
