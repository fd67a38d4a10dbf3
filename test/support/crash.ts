import { parseArgs } from "node:util";
import { forgetKeys } from "./offline.ts";
import { countOf, countsOf, faultsOf } from "./crash/report.ts";
import { crashRun } from "./crash/run.ts";

const usage = `Usage: crash --kills N [--seed S]
  --kills N   how often the server is killed (1 to 200)
  --seed S    decides the moments and how long models take (default: of the clock)`;

const killsMax = 200;
const seedMax = 2 ** 31 - 1;
const faultsShownMax = 10;

/**
 * `npm run --silent crash -- --kills 30`: one JSON object on stdout, progress and what is wrong on stderr. P15 asks that nothing
 * is lost, that no session pays for more than one call again for each that was open at a kill, and that what a provider keeps is
 * paid for once. That last one cannot hold for a call that is killed before its handle has come back: nobody knows its answer's
 * name, and no provider finds it by one of ours (decision 0025). These are counted as `unreachable`, and nothing else may differ.
 */
const request = requestOf(process.argv.slice(2));
if (request === null) {
	console.error(usage);
	process.exitCode = 64;
} else {
	forgetKeys(process.env);
	process.exitCode = await crash(request).catch((error: unknown) => {
		console.error(`the run broke off: ${String(error)}`);
		return 1;
	});
}

async function crash({ kills, seed }: { readonly kills: number; readonly seed: number }): Promise<number> {
	const startMs = performance.now();
	const told = (line: string) => void process.stderr.write(`${line} of ${kills}\n`);
	const { sessions, listed, resumed } = await crashRun({ root: process.cwd(), kills, seed, told });
	const seconds = Math.round((performance.now() - startMs) / 1000);
	const { sessions: asked, ...count } = countOf(sessions);
	const teams = countsOf(sessions);
	const report = { sessions: asked, kills, ...count, resumed_free: resumed, teams, seed, seconds };
	process.stdout.write(`${JSON.stringify(report)}\n`);
	const faults = [
		...faultsOf(sessions),
		...(listed === asked ? [] : [`${asked} sessions were asked for, and ${listed} are there`]),
	];
	for (const fault of faults.slice(0, faultsShownMax)) console.error(fault);
	if (faults.length > faultsShownMax) console.error(`and ${faults.length - faultsShownMax} more`);
	return faults.length > 0 ? 1 : 0;
}

/** Null: not a request this command understands. */
function requestOf(args: string[]): { readonly kills: number; readonly seed: number } | null {
	const values = valuesOf(args);
	const kills = wholeNumber(values?.kills, { min: 1, max: killsMax });
	const seed = wholeNumber(values?.seed ?? String(Date.now() % seedMax), { min: 0, max: seedMax });
	return values === null || kills === null || seed === null ? null : { kills, seed };
}

function valuesOf(args: string[]) {
	const text = { type: "string" } as const;
	try {
		return parseArgs({ args, options: { kills: text, seed: text } }).values;
	} catch {
		// Unknown flags and missing values: the usage says what would do.
		return null;
	}
}

function wholeNumber(text: string | undefined, { min, max }: { min: number; max: number }): number | null {
	const number = /^\d{1,10}$/.test(text ?? "") ? Number(text) : Number.NaN;
	return number >= min && number <= max ? number : null;
}
