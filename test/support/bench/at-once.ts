import { oneSession, type SessionToMeasure } from "./session.ts";

/** Sessions that finish in a second, where so many are asked at once; each is read to its end by a client of its own. */
export async function sessionsPerSecond(session: SessionToMeasure, count: number): Promise<number> {
	const startMs = performance.now();
	await Promise.all(Array.from({ length: count }, () => oneSession({ ...session, crowded: true })));
	return count / ((performance.now() - startMs) / 1000);
}
