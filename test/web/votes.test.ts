import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser } from "playwright-core";
import { openPage, startBrowser } from "../support/browser.ts";
import { member, newAnswer, shownIn } from "../support/members.ts";
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

test("a vote that a better answer voids is seen to fall, and to be cast again", async () => {
	const { page, context, faults } = await openPage(browser);
	const [fallen, seen] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
	const calm = member({ answers: "Lima", votesFor: ["Oslo, by train", "Oslo"] });
	const team = server.team({
		ann: (request) =>
			shownIn(request).some(({ text }) => text === "Oslo, by train")
				? member({
						answers: "Lima",
						votesFor: ["Oslo, by train"],
						first: { vote: [{ waitFor: seen.promise }] },
					})(request)
				: calm(request),
		ben: (request) => {
			const shown = shownIn(request).map(({ text }) => text);
			if (request.tools.length === 0 || shown.length === 0 || shown.includes("Oslo, by train"))
				return member({
					answers: "Oslo",
					votesFor: ["Oslo, by train"],
					presents: "Go to Oslo.",
					first: { vote: [{ waitFor: seen.promise }] },
				})(request);
			return [{ waitFor: fallen.promise }, newAnswer("Oslo, by train")];
		},
	});
	const { id } = await server.client.createSession({ question: "Which city?", team });
	await page.goto(`${server.url}/#key=${server.key}`);
	await page.goto(`${server.url}/s/${id}`);

	await page.getByRole("button", { name: "ann votes for a2.1" }).waitFor();
	const before = await page.locator(".ledger").innerText();
	const leading = await page.getByRole("region", { name: "Leading answer" }).innerText();
	fallen.resolve();
	await page.getByRole("button", { name: "ann had voted for a2.1" }).waitFor();
	const crossed = await page.locator(".arrow[data-standing=voided] .cross").count();
	const struck = await page.locator(".vote-token[data-fell=true]").count();
	const chip = await page.getByRole("article", { name: "Agent ann" }).locator(".fell-chip").innerText();
	const felling = await page.locator(".standing[data-voids=true]").innerText();
	const leads = await page.getByRole("region", { name: "Leading answer" }).innerText();
	seen.resolve();

	await page.getByRole("heading", { name: "Final answer", exact: true }).waitFor();
	const final = await page.getByRole("region", { name: "Final answer" }).innerText();
	const left = await page.locator(".arrow[data-standing=voided]").count();
	expect({ leading, crossed, struck, chip: chip.split(/\s+/), felling, leads, final, left, faults }).toEqual({
		leading: "Oslo",
		crossed: 1,
		struck: 1,
		chip: ["vote", "✕", "a2.2"],
		felling: expect.stringMatching(/a2\.2/),
		leads: "Oslo, by train",
		final: "Go to Oslo.",
		left: 0,
		faults: [],
	});
	expect(before).toMatch(/because: Oslo/);
	await context.close();
});
