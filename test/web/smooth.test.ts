import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser } from "playwright-core";
import { openPage, screens, startBrowser } from "../support/browser.ts";
import { newAnswer } from "../support/members.ts";
import type { Brain, Step } from "../support/fake-script.ts";
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

const sentences = Array.from(
	{ length: 60 },
	(_, i) => `Sentence **${i}** of a \`long\` answer.${i % 4 === 3 ? "\n\n" : " "}`,
);
const streams: Brain = () => [
	{ reasoning: "Let me think about that for a while. ".repeat(5), chunks: 5 },
	...sentences.flatMap((text): Step[] => [{ text }, { waitMs: 30 }]),
	{ hang: true },
];

/** What a browser calls good: the sum of the shifts of parts by their distance. */
const shiftMax = 0.02;
const watch = `window.shift = 0; new PerformanceObserver((list) => {
	for (const entry of list.getEntries()) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: false })`;

test.each([
	["desktop", screens["desktop, light"]],
	["phone", screens["phone, light"]],
] as const)(
	"while ten agents stream nothing moves on a %s, and only the one that speaks is drawn again",
	async (_, screen) => {
		const { page, context, faults } = await openPage(browser, screen);
		const ids = "a b c d e f g h i j".split(" ");
		const quick: Brain = () => [newAnswer("42")];
		const team = server.team(Object.fromEntries(ids.map((id) => [id, id === "j" ? quick : streams])));
		const { id } = await server.client.createSession({ question: "How?", team });
		await page.goto(`${server.url}/#key=${server.key}`);
		await page.goto(`${server.url}/s/${id}`);
		await page.getByRole("article", { name: "Agent j" }).getByText("42").waitFor();
		await page.evaluate(watch);
		await page.evaluate(`window.drawn = 0; new MutationObserver((all) => (window.drawn += all.length))
		.observe(document.querySelector("[aria-label='Agent j']"), { subtree: true, childList: true, characterData: true, attributes: true })`);
		const said = page.getByRole("region", { name: "What a says" });
		await said.getByText("Sentence 59").waitFor();
		const shift: unknown = await page.evaluate("window.shift");
		const drawn: unknown = await page.evaluate("window.drawn");
		const held: unknown = await said.evaluate((frame) => Math.abs(frame.scrollTop) < 2);
		expect({ still: Number(shift) <= shiftMax, drawn, held, faults }).toEqual({
			still: true,
			drawn: 0,
			held: true,
			faults: [],
		});
		await context.close();
	},
);
