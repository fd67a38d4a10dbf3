import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser, Page } from "playwright-core";
import { openPage, screens, seriousFindings, startBrowser, visit } from "../support/browser.ts";
import { member, newAnswer, shownIn } from "../support/members.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const long = "long".repeat(2_000);
let server: TestServer;
let browser: Browser;
let id = "";
beforeAll(async () => {
	[server, browser] = await Promise.all([startTestServer(), startBrowser()]);
	const voted = Promise.withResolvers<void>();
	const ann = member({ answers: "Lima", votesFor: ["Oslo, by train", "Oslo"] });
	const team = server.team(
		{
			ann,
			ben: (request) => {
				const shown = shownIn(request).map(({ text }) => text);
				const settled = request.tools.length === 0 || shown.length === 0 || shown.includes("Oslo, by train");
				if (settled) return member({ answers: "Oslo", votesFor: ["Oslo, by train"], presents: long })(request);
				return [{ waitFor: voted.promise }, newAnswer("Oslo, by train")];
			},
			carl: member({ answers: `Rome \u202e ${long}`, votesFor: ["Oslo, by train"] }),
		},
		{ budget: { calls: 20, tokens: null, usd: null } },
	);
	({ id } = await server.client.createSession({ question: "Which city?", team }));
	for await (const { type } of server.client.events(id)) if (type === "vote.cast") voted.resolve();
	await server.client.rename(id, long.slice(0, 200));
});
afterAll(async () => {
	await browser.close();
	await server.close();
});

const tab = (key: string) => async (page: Page) => {
	await visit(page, server, `/s/${id}#${key}`);
	await page.locator(".tab-panel .card").first().waitFor();
};
const views: Readonly<Record<string, (page: Page) => Promise<void>>> = {
	votes: tab("v"),
	timeline: tab("t"),
	"timeline as a table": async (page) => {
		await tab("t")(page);
		await page.getByRole("button", { name: "As a table" }).click();
		await page.getByRole("region", { name: "Timeline as a table" }).waitFor();
	},
	cost: tab("c"),
	"what if": tab("w"),
	"a replay in the middle": async (page) => {
		await tab("v")(page);
		await page.getByRole("button", { name: "Previous vote" }).click();
	},
	"links to a session": async (page) => {
		await tab("v")(page);
		await page.getByRole("button", { name: "Share" }).click();
		await page.getByRole("button", { name: "Make a link" }).click();
		await page.locator(".share-list li").first().waitFor();
	},
	exports: async (page) => {
		await tab("v")(page);
		await page.getByRole("button", { name: "Export" }).click();
		await page.getByRole("button", { name: "Save as JSON" }).waitFor();
	},
	sessions: async (page) => {
		await visit(page, server, "/sessions");
		await page.getByRole("button", { name: /^Delete/ }).click();
	},
	"a session that is renamed": async (page) => {
		await visit(page, server, "/sessions");
		await page.getByRole("button", { name: /^Rename/ }).click();
	},
	"teams, with what is wrong with one": async (page) => {
		await visit(page, server, "/teams");
		await page.getByRole("button", { name: "New team" }).click();
		await page.getByText("Budget").click();
		await page.getByText("More").first().click();
		await page.getByLabel("Name").fill("mine");
		await page.getByRole("button", { name: "Store" }).click();
		await page.getByRole("alert").waitFor();
	},
};

test.each(
	Object.entries(screens).flatMap(([name, screen]) =>
		Object.entries(views).map(([view, open]) => ({ view, name, screen, open })),
	),
)("$view on $name: no serious finding, and nothing sticks out", async ({ screen, open }) => {
	const { page, context, faults } = await openPage(browser, screen);
	await open(page);
	const wide: unknown = await page.evaluate("document.documentElement.scrollWidth > innerWidth");
	const serious = await seriousFindings(page);
	expect({ serious, wide, faults }).toEqual({ serious: [], wide: false, faults: [] });
	await context.close();
});
