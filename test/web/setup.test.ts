import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser, Page } from "playwright-core";
import { openPage, screens, seriousFindings, startBrowser } from "../support/browser.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const secret = "sk-very-secret-0123456789";

let server: TestServer;
let browser: Browser;
beforeAll(async () => {
	// One provider has its key from a setting, the others have the address of a fake and no key.
	[server, browser] = await Promise.all([
		startTestServer({ OPENAI_API_KEY: "", GEMINI_API_KEY: "" }),
		startBrowser(),
	]);
});
afterAll(async () => {
	await browser.close();
	await server.close();
});

async function opened(screen: (typeof screens)[keyof typeof screens] = screens["desktop, light"]) {
	const opening = await openPage(browser, screen);
	const { page } = opening;
	const asked: string[] = [];
	page.on("request", (request) => asked.push(request.url()));
	await page.goto(`${server.url}/#key=${server.key}`);
	await page.goto(`${server.url}/setup`);
	await page.getByRole("form", { name: "Add a provider" }).waitFor();
	return { ...opening, asked };
}

/** Every place of a page in which a text could be left behind. */
const places = (page: Page): Promise<string> =>
	page.evaluate<string>(`document.documentElement.outerHTML
		+ [...document.querySelectorAll("input")].map((input) => input.value).join()
		+ JSON.stringify({ ...localStorage, ...sessionStorage }) + location.href + JSON.stringify(history.state)`);

test("a key is stored, tried, shown to nobody and removed", async () => {
	const { page, context, faults, asked } = await opened();
	server.plays("gpt-5.5", () => [{ text: "ready" }]);
	const row = page.getByRole("listitem", { name: "openai" });
	await page.getByRole("combobox", { name: "Provider" }).selectOption("openai");
	await page.getByLabel("Key", { exact: true }).fill(secret);
	const typed = (await page.evaluate<string>("document.documentElement.outerHTML")).includes(secret);
	await page.keyboard.press("Enter");
	await page.getByText(/^gpt-5\.5 answered in \d/).waitFor();
	await row.getByText("key: stored").waitFor();
	const left = (await places(page)).includes(secret);
	const authorized = server.fake.requests.at(-1)?.headers["authorization"];

	server.plays("gpt-5.5", () => [{ status: 401, message: "no such key" }]);
	await row.getByRole("button", { name: "Test openai" }).click();
	const failure = await row.getByText(/^No answer of gpt-5\.5 after/).innerText();
	await row.getByRole("button", { name: "Remove… the key of openai" }).click();
	await row.getByRole("button", { name: "Remove the key" }).click();
	await row.waitFor({ state: "detached" });
	const { backends } = await server.client.backends();
	expect({
		typed,
		left,
		authorized,
		failure: /no such key/.test(failure),
		urls: asked.filter((url) => url.includes(secret)),
		key: backends.find(({ name }) => name === "openai")?.key,
		faults,
	}).toEqual({
		typed: false,
		left: false,
		authorized: `Bearer ${secret}`,
		failure: true,
		urls: [],
		key: "none",
		faults: [],
	});
	await context.close();
});

test("a key of a setting can be tried, not removed", async () => {
	const { page, context } = await opened();
	const row = page.getByRole("listitem", { name: "anthropic" });
	const buttons = (await row.getByRole("button").allInnerTexts()).map((text) => text.replace(/\s+/, " "));
	const words = await row.getByText("key: a setting").count();
	expect({ buttons, words }).toEqual({ buttons: ["Test anthropic"], words: 1 });
	await context.close();
});

test("any host wants its address, and a refusal leaves the key to be mended", async () => {
	const { page, context } = await opened();
	await page.getByRole("combobox", { name: "Provider" }).selectOption("openai-chat");
	await page.getByLabel("Key", { exact: true }).fill(secret);
	await page.getByLabel("Base URL").fill("ftp://example.org");
	await page.getByRole("button", { name: "Save and test" }).click();
	const fault = await page.getByText(/base_url/).innerText();
	const kept = await page.getByLabel("Key", { exact: true }).inputValue();
	expect({ fault: fault.startsWith("base_url "), kept }).toEqual({ fault: true, kept: secret });
	await context.close();
});

test("what a chat platform asks for stands there to be copied, with what is still to do", async () => {
	const { page, context } = await opened();
	await page.route("**/v1/setup", (route) =>
		route.fulfill({
			json: {
				version: "1",
				backends: [],
				checks: [
					{ name: "PUBLIC_URL", ok: false, detail: "Links go anywhere.", fix: "Set PUBLIC_URL." },
					{ name: "slack: token", ok: false, detail: "It is not set.", fix: "Set SLACK_BOT_TOKEN." },
					{ name: "slack: scopes", ok: true, detail: "All are granted.", fix: null },
				],
			},
		}),
	);
	await page.reload();
	await page.getByText("Links go anywhere. Set PUBLIC_URL.").waitFor();
	await page.getByRole("heading", { name: "Slack" }).click();
	const checks = await page.getByRole("list", { name: "Checks of Slack" }).innerText();
	const addresses = await page.locator(".copy-line code").allInnerTexts();
	const shown = addresses.filter((address) => address.includes("slack"));
	expect({ checks: checks.split(/\n+/), shown }).toEqual({
		checks: ["✕ to do", "token It is not set.", "Set SLACK_BOT_TOKEN.", "✓ ok", "scopes All are granted."],
		shown: ["events", "interactivity", "commands"].map((name) => `${server.url}/webhooks/slack/${name}`),
	});
	await context.close();
});

test.each(Object.entries(screens))("on %s it is open to everybody, and nothing sticks out", async (_, screen) => {
	const { page, context, faults } = await opened(screen);
	await page.getByText("not connected").first().waitFor();
	await page.getByRole("heading", { name: "Discord" }).click();
	const wide: unknown = await page.evaluate("document.documentElement.scrollWidth > innerWidth");
	const serious = await seriousFindings(page);
	expect({ serious, wide, faults }).toEqual({ serious: [], wide: false, faults: [] });
	await context.close();
});
