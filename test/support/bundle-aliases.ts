import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/** wrangler.toml's `[alias]`, for other builds of the Worker: what a deployment leaves out they leave out. */
export function bundleAliases(root = process.cwd()): Record<string, string> {
	const section = /^\[alias\]\n((?:"[^"\n]+" = "[^"\n]+"\n)+)/m.exec(
		readFileSync(resolve(root, "wrangler.toml"), "utf8"),
	)?.[1];
	if (section === undefined) throw new Error("wrangler.toml names no aliases");
	const lines = [...section.matchAll(/^"([^"]+)" = "([^"]+)"$/gm)];
	return Object.fromEntries(lines.map(([, name = "", path = ""]) => [name, resolve(root, path)]));
}
