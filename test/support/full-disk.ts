/** What a database says of a disk that is full. */
export const diskFull = "database or disk is full: SQLITE_FULL";

/** Says of the n-th write (counted from 1, over the disk's life) whether it fails. */
export type Failing = (write: number, query: string) => boolean;

export type FullDisk = {
	readonly sql: SqlStorage;
	/** How many writes were tried. */
	readonly writes: () => number;
	/** From now on these writes fail; reads, and what is rolled back, never do. */
	readonly fails: (failing: Failing, message?: string) => void;
};

export const always: Failing = () => true;
export const never: Failing = () => false;

/** A database whose writes a test lets fail: before the statement runs, as a disk without room does it. */
export function fullDisk(sql: SqlStorage): FullDisk {
	let failing = never;
	let says = diskFull;
	let writes = 0;
	const exec = ((query: string, ...bindings: unknown[]) => {
		if (/^\s*(?:INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|REPLACE)\b/i.test(query)) {
			writes += 1;
			if (failing(writes, query)) throw new Error(says);
		}
		return sql.exec(query, ...bindings);
	}) as SqlStorage["exec"];
	return {
		sql: { ...sql, exec },
		writes: () => writes,
		fails: (next, message = diskFull) => {
			failing = next;
			says = message;
		},
	};
}
