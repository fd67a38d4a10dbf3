import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser } from "playwright-core";
import { openPage, startBrowser } from "../support/browser.ts";
import { member } from "../support/members.ts";
import { played, startTestServer, type TestServer } from "../support/server.ts";

let server: TestServer;
let browser: Browser;
beforeAll(async () => {
	[server, browser] = await Promise.all([startTestServer(), startBrowser()]);
});
afterAll(async () => {
	await browser.close();
	await server.close();
});

async function shown(text: string, question?: string) {
	const brain = member({ answers: text, votesFor: [text], presents: text });
	const { id } = await played(server, server.team({ a: brain }), question);
	const { page, context, faults } = await openPage(browser);
	await page.goto(`${server.url}/#key=${server.key}`);
	const before = Date.now();
	await page.goto(`${server.url}/s/${id}`);
	await page.getByRole("heading", { name: "Final answer", exact: true }).waitFor();
	return {
		page,
		context,
		faults,
		tookMs: Date.now() - before,
		final: page.getByRole("region", { name: "Final answer" }),
	};
}

test("what a model writes is never HTML, and nothing it names is fetched", async () => {
	const nasty = [
		'<img src="https://example.org/x.png" onerror="window.hit=1">',
		"<script>window.hit=1</script>",
		"[a](javascript:window.hit=1)",
		"![pic](https://example.org/pic.png)",
		'<iframe src="https://example.org"></iframe>',
		"&lt;b&gt;",
	].join("\n\n");
	const { page, context, faults, final } = await shown(nasty, "<script>window.hit=1</script>");
	await final.locator("span[title^=javascript]").click();
	const hit: unknown = await page.evaluate("window.hit ?? null");
	const made = await final.locator("img, script, iframe").count();
	const picture = await final
		.getByRole("link")
		.evaluate((link) => `${link.getAttribute("rel")} ${link.getAttribute("href")}`);
	expect({ hit, made, picture, faults }).toEqual({
		hit: null,
		made: 0,
		picture: "noopener noreferrer nofollow https://example.org/pic.png",
		faults: [],
	});
	await context.close();
});

const words = "Some **words** of an answer that goes on and on. ";
test.each<[string, string]>([
	["200,000 characters", `${words.repeat(20)}\n\n`.repeat(203)],
	["200,000 characters without a break", "x".repeat(200_000)],
	["quotations in quotations", ">".repeat(50_000)],
	["brackets", "[".repeat(100_000)],
	["lists in lists", "- ".repeat(50_000)],
	["emphasis without an end", "_a".repeat(80_000)],
	["a fence without an end", `\`\`\`\n${"code\n".repeat(30_000)}`],
])("an answer of %s is shown in time", async (_, text) => {
	const { context, faults, tookMs, final } = await shown(text);
	const length: unknown = await final.evaluate((element) => element.textContent.length);
	expect({ faults, inTime: tookMs < 8000, whole: Number(length) > text.length / 2 }).toEqual({
		faults: [],
		inTime: true,
		whole: true,
	});
	await context.close();
});

test("text that runs from right to left stays where it is", async () => {
	const arabic = "\u202eمرحبا بالعالم 123";
	const { page, context, faults } = await shown(arabic, arabic);
	const direction: unknown = await page.evaluate(
		"getComputedStyle(document.querySelector('.answer-text p')).direction",
	);
	const bar: unknown = await page.evaluate("getComputedStyle(document.querySelector('.room-bar')).direction");
	expect({ direction, bar, faults }).toEqual({ direction: "rtl", bar: "ltr", faults: [] });
	await context.close();
});

test("a session that is deleted while it is watched, or was never there, is said so", async () => {
	const { page, context } = await shown("42");
	const id = new URL(page.url()).pathname.slice(3);
	await server.client.remove(id);
	await page.reload();
	await page.getByRole("heading", { name: "Nothing here" }).waitFor();
	await page.goto(`${server.url}/share/unknown`);
	await page.getByRole("heading", { name: "Nothing here" }).waitFor();
	await page.goto(`${server.url}/nowhere/at/all`);
	const said = await page.getByRole("heading", { name: "Nothing here" }).innerText();
	expect(said).toBe("Nothing here");
	await context.close();
});

test("a key that expires is asked for again, where one is", async () => {
	const { page, context } = await shown("42");
	const where = page.url();
	await page.evaluate("localStorage.setItem('massgen.key', 'old')");
	await page.reload();
	await page.getByRole("heading", { name: "The server did not take the key" }).waitFor();
	await page.getByLabel("Key").fill(server.key);
	await page.keyboard.press("Enter");
	await page.getByRole("heading", { name: "Final answer", exact: true }).waitFor();
	expect(page.url()).toBe(where);
	await context.close();
});
