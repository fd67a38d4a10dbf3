import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser } from "playwright-core";
import { openPage, startBrowser } from "../support/browser.ts";
import { newAnswer } from "../support/members.ts";
import { npmStart } from "../support/npm-start.ts";
import { clientOf, openStage } from "../support/server.ts";

let browser: Browser;
let stateDir: string;
beforeAll(async () => {
	[browser, stateDir] = await Promise.all([startBrowser(), mkdtemp(join(tmpdir(), "massgen-state-"))]);
});
afterAll(async () => {
	await browser.close();
	await rm(stateDir, { recursive: true, force: true });
});

test("a reload in the middle and a server that is killed and comes back lose nothing, and it is said", async () => {
	const stage = await openStage();
	const [first, rest] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
	const team = stage.team({
		a: () => {
			return [
				{ text: "First I thought. " },
				{ waitFor: first.promise },
				{ text: "Then I knew. " },
				{ waitFor: rest.promise },
				newAnswer("42"),
			];
		},
	});
	const settings = { ...stage.fake.settings, MASSGEN_STATE: stateDir };
	const server = await npmStart(settings);
	const { page, context, faults } = await openPage(browser);
	const { id } = await clientOf(server).createSession({ question: "How many?", team });
	await page.goto(`${server.url}/#key=${server.key}`);
	await page.goto(`${server.url}/s/${id}`);
	const said = page.getByRole("region", { name: "What a says" });
	await said.getByText("First I thought.").waitFor();

	await page.reload();
	await said.getByText("First I thought.").waitFor();
	first.resolve();
	await said.getByText("Then I knew.").waitFor();

	await server.kill();
	await page.getByText("Connection lost.").first().waitFor();
	const stays = await said.innerText();
	rest.resolve();
	const again = await npmStart({ ...settings, PORT: new URL(server.url).port });
	await page.getByRole("heading", { name: "Final answer", exact: true }).waitFor();
	const final = await page.getByRole("region", { name: "Final answer" }).innerText();
	const lost = await page.locator(".link-notice").count();
	await page.keyboard.press("l");
	await page.getByRole("button", { name: /turn\.finished/ }).waitFor();
	const counted = await page.locator(".log-tools .numeric").innerText();
	const { last_seq } = await clientOf(again).session(id);
	const seen: unknown = await page.evaluate(
		"Number(document.querySelector('.log-frame li:last-child .log-seq').textContent)",
	);

	expect({ stays, final, lost, seen, faults }).toEqual({
		stays: expect.stringContaining("Then I knew."),
		final: "42",
		lost: 0,
		seen: last_seq,
		faults: [],
	});
	expect(counted).toMatch(/^\d+ lines$/);
	await context.close();
	await again.kill();
	await stage.close();
});
