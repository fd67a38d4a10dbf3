import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser } from "playwright-core";
import { openPage, startBrowser } from "../support/browser.ts";
import { member } from "../support/members.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

let server: TestServer;
let browser: Browser;
beforeAll(async () => {
	[server, browser] = await Promise.all([startTestServer(), startBrowser()]);
});
afterAll(async () => {
	await browser.close();
	await server.close();
});

const focused = "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent";

test("from the question to the answer, its agents, its log and the help without a mouse", async () => {
	const { page, context, faults } = await openPage(browser);
	const brain = member({ answers: "42", votesFor: ["42"], presents: "It is 42." });
	await server.client.putTeam("default", server.team({ a: brain, b: brain }));
	await page.goto(`${server.url}/#key=${server.key}`);
	await page.getByRole("heading", { name: "Ask a team" }).waitFor();
	await page.locator("select").filter({ hasText: "default" }).waitFor();
	const first: unknown = await page.evaluate(focused);
	await page.keyboard.type("How many?");
	await page.keyboard.press("Shift+Enter");
	await page.keyboard.type("Exactly.");
	await page.keyboard.press("Enter");
	await page.getByRole("heading", { name: "Final answer", exact: true }).waitFor();

	const at: unknown[] = [];
	const press = async (key: string) => {
		await page.keyboard.press(key);
		await page.waitForTimeout(100);
		at.push(await page.evaluate(focused));
	};
	await press("2");
	await press("Tab");
	await page.keyboard.press("l");
	await page.getByRole("region", { name: "Log" }).waitFor();
	await page.keyboard.press("1");
	await page.getByRole("article", { name: "Agent a" }).waitFor();
	await page.waitForTimeout(100);
	at.push(await page.evaluate(focused));
	await page.keyboard.press("?");
	const help = await page.getByRole("dialog", { name: "Keys" }).innerText();
	await page.keyboard.press("Escape");
	await page.getByRole("dialog").waitFor({ state: "detached" });
	await page.getByRole("tab", { name: "Answer" }).focus();
	await press("ArrowRight");
	const opened = await page.getByRole("tab", { selected: true }).innerText();
	await page.keyboard.press("a");
	const question = await page.getByRole("heading", { level: 1 }).innerText();
	await page.getByLabel("Ask the next question").focus();
	await page.keyboard.type("l?1");
	const typed = await page.getByLabel("Ask the next question").inputValue();

	expect({ first, at: at.slice(0, 3), opened: opened.trim() !== "Answer", question, typed, faults }).toEqual({
		first: "What do you want to know?",
		at: ["Agent b", "What b says", "Agent a"],
		opened: true,
		question: "How many?\nExactly.",
		typed: "l?1",
		faults: [],
	});
	expect(help).toMatch(/Go to that agent/);
	await context.close();
});

test("whoever goes to another place by keys is there, not where the link was", async () => {
	const { page, context, faults } = await openPage(browser);
	await page.goto(`${server.url}/#key=${server.key}`);
	const places = ["Sessions", "Ask"];
	const at: unknown[] = [];
	for (const place of places) {
		await page.getByRole("navigation").getByRole("link", { name: place }).focus();
		await page.keyboard.press("Enter");
		await page.getByRole("heading", { level: 1 }).waitFor();
		await page.waitForTimeout(100);
		at.push(await page.evaluate("document.activeElement.id"));
	}
	expect({ at, faults }).toEqual({ at: ["main", "question"], faults: [] });
	await context.close();
});
