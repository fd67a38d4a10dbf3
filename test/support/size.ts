import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { evaluatedAtStart } from "./at-start.ts";

/** Gzip. Raised only in a commit that says why. */
const budgets = { workerBytesMax: 1_500_000, firstResponseBytesMax: 400_000, pageBytesMax: 200_000 };
const tolerance = 1.05;

const entry = "src/worker.ts";
const sizes = {
	workerBytesMax: workerBytes(),
	firstResponseBytesMax: (await evaluatedAtStart([entry]))[entry].gzipBytes,
	pageBytesMax: pageBytes(),
};
for (const [name, budget] of Object.entries(budgets)) {
	const size = sizes[name as keyof typeof budgets];
	const over = size > budget * tolerance;
	console.log(`${over ? "over" : "ok"}  ${name}: ${kilobytes(size)} of ${kilobytes(budget)}`);
	if (over) process.exitCode = 1;
}

/** What a deployment uploads, built as a deployment builds it. */
function workerBytes(): number {
	const outdir = "dist/size";
	const env = { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "1" };
	execFileSync("wrangler", ["deploy", "--dry-run", "--outdir", outdir], {
		env,
		stdio: ["ignore", "ignore", "inherit"],
	});
	return gzipSync(readFileSync(`${outdir}/worker.js`)).length;
}

/** What the page's first visit loads: its scripts and styles, as the Worker's build has made them. */
function pageBytes(): number {
	const folder = "dist/web";
	const loaded = readFileSync(`${folder}/index.html`, "utf8").matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g);
	return [...loaded].reduce((sum, [, path = ""]) => sum + gzipSync(readFileSync(folder + path)).length, 0);
}

function kilobytes(bytes: number): string {
	return `${(bytes / 1000).toFixed(0)} kB`;
}
