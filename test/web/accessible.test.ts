import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser, Page } from "playwright-core";
import { openPage, screens, seriousFindings, startBrowser } from "../support/browser.ts";
import { member, newAnswer, shownIn } from "../support/members.ts";
import { played, startTestServer, type Cast, type TestServer } from "../support/server.ts";

let server: TestServer;
let browser: Browser;
let done = "";
let running = "";
let failed = "";
beforeAll(async () => {
	[server, browser] = await Promise.all([startTestServer(), startBrowser()]);
	const text =
		"# Title\n\nSome **text** with `code` and [a link](https://example.org).\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\n1\n```\n\n- [x] done\n\n> said";
	const brain = member({ answers: text, votesFor: [text], presents: text });
	({ id: done } = await played(
		server,
		server.team({ a: brain, b: member({ answers: "No.", votesFor: ["No."] }), c: brain }),
	));
	({ id: failed } = await played(server, server.team({ a: () => [{ status: 401, message: "wrong key" }] })));
	const better = Promise.withResolvers<void>();
	// It has to last as long as these tests take.
	const limits = { stall_seconds: 600, first_byte_seconds: 600, round_seconds: 3600, turn_seconds: 3600 };
	const cast: Cast = {
		a: (request) =>
			shownIn(request).some((shown) => shown.text === "Yes.")
				? [{ reasoning: "Hm." }, { hang: true }]
				: member({ answers: "A", votesFor: ["B"] })(request),
		b: (request) =>
			shownIn(request).length === 0 ? [newAnswer("B")] : [{ waitFor: better.promise }, newAnswer("Yes.")],
	};
	const team = server.team(cast, { limits });
	({ id: running } = await server.client.createSession({ question: "Is it?", team }));
	for await (const { type } of server.client.events(running)) {
		if (type === "vote.cast") better.resolve();
		if (type === "votes.voided") break;
	}
});
afterAll(async () => {
	await browser.close();
	await server.close();
});

const views: Readonly<Record<string, (page: Page) => Promise<void>>> = {
	"the key's page": async (page) => {
		await page.goto(`${server.url}/`);
		await page.getByLabel("Key").waitFor();
	},
	"the question's page": async (page) => {
		await keyed(page, "/");
		await page.getByRole("list", { name: /^Team / }).waitFor();
	},
	"a session in the middle": async (page) => {
		await keyed(page, `/s/${running}`);
		await page.locator(".arrow[data-standing=voided]").first().waitFor();
	},
	"a session that is done": async (page) => {
		await keyed(page, `/s/${done}`);
		await page.getByRole("heading", { name: "Final answer", exact: true }).waitFor();
	},
	"a session that failed": async (page) => {
		await keyed(page, `/s/${failed}`);
		await page.getByText("No agent could answer.").waitFor();
	},
	"the log": async (page) => {
		await keyed(page, `/s/${done}#l`);
		await page
			.getByRole("button", { name: /session\.created/ })
			.or(page.locator(".log-row").first())
			.first()
			.click();
	},
	"an answer that was opened": async (page) => {
		await keyed(page, `/s/${done}`);
		await page.getByRole("button", { name: /^Read answer a1\.1 / }).click();
		await page.getByRole("dialog").waitFor();
	},
	"the ways to steer": async (page) => {
		await keyed(page, `/s/${running}`);
		await page.getByRole("button", { name: "More…" }).click();
		await page.getByRole("dialog").waitFor();
	},
	"a link that leads nowhere": async (page) => {
		await keyed(page, "/s/nothing");
		await page.getByRole("heading", { name: "Nothing here" }).waitFor();
	},
};

async function keyed(page: Page, path: string): Promise<void> {
	await page.goto(`${server.url}/#key=${server.key}`);
	await page.goto(server.url + path);
}

test.each(
	Object.entries(screens).flatMap(([name, screen]) =>
		Object.entries(views).map(([view, open]) => ({ view, name, screen, open })),
	),
)("$view on $name has no serious finding, and nothing sticks out", async ({ screen, open }) => {
	const { page, context, faults } = await openPage(browser, screen);
	// What moves in is half transparent for a moment.
	await page.emulateMedia({ reducedMotion: "reduce" });
	await open(page);
	await page.waitForTimeout(200);
	const wide: unknown = await page.evaluate("document.documentElement.scrollWidth > innerWidth");
	const serious = await seriousFindings(page);
	expect({ serious, wide, faults }).toEqual({ serious: [], wide: false, faults: [] });
	await context.close();
});
