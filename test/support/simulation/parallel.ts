import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { Failure, HuntResult, Share } from "./seeds-worker.ts";

const threadsMax = 2;

export type Work = {
	readonly kind: "seeds" | "mutants";
	readonly seeds: number;
	readonly from: number;
	readonly faults: boolean;
};
type ResultOf<W extends Work> = W["kind"] extends "seeds" ? Failure : HuntResult;

/** Divides the work among threads: seeds, or mutants, in turn. */
export async function inParallel<W extends Work>(work: W): Promise<readonly ResultOf<W>[]> {
	const results = await amongThreads(import.meta.resolve("./seeds-worker.ts"), work);
	return results as ResultOf<W>[];
}

/** Gives each thread its share of the work; a thread's file answers with a list. */
export async function amongThreads(file: string, work: Work): Promise<readonly unknown[]> {
	const threads = Math.min(threadsMax, availableParallelism());
	const shares = Array.from({ length: threads }, (_, at) => ({ ...work, at, of: threads }));
	const results = await Promise.all(shares.map((share) => resultOf(file, share)));
	return results.flat();
}

function resultOf(file: string, share: Share): Promise<readonly unknown[]> {
	const worker = new Worker(fileURLToPath(file), { workerData: share });
	return new Promise((resolve, reject) => {
		worker.once("message", resolve);
		worker.once("error", reject);
		// After its message this changes nothing: a promise is settled once.
		worker.once("exit", (code) => reject(new Error(`a thread of the simulation ended with ${code} and no result`)));
	});
}
