import { atRest, type Sql } from "./log.ts";

/** One row for each boot in the middle of a turn. `finished`: how many calls had come to an end by then. */
export const bootSteps: readonly string[] = [
	"CREATE TABLE boots (epoch INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL)",
	"ALTER TABLE boots ADD COLUMN finished INTEGER",
];

/**
 * So many boots in a row without a call that came to its end are a crash loop. Deployments and evictions come hours
 * apart and a call takes minutes, so a session in good order has one of them between two ends, or two.
 */
export const bootsMax = 5;
/** A session that cannot even be suspended, since it dies while it reads its log, is not waked by its alarm any more. */
export const readsMax = 2 * bootsMax;

/** An epoch, and how many boots in a row were in vain, this one included. `write`: counts it; null where none is counted. */
export type Boot = { readonly epoch: number; readonly inVain: number; readonly write: (() => void) | null };

export const firstBoot: Boot = { epoch: 0, inVain: 0, write: null };

/**
 * A boot is counted before anything of the log is read, since reading it may be what kills the machine. A session at rest
 * has no calls to tell apart, and starts none.
 */
export function bootOf(sql: Sql, nowMs: number): Boot {
	const { epoch } = sql.exec<{ epoch: number }>("SELECT COALESCE(MAX(epoch), 0) AS epoch FROM boots").one();
	if (atRest(sql)) return { epoch, inVain: 0, write: null };
	const insert = `INSERT INTO boots (epoch, at_ms, finished) VALUES (?, ?, ${finished})`;
	const write = () => void sql.exec(insert, epoch + 1, nowMs);
	return { epoch: epoch + 1, inVain: bootsInVain(sql) + 1, write };
}

/** A call that was lost ended nothing: it is the loop itself. */
const finished = "(SELECT COUNT(*) FROM calls WHERE state IN ('ok', 'failed', 'aborted'))";

/** Boots since a call last came to its end, or a person last let the session go on. */
function bootsInVain(sql: Sql): number {
	const query = `SELECT COUNT(*) AS n FROM boots
		WHERE finished = ${finished} AND epoch > COALESCE((SELECT MAX(epoch) FROM boots WHERE finished IS NULL), 0)`;
	return sql.exec<{ n: number }>(query).one().n;
}

/** Whether waking this object has failed so often that only a person should try again. Needs no tables to be there. */
export function isHopeless(sql: Sql): boolean {
	const known = "SELECT COUNT(*) AS n FROM pragma_table_info('boots') WHERE name = 'finished'";
	return sql.exec<{ n: number }>(known).one().n === 1 && bootsInVain(sql) >= readsMax;
}

/** What went before counts no more: a person, or a new turn, has begun afresh. */
export function startAfresh(sql: Sql): void {
	sql.exec("UPDATE boots SET finished = NULL WHERE finished IS NOT NULL");
}
