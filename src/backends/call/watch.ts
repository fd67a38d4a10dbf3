import type { FailureCode } from "../backend.ts";
import type { DeadlineTimer, Waiting } from "./deadline-timer.ts";

type TimeoutCode = Extract<FailureCode, "first_byte_timeout" | "stall_timeout">;

export type Watch = {
	readonly signal: AbortSignal;
	/** Why the call was ended from our side, if it was. */
	readonly cause: () => null | "aborted" | TimeoutCode;
	readonly expect: (code: TimeoutCode, ms: number) => void;
	readonly rest: () => void;
	readonly stop: () => void;
};

/** Watches over one call: it is ended when its caller says so, or when what was expected of it does not come in time. */
export function watching(
	outer: AbortSignal,
	{ now, timer }: { readonly now: () => number; readonly timer: DeadlineTimer },
): Watch {
	const controller = new AbortController();
	let cause: null | "aborted" | TimeoutCode = null;
	let awaited: TimeoutCode = "first_byte_timeout";
	const end = (why: "aborted" | TimeoutCode): void => {
		cause ??= why;
		controller.abort();
	};
	const waiting: Waiting = { dueMs: Number.POSITIVE_INFINITY, ring: () => end(awaited) };
	const abort = (): void => end("aborted");
	if (outer.aborted) abort();
	outer.addEventListener("abort", abort, { once: true });
	timer.add(waiting);
	return {
		signal: controller.signal,
		cause: () => cause,
		expect: (code, ms) => {
			awaited = code;
			waiting.dueMs = now() + ms;
			timer.moved(waiting);
		},
		// The time that the consumer takes is not the provider's.
		rest: () => void (waiting.dueMs = Number.POSITIVE_INFINITY),
		stop: () => {
			timer.remove(waiting);
			outer.removeEventListener("abort", abort);
			// A reason spares the making of an exception with its stack.
			controller.abort("over");
		},
	};
}
