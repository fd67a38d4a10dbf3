import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import type { Metafile } from "esbuild";
import { builtinModules } from "node:module";
import { bundleAliases } from "./bundle-aliases.ts";

/** Gzip. Raised only in a commit that says why. */
const budgets = { workerBytesMax: 1_500_000, firstResponseBytesMax: 400_000 };
const tolerance = 1.05;

const sizes = { workerBytesMax: workerBytes(), firstResponseBytesMax: await firstResponseBytes() };
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

/**
 * What is evaluated before the first response: the entry and all it imports statically. A deployment's single file holds
 * the rest too, but evaluates it when an `import()` is reached, so this bundle is cut there into chunks of its own.
 */
async function firstResponseBytes(): Promise<number> {
	const { metafile, outputFiles } = await build({
		entryPoints: ["src/worker.ts"],
		outdir: "dist/size",
		bundle: true,
		splitting: true,
		write: false,
		metafile: true,
		format: "esm",
		target: "es2024",
		conditions: ["workerd", "worker", "browser"],
		external: ["cloudflare:*", "node:*", ...builtinModules],
		alias: bundleAliases(),
		logLevel: "error",
	});
	const atStart = staticClosure(
		metafile,
		Object.keys(metafile.outputs).find((path) => isEntry(metafile, path)) ?? "",
	);
	const chunks = outputFiles.filter(({ path }) => [...atStart].some((name) => path.endsWith(name)));
	return gzipSync(Buffer.concat(chunks.map(({ contents }) => contents))).length;
}

function isEntry(metafile: Metafile, path: string): boolean {
	return metafile.outputs[path]?.entryPoint === "src/worker.ts";
}

function staticClosure(metafile: Metafile, entry: string): Set<string> {
	const reached = new Set([entry]);
	for (const path of reached) {
		const imports = metafile.outputs[path]?.imports ?? [];
		for (const { path: next, kind, external } of imports) {
			if (kind === "import-statement" && !external) reached.add(next);
		}
	}
	return reached;
}

function kilobytes(bytes: number): string {
	return `${(bytes / 1000).toFixed(0)} kB`;
}
