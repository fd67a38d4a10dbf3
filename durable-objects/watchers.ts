import { atRest, readFrom, type LogRow, type Sql } from "./log.ts";

/** Those who read a session's events by SSE: each is a cursor into the log, so a slow one costs nothing but patience. */
export type Watchers = {
	/** An event stream from `seq` on; it ends when it has given all there is of a session at rest. */
	readonly open: (seq: number) => ReadableStream<Uint8Array>;
	/** Something was committed. */
	readonly wake: () => void;
	/** A comment for those who wait, so that no proxy takes them for dead. */
	readonly beat: () => void;
	/** The session is gone. */
	readonly close: () => void;
};

/** More watchers of one session are refused. */
export const watchersMax = 256;
/** Rows read for one frame of a watcher that catches up. */
const rowsPerFrame = 32;

/** `news`: the log may hold more than was read. `rest`: the session was at rest after the last row that was read. */
type Watcher = {
	next: number;
	news: boolean;
	rest: boolean;
	wake: (() => void) | null;
	beats: number;
	closed: boolean;
};

/** The watchers of one session; none at first. */
export function makeWatchers(sql: Sql): Watchers & { readonly count: () => number } {
	const all = new Set<Watcher>();
	const wakeAll = () => {
		for (const watcher of all) {
			watcher.news = true;
			watcher.wake?.();
		}
	};
	return {
		count: () => all.size,
		open: (seq) => {
			const watcher: Watcher = { next: seq, news: true, rest: false, wake: null, beats: 0, closed: false };
			all.add(watcher);
			return streamOf(sql, watcher, () => all.delete(watcher));
		},
		wake: wakeAll,
		beat: () => {
			for (const watcher of all) watcher.beats += 1;
			wakeAll();
		},
		close: () => {
			for (const watcher of all) watcher.closed = true;
			wakeAll();
		},
	};
}

const encoder = new TextEncoder();

function streamOf(sql: Sql, watcher: Watcher, gone: () => void): ReadableStream<Uint8Array> {
	return new ReadableStream<Uint8Array>(
		{
			async pull(controller) {
				const text = await nextFrame(sql, watcher);
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
async function nextFrame(sql: Sql, watcher: Watcher): Promise<string | null> {
	for (;;) {
		if (watcher.closed) return null;
		const frame = watcher.news ? read(sql, watcher) : "";
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

/** Reads on from where the watcher is; empty when there is nothing new. */
function read(sql: Sql, watcher: Watcher): string {
	const from = watcher.next;
	const rows = readFrom(sql, from, rowsPerFrame);
	const last = rows.at(-1);
	watcher.news = rows.length === rowsPerFrame;
	watcher.rest = last === undefined ? atRest(sql) : last.rest === 1;
	if (last !== undefined) watcher.next = last.first + last.count;
	return rows.map((row) => linesFrom(row, from).map(frameOf).join("")).join("");
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
