import { costAfter, noCost, savedAfter, type Cost } from "../../src/consensus/cost.ts";
import type { SessionEvent } from "../../src/consensus/events.ts";
import type { SessionState } from "../../src/consensus/state.ts";
import type { SessionStatus, SessionSummary, TurnSummary, Underway, UsageTotal } from "../rpc.ts";

/** What `GET /v1/sessions/{id}` needs beyond the state: a fold over the log, kept up to date commit by commit. */
export type Account = {
	readonly turns: readonly TurnSummary[];
	readonly usage: UsageTotal;
	readonly cost: Cost;
	/** US dollars that caches saved; null once it cannot be said any more. */
	readonly saved: number | null;
	readonly lastSeq: number;
};

export const emptyAccount: Account = {
	turns: [],
	usage: { input: 0, output: 0, cached: 0, reasoning: 0, written: 0 },
	cost: noCost,
	saved: 0,
	lastSeq: 0,
};

/** Adds the event with this sequence number. */
export function accounted(account: Account, event: SessionEvent, seq: number): Account {
	const next = { ...account, lastSeq: seq };
	switch (event.type) {
		case "turn.started":
			return { ...next, turns: [...account.turns, freshTurn(event)] };
		case "attempt.started":
			return lastTurn(next, { attempts: event.attempt });
		case "call.started":
			return { ...next, cost: costAfter(account.cost, event) };
		case "call.finished":
			return {
				...next,
				usage: added(account.usage, event.usage),
				cost: costAfter(account.cost, event),
				saved: savedAfter(account.saved, event),
			};
		case "consensus.reached":
			return lastTurn(next, {
				consensus: true,
				agreement: event.agreement,
				tally: event.tally,
				votes: event.votes,
			});
		case "consensus.failed":
			return lastTurn(next, {
				consensus: false,
				agreement: event.agreement,
				tally: event.tally,
				votes: event.votes,
			});
		case "turn.finished": {
			const { answer, consensus, agreement, winner, tally, votes, dissent } = event;
			return lastTurn(next, { status: "done", answer, consensus, agreement, winner, tally, votes, dissent });
		}
		case "turn.failed":
			return lastTurn(next, { status: "failed", reasons: event.reasons });
		case "session.cancelled":
			return lastTurn(next, { status: "cancelled" });
		default:
			return next;
	}
}

/** Where the session stands: the turn that runs, else how the last one ended. */
export function statusOf(state: SessionState, { turns }: Account): SessionStatus {
	if (state.status === "open" && state.current !== null)
		return state.current.waiting === null ? "running" : "waiting";
	return turns.at(-1)?.status ?? "running";
}

/** The contract's view of a session that was opened, but for what only memory knows. */
export function summaryOf(
	id: string,
	state: SessionState & { readonly status: "open" },
	account: Account,
): Omit<SessionSummary, keyof Underway> {
	const { input, cached } = account.usage;
	return {
		id,
		status: statusOf(state, account),
		waiting_for: state.current?.waiting?.for ?? null,
		team: state.team,
		turns: account.turns,
		queued: state.queue.map(({ question }) => question),
		usage: account.usage,
		cache: { share: input === 0 ? null : cached / input, saved_usd: account.saved },
		cost_usd: account.cost.usd,
		last_seq: account.lastSeq,
	};
}

/** A session at rest asks nobody, whoever it asked before. */
export function underwayOf(state: SessionState, { calls, pace, ...more }: Underway): Underway {
	const runs = state.status === "open" && state.current !== null;
	return runs ? { calls, pace, ...more } : { calls: [], pace: { ...pace, hosts: [] }, ...more };
}

function freshTurn({ question, attachments }: SessionEvent & { readonly type: "turn.started" }): TurnSummary {
	const nothing = { answer: null, consensus: null, agreement: null, winner: null, dissent: null };
	const asked = { question, ...(attachments && { attachments }) };
	return { ...asked, status: "running", ...nothing, tally: [], votes: [], attempts: 0, reasons: [] };
}

function lastTurn(account: Account, change: Partial<TurnSummary>): Account {
	return {
		...account,
		turns: account.turns.map((turn, i) => (i === account.turns.length - 1 ? { ...turn, ...change } : turn)),
	};
}

type Finished = SessionEvent & { readonly type: "call.finished" };

function added(total: UsageTotal, usage: Finished["usage"]): UsageTotal {
	if (usage === null) return total;
	return {
		input: total.input + (usage.input ?? 0),
		output: total.output + (usage.output ?? 0),
		cached: total.cached + (usage.cached ?? 0),
		reasoning: total.reasoning + (usage.reasoning ?? 0),
		written: total.written + (usage.written ?? 0),
	};
}
