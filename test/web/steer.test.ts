import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser, Page } from "playwright-core";
import { openPage, startBrowser } from "../support/browser.ts";
import { newAnswer } from "../support/members.ts";
import { played, startTestServer, type Team, type TestServer } from "../support/server.ts";
import type { Brain } from "../support/fake-script.ts";

let server: TestServer;
let browser: Browser;
beforeAll(async () => {
	[server, browser] = await Promise.all([startTestServer(), startBrowser()]);
});
afterAll(async () => {
	await browser.close();
	await server.close();
});

const quick: Brain = (request) => (request.tools.length === 0 ? [{ text: "As asked: 42." }] : [newAnswer("42")]);
const never: Brain = () => [{ text: "Let me see" }, { hang: true }];

async function watched(team: Team): Promise<{ readonly page: Page; readonly done: () => Promise<readonly string[]> }> {
	const { page, context, faults } = await openPage(browser);
	const { id } = await server.client.createSession({ question: "How many?", team });
	await page.goto(`${server.url}/#key=${server.key}`);
	await page.goto(`${server.url}/s/${id}`);
	await page.getByText("Let me see").first().waitFor();
	const done = async () => {
		await context.close();
		return faults;
	};
	return { page, done };
}

const effect = (page: Page) => page.locator(".effect");

test("a note reaches all, and answer now brings what there is", async () => {
	const { page, done } = await watched(server.team({ a: quick, b: never }, { limits: { seal_seconds: 1 } }));
	await page.getByLabel("A note to all agents").fill("In base ten, please.");
	await page.keyboard.press("Enter");
	await effect(page).filter({ hasText: "note to all: In base ten, please." }).waitFor();
	await page.getByRole("button", { name: /^Read answer a1\.1 / }).waitFor();
	await page.getByRole("button", { name: "Answer now" }).click();
	await page.getByRole("heading", { name: "Final answer", exact: true }).waitFor();
	const final = await page.getByRole("region", { name: "Final answer" }).innerText();
	expect({ final, faults: await done() }).toEqual({ final: "As asked: 42.", faults: [] });
});

test("an agent is dropped, a budget set, a question queued and the turn cancelled, each said as its event", async () => {
	const { page, done } = await watched(server.team({ a: never, b: never, c: never }));
	const more = async () => page.getByRole("button", { name: "More…" }).click();
	await more();
	await page.getByRole("listitem").filter({ hasText: "b" }).getByRole("button", { name: "Drop" }).first().click();
	await effect(page).filter({ hasText: "out of this turn" }).waitFor();
	const out = await page.locator(".agent-card[data-status=quarantined]").getAttribute("aria-label");
	await more();
	await page.getByLabel("Calls, each turn").fill("50");
	await page.getByRole("button", { name: "Set budget" }).click();
	await effect(page).filter({ hasText: '"calls":50' }).waitFor();
	await more();
	await page.getByLabel("Dollars, each turn").fill("much");
	await page.getByRole("button", { name: "Set budget" }).click();
	const refused = await page.getByRole("dialog").locator(".notice.bad").innerText();
	await page.getByLabel("Dollars, each turn").fill("");
	await page.getByRole("button", { name: "Cancel this turn" }).click();
	await page.getByText("This turn was cancelled.").waitFor();
	expect({ out, refused, faults: await done() }).toEqual({
		out: "Agent b",
		refused: expect.stringMatching(/number above 0/),
		faults: [],
	});
});

test("a session that waits for a budget says so, and goes on with a larger one", async () => {
	const { page, context, faults } = await openPage(browser);
	const caps = { usd: null, tokens: null };
	const team = server.team({ a: quick }, { budget: { ...caps, calls: null, session: { ...caps, calls: 1 } } });
	const { id } = await played(server, team);
	await page.goto(`${server.url}/#key=${server.key}`);
	await page.goto(`${server.url}/s/${id}`);
	await page.getByLabel("Ask the next question").fill("And now?");
	await page.keyboard.press("Enter");
	await page.getByText("Waiting for you", { exact: true }).waitFor();
	const why = await page.locator(".answer-card .notice").innerText();
	await page.getByRole("button", { name: "More…" }).click();
	await page.getByLabel("Calls, whole session").fill("9");
	await page.getByRole("button", { name: "Set budget" }).click();
	await page.getByRole("dialog").waitFor({ state: "detached" });
	await page.getByRole("heading", { name: "Final answer", exact: true }).waitFor();
	const final = await page.getByRole("region", { name: "Final answer" }).innerText();
	expect({ why, final, faults }).toEqual({
		why: "The session has used up budget.session.calls.",
		final: "42",
		faults: [],
	});
	await context.close();
});
