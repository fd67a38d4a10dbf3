import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser, Page } from "playwright-core";
import type { LoggedEvent } from "../../src/consensus/events.ts";
import { openPage, startBrowser } from "../support/browser.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { logged, opened, round, said, type Bare } from "./state/logged.ts";

let server: TestServer;
let browser: Browser;
beforeAll(async () => {
	[server, browser] = await Promise.all([startTestServer(), startBrowser()]);
});
afterAll(async () => {
	await browser.close();
	await server.close();
});

/** Has the server answer for a log that no session of it has, as a newer or another server would. */
async function serves(page: Page, path: string, log: readonly LoggedEvent[]): Promise<readonly (string | null)[]> {
	const keys: (string | null)[] = [];
	await page.route(`**${path}/events*`, (route) => {
		keys.push(route.request().headers()["authorization"] ?? null);
		const body = log
			.map((event) => `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
			.join("");
		return route.fulfill({ contentType: "text/event-stream", body });
	});
	return keys;
}

const answer: Bare = { type: "answer.accepted", agent: "a", answer: "a1.1", text: "It is **42**." };
const finished: Bare = {
	type: "turn.finished",
	turn: 1,
	answer: "It is **42**.",
	consensus: true,
	agreement: 1,
	winner: { agent: "a", answer: "a1.1" },
	tally: [],
	votes: [],
	dissent: null,
};

test("a log of 5,000 events is drawn as far as it is in sight, and found in", async () => {
	const { page, context, faults } = await openPage(browser);
	const pieces = Array.from({ length: 2497 }, (_, i) => [said("a", `word ${i} `), said("b", `other ${i} `)]).flat();
	await serves(page, "/v1/sessions/long", logged([...opened, round("a"), round("b"), ...pieces, answer, finished]));
	await page.goto(`${server.url}/#key=${server.key}`);
	const before = Date.now();
	await page.goto(`${server.url}/s/long#l`);
	await page.getByRole("button", { name: /turn\.finished/ }).waitFor();
	const tookMs = Date.now() - before;
	const drawn = await page.locator(".log-row").count();
	const lines = await page.locator(".log-tools .numeric").innerText();
	await page.getByLabel("Find in the log").fill("other 1234 ");
	await page.getByText("1 line", { exact: true }).waitFor();
	await page.locator(".log-row").click();
	const event = await page.getByRole("region", { name: /^Event / }).innerText();
	expect({ inTime: tookMs < 10_000, few: drawn < 100, lines, seq: /"seq": (\d+)/.exec(event)?.[1], faults }).toEqual({
		inTime: true,
		few: true,
		lines: "5000 lines",
		seq: "2474",
		faults: [],
	});
	await context.close();
});

test("an event of a newer server stands in the log as it came", async () => {
	const { page, context, faults } = await openPage(browser);
	const log = logged([...opened, { type: "invented", agent: "a", mood: "good" }, answer, finished]);
	await serves(page, "/v1/sessions/newer", log);
	await page.goto(`${server.url}/#key=${server.key}`);
	await page.goto(`${server.url}/s/newer#l`);
	const line = await page.getByRole("button", { name: /invented/ }).innerText();
	expect({ line: line.includes('{"agent":"a","mood":"good"}'), faults }).toEqual({ line: true, faults: [] });
	await context.close();
});

test("what is shared is read without a key, and cannot be steered", async () => {
	const { page, context, faults } = await openPage(browser);
	const keys = await serves(page, "/v1/shared/token-1", logged([...opened, round("a"), answer, finished]));
	await page.goto(`${server.url}/share/token-1`);
	await page.getByRole("heading", { name: "Final answer", exact: true }).waitFor();
	const final = await page.getByRole("region", { name: "Final answer" }).innerText();
	const steer = await page.getByRole("region", { name: "Steer" }).count();
	const places = await page.getByRole("navigation").count();
	expect({ final, steer, places, keys: new Set(keys), faults }).toEqual({
		final: "It is 42.",
		steer: 0,
		places: 0,
		keys: new Set([null]),
		faults: [],
	});
	await context.close();
});
