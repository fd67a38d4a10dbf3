import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sseMessages } from "../../../src/api/sse-messages.ts";
import { shownAnswers, startFakeProviders } from "../fake-providers.ts";
import type { Brain, Step } from "../fake-script.ts";
import { watchHeap } from "./heap-watch.ts";
import { startMeteredServer, type MeteredServer } from "./metered-server.ts";

/** Ten agents that say 200,000 tokens each, at four characters a token, in three calls or more. */
const long = { agents: 10, callsPerAgent: 3, charsPerAgent: 800_000, answerChars: 40_000 } as const;

/**
 * An object has 128 MB. A runtime that may take more leaves its garbage lying until it needs the room, so that a peak would
 * say little. This one has to make do with little more than half of that, and dies if it cannot: somebody who reads such a
 * log as one text already has too little.
 */
const heapMbMax = 72;

export type LongSession = {
	/** The most that the isolate's heap held, garbage included, in millions of bytes, in any of the machines that ran it. */
	readonly heapMbPeak: number;
	/** What was said and done, in millions of characters. */
	readonly logMb: number;
};

/**
 * Runs such a session, ends its machine in the middle, and reads all of it in every way there is while the heap is watched:
 * each boot reads the whole log, and so do receipts and watchers from the first event on.
 */
export async function longSession(): Promise<LongSession> {
	const fake = await startFakeProviders({ brain: brain(), eventsPerWrite: 10 });
	const settings = { GROQ_BASE_URL: `${fake.url}/v1`, GROQ_API_KEY: "fake-groq-key" };
	const stateDir = await mkdtemp(join(tmpdir(), "massgen-long-"));
	try {
		const first = await machine(settings, stateDir, async (server) => {
			const id = await created(server);
			await followed(server, id, (count) => count >= (long.agents * long.callsPerAgent) / 2);
			return id;
		});
		const second = await machine(settings, stateDir, async (server) => {
			const whole = await followed(server, first.result, () => false);
			await readInEveryWay(server, first.result);
			return whole;
		});
		// At rest, and woken by those who read.
		const third = await machine(settings, stateDir, (server) => readInEveryWay(server, first.result));
		checked(second.result);
		const peak = Math.max(first.peak, second.peak, third.peak);
		return { heapMbPeak: megabytes(peak), logMb: megabytes(second.result.chars) };
	} finally {
		await fake.close();
		await rm(stateDir, { recursive: true, force: true });
	}
}

async function machine<Result>(
	settings: Readonly<Record<string, string>>,
	stateDir: string,
	run: (server: MeteredServer) => Promise<Result>,
): Promise<{ readonly result: Result; readonly peak: number }> {
	const server = await startMeteredServer(settings, { kept: stateDir, heapMbMax });
	try {
		const heap = await watchHeap(await server.inspectorUrl(), "metered");
		const result = await run(server);
		await heap.stop();
		return { result, peak: heap.peak() };
	} finally {
		await server.close();
	}
}

async function created({ url, key }: MeteredServer): Promise<string> {
	const agents = Array.from({ length: long.agents }, (_, at) => ({
		id: `a${at + 1}`,
		backend: "groq",
		model: `m${at + 1}`,
	}));
	const limits = { output_tokens_per_call: 128_000, round_seconds: 1800, turn_seconds: 7200, seal_seconds: 1800 };
	const team = { name: "long", agents, protocol: { final: "reuse" }, limits };
	const headers = { ...authorized(key), "content-type": "application/json" };
	const body = JSON.stringify({ question: "How do we get water?", team });
	const response = await fetch(`${url}/v1/sessions`, { method: "POST", headers, body });
	const { id }: { readonly id: string } = await response.json();
	return id;
}

type Whole = { readonly chars: number; readonly consensus: boolean; readonly spoken: ReadonlyMap<string, number> };

