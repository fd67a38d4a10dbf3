/** What Cloudflare bills: requests of the Worker and of objects, rows written, alarms set. */
export type Metered = {
	readonly worker_requests: number;
	readonly object_requests: number;
	/** As the platform counts them: index entries included; each alarm that is set or taken away is a row. */
	readonly rows: { readonly session: number; readonly tenant: number; readonly alarms: number };
	/** Rows of the log that hold nothing but streamed text. */
	readonly flushes: number;
	readonly database_bytes: number;
};

/** Where a Worker with a meter tells it. */
export const meterPath = "/metered";
