import { spawn } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Where `npm start` and `ask` find the built Worker: the same bundle that a deployment gets. */
export const builtWorker = join("dist", "worker", "worker.js");

const sources = ["src", "bots", "durable-objects", "wrangler.toml", "package-lock.json"];

/** Builds the Worker if a source is newer than the last build. Throws with the build's own words if it fails. */
export async function buildIfStale(root: string): Promise<void> {
	const built = changedAt(join(root, builtWorker));
	if (sources.every((source) => newestIn(join(root, source)) <= built)) return;
	const wrangler = join(root, "node_modules", ".bin", "wrangler");
	const { code, output } = await run(root, [wrangler, "deploy", "--dry-run", "--outdir", join("dist", "worker")]);
	if (code !== 0) throw new Error(`The Worker could not be built:\n${output.slice(-4000)}`);
}

function changedAt(path: string): number {
	return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function newestIn(path: string): number {
	const found = statSync(path, { throwIfNoEntry: false });
	if (found === undefined) return 0;
	if (!found.isDirectory()) return found.mtimeMs;
	return readdirSync(path, { recursive: true, encoding: "utf8" }).reduce(
		(newest, name) => Math.max(newest, changedAt(join(path, name))),
		found.mtimeMs,
	);
}

function run(root: string, [command = "", ...args]: readonly string[]): Promise<{ code: number; output: string }> {
	return new Promise((resolve, reject) => {
		const env = { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "1" };
		const child = spawn(command, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
		let output = "";
		const keep = (piece: Buffer) => (output = (output + piece.toString()).slice(-20_000));
		child.stdout.on("data", keep);
		child.stderr.on("data", keep);
		child.on("error", reject);
		child.on("close", (code) => resolve({ code: code ?? 1, output }));
	});
}
