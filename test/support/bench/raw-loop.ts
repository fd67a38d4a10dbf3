import { eventsIn } from "./raw-events.ts";
import { textPieces } from "./streams.ts";
import type { BenchAgent } from "./teams.ts";

/** The same eight streamed calls as a plain loop would make them: four at once, then four at once with the answers. */
export async function rawLoop(url: string, agents: readonly BenchAgent[]): Promise<void> {
	await Promise.all(agents.map((agent) => call(url, agent, question)));
	await Promise.all(agents.map((agent) => call(url, agent, `${question}\n${shown}`)));
}

const question = "Which plan is best, and why?";
const shown = [1, 2, 3, 4]
	.map((n) => `<answer label="answer_${n}">Plan ${n}: begin with step ${n}.</answer>`)
	.join("\n");

async function call(url: string, { path, model }: BenchAgent, prompt: string): Promise<void> {
	const body = JSON.stringify({ model, messages: [{ role: "user", content: prompt }], stream: true });
	const response = await fetch(`${url}${path}`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body,
	});
	if (!response.ok || response.body === null) throw new Error(`the fake provider said ${response.status}`);
	let events = 0;
	await eventsIn(response.body, () => (events += 1));
	if (events < textPieces) throw new Error(`a stream had only ${events} events`);
}
