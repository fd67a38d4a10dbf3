import type { Database } from "../../../durable-objects/store/store.ts";
import { diskFull } from "../full-disk.ts";
import type { Life, Steps } from "./life.ts";

/** The disk that every machine of one session has in turn. */
export type Disk = {
	/** As one machine sees it. */
	readonly of: (life: Life) => Database;
	/** Throws as a write would that is not taken now. */
	readonly check: () => void;
};

/** Writes `from` to `from + times - 1` (from 1, over the disk's life) are not taken. */
export type Outage = { readonly from: number; readonly times: number };

/** What is not committed is gone with its machine; a zombie can read, and write nothing. */
export function makeDisk(
	{ sql, steps, failed }: { sql: SqlStorage; steps: Steps; failed: () => void },
	outages: readonly Outage[],
): Disk {
	let writes = 0;
	const check = () => {
		writes += 1;
		if (!outages.some(({ from, times }) => writes >= from && writes < from + times)) return;
		failed();
		throw new Error(diskFull);
	};
	return { of: (life) => databaseOf(life, { sql, steps, check }), check };
}

function databaseOf(life: Life, { sql, steps, check }: { sql: SqlStorage; steps: Steps; check: () => void }): Database {
	let inside = false;
	const exec = ((query: string, ...bindings: unknown[]) => {
		if (!isWrite(query)) return sql.exec(query, ...bindings);
		if (life.state === "dead") throw new Error(gone);
		if (life.state === "zombie") throw new Error(superseded);
		check();
		if (inside) return sql.exec(query, ...bindings);
		if (steps.dies(life, "write")) throw new Error(gone);
		const cursor = sql.exec(query, ...bindings);
		if (steps.dies(life, "written")) throw new Error(gone);
		return cursor;
	}) as SqlStorage["exec"];
	const transaction: Database["transaction"] = (write) => {
		if (life.state === "dead") throw new Error(gone);
		sql.exec("BEGIN");
		inside = true;
		try {
			write();
			if (steps.dies(life, "write")) throw new Error(gone);
			sql.exec("COMMIT");
		} catch (error) {
			sql.exec("ROLLBACK");
			throw error;
		} finally {
			inside = false;
		}
		if (steps.dies(life, "written")) throw new Error(gone);
	};
	return { sql: { exec }, transaction };
}

function isWrite(query: string): boolean {
	return /^\s*(?:INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|REPLACE)\b/i.test(query);
}

export const gone = "This machine has died.";
export const superseded = "This machine was superseded: its storage takes no writes any more.";
