import { spawn } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join, sep } from "node:path";

/** Where `npm start` and `ask` find the built Worker: the same bundle that a deployment gets. */
export const builtWorker = join("dist", "worker", "worker.js");

/** The page that it serves. */
export const builtPage = join("dist", "web");

const page = join("src", "web");

/** What is built from what. The Worker's build makes the page as well, as a deployment does. */
const builds = [
	{
		name: "The Worker",
		built: builtWorker,
		sources: ["src", "bots", "durable-objects", "wrangler.toml", "package-lock.json"],
		without: page,
		command: ["wrangler", "deploy", "--dry-run", "--outdir", join("dist", "worker")],
	},
	{
		name: "The page",
		built: join(builtPage, "index.html"),
		sources: [page, join("src", "api"), join("src", "consensus"), join("src", "std"), "vite.config.ts"],
		without: null,
		command: ["vite", "build"],
	},
] as const;

/** Builds what has a source that is newer than its last build. Throws with the build's own words if it fails. */
export async function buildIfStale(root: string): Promise<void> {
	for (const { name, built, sources, without, command } of builds) {
		const builtAt = changedAt(join(root, built));
		if (sources.every((source) => newestIn(root, source, without) <= builtAt)) continue;
		const [tool, ...args] = command;
		const { code, output } = await run(root, [join(root, "node_modules", ".bin", tool), ...args]);
		if (code !== 0) throw new Error(`${name} could not be built:\n${output.slice(-4000)}`);
	}
}

function changedAt(path: string): number {
	return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function newestIn(root: string, source: string, without: string | null): number {
	const path = join(root, source);
	const found = statSync(path, { throwIfNoEntry: false });
	if (found === undefined) return 0;
	if (!found.isDirectory()) return found.mtimeMs;
	const names = readdirSync(path, { recursive: true, encoding: "utf8" }).map((name) => join(source, name));
	return names
		.filter((name) => without === null || !`${name}${sep}`.startsWith(`${without}${sep}`))
		.reduce((newest, name) => Math.max(newest, changedAt(join(root, name))), found.mtimeMs);
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
