import { existsSync } from "node:fs";

const places = [
	process.env["CHROMIUM_PATH"] ?? "",
	"/usr/bin/chromium",
	"/usr/bin/chromium-browser",
	"/usr/bin/google-chrome",
	"/opt/google/chrome/chrome",
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The machine's own browser for the tests of the page; null: they cannot run here. */
export const chromiumPath = places.find((path) => path !== "" && existsSync(path)) ?? null;

/** What a run says that left those tests out. */
export const pageNotTested = "NOT RUN: the page (test/web), for want of a Chromium. CHROMIUM_PATH may name one.";
