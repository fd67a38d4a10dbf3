import type { Browser, Page } from "playwright-core";
import { openPage, startBrowser } from "../browser.ts";
import { paced } from "./paced.ts";
import { startPageServer, type PageServer } from "./room.ts";
import { traceFigures, type TraceEvent, type TraceFigures } from "./trace-figures.ts";

const agents = 10;
const tokensPerSecond = 100;
/** The first frames load and compile: what is measured is the page in the middle of a session. */
const warmUpMs = 3000;
const backends = ["anthropic", "openai", "gemini"] as const;
const categories = ["devtools.timeline", "disabled-by-default-devtools.timeline"];
/** Counts the frames that a page could draw, needed or not. */
const countFrames =
	"window.framesSeen = 0; (function again() { window.framesSeen += 1; requestAnimationFrame(again); })()";

export type Measured = TraceFigures & {
	readonly framesPerSecond: number;
	readonly heapMb: number;
	readonly seconds: number;
};

/** The page in a real browser while ten agents stream, for so many seconds. */
export async function measured(seconds: number): Promise<Measured> {
	const models = Array.from({ length: agents }, (_, seat) => `streams-${seat + 1}`);
	// An answer in the background goes on without anybody who listens.
	const over = new AbortController();
	const streams = paced(tokensPerSecond, over.signal);
	const server = await startPageServer(Object.fromEntries(models.map((model) => [model, streams])));
	const browser = await startBrowser();
	try {
		const page = await watching(browser, server, models);
		await page.waitForTimeout(warmUpMs);
		await page.evaluate(countFrames);
		await browser.startTracing(page, { categories });
		const before = await framesSeen(page);
		await page.waitForTimeout(seconds * 1000);
		const frames = (await framesSeen(page)) - before;
		const trace = await browser.stopTracing();
		return { ...figuresIn(trace), framesPerSecond: frames / seconds, heapMb: await heapMb(page), seconds };
	} finally {
		over.abort();
		await browser.close();
		await server.close();
	}
}

/** A session of these models, as somebody with the key watches it. */
async function watching(browser: Browser, server: PageServer, models: readonly string[]): Promise<Page> {
	const { page } = await openPage(browser);
	const team = {
		agents: models.map((model, seat) => ({
			id: String.fromCharCode(97 + seat),
			backend: backends[seat % backends.length] ?? "openai",
			model,
		})),
		limits: { round_seconds: 1800, turn_seconds: 1800, seal_seconds: 1800 },
	};
	const { id } = await server.client.createSession({ question: "How many ordered pairs are there?", team });
	await page.goto(`${server.url}/#key=${server.key}`);
	await page.goto(`${server.url}/s/${id}`);
	await page
		.locator(".speech .markdown")
		.nth(agents - 1)
		.waitFor();
	return page;
}

async function framesSeen(page: Page): Promise<number> {
	return Number(await page.evaluate("window.framesSeen"));
}

function figuresIn(trace: Buffer): TraceFigures {
	const parsed: unknown = JSON.parse(trace.toString());
	const { traceEvents } = parsed as { readonly traceEvents: readonly TraceEvent[] };
	return traceFigures(traceEvents);
}

/** What is left in use once all that can be freed is. */
async function heapMb(page: Page): Promise<number> {
	const devtools = await page.context().newCDPSession(page);
	await devtools.send("Performance.enable");
	await devtools.send("HeapProfiler.collectGarbage");
	const { metrics } = await devtools.send("Performance.getMetrics");
	return (metrics.find(({ name }) => name === "JSHeapUsedSize")?.value ?? 0) / 1_000_000;
}
