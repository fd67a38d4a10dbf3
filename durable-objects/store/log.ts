import type { LoggedEvent, SessionEvent } from "../../src/consensus/events.ts";

/** What the log asks of a database: the part of Durable Object storage that it uses. */
export type Sql = Pick<SqlStorage, "exec">;

/**
 * One row for each commit: `lines` holds its events, one JSON object a line, `first` is the first one's sequence number.
 * `rest`: 1 where the session was at rest after it, so that a watcher who has read so far has read all there is.
 */
export const logSteps: readonly string[] = [
	"CREATE TABLE log (first INTEGER PRIMARY KEY, count INTEGER NOT NULL, rest INTEGER NOT NULL, lines TEXT NOT NULL)",
];

export type LogRow = { readonly first: number; readonly count: number; readonly rest: number; readonly lines: string };

/** A row is at most 2 MB in Durable Object storage; a larger commit is cut into several rows of the same transaction. */
export const rowCharsMax = 400_000;

/** Appends events in one go and returns their rows. The caller's turn is synchronous, so they are one transaction. */
export function append(
	sql: Sql,
	events: readonly SessionEvent[],
	{ lastSeq, at, rest }: { lastSeq: number; at: string; rest: boolean },
): readonly LogRow[] {
	const lines = events.map((event, i) => JSON.stringify({ seq: lastSeq + 1 + i, at, ...event }));
	const rows: LogRow[] = [];
	let first = 0;
	let chars = 0;
	for (const [i, line] of lines.entries()) {
		chars += line.length;
		const last = i === lines.length - 1;
		if (!last && chars + (lines[i + 1]?.length ?? 0) <= rowCharsMax) continue;
		rows.push({
			first: lastSeq + 1 + first,
			count: i + 1 - first,
			rest: last && rest ? 1 : 0,
			lines: lines.slice(first, i + 1).join("\n"),
		});
		[first, chars] = [i + 1, 0];
	}
	for (const row of rows)
		sql.exec(
			"INSERT INTO log (first, count, rest, lines) VALUES (?, ?, ?, ?)",
			row.first,
			row.count,
			row.rest,
			row.lines,
		);
	return rows;
}

/** Once rows read together have so much text, no more are read with them: many may read a long log at once. */
export const readCharsMax = 500_000;

/** Rows in their order; `more`: others follow, which were too many or too long to be read with them. */
export type Read = { readonly rows: readonly LogRow[]; readonly more: boolean };

/** Rows that hold events from `seq` on, oldest first, at most `rowsMax`. Their first events may be older. */
export function readFrom(sql: Sql, seq: number, rowsMax: number): Read {
	const query =
		"SELECT first, count, rest, lines FROM log WHERE first >= COALESCE((SELECT MAX(first) FROM log WHERE first <= ?), 0) ORDER BY first";
	const rows: LogRow[] = [];
	let chars = 0;
	for (const row of sql.exec<LogRow>(query, seq)) {
		if (row.first + row.count <= seq) continue;
		if (rows.length === rowsMax || chars >= readCharsMax) return { rows, more: true };
		rows.push(row);
		chars += row.lines.length;
	}
	return { rows, more: false };
}

/** Whether the session was at rest after the last commit: then nothing more comes until somebody asks. */
export function atRest(sql: Sql): boolean {
	const [last] = sql.exec<{ rest: number }>("SELECT rest FROM log ORDER BY first DESC LIMIT 1").toArray();
	return last?.rest === 1;
}

/** Every event of the log, in order. */
export function* wholeLog(sql: Sql): Generator<LoggedEvent> {
	for (const { lines } of sql.exec<LogRow>("SELECT first, count, rest, lines FROM log ORDER BY first"))
		yield* eventsIn(lines);
}

/** The events of a row's lines. Written by us, so the parse is trusted. */
function eventsIn(lines: string): readonly LoggedEvent[] {
	const parsed: unknown = JSON.parse(`[${lines.replaceAll("\n", ",")}]`);
	return parsed as readonly LoggedEvent[];
}
