import axe, { type AxeResults } from "axe-core";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { chromiumPath } from "./chromium.ts";

type Screen = {
	readonly width: number;
	readonly height: number;
	readonly theme: "light" | "dark";
};
export const screens = {
	"desktop, light": { width: 1440, height: 900, theme: "light" },
	"desktop, dark": { width: 1440, height: 900, theme: "dark" },
	"phone, light": { width: 390, height: 844, theme: "light" },
	"phone, dark": { width: 390, height: 844, theme: "dark" },
} as const satisfies Record<string, Screen>;

/** The machine's own Chromium, which asks nobody for anything. */
export function startBrowser(): Promise<Browser> {
	return chromium.launch({
		executablePath: chromiumPath ?? "",
		args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
	});
}

/** A page of a fresh profile, with everything that went wrong in it and every request that left for elsewhere. */
export async function openPage(
	browser: Browser,
	{ width, height, theme }: Screen = screens["desktop, light"],
): Promise<{ readonly page: Page; readonly context: BrowserContext; readonly faults: readonly string[] }> {
	const context = await browser.newContext({
		viewport: { width, height },
		colorScheme: theme,
		reducedMotion: "no-preference",
	});
	const page = await context.newPage();
	const faults: string[] = [];
	page.on("pageerror", (error) => faults.push(error.message));
	page.on("console", (message) => {
		if (message.type() === "error" && !isNetwork(message.text())) faults.push(message.text());
	});
	page.on("request", (request) => {
		if (!/^(blob:)?http:\/\/127\.0\.0\.1:/.test(request.url())) faults.push(`asked for ${request.url()}`);
	});
	return { page, context, faults };
}

/** A browser's own line about an answer that is no success: the page's reaction to it is what is tested. */
function isNetwork(text: string): boolean {
	return text.startsWith("Failed to load resource");
}

/** What axe finds on the page as it stands that is serious or worse, as `rule: the parts it names`. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
	await page.evaluate(axe.source);
	const found: unknown = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })");
	const { violations } = found as AxeResults;
	return violations
		.filter(({ impact }) => impact === "serious" || impact === "critical")
		.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
}

/** Opens a part of the page as somebody who has the key. */
export async function visit(
	page: Page,
	{ url, key }: { readonly url: string; readonly key: string },
	path: string,
): Promise<void> {
	await page.goto(`${url}/#key=${key}`);
	// The page has loaded before it is first drawn, and only then keeps the key.
	await page.waitForFunction("localStorage.getItem('massgen.key') !== null");
	await page.goto(url + path);
}
