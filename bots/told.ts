import type { ChatPayload } from "../durable-objects/outbox/chats.ts";
import { ApiError, type Client } from "../src/api/client.ts";
import { emptyView, viewOf, type View } from "../src/api/view.ts";
import type { LoggedEvent } from "../src/consensus/events.ts";
import { keepingRecent } from "../src/std/recent.ts";

/** A turn as a chat shows it. */
export type Told = {
	readonly view: View;
	/** When this turn began (ms since the epoch), and when the last event was. */
	readonly startedAtMs: number;
	readonly lastAtMs: number;
	/** The cap of this turn in US dollars; null where there is none. */
	readonly budgetUsd: number | null;
	/** What this turn has cost so far; null once the price of some call is unknown. */
	readonly turnUsd: number | null;
	/** What the session had cost when it began. */
	readonly usdBefore: number | null;
};

const nothing: Told = {
	view: emptyView,
	startedAtMs: 0,
	lastAtMs: 0,
	budgetUsd: null,
	turnUsd: 0,
	usdBefore: 0,
};

/** Sessions whose view is kept, so that a card's next edit reads only what is new. */
const sessionsKept = 50;

/**
 * Reads a session up to what a row of the outbox shows. Null where there is no such session any more. Whoever asks for
 * less than was read last reads from the beginning.
 */
export function makeTeller(client: Pick<Client, "events">) {
	const kept = keepingRecent<{ told: Told }>(sessionsKept);
	return async (
		{ session, seq }: Pick<ChatPayload, "session" | "seq">,
		signal: AbortSignal,
	): Promise<Told | null> => {
		const cell = kept.of(session, () => ({ told: nothing }));
		const known = cell.told.view.last_seq <= seq ? cell.told : nothing;
		try {
			const told = await readUpTo(client, { session, seq, known, signal });
			cell.told = told;
			return told;
		} catch (error) {
			kept.drop(session);
			if (error instanceof ApiError && error.problem.status === 404) return null;
			throw error;
		}
	};
}

type Reading = { readonly session: string; readonly seq: number; readonly known: Told; readonly signal: AbortSignal };

async function readUpTo(client: Pick<Client, "events">, { session, seq, known, signal }: Reading): Promise<Told> {
	let told = known;
	if (told.view.last_seq >= seq) return told;
	for await (const event of client.events(session, { from: told.view.last_seq + 1, signal })) {
		told = toldAfter(told, event);
		if (event.seq >= seq) return told;
	}
	signal.throwIfAborted();
	throw new Error(`the events of session ${session} ended before ${seq}`);
}

function toldAfter(told: Told, event: LoggedEvent): Told {
	const atMs = Date.parse(event.at);
	const view = viewOf(told.view, event);
	const begins = event.type === "turn.started";
	const usdBefore = begins ? view.spent.cost_usd : told.usdBefore;
	return {
		view,
		startedAtMs: begins ? atMs : told.startedAtMs,
		lastAtMs: atMs,
		budgetUsd: budgetAfter(told, event),
		turnUsd: view.spent.cost_usd === null ? null : view.spent.cost_usd - (usdBefore ?? 0),
		usdBefore,
	};
}

function budgetAfter({ budgetUsd }: Told, event: LoggedEvent): number | null {
	if (event.type === "session.created") return event.team.budget.usd;
	if (event.type === "budget.changed") return event.budget.usd ?? null;
	return budgetUsd;
}

/** A row's payload, written by our own session, so that the parse is trusted. */
export function payloadOf(payload: string): ChatPayload {
	const parsed: unknown = JSON.parse(payload);
	return parsed as ChatPayload;
}
