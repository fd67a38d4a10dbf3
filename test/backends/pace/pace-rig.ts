import { makeFailure } from "../../../src/backends/failure.ts";
import { makePace, type PacedCall, type Permit } from "../../../src/backends/pace/pace.ts";
import { manualClock } from "../../support/manual-clock.ts";

export const startMs = Date.UTC(2026, 10, 1);
export type Paced = ReturnType<typeof paced>;

/** A pace on a clock of its own, and what the calls sent through it come to. */
export function paced({ random = 0 } = {}) {
	const clock = manualClock(startMs);
	const pace = makePace({ now: clock.now, random: () => random, sleep: clock.sleep });
	const came: string[] = [];
	/** Who was held back, each time. */
	const holds: string[] = [];
	const permits: Permit[] = [];
	const never = new AbortController().signal;
	/** Sends a call and notes when it went or why it did not. */
	const send = (name: string, changes: Partial<PacedCall> = {}, signal = never): void => {
		const call = { name: "openai", baseUrl: "https://a.example", key: "k", model: "m", tokens: 10, ...changes };
		void pace
			.admit(call, signal, () => void holds.push(name))
			.then((admitted) => {
				const at = clock.now() - startMs;
				if ("permit" in admitted) permits.push(admitted.permit);
				const { failure } = "failure" in admitted ? admitted : { failure: null };
				came.push(failure === null ? `${name} ${at}` : `${name} ${at} ${failure.code} ${failure.retryAfterMs}`);
			});
	};
	const next = (): Permit => {
		const permit = permits.shift();
		if (permit === undefined) throw new Error("no call has been let through");
		return permit;
	};
	/** A call that goes at once and is told this. */
	const heard = async (headers: Record<string, string>, changes: Partial<PacedCall> = {}): Promise<void> => {
		send("heard", changes);
		await clock.pass(0);
		came.pop();
		const permit = next();
		permit.heard({ ok: true, headers: new Headers(headers) });
		permit.ended("whole");
	};
	const failed = async (
		code: "server" | "rate_limited",
		retryAfterMs: number | null = null,
		model = "m",
	): Promise<void> => {
		send("failed", { model });
		await clock.pass(0);
		came.pop();
		next().ended(makeFailure(code, "no", retryAfterMs));
	};
	return { pace, clock, came, holds, send, next, heard, failed };
}

/** Headers of a host that tells its requests, as OpenAI does. */
export function requests(remaining: number, reset: string, limit = 5): Record<string, string> {
	return {
		"x-ratelimit-limit-requests": String(limit),
		"x-ratelimit-remaining-requests": String(remaining),
		"x-ratelimit-reset-requests": reset,
	};
}

/** The same for tokens. */
export function tokens(remaining: number, reset: string, limit = 1000): Record<string, string> {
	return {
		"x-ratelimit-limit-tokens": String(limit),
		"x-ratelimit-remaining-tokens": String(remaining),
		"x-ratelimit-reset-tokens": reset,
	};
}