/** Reads on until so many calls have come to their ends, or the turn has. */
async function followed({ url, key }: MeteredServer, id: string, enough: (calls: number) => boolean): Promise<Whole> {
	const response = await fetch(`${url}/v1/sessions/${id}/events?from=1`, { headers: authorized(key) });
	if (response.body === null) throw new Error(`no events: ${response.status}`);
	const spoken = new Map<string, number>();
	let [chars, calls, consensus] = [0, 0, false];
	for await (const { data } of sseMessages(response.body)) {
		chars += data.length;
		const event: { type: string; agent?: string; text?: string; outcome?: string; consensus?: boolean } =
			JSON.parse(data);
		const { type, agent = "", text = "" } = event;
		if (type === "agent.text") spoken.set(agent, (spoken.get(agent) ?? 0) + text.length);
		if (type === "call.finished" && event.outcome === "ok") calls += 1;
		if (type === "turn.finished") consensus = event.consensus === true;
		if (enough(calls)) break;
	}
	return { chars, consensus, spoken };
}

/** A number is worth nothing if the work was not done. */
function checked({ consensus, spoken }: Whole): void {
	const least = Math.min(...spoken.values());
	if (!consensus || spoken.size !== long.agents || least < long.charsPerAgent)
		throw new Error(`the long session went another way: ${JSON.stringify([consensus, ...spoken])}`);
}

/** All at once: the summary, the receipt, and three who watch from the first event on. */
async function readInEveryWay({ url, key }: MeteredServer, id: string): Promise<void> {
	const paths = ["", "/receipt", "/events?from=1", "/events?from=1", "/events?from=1"];
	await Promise.all(
		paths.map(async (path) => {
			const response = await fetch(`${url}/v1/sessions/${id}${path}`, { headers: authorized(key) });
			if (!response.ok) throw new Error(`${path} answered ${response.status}`);
			for await (const _ of response.body ?? []) continue;
		}),
	);
}

const authorized = (key: string) => ({ authorization: `Bearer ${key}` });

/** All answer; the first one then answers anew while the others are about to vote, so that all decide three times. */
function brain(): Brain {
	const improved = Promise.withResolvers<void>();
	return async function* (request) {
		const shown = request.messages
			.filter(({ role }) => role !== "assistant")
			.flatMap(({ text }) => shownAnswers(text));
		const labelOf = (begin: string) => shown.findLast(({ text }) => text.startsWith(begin))?.label;
		const [best, good] = [labelOf("Better plan 1"), labelOf("Plan 1:")];
		yield* thoughts();
		if (best !== undefined) yield vote(best);
		else if (good === undefined) yield answer(`Plan ${request.model.slice(1)}`);
		else if (request.model === "m1") {
			yield answer("Better plan 1");
			improved.resolve();
		} else {
			yield { waitFor: improved.promise };
			yield { waitMs: 500 };
			yield vote(good);
		}
	};
}

const pieceChars = 500;

/** The arrow makes a character two bytes in memory. What is counted is not taken for a loop. */
function* thoughts(): Generator<Step> {
	const pieces = Math.ceil(long.charsPerAgent / long.callsPerAgent / pieceChars);
	for (let at = 0; at < pieces; at += 1) yield { text: worded(pieceChars, at * pieceChars) };
}

function worded(chars: number, from: number): string {
	let text = "";
	for (let number = from; text.length < chars; number += 1)
		text += `${number} → ${(number * 7919) % 10_007} buckets. `;
	return text.slice(0, chars);
}

function vote(label: string): Step {
	return { tool: "vote", arguments: { answer: label, reason: "It is the surest." } };
}

/** Each with numbers of its own: it is nobody's copy. */
function answer(begin: string): Step {
	const from = Number(/\d+/.exec(begin)?.[0]) * 1_000_000 + (begin.startsWith("Better") ? 500_000 : 0);
	return { tool: "new_answer", arguments: { content: `${begin}: ${worded(long.answerChars, from)}` } };
}

function megabytes(bytes: number): number {
	return Math.round(bytes / 1e5) / 10;
}
