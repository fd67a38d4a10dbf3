import type { BenchAgent } from "./teams.ts";

export type SessionToMeasure = {
	readonly url: string;
	readonly key: string;
	readonly agents: readonly BenchAgent[];
	readonly crowded?: boolean;
};

/** One session as a client has it: created, and followed in the same request until the stream ends after the terminal event. */
export async function oneSession({ url, key, agents, crowded = false }: SessionToMeasure): Promise<void> {
	const headers = {
		authorization: `Bearer ${key}`,
		"content-type": "application/json",
		accept: "text/event-stream",
	};
	// Where a call is to be resumable, Gemini is asked on another wire than the plain loop asks it.
	const members = agents.map(({ id, backend, model }) => ({ id, backend, model, resume: false }));
	const team = { name: "bench", agents: members, protocol: { final: "reuse" } };
	const body = JSON.stringify({ question: "Which plan is best, and why?", team });
	const events = await fetch(`${url}/v1/sessions`, { method: "POST", headers, body });
	const log = await events.text();
	if (events.status !== 202) throw new Error(`no session: ${log}`);
	const calls = occurrences(log, "\nevent: call.finished\n");
	const finished = occurrences(log, "\nevent: turn.finished\n");
	// A number is worth nothing if the work was not done.
	// Where many run at once an answer may come after the first vote, and they vote anew.
	const enough = crowded ? calls >= 2 * agents.length : calls === 2 * agents.length;
	if (!enough || finished !== 1 || !log.includes('"consensus":true'))
		throw new Error(`a session went another way: ${calls} calls, ${finished} turns finished\n${log.slice(-2000)}`);
}

function occurrences(text: string, part: string): number {
	return text.split(part).length - 1;
}
