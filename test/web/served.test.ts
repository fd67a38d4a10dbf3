import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser } from "playwright-core";
import { openPage, startBrowser } from "../support/browser.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

let server: TestServer;
let browser: Browser;
beforeAll(async () => {
	[server, browser] = await Promise.all([startTestServer(), startBrowser()]);
});
afterAll(async () => {
	await browser?.close();
	await server?.close();
});

test("the key of the ready line is kept and leaves the address", async () => {
	const { page, context, faults } = await openPage(browser);
	await page.goto(`${server.url}/#key=${server.key}`);
	await page.getByRole("navigation", { name: "Places" }).waitFor();
	const first = page.url();
	await page.goto(`${server.url}/sessions`);
	await page.getByRole("heading", { name: "Sessions" }).waitFor();
	expect({ first, faults }).toEqual({ first: `${server.url}/`, faults: [] });
	await context.close();
});

test("the page allows nothing but itself", async () => {
	const { headers } = await fetch(`${server.url}/s/abc`, { headers: { "sec-fetch-mode": "navigate" } });
	const policy = headers.get("content-security-policy")?.split("; ").slice(0, 3);
	expect([policy, headers.get("referrer-policy"), headers.get("x-frame-options")]).toEqual([
		["default-src 'none'", "script-src 'self'", "style-src 'self'"],
		"no-referrer",
		"DENY",
	]);
});

test.each(["/", "/s/abc", "/assets/gone.js"])(
	"what is served at %s is asked for again, whatever it is",
	async (path) => {
		const response = await fetch(server.url + path);
		await response.body?.cancel();
		expect(response.headers.get("cache-control")).toBe("public, max-age=0, must-revalidate");
	},
);

test.each(["/v1/nothing", "/webhooks/nothing", "/healthz"])("%s is the Worker's, not the page's", async (path) => {
	const { headers } = await fetch(server.url + path, { headers: { "sec-fetch-mode": "navigate" } });
	expect(headers.get("content-type")).toMatch(/^application\/(problem\+)?json/);
});
