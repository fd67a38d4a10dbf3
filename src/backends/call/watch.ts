import type { FailureCode } from "../backend.ts";

type TimeoutCode = Extract<FailureCode, "first_byte_timeout" | "stall_timeout">;

export type Watch = {
	readonly signal: AbortSignal;
	/** Why the call was ended from our side, if it was. */
	readonly cause: () => null | "aborted" | TimeoutCode;
	readonly expect: (code: TimeoutCode, ms: number) => void;
	readonly rest: () => void;
	readonly stop: () => void;
};

/** One timer for a whole call: a read only moves the deadline, since setting a timer for each would cost more than parsing. */
export function watching(outer: AbortSignal, now: () => number): Watch {
	const controller = new AbortController();
	let cause: null | "aborted" | TimeoutCode = null;
	let awaited: TimeoutCode = "first_byte_timeout";
	let deadlineMs = Number.POSITIVE_INFINITY;
	let timer: ReturnType<typeof setTimeout> | undefined;
	const end = (why: "aborted" | TimeoutCode): void => {
		cause ??= why;
		controller.abort();
	};
	const ring = (): void => {
		timer = undefined;
		const leftMs = deadlineMs - now();
		if (leftMs <= 0) end(awaited);
		else if (Number.isFinite(leftMs)) timer = setTimeout(ring, leftMs);
	};
	const abort = (): void => end("aborted");
	if (outer.aborted) abort();
	outer.addEventListener("abort", abort, { once: true });
	return {
		signal: controller.signal,
		cause: () => cause,
		expect: (code, ms) => {
			deadlineMs = now() + ms;
			// The two bounds differ, so a timer set for the other one might ring too late.
			if (code !== awaited) clearTimeout(timer);
			if (code !== awaited || timer === undefined) timer = setTimeout(ring, ms);
			awaited = code;
		},
		// The time that the consumer takes is not the provider's.
		rest: () => void (deadlineMs = Number.POSITIVE_INFINITY),
		stop: () => {
			clearTimeout(timer);
			outer.removeEventListener("abort", abort);
			// A reason spares the making of an exception with its stack.
			controller.abort("over");
		},
	};
}
