import { parseArgs } from "node:util";
import { chromiumPath, pageNotTested } from "./chromium.ts";
import { measured } from "./page/measure.ts";

/**
 * `npm run --silent page -- --seconds N`: one JSON object about the page while ten agents stream 100 tokens a second each.
 * Tasks and scripts are counted by the working time of the page's thread, so that what else the machine does is not held
 * against the page; the rest is told on stderr.
 */
const exitCodes = { done: 0, unavailable: 69, usage: 64 } as const;
const secondsMax = 600;
const usage = "usage: npm run --silent page -- --seconds N";

process.exitCode = await main();

async function main(): Promise<number> {
	const seconds = secondsIn(process.argv.slice(2));
	if (seconds === null) return ended(usage, exitCodes.usage);
	if (chromiumPath === null) return ended(pageNotTested, exitCodes.unavailable);
	const figures = await measured(seconds);
	process.stderr.write(
		`longest task ${rounded(figures.longestTaskMs)} ms of work; by the clock ${figures.longTasksByClock} tasks were longer than 50 ms; ${figures.frames} frames changed something\n`,
	);
	const told = {
		long_tasks_over_50ms: figures.longTasks,
		script_ms_per_frame_p95: rounded(figures.scriptMsPerFrameP95),
		frames_per_second: rounded(figures.framesPerSecond),
		heap_mb: rounded(figures.heapMb),
		seconds: figures.seconds,
	};
	process.stdout.write(`${JSON.stringify(told)}\n`);
	return exitCodes.done;
}

/** Null: nothing that can be measured. */
function secondsIn(args: string[]): number | null {
	try {
		const seconds = Number(parseArgs({ args, options: { seconds: { type: "string" } } }).values.seconds ?? 60);
		return Number.isFinite(seconds) && seconds > 0 && seconds <= secondsMax ? seconds : null;
	} catch {
		// parseArgs throws for what is no option of ours: bad usage.
		return null;
	}
}

function ended(line: string, code: number): number {
	process.stderr.write(`${line}\n`);
	return code;
}

function rounded(value: number): number {
	return Math.round(value * 100) / 100;
}
