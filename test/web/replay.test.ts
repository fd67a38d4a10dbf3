import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser, Page } from "playwright-core";
import { openPage, startBrowser, visit } from "../support/browser.ts";
import { member, newAnswer, shownIn } from "../support/members.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

/** Until a session is done, on whatever machine. */
const patience = { timeout: 20_000 };

let server: TestServer;
let browser: Browser;
beforeAll(async () => {
	[server, browser] = await Promise.all([startTestServer(), startBrowser()]);
});
afterAll(async () => {
	await browser.close();
	await server.close();
});

/** Ann votes for Ben's answer, which Ben then betters, which voids her vote. */
function argument(ready: Promise<void>) {
	const ann = member({ answers: "Lima", votesFor: ["Oslo, by train", "Oslo"] });
	const voted = member({ answers: "Oslo", votesFor: ["Oslo, by train"], presents: "Go to Oslo." });
	return server.team({
		ann,
		ben: (request) => {
			const shown = shownIn(request).map(({ text }) => text);
			if (request.tools.length === 0 || shown.length === 0 || shown.includes("Oslo, by train"))
				return voted(request);
			// Not before Ann has voted: that is what is voided.
			const afterVote = ready.then(() => new Promise((resolve) => setTimeout(resolve, 1500)));
			return [{ waitFor: afterVote }, newAnswer("Oslo, by train")];
		},
	});
}

const scrub = (page: Page) => page.getByRole("slider", { name: "Moment of the session" });
const votes = async (page: Page) => (await page.locator(".ballot").allInnerTexts()).map((text) => text.split("\n")[0]);
const tokens = (page: Page) =>
	page.locator(".matrix-vote").evaluateAll((all) => all.map((token) => token.getAttribute("data-fell")));

test("a session that goes on can be scrolled back, and one comes back to what happens now", async () => {
	const { page, context, faults } = await openPage(browser);
	const ready = Promise.withResolvers<void>();
	const { id } = await server.client.createSession({ question: "Which city?", team: argument(ready.promise) });
	await visit(page, server, `/s/${id}#v`);
	await page.locator(".ballot").waitFor();
	await scrub(page).fill("0");
	await page.getByText("Nobody has voted yet.").waitFor();
	const steers = await page.getByLabel("A note to all agents").count();
	ready.resolve();
	await expect.poll(async () => (await server.client.session(id)).status, patience).toBe("done");
	await page.waitForTimeout(300);
	const still = await page.locator(".ballot").count();
	await page.getByRole("button", { name: /^(Live|End)$/ }).click();
	await page.locator(".ballot").nth(2).waitFor();
	expect({ steers, still, fell: await tokens(page), faults }).toEqual({
		steers: 0,
		still: 0,
		fell: ["true", "false", "false"],
		faults: [],
	});
	await context.close();
});

test("jumping from vote to vote shows each as it stood then; playing goes to the end by itself", async () => {
	const { page, context, faults } = await openPage(browser);
	const { id } = await server.client.createSession({ question: "Which city?", team: argument(Promise.resolve()) });
	await expect.poll(async () => (await server.client.session(id)).status, patience).toBe("done");
	await visit(page, server, `/s/${id}#v`);
	await page.locator(".ballot").nth(2).waitFor();
	await page.keyboard.press("[");
	await page.keyboard.press("[");
	const earlier = await votes(page);
	await page.getByRole("button", { name: "Next vote" }).click();
	const later = await votes(page);
	await scrub(page).focus();
	await page.keyboard.press("Home");
	const told = await scrub(page).getAttribute("aria-valuetext");
	const before = await page.locator(".ballot").count();
	for (let faster = 0; faster < 4; faster += 1) await page.getByRole("button", { name: /play faster/ }).click();
	const speed = await page.locator(".replay-speed").innerText();
	await page.keyboard.press("Escape");
	await page.keyboard.press("Space");
	await page.locator(".replay-bar[data-status=live]").waitFor();
	expect({ before, speed, told, all: (await votes(page)).length, faults }).toEqual({
		before: 0,
		speed: "16×",
		told: expect.stringMatching(/^0:00 of 0:0\d, event \d+ of \d+$/),
		all: 3,
		faults: [],
	});
	expect(later.length).toBeGreaterThan(earlier.length - 1);
	await context.close();
});

test("without motion the replay goes on in steps", async () => {
	const { page, context, faults } = await openPage(browser);
	await page.emulateMedia({ reducedMotion: "reduce" });
	const { id } = await server.client.createSession({ question: "Which city?", team: argument(Promise.resolve()) });
	await expect.poll(async () => (await server.client.session(id)).status, patience).toBe("done");
	await visit(page, server, `/s/${id}#t`);
	await page.getByRole("application", { name: /^Timeline/ }).waitFor();
	await page.getByRole("button", { name: "Play", exact: true }).click();
	const first = await scrub(page).inputValue();
	await page.waitForTimeout(500);
	const half = await scrub(page).inputValue();
	await page.locator(".replay-bar[data-status=live]").waitFor();
	expect({ first, half, faults }).toEqual({ first: "0", half: "0", faults: [] });
	await context.close();
});

test("the timeline is read item by item with the keys, and as a table", async () => {
	const { page, context, faults } = await openPage(browser);
	const { id } = await server.client.createSession({ question: "Which city?", team: argument(Promise.resolve()) });
	await expect.poll(async () => (await server.client.session(id)).status, patience).toBe("done");
	await visit(page, server, `/s/${id}#t`);
	const timeline = page.getByRole("application", { name: /^Timeline/ });
	await timeline.focus();
	await page.keyboard.press("Home");
	const first = await page.locator(".readout strong").innerText();
	await page.keyboard.press("ArrowRight");
	const call = await page.locator(".readout .numeric").innerText();
	for (const key of ["+", "+", "Shift+ArrowRight"]) await page.keyboard.press(key);
	const zoomed = await timeline.getAttribute("data-whole");
	await page.keyboard.press("0");
	const whole = await timeline.getAttribute("data-whole");
	await timeline.hover();
	await page.keyboard.down("Control");
	// A wheel that turns while the page is being laid out may not reach it.
	const turned = async () => {
		await page.mouse.wheel(0, -400);
		return timeline.getAttribute("data-whole");
	};
	await expect.poll(turned, { timeout: 10_000 }).toBe("false");
	await page.keyboard.up("Control");
	await page.getByRole("button", { name: "As a table" }).click();
	const rows = await page.getByRole("region", { name: "Timeline as a table" }).getByRole("row").count();
	const sees = await page.getByRole("cell", { name: "sees a2.2 for the first time" }).count();
	expect({ first, call, zoomed, whole, many: rows > 15, sees, faults }).toEqual({
		first: expect.stringMatching(/^(ann|ben) · Round$/),
		call: expect.stringMatching(/^from \d+\.\d\d s, took \d+\.\d\d s(, \S+)?$/),
		zoomed: "false",
		whole: "true",
		many: true,
		sees: 1,
		faults: [],
	});
	await context.close();
});
