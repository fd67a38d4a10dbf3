/** The part of Chromium's trace events that is looked at; times in microseconds, `tdur` those of the thread's own work. */
export type TraceEvent = {
	readonly name: string;
	readonly ph: string;
	readonly pid: number;
	readonly tid: number;
	readonly ts: number;
	readonly dur?: number;
	readonly tdur?: number;
	readonly args?: { readonly name?: string };
};

export type TraceFigures = {
	/** Tasks of the page's thread that worked for longer than 50 ms. */
	readonly longTasks: number;
	/** The same by the clock on the wall, in which a busy machine's other work counts as well. */
	readonly longTasksByClock: number;
	readonly longestTaskMs: number;
	readonly scriptMsPerFrameP95: number;
	readonly frames: number;
};

const longMs = 50;
/** What runs script. One may stand within another: only the outermost counts. */
const scripts: ReadonlySet<string> = new Set([
	"EvaluateScript",
	"EventDispatch",
	"FireAnimationFrame",
	"FireIdleCallback",
	"FunctionCall",
	"RunMicrotasks",
	"TimerFire",
	"v8.compile",
]);
/** What makes a frame of what script has changed. */
const frameMark = "Commit";

/** What a trace says of the thread that runs the page's script, by its own working time. */
export function traceFigures(trace: readonly TraceEvent[]): TraceFigures {
	const main = mainThread(trace);
	const events = trace.filter(({ pid, tid, ph }) => `${pid}:${tid}` === main && ph === "X");
	const tasks = events.filter(({ name }) => name === "RunTask");
	const frames = events.filter(({ name }) => name === frameMark).toSorted((a, b) => a.ts - b.ts);
	const work = outermost(events.filter(({ name }) => scripts.has(name)));
	return {
		longTasks: tasks.filter((task) => workMs(task) > longMs).length,
		longTasksByClock: tasks.filter(({ dur = 0 }) => dur / 1000 > longMs).length,
		longestTaskMs: Math.max(0, ...tasks.map(workMs)),
		scriptMsPerFrameP95: p95(perFrame(work, frames)),
		frames: frames.length,
	};
}

/** Of several pages' threads, the one that ran most. */
function mainThread(trace: readonly TraceEvent[]): string {
	const names = trace.filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain");
	const threads = names.map(({ pid, tid }) => ({ id: `${pid}:${tid}`, events: 0 }));
	for (const { pid, tid } of trace) {
		const thread = threads.find(({ id }) => id === `${pid}:${tid}`);
		if (thread !== undefined) thread.events += 1;
	}
	const [first] = threads.toSorted((a, b) => b.events - a.events);
	if (first === undefined) throw new Error("the trace names no thread of a page");
	return first.id;
}

function workMs({ tdur, dur = 0 }: TraceEvent): number {
	return (tdur ?? dur) / 1000;
}

function outermost(events: readonly TraceEvent[]): TraceEvent[] {
	let endedAt = -Infinity;
	return events
		.toSorted((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0))
		.filter(({ ts, dur = 0 }) => {
			if (ts < endedAt) return false;
			endedAt = ts + dur;
			return true;
		});
}

/** The script that ran between each frame and the one before. */
function perFrame(work: readonly TraceEvent[], frames: readonly TraceEvent[]): number[] {
	const sums = frames.map(() => 0);
	let frame = 0;
	for (const event of work) {
		while (frame < frames.length && (frames[frame]?.ts ?? 0) < event.ts) frame += 1;
		if (frame < frames.length) sums[frame] = (sums[frame] ?? 0) + workMs(event);
	}
	return sums;
}

function p95(values: readonly number[]): number {
	return values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? 0;
}
