import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser } from "playwright-core";
import { openPage, startBrowser, visit } from "../support/browser.ts";
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

test("sessions are found, renamed where they stand, deleted for good after a second look, and opened", async () => {
	const { page, context, faults } = await openPage(browser);
	const brain = member({ answers: "42", votesFor: ["42"] });
	const one = await played(server, server.team({ a: brain }));
	const other = await played(server, server.team({ a: brain }));
	await server.client.rename(one.id, "About \u202emoons");
	await server.client.rename(other.id, "About stars");
	await visit(page, server, "/sessions");
	const titles = () => page.locator(".session-title").allInnerTexts();
	await page.locator(".session-row").nth(1).waitFor();
	const all = await titles();

	await page.getByLabel("Find a session by its title").fill("STARS");
	await page.locator(".session-row").nth(1).waitFor({ state: "detached" });
	const foundTitles = await titles();
	await page.getByLabel("Find a session by its title").fill("nothing like it");
	await page.getByText("No title has these words.").waitFor();
	await page.getByLabel("Find a session by its title").fill("");
	await page.locator(".session-row").nth(1).waitFor();

	await page.getByRole("button", { name: "Rename About stars" }).click();
	await page.keyboard.type("About suns");
	await page.keyboard.press("Enter");
	await page.getByRole("link", { name: "About suns" }).waitFor();
	const renamed = (await server.client.sessions({ limit: 10 })).sessions.find(({ id }) => id === other.id)?.title;
	await page.getByRole("button", { name: "Rename About suns" }).click();
	await page.keyboard.type("never");
	await page.keyboard.press("Escape");

	await page.getByRole("button", { name: "Delete About suns" }).click();
	const kept: unknown = await page.evaluate("document.activeElement.textContent");
	await page.keyboard.press("Enter");
	await page.getByRole("button", { name: "Delete About suns" }).click();
	await page.getByRole("group", { name: "Delete About suns?" }).getByRole("button", { name: "Delete" }).click();
	await page.locator(".session-row").nth(1).waitFor({ state: "detached" });
	const left = (await server.client.sessions()).sessions.map(({ id }) => id);

	await page.locator(".session-title").click();
	await page.getByRole("heading", { name: "Final answer", exact: true }).waitFor();
	expect({ all, foundTitles, renamed, kept, left, faults }).toEqual({
		all: ["About stars", "About \u202emoons"],
		foundTitles: ["About stars"],
		renamed: "About suns",
		kept: "Keep",
		left: [one.id],
		faults: [],
	});
	await context.close();
});
