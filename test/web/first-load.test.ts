import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
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

const scriptBytesMax = 200_000;
const firstWorkMsMax = 1000;

test("the first visit is small, quick, and asks nobody else for anything", async () => {
	const folder = join(inject("checkout"), "dist", "web");
	const paths = [...readFileSync(join(folder, "index.html"), "utf8").matchAll(/src="(\/assets\/[^"]+\.js)"/g)];
	const bytes = paths.reduce((sum, [, path = ""]) => sum + gzipSync(readFileSync(join(folder, path))).length, 0);
	const { page, context, faults } = await openPage(browser);
	const devtools = await context.newCDPSession(page);
	await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
	await page.goto(`${server.url}/#key=${server.key}`);
	await page.getByLabel("What do you want to know?").fill("Can I type?");
	const { metrics } = await devtools.send("Performance.getMetrics");
	const workMs = (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Infinity) * 1000;
	expect({ some: paths.length > 0, small: bytes < scriptBytesMax, quick: workMs < firstWorkMsMax, faults }).toEqual({
		some: true,
		small: true,
		quick: true,
		faults: [],
	});
	await context.close();
});

test("who wants less motion gets none, in the middle of a session as well", async () => {
	const brain = member({ answers: "42", votesFor: ["42"] });
	const { id } = await played(server, server.team({ a: brain, b: brain }));
	const { page, context, faults } = await openPage(browser);
	await page.emulateMedia({ reducedMotion: "reduce" });
	await page.goto(`${server.url}/#key=${server.key}`);
	await page.goto(`${server.url}/s/${id}`);
	await page.getByRole("heading", { name: "Final answer", exact: true }).waitFor();
	const moving: unknown = await page.evaluate(`[...document.querySelectorAll("*")]
		.map((element) => getComputedStyle(element))
		.filter(({ animationName, animationDuration, transitionDuration }) =>
			(animationName !== "none" && parseFloat(animationDuration) > 0.01) || parseFloat(transitionDuration) > 0.01).length`);
	expect({ moving, faults }).toEqual({ moving: 0, faults: [] });
	await context.close();
});
