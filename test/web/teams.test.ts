import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser, Page } from "playwright-core";
import { openPage, startBrowser, visit } from "../support/browser.ts";
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

async function opened() {
	const { page, context, faults } = await openPage(browser);
	await visit(page, server, "/teams");
	await page.getByRole("form", { name: "Team" }).waitFor();
	return { page, context, faults };
}

/** What is said at the field that has the focus. */
const faultAtFocus = (page: Page) =>
	page.evaluate("document.getElementById(document.activeElement.getAttribute('aria-describedby'))?.textContent");

test("what the server finds wrong stands at its field, which has the focus, also in a folded part", async () => {
	const { page, context, faults } = await opened();
	await page.getByRole("button", { name: "New team" }).click();
	await page.getByLabel("Name").fill("mine");
	await page.getByLabel("Backend").fill("opnai");
	await page.getByLabel("Model").fill("gpt");
	await page.getByRole("button", { name: "Store" }).click();
	await page.getByRole("alert").waitFor();
	const backend: unknown = await faultAtFocus(page);
	await page.getByLabel("Backend").fill("openai");
	await page.getByText("Limits").click();
	await page.getByLabel("Retries").fill("many");
	await page.getByRole("button", { name: "Store" }).click();
	await page.locator("[id='team-limits.retries-fault']").waitFor();
	const retries: unknown = await faultAtFocus(page);
	await page.getByLabel("Retries").fill("2");
	await page.getByRole("button", { name: "Store" }).click();
	await page.getByText("Team mine is stored.").waitFor();
	const { limits, agents } = await server.client.team("mine");
	expect({ backend, retries, stored: [limits.retries, agents[0]?.backend], faults }).toEqual({
		backend: expect.stringMatching(/did you mean `openai`/),
		retries: "must be a number",
		stored: [2, "openai"],
		faults: [],
	});
	await context.close();
});

test("a built-in team is only looked at; its copy goes out as YAML, comes in again, is stored and deleted", async () => {
	const { page, context, faults } = await opened();
	await page.getByRole("list", { name: "Teams" }).getByRole("button", { name: /^demo/ }).click();
	await page.getByText("This team is built in.").waitFor();
	const fixed = await page.getByLabel("Name").isDisabled();
	await page.getByRole("button", { name: "Duplicate" }).click();
	await page.getByLabel("Preset").selectOption("quick");
	const coming = page.waitForEvent("download");
	await page.getByRole("button", { name: "Export YAML" }).click();
	const text = await readFile(await (await coming).path(), "utf8");
	const changed = text.replace("demo-copy", "brought");
	const picked = (name: string, content: string) =>
		page
			.getByLabel("Import YAML")
			.setInputFiles({ name, mimeType: "application/yaml", buffer: Buffer.from(content) });
	await picked("broken.yaml", "agents: [");
	const refused = await page.getByRole("alert").innerText();
	await picked("team.yaml", `${changed}nonsense: 1\n`);
	await page.getByRole("button", { name: "Store" }).click();
	await page.locator(".field-fault", { hasText: "nonsense: unknown key" }).waitFor();
	await picked("team.yaml", changed);
	await page.getByRole("button", { name: "Store" }).click();
	await page.getByText("Team brought is stored.").waitFor();
	const { preset } = await server.client.team("brought");
	await page.getByRole("button", { name: "Delete" }).click();
	await page.getByRole("group", { name: "Delete brought?" }).getByRole("button", { name: "Delete" }).click();
	await page.getByRole("list", { name: "Teams" }).getByText("brought").waitFor({ state: "detached" });
	expect({ fixed, refused, preset, faults }).toEqual({
		fixed: true,
		refused: expect.stringMatching(/^The file is no YAML/),
		preset: "quick",
		faults: [],
	});
	await context.close();
});
