import { heartbeatMs } from "../../../durable-objects/run/clocks.ts";
import type { Metered } from "./metered.ts";

/** Cloudflare's list prices beyond what a plan includes. https://developers.cloudflare.com/durable-objects/platform/pricing/ */
const usd = {
	workerRequest: 0.3 / 1e6,
	objectRequest: 0.15 / 1e6,
	gigabyteSecond: 12.5 / 1e6,
	rowWritten: 1 / 1e6,
	gigabyteMonth: 0.2,
} as const;
/** An object is billed for so much memory, whatever it uses. */
const objectGigabytes = 0.128;

export type RealPace = {
	readonly seconds: number;
	/** How often text is committed in that time. */
	readonly flushes: number;
};

/**
 * The rows of a session whose streams were pressed into less time: only two things depend on the time, the commits of
 * streamed text and the heartbeats, and of both it is known how often they come.
 */
export function rowsAt({ seconds, flushes }: RealPace, metered: Metered): number {
	const { session, tenant, alarms } = metered.rows;
	return session - metered.flushes + flushes + tenant + alarms + beatsIn(seconds);
}

/** US dollars for rows, requests, the time that the object is awake, and a month of what is stored. */
export function platformUsd(pace: RealPace, metered: Metered): number {
	return (
		rowsAt(pace, metered) * usd.rowWritten +
		(metered.object_requests + beatsIn(pace.seconds)) * usd.objectRequest +
		metered.worker_requests * usd.workerRequest +
		pace.seconds * objectGigabytes * usd.gigabyteSecond +
		(metered.database_bytes / 1e9) * usd.gigabyteMonth
	);
}

/** Each is an alarm set anew, hence a row, and a request. */
function beatsIn(seconds: number): number {
	return Math.ceil((seconds * 1000) / heartbeatMs);
}
