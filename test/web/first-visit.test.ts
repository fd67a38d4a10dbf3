import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { Browser } from "playwright-core";
import { startServer, type Server } from "../../src/cli/server.ts";
import { openPage, startBrowser } from "../support/browser.ts";

let server: Server;
let browser: Browser;
let stateDir: string;
beforeAll(async () => {
	stateDir = await mkdtemp(join(tmpdir(), "massgen-state-"));
	const options = { root: inject("checkout"), stateDir, port: 0, settings: {}, local: [] };
	[server, browser] = await Promise.all([startServer(options), startBrowser()]);
});
afterAll(async () => {
	await browser.close();
	await server.close();
	await rm(stateDir, { recursive: true, force: true });
});

test("without any key of a provider one press on a first visit brings an answer", async () => {
	const { page, context, faults } = await openPage(browser);
	await page.goto(`${server.url}/#key=${server.key}`);
	await page.getByRole("button", { name: "What is 17*23+4?" }).click();
	await page.getByRole("heading", { name: "Final answer", exact: true }).waitFor();
	const answer = await page.getByRole("region", { name: "Final answer" }).innerText();
	const where = new URL(page.url()).pathname;
	expect({ answer, where, faults }).toEqual({
		answer: expect.stringMatching(/\b395\b/),
		where: expect.stringMatching(/^\/s\/[\w-]+$/),
		faults: [],
	});
	await context.close();
});

test("without a key of the server it asks for one, and takes it", async () => {
	const { page, context } = await openPage(browser);
	await page.goto(`${server.url}/`);
	await page.getByLabel("Key").fill("wrong");
	await page.keyboard.press("Enter");
	await page.getByRole("heading", { name: "The server did not take the key" }).waitFor();
	await page.getByLabel("Key").fill(server.key);
	await page.keyboard.press("Enter");
	await page.getByRole("heading", { name: "Ask a team" }).waitFor();
	const kept: unknown = await page.evaluate("localStorage.getItem('massgen.key')");
	expect(kept).toBe(server.key);
	await context.close();
});

test("the next question is asked where the last one was answered", async () => {
	const { page, context, faults } = await openPage(browser);
	await page.goto(`${server.url}/#key=${server.key}`);
	await page.getByLabel("What do you want to know?").fill("What is 6*7?");
	await page.keyboard.press("Enter");
	await page.getByRole("heading", { name: "Final answer", exact: true }).waitFor();
	await page.getByLabel("Ask the next question").fill("What is 100-1?");
	await page.keyboard.press("Enter");
	await page.getByRole("heading", { name: "What is 100-1?" }).waitFor();
	await page.getByRole("heading", { name: "Final answer", exact: true }).waitFor();
	await page.getByText("What is 6*7?").click();
	const earlier = await page.getByRole("list", { name: "Earlier turns" }).innerText();
	const now = await page.getByRole("region", { name: "Final answer" }).innerText();
	expect({ earlier, now, faults }).toEqual({
		earlier: expect.stringMatching(/\b42\b/),
		now: expect.stringMatching(/\b99\b/),
		faults: [],
	});
	await context.close();
});
