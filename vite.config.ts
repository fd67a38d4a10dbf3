import { createHash } from "node:crypto";
import react from "@vitejs/plugin-react";
import { build, defineConfig, type Plugin } from "vite";

/** The page, as files that the Worker's assets serve. */
export default defineConfig({
	root: "src/web",
	plugins: [react(), offlinePage()],
	build: {
		outDir: "../../dist/web",
		emptyOutDir: true,
		target: "es2023",
		// A data: address would need a hole in the page's content security policy.
		assetsInlineLimit: 0,
		modulePreload: { polyfill: false },
	},
});

/** Where the page fetches what it makes such files from. Plain text: it is a template, not a page of ours. */
const offlineFile = "offline.txt";

/** Builds, beside the page, the file from which sessions are exported as pages of their own: all in one, with no address in it. */
function offlinePage(): Plugin {
	return {
		name: "offline-page",
		apply: "build",
		async generateBundle() {
			const { script, style } = await bundled();
			this.emitFile({ type: "asset", fileName: offlineFile, source: template(script, style) });
		},
	};
}

/** The page of one session as a single script and a single style. */
async function bundled(): Promise<{ readonly script: string; readonly style: string }> {
	const built = await build({
		configFile: false,
		root: "src/web",
		plugins: [react()],
		publicDir: false,
		// It warns of an `import.meta` that is never reached: nothing is loaded later in such a file.
		logLevel: "error",
		build: {
			write: false,
			target: "es2023",
			cssCodeSplit: false,
			rolldownOptions: { input: "src/web/export/offline.tsx", output: { format: "iife", codeSplitting: false } },
		},
	});
	const [result] = Array.isArray(built) ? built : [built];
	if (result === undefined || !("output" in result)) throw new Error("nothing was built");
	const style = result.output.flatMap((file) =>
		file.type === "asset" && file.fileName.endsWith(".css") ? [String(file.source)] : [],
	);
	const scripts = result.output.flatMap((file) => (file.type === "chunk" ? [file.code] : []));
	if (scripts.length !== 1) throw new Error(`one script was wanted, not ${scripts.length}`);
	// A script ends at the first `</script`, and behaves oddly after `<!--`, wherever they stand.
	const script = scripts
		.join("")
		.replaceAll("</script", String.raw`<\/script`)
		.replaceAll("<!--", String.raw`<\!--`);
	return { script, style: style.join("\n") };
}

/** Only this very script and style may run, and nothing may be fetched. */
function template(script: string, style: string): string {
	const policy = [
		"default-src 'none'",
		`script-src '${hashOf(script)}'`,
		`style-src '${hashOf(style)}'`,
		"img-src blob: data:",
		"base-uri 'none'",
		"form-action 'none'",
	].join("; ");
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>MassGen Edge</title>
<style>${style}</style>
</head>
<body>
<div id="page"></div>
<script type="application/json" id="log">{{log}}</script>
<script>${script}</script>
</body>
</html>
`;
}

function hashOf(text: string): string {
	return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
