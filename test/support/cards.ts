import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startBrowser } from "./browser.ts";
import { drawings } from "./cards/drawings.ts";
import { chromiumPath } from "./chromium.ts";

/** `npm run --silent cards -- DIR`: a picture of what each platform shows, for each scene of a made-up run. */

const pictureBytesMax = 150_000;
const [folder] = process.argv.slice(2);

async function main(into: string): Promise<void> {
	await mkdir(into, { recursive: true });
	const browser = await startBrowser();
	try {
		const context = await browser.newContext({ viewport: { width: 760, height: 600 }, deviceScaleFactor: 1.5 });
		await context.route("**/*", (route) => route.abort());
		const shown = await context.newPage();
		for (const { name, page } of await drawings()) {
			await shown.setContent(page);
			const picture = await shown.locator("main").screenshot();
			if (picture.byteLength > pictureBytesMax) throw new Error(`${name} has ${picture.byteLength} bytes`);
			await writeFile(join(into, `${name}.png`), picture);
			console.log(`${name}.png ${Math.round(picture.byteLength / 1000)} kB`);
		}
	} finally {
		await browser.close();
	}
}

if (folder === undefined || chromiumPath === null) {
	console.error(
		folder === undefined ? "usage: npm run --silent cards -- DIR" : "CHROMIUM_PATH must name a Chromium.",
	);
	process.exitCode = 64;
} else await main(folder);
