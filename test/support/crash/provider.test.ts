import { afterEach, beforeEach, expect, test } from "vitest";
import { chanceOf } from "../simulation/chance.ts";
import { startPayingProvider, type PayingProvider } from "./provider.ts";

/** What the provider of the crash command counts: P15 rests on it. */

let provider: PayingProvider;
beforeEach(async () => void (provider = await startPayingProvider(chanceOf(1))));
afterEach(() => provider.close());

/** Reads so much of an answer in the background that its name has come, and leaves. */
async function asked(): Promise<{ readonly name: string; readonly leave: () => Promise<void> }> {
	const response = await fetch(`${provider.settings["OPENAI_BASE_URL"]}/responses`, {
		method: "POST",
		body: JSON.stringify({
			model: "stone",
			background: true,
			stream: true,
			input: "Question 1: of what shall we build?",
			tools: [{ type: "function", name: "new_answer" }],
		}),
	});
	const reader = response.body?.getReader();
	const first = new TextDecoder().decode((await reader?.read())?.value);
	return { name: /"id":"(resp_[^"]+)"/.exec(first)?.[1] ?? "", leave: async () => reader?.cancel() };
}

test.each<[string, number, number]>([
	["cannot have heard the name of its answer yet", 100, 1],
	["should have heard it by then", 10_000, 0],
])("an answer is out of reach where a server that was killed %s", async (_, laterMs, unreachable) => {
	const { leave } = await asked();
	await leave();
	provider.killed(Date.now() + laterMs);
	expect([provider.resumable(1), provider.openAtKills(1)]).toEqual([{ paid: 1, unreachable }, 1]);
});

test("it was within reach after all where somebody asks for it by its name", async () => {
	const { name, leave } = await asked();
	await leave();
	provider.killed(Date.now());
	const again = await fetch(`${provider.settings["OPENAI_BASE_URL"]}/responses/${name}?stream=true`);
	await again.body?.cancel();
	expect([provider.resumable(1), provider.resumed()]).toEqual([{ paid: 1, unreachable: 0 }, 1]);
});
