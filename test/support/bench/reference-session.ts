import { setTimeout as sleep } from "node:timers/promises";
import { shownAnswers, startFakeProviders } from "../fake-providers.ts";
import type { Brain, Step } from "../fake-script.ts";
import { startMeteredServer } from "./metered-server.ts";
import type { Metered } from "./metered.ts";

/** Ten agents, three calls each of 2,000 pieces, three watchers; ten minutes at a real pace. */
export const reference = { agents: 10, calls: 30, piecesPerCall: 2000, watchers: 3, minutes: 10 } as const;

const first = "Plan 1: dig a well of 12 metres on the north side.";
const better = "Plan 2: lay 340 metres of pipe from the spring in the east, and keep the well shut.";

export type Compressed = { readonly metered: Metered; readonly seconds: number };

/** The reference session with its streams pressed into so many seconds a call; what it was billed meanwhile. */
export async function referenceSession({ secondsPerCall }: { readonly secondsPerCall: number }): Promise<Compressed> {
	const fake = await startFakeProviders({ brain: brainOf(secondsPerCall), eventsPerWrite: 10 });
	const settings = { GROQ_BASE_URL: `${fake.url}/v1`, GROQ_API_KEY: "fake-groq-key" };
	const server = await startMeteredServer(settings);
	try {
		const headers = { authorization: `Bearer ${server.key}`, "content-type": "application/json" };
		const startMs = performance.now();
		const body = JSON.stringify({ question: "How do we get water?", team: team() });
		const created = await fetch(`${server.url}/v1/sessions`, { method: "POST", headers, body });
		const { id }: { readonly id: string } = await created.json();
		const watching = Array.from({ length: reference.watchers }, async () => {
			const events = await fetch(`${server.url}/v1/sessions/${id}/events`, { headers });
			return events.text();
		});
		const [log = ""] = await Promise.all(watching);
		const seconds = (performance.now() - startMs) / 1000;
		const calls = log.split("\nevent: call.finished\n").length - 1;
		// A number is worth nothing if the work was not done.
		if (calls !== reference.calls || !log.includes('"consensus":true'))
			throw new Error(`the reference session went another way: ${calls} calls\n${log.slice(-2000)}`);
		// The index of sessions is told a moment later.
		await sleep(500);
		return { metered: await server.metered(), seconds };
	} finally {
		await server.close();
		await fake.close();
	}
}

function team() {
	const agents = Array.from({ length: reference.agents }, (_, at) => ({
		id: `a${at + 1}`,
		backend: "groq",
		model: `m${at + 1}`,
	}));
	return { name: "reference", agents, protocol: { final: "reuse" }, limits: { output_tokens_per_call: 64_000 } };
}

/**
 * All answer. Then the first one answers anew while the others are about to vote, so that they vote once more, having
 * seen it, and the first one too: thirty calls.
 */
function brainOf(secondsPerCall: number): Brain {
	const improved = Promise.withResolvers<void>();
	return async function* (request) {
		const shown = request.messages
			.filter(({ role }) => role !== "assistant")
			.flatMap(({ text }) => shownAnswers(text));
		const labelOf = (wanted: string) => shown.findLast(({ text }) => text === wanted)?.label;
		const isFirst = request.model === "m1";
		const [best, good] = [labelOf(better), labelOf(first)];
		yield* streamed(secondsPerCall);
		if (best !== undefined) yield vote(best);
		else if (good === undefined)
			yield answer(isFirst ? first : `Plan ${request.model}: carry ${request.model.slice(1)}0 buckets a day.`);
		else if (isFirst) {
			yield answer(better);
			improved.resolve();
		} else {
			yield { waitFor: improved.promise };
			yield { waitMs: 500 };
			yield vote(good);
		}
	};
}

const pauses = 40;

/** Counts, as a text that says the same again and again would be cut off as a loop. */
function* streamed(seconds: number): Generator<Step> {
	const chunks = reference.piecesPerCall / pauses;
	for (let pause = 0; pause < pauses; pause += 1) {
		const pieces = Array.from({ length: chunks }, (_, at) => `${1000 + pause * chunks + at} `);
		yield { text: pieces.join(""), chunks };
		yield { waitMs: (seconds * 1000) / pauses };
	}
}

function vote(label: string): Step {
	return { tool: "vote", arguments: { answer: label, reason: "It is the surest." } };
}

function answer(content: string): Step {
	return { tool: "new_answer", arguments: { content } };
}
