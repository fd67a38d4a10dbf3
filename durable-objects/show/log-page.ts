import type { LogPage, SessionRpc } from "../rpc.ts";
import { readFrom, type Sql } from "../store/log.ts";
import { sharedLine } from "./shared.ts";
import { linesFrom } from "./watchers.ts";

/** Rows of one page; a page ends earlier where they are long, so that it stays far below what one RPC may carry. */
const rowsMax = 256;

/** Some of the log from this event on. */
export function logPage(sql: Sql, { from, audience }: Parameters<SessionRpc["log"]>[0]): LogPage {
	const { rows, more } = readFrom(sql, from, rowsMax);
	const lines = rows.flatMap((row) => linesFrom(row, from));
	const last = rows.at(-1);
	const next = more && last !== undefined ? last.first + last.count : null;
	return { lines: audience === "owner" ? lines : lines.map(sharedLine), next };
}
