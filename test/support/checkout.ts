import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { buildIfStale } from "../../src/cli/build.ts";

declare module "vitest" {
	interface ProvidedContext {
		/** A copy of this checkout with a fresh build in it. */
		readonly checkout: string;
	}
}

const copied = [
	"src",
	"bots",
	"durable-objects",
	"dist",
	"test/examples",
	"package.json",
	"package-lock.json",
	"wrangler.toml",
	"vite.config.ts",
	"tsconfig.json",
];

/**
 * Before the first test that starts a server: one copy of the checkout, built once. Servers run in the copy, so neither
 * a source that changes meanwhile nor a `.dev.vars` of a test gets in anybody's way.
 */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
	const folder = await mkdtemp(join(tmpdir(), "massgen-checkout-"));
	// `cp -a` keeps the times of folders too, so that a build that is still good is not made again.
	execFileSync("cp", ["-a", "--parents", ...copied.filter((path) => existsSync(path)), folder]);
	await symlink(join(process.cwd(), "node_modules"), join(folder, "node_modules"));
	await buildIfStale(folder);
	provide("checkout", folder);
	return () => rm(folder, { recursive: true, force: true });
}
