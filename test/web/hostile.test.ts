import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser } from "playwright-core";
import { offlineHtml } from "../../src/web/export/offline-html.ts";
import { screens, startBrowser } from "../support/browser.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { logged, round, said, team, type Bare } from "./state/logged.ts";

let server: TestServer;
let browser: Browser;
let folder = "";
beforeAll(async () => {
	[server, browser] = await Promise.all([startTestServer(), startBrowser()]);
	folder = await mkdtemp(join(tmpdir(), "massgen-hostile-"));
});
afterAll(async () => {
	await browser.close();
	await server.close();
	await rm(folder, { recursive: true });
});

/** The page of this log in a file, on a phone, with everything that went wrong in it. */
async function shown(events: readonly Bare[]) {
	const template = await (await fetch(`${server.url}/offline.txt`)).text();
	const path = join(folder, `${events.length}.html`);
	await writeFile(path, offlineHtml(template, logged(events)) ?? "");
	const { width, height } = screens["phone, light"];
	const context = await browser.newContext({ viewport: { width, height }, offline: true });
	const page = await context.newPage();
	const faults: string[] = [];
	page.on("pageerror", ({ message }) => faults.push(message));
	page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
	page.on("request", (request) => request.url().startsWith("file:") || faults.push(request.url()));
	await page.goto(`file://${path}#v`);
	// Keys are heard once the page has been drawn.
	await page.locator(".tab-panel .card").first().waitFor();
	return { page, context, faults };
}

const hostile = `</script><script>document.title="broken"</script><img src=x onerror="document.title='broken'">\u202e\u2066`;
const long = `${hostile}${"0123456789".repeat(20_000)}`;
const call = (agent: string, id: string): readonly Bare[] => [
	{
		type: "call.started",
		call: id,
		purpose: "round",
		agent,
		provider: hostile,
		model: long,
		paid: 1,
		offers: ["vote"],
	},
	{ type: "call.finished", call: id, outcome: "ok", usage: null, cost_usd: null },
];

test("texts of 200,000 characters that turn the writing round break nothing, in no tab", async () => {
	const { page, context, faults } = await shown([
		{ type: "session.created", team, seed: 1 },
		{ type: "turn.started", turn: 1, question: long },
		{ type: "attempt.started", attempt: 1 },
		round("a"),
		...call("a", "c1"),
		{ type: "answer.accepted", agent: "a", answer: "a1.1", text: long },
		{ ...round("b"), shown: ["a1.1"] },
		...call("b", "c2"),
		{ type: "vote.cast", agent: "b", answer: "a1.1", reason: long },
		{
			type: "agent.failed",
			agent: "a",
			code: hostile,
			retryable: true,
			message: long,
			begun: false,
			retry_in_ms: 1,
		},
		{ type: "note.added", text: long },
	]);
	await page.getByRole("button", { name: "Whole text" }).click();
	const whole = (await page.locator(".long-text").innerText()).length;
	const wide: unknown[] = [];
	for (const key of ["v", "t", "c", "w"]) {
		await page.keyboard.press(key);
		await page.locator(`#tab-${key}[aria-selected=true]`).waitFor();
		await page.locator(".tab-panel > *").first().waitFor();
		if (key === "t") await page.getByRole("button", { name: "As a table" }).click();
		wide.push(await page.evaluate("document.documentElement.scrollWidth > innerWidth"));
	}
	const images = await page.locator("img").count();
	const title = await page.title();
	expect({ whole: whole > 200_000, wide, images, broken: title === "broken", faults }).toEqual({
		whole: true,
		wide: [false, false, false, false],
		images: 0,
		broken: false,
		faults: [],
	});
	await context.close();
});

test("of five thousand events the timeline draws a hundred parts, at each zoom", async () => {
	const turns = Array.from({ length: 1_000 }, (_, i): readonly Bare[] => [
		round(i % 2 === 0 ? "a" : "b", i + 1),
		said(i % 2 === 0 ? "a" : "b", "Hm"),
		{ type: "agent.reasoning", agent: "a", call: "c", text: "Hm" },
		{ type: "agent.reminded", agent: i % 2 === 0 ? "a" : "b", reason: "no_decision" },
		{ type: "vote.cast", agent: i % 2 === 0 ? "a" : "b", answer: "a1.1", reason: "so" },
	]);
	const { page, context, faults } = await shown([
		{ type: "session.created", team, seed: 1 },
		{ type: "turn.started", turn: 1, question: "Why?" },
		...turns.flat(),
	]);
	await page.keyboard.press("t");
	const timeline = page.getByRole("application", { name: /^Timeline/ });
	await timeline.focus();
	const parts = () => page.locator(".timeline-view svg *").count();
	const counts = [await parts()];
	for (let zoom = 0; zoom < 6; zoom += 1) {
		await page.keyboard.press("+");
		counts.push(await parts());
	}
	expect({ most: Math.max(...counts) <= 100, faults }).toEqual({ most: true, faults: [] });
	await context.close();
});

test("a log that no session could have breaks one tab at most", async () => {
	const { page, context } = await shown([
		{ type: "session.created", team, seed: 1 },
		{ type: "turn.started", turn: 1, question: "Why?" },
		{ type: "attempt.started", attempt: 1 },
		round("a"),
		round("a", 2),
	]);
	await page.keyboard.press("c");
	const notice = await page.getByRole("alert").innerText();
	await page.keyboard.press("t");
	await page.getByRole("application", { name: /^Timeline/ }).waitFor();
	expect([notice, await page.getByRole("alert").count()]).toEqual([expect.stringMatching(/^This part could not/), 0]);
	await context.close();
});
