import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { offlinePage } from "./.config/offline-page.ts";

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
