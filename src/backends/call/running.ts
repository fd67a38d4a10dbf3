import type { ModelEvent } from "../backend.ts";
import type { Built } from "./built.ts";
import type { Sending } from "./opening.ts";

/** An answer that is being made at its host, be it read by us or not. */
export type Running = {
	/** Told of everything that the answer brings. */
	readonly note: (events: readonly ModelEvent[]) => void;
	/** Nobody wants the answer any more: ends it at its host, which would go on, and charge for it. Once. */
	readonly abandon: () => void;
};

/** `handle`: null until the answer names it. */
export function runningAt(handle: string | null, cancel: (handle: string) => void): Running {
	let known = handle;
	function abandon(): void {
		if (known !== null) cancel(known);
		known = null;
	}
	return {
		abandon,
		note: (events) => {
			for (const event of events) {
				if (event.type === "handle") known = event.handle;
				// Too much for us, which it would be again; any other failure may be of the connection alone.
				else if (event.type === "failed" && event.failure.code === "output_too_large") abandon();
				else if (event.type === "end") known = null;
			}
		},
	};
}

/** What ends with its connection needs no watching. */
export const endsByItself: Running = { note: () => {}, abandon: () => {} };

/** Waiting for a slot included. Longer is not worth it: the answer is likely to be finished by then. */
export const cancelMsMax = 5000;

/** Sends a request whose answer nobody waits for. Whether it arrives is the host's luck: nothing is thrown or tried again. */
export async function sendAside(
	build: () => Promise<Built>,
	{ fetch: send, slots }: Pick<Sending, "fetch" | "slots">,
): Promise<void> {
	const signal = AbortSignal.timeout(cancelMsMax);
	const built = await build().catch(() => null);
	if (built === null || (await slots.take(signal)) !== "taken") return;
	try {
		const response = await send(built.url, { ...built.init, redirect: "manual", signal });
		await response.body?.cancel();
	} catch {
		// It was worth a try.
	} finally {
		slots.release();
	}
}
