import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { openPage, screens, startBrowser } from "../browser.ts";
import { startPageServer, type PageServer } from "./room.ts";
import { lastWords, question, sceneBrains } from "./scene.ts";
import { shrunk } from "./shrunk.ts";

export const pictureBytesMax = 200_000;
const models = [
	["anthropic", "claude-opus-5"],
	["openai", "gpt-5.5"],
	["gemini", "gemini-3.1-pro-preview"],
] as const;

/** Pictures of the page at its three stages on each kind of screen, as PNGs in this folder; their names and sizes. */
export async function taken(folder: string): Promise<readonly { readonly name: string; readonly bytes: number }[]> {
	await mkdir(folder, { recursive: true });
	const browser = await startBrowser();
	const made: { name: string; bytes: number }[] = [];
	try {
		for (const [screen, sizes] of Object.entries(screens)) {
			const { page, context } = await openPage(browser, sizes);
			const keep = async (stage: string) => {
				const name = `${stage}-${screen.replace(", ", "-")}.png`;
				const picture = shrunk(await page.screenshot({ animations: "disabled" }));
				await writeFile(join(folder, name), picture);
				made.push({ name, bytes: picture.length });
			};
			await played(page, keep);
			await context.close();
		}
	} finally {
		await browser.close();
	}
	return made;
}

/** One session on a server of its own, from the question to the answer; `keep` takes the picture of each stage. */
async function played(page: Page, keep: (stage: string) => Promise<void>): Promise<void> {
	const seen = Promise.withResolvers<void>();
	const server = await startPageServer(sceneBrains({ votesFell: seen.promise }));
	try {
		await teamStored(server);
		await page.goto(`${server.url}/#key=${server.key}`);
		await page.getByRole("list", { name: /^Team / }).waitFor();
		await page.getByLabel("What do you want to know?").fill(question);
		await keep("ask");
		await page.keyboard.press("Enter");
		await page.locator(".arrow[data-standing=voided]").first().waitFor();
		for (const words of lastWords) await page.getByText(words).waitFor();
		await still(page);
		await keep("room");
		seen.resolve();
		await page.getByRole("heading", { name: "Final answer", exact: true }).waitFor();
		await still(page);
		await keep("answer");
	} finally {
		seen.resolve();
		await server.close();
	}
}

async function teamStored({ client }: PageServer): Promise<void> {
	const agents = models.map(([backend, model], seat) => ({ id: String.fromCharCode(97 + seat), backend, model }));
	await client.putTeam("default", { agents });
}

/** Waits for what moves in, and leaves nothing half drawn. */
async function still(page: Page): Promise<void> {
	await page.waitForTimeout(1500);
	await page.mouse.move(0, 0);
}
