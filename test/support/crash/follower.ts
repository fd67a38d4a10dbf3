import { setTimeout as sleep } from "node:timers/promises";
import { makeClient } from "../../../src/api/client.ts";
import { sseMessages } from "../../../src/api/sse-messages.ts";
import { terminalEvents } from "../../../src/consensus/events.ts";
import { eventIn } from "../watching.ts";
import { questionOf } from "./provider.ts";
import { crashTeam, type TeamKind } from "./teams.ts";

/** A server that comes and goes at one address. */
export type Address = { readonly url: string; readonly key: string };

/** A session as one client saw it, whatever happened to the server meanwhile. */
export type Followed = {
	readonly session: number;
	readonly kind: TeamKind;
	readonly id: string;
	/** The events as they came, each once; `lost` counts those that were skipped or came out of their order. */
	readonly lines: readonly string[];
	readonly lost: number;
};

const linesMax = 5000;
const againAfterMs = 100;

/** Asks and watches one session to its end, again and again wherever the server is gone. Throws at the deadline. */
export async function followed(
	address: Address,
	{ session, kind }: Pick<Followed, "session" | "kind">,
	deadline: AbortSignal,
): Promise<Followed> {
	const id = await asked(address, { session, kind }, deadline);
	const lines: string[] = [];
	let lost = 0;
	while (!isOver(lines)) {
		deadline.throwIfAborted();
		try {
			lost += await readOn(address, { id, lines }, deadline);
		} catch (error) {
			if (error instanceof RangeError) throw error;
			await sleep(againAfterMs);
		}
	}
	return { session, kind, id, lines, lost };
}

/** Adds what follows these lines, and counts where a number is left out. */
async function readOn(
	address: Address,
	{ id, lines }: { readonly id: string; readonly lines: string[] },
	deadline: AbortSignal,
): Promise<number> {
	let lost = 0;
	for await (const { seq, line } of eventsAfter(address, { id, last: lines.length }, deadline)) {
		if (seq !== lines.length + 1) lost += 1;
		lines.push(line);
		if (lines.length > linesMax) throw new RangeError(`session ${id} has more than ${linesMax} events`);
	}
	return lost;
}

/** The whole log as it stands now. */
export async function wholeLog(address: Address, id: string, deadline: AbortSignal): Promise<readonly string[]> {
	const lines: string[] = [];
	for await (const { line } of eventsAfter(address, { id, last: 0 }, deadline)) lines.push(line);
	return lines;
}

/** The same key each time, so that a request whose answer was lost makes no second session. */
async function asked(
	{ url, key }: Address,
	{ session, kind }: Pick<Followed, "session" | "kind">,
	deadline: AbortSignal,
): Promise<string> {
	const client = makeClient({ baseUrl: url, key, fetch: (request) => fetch(request) });
	for (;;) {
		deadline.throwIfAborted();
		try {
			const body = { question: questionOf(session), team: crashTeam(kind) };
			return (await client.createSession(body, { idempotencyKey: `crash-${session}` })).id;
		} catch {
			await sleep(againAfterMs);
		}
	}
}

async function* eventsAfter(
	{ url, key }: Address,
	{ id, last }: { readonly id: string; readonly last: number },
	deadline: AbortSignal,
) {
	const response = await fetch(`${url}/v1/sessions/${id}/events`, {
		headers: { authorization: `Bearer ${key}`, "last-event-id": String(last) },
		signal: deadline,
	});
	if (!response.ok || response.body === null) throw new Error(`the server said ${response.status}`);
	for await (const { id: seq, data } of sseMessages(response.body)) yield { seq: Number(seq), line: data };
}

function isOver(lines: readonly string[]): boolean {
	const last = lines.at(-1);
	return last !== undefined && terminalEvents.has(eventIn(last).type);
}
