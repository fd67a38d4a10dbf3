import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const lookMs = 100;

/** Waits so long for a port of 127.0.0.1 to be free: who had it may be about to end. Whether it is free now. */
export async function portIsFree(port: number, patienceMs: number): Promise<boolean> {
	const deadline = Date.now() + patienceMs;
	while (await isTaken(port)) {
		if (Date.now() >= deadline) return false;
		await sleep(lookMs);
	}
	return true;
}

function isTaken(port: number): Promise<boolean> {
	return new Promise((resolve, reject) => {
		const probe = createServer();
		probe.once("error", (error: NodeJS.ErrnoException) =>
			error.code === "EADDRINUSE" ? resolve(true) : reject(error),
		);
		probe.listen(port, "127.0.0.1", () => void probe.close(() => resolve(false)));
	});
}
