import { builtinModules } from "node:module";
import { build } from "esbuild";
import { bundleAliases } from "../bundle-aliases.ts";

/** A Worker of the bench as one script, with all that it imports. */
export async function bundled(entry: string): Promise<string> {
	const { outputFiles } = await build({
		entryPoints: [entry],
		bundle: true,
		write: false,
		format: "esm",
		target: "es2024",
		conditions: ["workerd", "worker", "browser"],
		external: ["cloudflare:*", "node:*", ...builtinModules],
		alias: bundleAliases(),
	});
	return outputFiles[0]?.text ?? "";
}
