import { builtinModules } from "node:module";
import { gzipSync } from "node:zlib";
import { build, type Metafile } from "esbuild";
import { bundleAliases } from "./bundle-aliases.ts";

/** What is evaluated when a file is: all that it imports statically. */
export type AtStart = { readonly inputs: readonly string[]; readonly gzipBytes: number };

/**
 * A deployment's single file holds everything, but evaluates what stands behind an `import()` only when that is reached,
 * so this bundle is cut there into chunks of its own.
 */
export async function evaluatedAtStart<Path extends string>(entries: readonly Path[]): Promise<Record<Path, AtStart>> {
	const { metafile, outputFiles } = await build({
		entryPoints: [...entries],
		outdir: "dist/size",
		outbase: ".",
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
	const found = entries.map((entry) => {
		const output = Object.keys(metafile.outputs).find((path) => metafile.outputs[path]?.entryPoint === entry) ?? "";
		const names = [...staticClosure(metafile, output)];
		const chunks = outputFiles.filter(({ path }) => names.some((name) => path.endsWith(name)));
		const inputs = names.flatMap((name) => Object.keys(metafile.outputs[name]?.inputs ?? {}));
		return [
			entry,
			{ inputs, gzipBytes: gzipSync(Buffer.concat(chunks.map(({ contents }) => contents))).length },
		] as const;
	});
	const byEntry: unknown = Object.fromEntries(found);
	return byEntry as Record<Path, AtStart>;
}

function staticClosure(metafile: Metafile, entry: string): Set<string> {
	const reached = new Set([entry]);
	for (const path of reached) {
		const imports = metafile.outputs[path]?.imports ?? [];
		for (const { path: next, kind, external } of imports) {
			if (kind === "import-statement" && external !== true) reached.add(next);
		}
	}
	return reached;
}
