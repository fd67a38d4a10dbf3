import { parseArgs } from "node:util";
import { chromiumPath, pageNotTested } from "./chromium.ts";
import { measured } from "./page/measure.ts";
import { pictureBytesMax, taken } from "./page/pictures.ts";

/**
 * `npm run --silent page -- --seconds N`: one JSON object about the page while ten agents stream 100 tokens a second each.
 * Tasks and scripts are counted by the working time of the page's thread, so that what else the machine does is not held
 * against the page; the rest is told on stderr. `--pictures DIR` makes PNGs of it instead, a name and a size per line.
 */
const exitCodes = { done: 0, tooLarge: 1, usage: 64, unavailable: 69 } as const;
const secondsMax = 600;
const usage = "usage: npm run --silent page -- --seconds N | --pictures DIR";

process.exitCode = await main();

async function main(): Promise<number> {
	const wanted = wantedIn(process.argv.slice(2));
	if (wanted === null) return ended(usage, exitCodes.usage);
	if (chromiumPath === null) return ended(pageNotTested, exitCodes.unavailable);
	return wanted.what === "pictures" ? pictured(wanted.folder) : figured(wanted.seconds);
}

async function figured(seconds: number): Promise<number> {
	const figures = await measured(seconds);
	const { longestTaskMs, longTasksByClock, frames } = figures;
	process.stderr.write(
		`longest task ${rounded(longestTaskMs)} ms of work; by the clock ${longTasksByClock} took over 50 ms; ${frames} frames\n`,
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

async function pictured(folder: string): Promise<number> {
	const pictures = await taken(folder);
	for (const { name, bytes } of pictures) process.stdout.write(`${name} ${bytes}\n`);
	return pictures.some(({ bytes }) => bytes > pictureBytesMax) ? exitCodes.tooLarge : exitCodes.done;
}

type Wanted =
	| { readonly what: "figures"; readonly seconds: number }
	| { readonly what: "pictures"; readonly folder: string };

/** Null: nothing that can be done. */
function wantedIn(args: string[]): Wanted | null {
	try {
		const options = { seconds: { type: "string" }, pictures: { type: "string" } } as const;
		const { values } = parseArgs({ args, options });
		if (values.pictures !== undefined) return { what: "pictures", folder: values.pictures };
		const seconds = Number(values.seconds ?? 60);
		return seconds > 0 && seconds <= secondsMax ? { what: "figures", seconds } : null;
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
