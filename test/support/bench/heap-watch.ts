import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

/** Of one isolate, what its objects and its buffers take at this moment, garbage that is not collected yet included. */
export type HeapWatch = {
	/** The most there was since the start, in bytes. */
	readonly peak: () => number;
	readonly stop: () => Promise<void>;
};

const everyMs = 20;
const answerWithinMs = 10_000;

/** Looks at the heap of this Worker's isolate, again and again, through the runtime's inspector. */
export async function watchHeap(inspector: URL, worker: string): Promise<HeapWatch> {
	const socket = new WebSocket(new URL(`./core:user:${worker}`, inspector).href);
	await once(socket, "open");
	const stopped = new AbortController();
	let [peak, asked] = [0, 0];
	const look = async () => {
		asked += 1;
		const answer = once(socket, "message", { signal: AbortSignal.timeout(answerWithinMs) });
		socket.send(JSON.stringify({ id: asked, method: "Runtime.getHeapUsage" }));
		const [message]: { readonly data: unknown }[] = await answer;
		peak = Math.max(peak, bytesIn(String(message?.data)));
	};
	const watching = (async () => {
		while (!stopped.signal.aborted) {
			await look();
			await sleep(everyMs);
		}
	})();
	// Whoever stops it hears of it.
	watching.catch(() => {});
	return {
		peak: () => peak,
		stop: async () => {
			stopped.abort();
			await watching;
			socket.close();
		},
	};
}

/** https://chromedevtools.github.io/devtools-protocol/tot/Runtime/#method-getHeapUsage */
function bytesIn(answer: string): number {
	const { result }: { readonly result: Record<string, number> } = JSON.parse(answer);
	const { usedSize = NaN, embedderHeapUsedSize = NaN, backingStorageSize = NaN } = result;
	return usedSize + embedderHeapUsedSize + backingStorageSize;
}
