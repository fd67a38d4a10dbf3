import { build } from "esbuild";

/** A Worker of the bench as one script, with all that it imports. */
export async function bundled(entry: string): Promise<string> {
	const { outputFiles } = await build({
		entryPoints: [entry],
		bundle: true,
		write: false,
		format: "esm",
		target: "es2024",
		conditions: ["workerd", "worker", "browser"],
		external: ["cloudflare:*", "node:*"],
	});
	return outputFiles[0]?.text ?? "";
}
