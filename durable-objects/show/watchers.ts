import { atRest, readFrom, type LogRow, type Read, type Sql } from "../store/log.ts";
import { lineFor, type Visit } from "./shared.ts";

/** Those who read a session's events by SSE: each is a cursor into the log, so a slow one costs nothing but patience. */
export type Watchers = {
	/** An event stream from `seq` on; it ends when it has given all there is of a session at rest. `visit`: who has a link. */
	readonly open: (seq: number, visit?: Visit | null) => ReadableStream<Uint8Array>;
	/** These rows were committed. */
	readonly wake: (rows: readonly LogRow[]) => void;
	/** A comment for those who wait, so that no proxy takes them for dead. */
	readonly beat: () => void;
	/** The session is gone. */
	readonly close: () => void;
	/** This link is gone: its visitors are let go. */
	readonly endShare: (share: string) => void;
	/** How many of those who read have a link. */
	readonly visitors: () => number;
};

/** More watchers of one session are refused. */
export const watchersMax = 256;
/** A watcher that has read nothing for so many beats, some five minutes, is let go; the log waits for it. */
export const unreadBeatsMax = 12;
/** Rows read for one frame of a watcher that catches up. */
const rowsPerFrame = 32;
/** The latest rows are kept in memory as long as there are no more of them, and no more text in them. */
export const recentMax = { rows: 16, chars: 500_000 } as const;

/** `news`: the log may hold more than was read. `rest`: the session was at rest after the last row that was read. */
type Watcher = {
	readonly visit: Visit | null;
	next: number;
	news: boolean;
	rest: boolean;
	/** There while it waits for news: then it has read all that it was given. */
	wake: (() => void) | null;
	beats: number;
	/** Beats since it last waited, or took something. */
	unread: number;
	drop: () => void;
	closed: boolean;
};

/** The watchers of one session; none at first. */
export function makeWatchers(sql: Sql, now: () => number): Watchers & { readonly count: () => number } {
	const all = new Set<Watcher>();
	let recent: readonly LogRow[] = [];
	const log: Log = {
		now,
		from: (seq) => recentFrom(recent, seq) ?? readFrom(sql, seq, rowsPerFrame),
		atRest: () => recent.at(-1)?.rest === 1 || (recent.length === 0 && atRest(sql)),
	};
	const wakeAll = () => {
		for (const watcher of all) {
			watcher.news = true;
			watcher.wake?.();
		}
	};
	return {
		count: () => all.size,
		visitors: () => [...all].filter(({ visit }) => visit !== null).length,
		open: (seq, visit = null) => {
			const fresh = { news: true, rest: false, wake: null, beats: 0, unread: 0, drop: () => {}, closed: false };
			const watcher: Watcher = { visit, next: seq, ...fresh };
			all.add(watcher);
			return streamOf(log, watcher, () => all.delete(watcher));
		},
		wake: (rows) => {
			recent = latest([...recent, ...rows]);
			wakeAll();
		},
		beat: () => {
			for (const watcher of all) {
				watcher.beats += 1;
				watcher.unread = watcher.wake === null ? watcher.unread + 1 : 0;
				if (watcher.unread > unreadBeatsMax) watcher.drop();
			}
			wakeAll();
		},
		close: () => {
			for (const watcher of all) watcher.closed = true;
			wakeAll();
		},
		endShare: (share) => {
			for (const watcher of all) if (watcher.visit?.share === share) watcher.closed = true;
			wakeAll();
		},
	};
}

/** The log as a watcher reads it. */
type Log = {
	readonly from: (seq: number) => Read;
	readonly atRest: () => boolean;
	readonly now: () => number;
};

/** The last of these rows that are few and short enough to be kept. */
function latest(rows: readonly LogRow[]): readonly LogRow[] {
	let chars = 0;
	const tooMuch = rows.findLastIndex(({ lines }) => {
		chars += lines.length;
		return chars > recentMax.chars;
	});
	return rows.slice(Math.max(tooMuch + 1, rows.length - recentMax.rows));
}

/** The rows that hold events from `seq` on; null where older ones than those in memory are wanted. */
function recentFrom(recent: readonly LogRow[], seq: number): Read | null {
	const [oldest] = recent;
	if (oldest === undefined || seq < oldest.first) return null;
	return { rows: recent.filter((row) => row.first + row.count > seq), more: false };
}

const encoder = new TextEncoder();

function streamOf(log: Log, watcher: Watcher, gone: () => void): ReadableStream<Uint8Array> {
	return new ReadableStream<Uint8Array>(
		{
			start(controller) {
				watcher.drop = () => {
					gone();
					controller.error(new Error("Nothing was read for too long. Come back with Last-Event-ID."));
				};
			},
			async pull(controller) {
				watcher.unread = 0;
				const text = await nextFrame(log, watcher);
				if (text !== null) return controller.enqueue(encoder.encode(text));
				gone();
				controller.close();
			},
			cancel: gone,
		},
		{ highWaterMark: 1 },
	);
}

/** What a watcher is sent next, waiting for it if need be; null when there is nothing more to come. */
async function nextFrame(log: Log, watcher: Watcher): Promise<string | null> {
	for (;;) {
		if (watcher.closed || isOver(watcher, log)) return null;
		const frame = watcher.news ? read(log, watcher) : "";
		if (frame !== "") return frame;
		if (watcher.rest) return null;
		const beats = watcher.beats;
		await new Promise<void>((resolve) => {
			watcher.wake = resolve;
		});
		watcher.wake = null;
		if (watcher.beats !== beats && !watcher.closed) return ": still here\n\n";
	}
}

/** A visitor is let go in time to ask again whether the link still holds. */
function isOver({ visit }: Watcher, { now }: Log): boolean {
	return visit !== null && visit.untilMs <= now();
}

/** Reads on from where the watcher is; empty when there is nothing new. */
function read(log: Log, watcher: Watcher): string {
	const from = watcher.next;
	const { rows, more } = log.from(from);
	const last = rows.at(-1);
	watcher.news = more;
	watcher.rest = last === undefined ? log.atRest() : last.rest === 1;
	if (last !== undefined) watcher.next = last.first + last.count;
	const shown = lineFor(watcher.visit);
	return rows.map((row) => linesFrom(row, from).map(shown).map(frameOf).join("")).join("");
}

/** The events of a row from `seq` on, each as its JSON. */
export function linesFrom(row: LogRow, seq: number): readonly string[] {
	const lines = row.lines.split("\n");
	return seq <= row.first ? lines : lines.slice(seq - row.first);
}

/** `seq` and `type` stand at fixed places of a line (log.ts writes them), so it need not be parsed. */
function frameOf(line: string): string {
	const seq = line.slice(7, line.indexOf(","));
	const at = line.indexOf('"type":"') + 8;
	return `id: ${seq}\nevent: ${line.slice(at, line.indexOf('"', at))}\ndata: ${line}\n\n`;
}

/** `?from=N` starts at N, `Last-Event-ID: N` after N (the latter wins: it is what a browser sends on its own). */
export function startOf(request: Request): number {
	const last = request.headers.get("last-event-id");
	if (last !== null && /^\d{1,15}$/.test(last)) return Number(last) + 1;
	const from = new URL(request.url).searchParams.get("from");
	return from !== null && /^\d{1,15}$/.test(from) ? Math.max(1, Number(from)) : 1;
}
