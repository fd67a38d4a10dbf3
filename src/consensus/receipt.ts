import { costAfter, noCost, savedAfter, type Cost } from "./cost.ts";
import type { CallId, CallOutcome, CallPurpose, SessionEvent, TallyRow, Usage } from "./events.ts";
import type { AgentId } from "./team.ts";

/** What came of a call for the session. Reminders, refusals, failures and drafts that nobody took are `nothing`. */
export type Changed = "new_answer" | "vote" | "presentation" | "ruling" | "nothing";

/** One call, paid or not. `outcome` null: it is still open. Costs null: nobody knows, or not yet. */
export type ReceiptLine = {
	readonly call: CallId;
	readonly turn: number;
	readonly agent: AgentId | null;
	readonly purpose: CallPurpose;
	readonly provider: string;
	readonly model: string;
	readonly outcome: CallOutcome | null;
	readonly usage: Usage | null;
	readonly cost_usd: number | null;
	readonly saved_usd: number | null;
	readonly changed: Changed;
};

/** What did not have to be paid: counted where it shows in the log, and not guessed where it does not. */
export type Saved = {
	/** By caches, in US dollars; null once one was used at a price that nobody knows. */
	readonly caches_usd: number | null;
	/** By deliberations that ended before all had voted: rounds that were not waited for, and their calls that were stopped. */
	readonly early_stop: { readonly rounds: number; readonly calls: number };
	/** By treating identical answers as one: answers that needed no votes of their own, and the votes that their pools shared. */
	readonly pooling: { readonly answers: number; readonly votes: number };
	/** Copies of an answer that counted as a vote for it: no call had to be made for that vote. */
	readonly copies: number;
};

export type Receipt = {
	readonly calls: readonly ReceiptLine[];
	readonly totals: {
		readonly calls: number;
		/** Null once a call that may have cost something ended without a price. */
		readonly cost_usd: number | null;
		/** How many calls brought what. */
		readonly changed: { readonly [changed in Changed]: number };
	};
	readonly saved: Saved;
};

type Draft = {
	readonly lines: Map<CallId, ReceiptLine>;
	/** The call that ended last: what it has brought follows at once. */
	last: CallId | null;
	/** Whether this attempt has an answer (P13). */
	answered: boolean;
	turn: number;
	cost: Cost;
	saved: Saved;
	/** Agents in a round. */
	readonly thinking: Set<AgentId>;
	/** Calls that were stopped since anything else happened. */
	stopped: number;
};

/** What a session has cost, call by call, and what it was good for: a fold over its log and nothing else. */
export function receiptOf(log: Iterable<SessionEvent>): Receipt {
	const draft: Draft = {
		lines: new Map(),
		last: null,
		answered: false,
		turn: 0,
		cost: noCost,
		saved: { caches_usd: 0, early_stop: { rounds: 0, calls: 0 }, pooling: { answers: 0, votes: 0 }, copies: 0 },
		thinking: new Set(),
		stopped: 0,
	};
	for (const event of log) entered(draft, event);
	const calls = [...draft.lines.values()];
	const counted = (changed: Changed) => calls.filter((line) => line.changed === changed).length;
	const changed = {
		new_answer: counted("new_answer"),
		vote: counted("vote"),
		presentation: counted("presentation"),
		ruling: counted("ruling"),
		nothing: counted("nothing"),
	};
	return { calls, totals: { calls: calls.length, cost_usd: draft.cost.usd, changed }, saved: draft.saved };
}

function entered(draft: Draft, event: SessionEvent): void {
	switch (event.type) {
		case "turn.started":
			draft.turn = event.turn;
			draft.thinking.clear();
			break;
		case "attempt.started":
			draft.answered = false;
			break;
		case "round.started":
			draft.thinking.add(event.agent);
			break;
		case "call.started":
			return callStarted(draft, event);
		case "call.finished":
			return callFinished(draft, event);
		case "answer.accepted":
			draft.answered = true;
			draft.thinking.delete(event.agent);
			brought(draft, { agent: event.agent, purpose: "round", changed: "new_answer" });
			break;
		case "answer.refused":
			if (event.reason === "copy") draft.saved = { ...draft.saved, copies: draft.saved.copies + 1 };
			break;
		case "vote.cast":
			draft.thinking.delete(event.agent);
			brought(draft, { agent: event.agent, purpose: "round", changed: "vote" });
			break;
		case "agent.quarantined":
			draft.thinking.delete(event.agent);
			break;
		case "judge.ruled":
			brought(draft, { agent: null, purpose: "judge", changed: "ruling" });
			break;
		case "consensus.reached":
		case "consensus.failed":
			return decided(draft, event);
		case "presentation.started":
			// P12: the winning answer itself is final, whatever a presenter had written before.
			if (event.mode === "reuse") draft.last = null;
			break;
		case "turn.finished":
			brought(draft, { agent: event.winner.agent, purpose: "presentation", changed: "presentation" });
			break;
		default:
	}
	draft.stopped = 0;
}

function callStarted(draft: Draft, event: SessionEvent & { readonly type: "call.started" }): void {
	const { call, agent, purpose, provider, model } = event;
	const open = { outcome: null, usage: null, cost_usd: null, saved_usd: null, changed: "nothing" } as const;
	draft.lines.set(call, { call, turn: draft.turn, agent, purpose, provider, model, ...open });
	draft.cost = costAfter(draft.cost, event);
	draft.stopped = 0;
}

function callFinished(draft: Draft, event: SessionEvent & { readonly type: "call.finished" }): void {
	const { call, outcome, usage, cost_usd, saved_usd = null } = event;
	const line = draft.lines.get(call);
	if (line !== undefined) draft.lines.set(call, { ...line, outcome, usage, cost_usd, saved_usd });
	draft.last = call;
	draft.cost = costAfter(draft.cost, event);
	draft.saved = { ...draft.saved, caches_usd: savedAfter(draft.saved.caches_usd, event) };
	draft.stopped = outcome === "aborted" ? draft.stopped + 1 : 0;
}

type Brought = Pick<ReceiptLine, "agent" | "purpose" | "changed">;

/** What a whole reply has brought stands right after its end. */
function brought(draft: Draft, { agent, purpose, changed }: Brought): void {
	const line = draft.last === null ? undefined : draft.lines.get(draft.last);
	if (line === undefined || line.outcome !== "ok" || line.agent !== agent || line.purpose !== purpose) return;
	draft.lines.set(line.call, { ...line, changed });
}

function decided(
	draft: Draft,
	event: SessionEvent & { readonly type: "consensus.reached" | "consensus.failed" },
): void {
	const early = event.type === "consensus.reached" && (event.stop === "settled" || event.stop === "agreed");
	const { early_stop: before, pooling } = draft.saved;
	const early_stop = early
		? { rounds: before.rounds + draft.thinking.size, calls: before.calls + draft.stopped }
		: before;
	// P13: an attempt without an answer repeats the tally of the one before, which is counted already.
	const pools = draft.answered ? event.tally.filter(({ pooled }) => pooled.length > 0) : [];
	const sum = (of: (row: TallyRow) => number) => pools.reduce((total, row) => total + of(row), 0);
	const shared = {
		answers: pooling.answers + sum(({ pooled }) => pooled.length),
		votes: pooling.votes + sum(({ votes }) => votes),
	};
	draft.saved = { ...draft.saved, early_stop, pooling: shared };
	draft.thinking.clear();
	draft.stopped = 0;
}
