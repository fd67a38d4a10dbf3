import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser, Page } from "playwright-core";
import { openPage, startBrowser, visit } from "../support/browser.ts";
import { member } from "../support/members.ts";
import { played, startTestServer, type TestServer } from "../support/server.ts";

const hostile = `</script><script>document.title="broken"</script><img src=x onerror="document.title='broken'">\u202e`;
let server: TestServer;
let browser: Browser;
let id = "";
let folder = "";
beforeAll(async () => {
	[server, browser] = await Promise.all([startTestServer(), startBrowser()]);
	folder = await mkdtemp(join(tmpdir(), "massgen-export-"));
	const brain = member({ answers: `42 ${hostile}`, votesFor: [`42 ${hostile}`], presents: "It is 42." });
	({ id } = await played(server, server.team({ a: brain, b: brain })));
});
afterAll(async () => {
	await browser.close();
	await server.close();
	await rm(folder, { recursive: true });
});

async function owned(page: Page): Promise<void> {
	await visit(page, server, `/s/${id}`);
	await page.getByRole("heading", { name: "Final answer", exact: true }).waitFor();
}

test("a link opens the session for a stranger without a key, until it is ended", async () => {
	const owner = await openPage(browser);
	await owned(owner.page);
	await owner.page.getByRole("button", { name: "Share" }).click();
	await owner.page.getByLabel("The link opens for").selectOption("1 hour");
	await owner.page.getByRole("button", { name: "Make a link" }).click();
	const link = await owner.page.getByLabel("Your link; it is shown only now").inputValue();
	await owner.page.locator(".share-list li").waitFor();
	const listed = await owner.page.locator(".share-list li").count();

	const stranger = await openPage(browser);
	await stranger.page.goto(link);
	await stranger.page.getByRole("heading", { name: "Final answer", exact: true }).waitFor();
	const final = await stranger.page.getByRole("region", { name: "Final answer" }).innerText();
	const asks = await stranger.page.locator("textarea").count();
	const shares = await stranger.page.getByRole("button", { name: "Share" }).count();
	for (const key of ["v", "t", "c", "w"]) {
		await stranger.page.keyboard.press(key);
		await stranger.page.locator(`#tab-${key}[aria-selected=true]`).waitFor();
		await stranger.page.locator(".tab-panel .card").first().waitFor();
	}

	await stranger.page.getByRole("button", { name: "Export" }).click();
	const taken = await readFile(await exported(stranger.page, "Markdown"), "utf8");

	await owner.page.getByRole("button", { name: /^End link/ }).click();
	await owner.page.getByText("None.").waitFor();
	await stranger.page.reload();
	const gone = await stranger.page.getByRole("heading", { name: "Nothing here" }).innerText();
	expect({ listed, final, taken, asks, shares, gone, owner: owner.faults, stranger: stranger.faults }).toEqual({
		listed: 1,
		final: "It is 42.",
		taken: expect.stringMatching(/^# /),
		asks: 0,
		shares: 0,
		gone: "Nothing here",
		owner: [],
		stranger: [],
	});
	await owner.context.close();
	await stranger.context.close();
});

async function exported(page: Page, name: string): Promise<string> {
	const coming = page.waitForEvent("download");
	await page.getByRole("button", { name: `Save as ${name}` }).click();
	const download = await coming;
	const path = join(folder, download.suggestedFilename());
	await download.saveAs(path);
	return path;
}

test("a session is taken along as Markdown, as JSON, and as a page that replays without any server", async () => {
	const { page, context, faults } = await openPage(browser);
	await owned(page);
	await page.getByRole("button", { name: "Export" }).click();
	const markdown = await readFile(await exported(page, "Markdown"), "utf8");
	const json: unknown = JSON.parse(await readFile(await exported(page, "JSON"), "utf8"));
	const html = await exported(page, "Web page");
	await context.close();
	expect(faults).toEqual([]);
	expect(markdown).toMatch(/^# /);
	expect(Object.keys(json as object).toSorted()).toEqual(["events", "session", "truncated"]);

	const alone = await browser.newContext({ offline: true });
	const offline = await alone.newPage();
	const wrong: string[] = [];
	offline.on("pageerror", ({ message }) => wrong.push(message));
	offline.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
	offline.on("request", (request) => request.url() === `file://${html}` || wrong.push(request.url()));
	await offline.goto(`file://${html}`);
	await offline.getByRole("heading", { name: "Final answer", exact: true }).waitFor();
	const title = await offline.title();
	const exports = await offline.getByRole("button", { name: /^(Export|Share)$/ }).count();
	await offline.keyboard.press("v");
	await offline.locator(".ballot").first().waitFor();
	const all = await offline.locator(".ballot").count();
	await offline.getByRole("slider", { name: "Moment of the session" }).fill("0");
	await offline.getByText("Nobody has voted yet.").waitFor();
	await offline.keyboard.press("]");
	await offline.locator(".ballot").first().waitFor();
	await offline.keyboard.press("c");
	await offline.getByRole("region", { name: "Calls" }).waitFor();
	await offline.keyboard.press("w");
	await offline.getByText("Readings of the log, not predictions.").waitFor();
	expect({ title, exports, all, wrong }).toEqual({
		title: expect.stringMatching(/^Agreed · /),
		exports: 0,
		all: 2,
		wrong: [],
	});
	await alone.close();
});
