import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser, Page } from "playwright-core";
import { openPage, startBrowser } from "../support/browser.ts";
import { member } from "../support/members.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

let server: TestServer;
let browser: Browser;
const brain = member({ answers: "42", votesFor: ["42"] });
beforeAll(async () => {
	[server, browser] = await Promise.all([startTestServer(), startBrowser()]);
	// Dollars can only be capped where the price is known.
	server.plays("claude-opus-5", brain);
	const agents = ["ann", "ben"].map((id) => ({ id, backend: "anthropic", model: "claude-opus-5" }));
	await server.client.putTeam("pair", { agents });
});
afterAll(async () => {
	await browser.close();
	await server.close();
});

const question = (page: Page) => page.getByLabel("What do you want to know?");

test("a question goes to the team that is picked, with its files and its budget", async () => {
	const { page, context, faults } = await openPage(browser);
	await page.goto(`${server.url}/#key=${server.key}`);
	await page.getByRole("combobox").selectOption("pair");
	await page
		.getByText("Attach")
		.locator("input")
		.setInputFiles([
			{ name: "facts.txt", mimeType: "text/plain", buffer: Buffer.from("Facts.") },
			{ name: "tool.exe", mimeType: "", buffer: Buffer.from("x") },
		]);
	const refused = await page.getByRole("alert").innerText();
	await page.getByLabel("Budget $").fill("0.75");
	await question(page).fill("How many?");
	await page.getByRole("button", { name: "Ask" }).click();
	await page.getByRole("heading", { name: "Final answer", exact: true }).waitFor();
	const attached = await page.getByRole("list", { name: "Attachments" }).innerText();
	const id = new URL(page.url()).pathname.slice(3);
	const { team } = await server.client.session(id);
	expect({ refused, attached: attached.split("\n"), name: team.name, usd: team.budget.usd, faults }).toEqual({
		refused: "tool.exe: only pictures, PDF and text can be sent.",
		attached: ["facts.txt", "1 kB"],
		name: "pair",
		usd: 0.75,
		faults: [],
	});
	await context.close();
});

test("what the server refuses is said in its words, and the question stays", async () => {
	const { page, context, faults } = await openPage(browser);
	await page.goto(`${server.url}/#key=${server.key}`);
	await question(page).fill("x".repeat(200_001));
	await question(page).press("Enter");
	const said = await page.getByRole("alert").innerText();
	const stays = (await question(page).inputValue()).length;
	await question(page).fill("Why?");
	await page.getByLabel("Budget $").fill("a lot");
	await question(page).press("Enter");
	await page.getByText("A budget is a number above 0").waitFor();
	expect({ said, stays, faults }).toEqual({
		said: expect.stringMatching(/question .*200000/),
		stays: 200_001,
		faults: [],
	});
	await context.close();
});
