import type { Bill, Command } from "../../../src/consensus/commands.ts";
import type { SessionEvent, Worst } from "../../../src/consensus/events.ts";
import type { AgentId, Caps, JudgeSpec } from "../../../src/consensus/team.ts";
import { hold } from "./breach.ts";
import { seatOf, type BookSpend, type BookSeat, type Ledger, type TurnBook } from "./ledger.ts";

/** One set of caps with what was spent under it; the turn's seconds are a deadline. */
type BookCaps = {
	readonly name: string;
	readonly agent: AgentId | null;
	readonly caps: Caps;
	readonly spend: BookSpend;
};

const capNames = ["calls", "tokens", "usd", "seconds"] as const;

/** P9: which cap of the turn or the session is reached. */
export function spent(ledger: Ledger, turn: TurnBook): string | null {
	if (turn.limit !== null) return turn.limit;
	return spentIn(capsOver(ledger, turn, null));
}

/** P9: which cap of the session leaves nothing for another turn. */
export function sessionSpent({ team: { budget }, spend }: Ledger): string | null {
	const { session: caps } = budget;
	return caps ? spentIn([{ name: "budget.session", agent: null, caps, spend }]) : null;
}

/** P9: past 80 % of the turn's time or of a budget that this agent falls under. */
export function nearLimit(ledger: Ledger, turn: TurnBook, agent: AgentId): boolean {
	const near = ({ caps, spend }: BookCaps) => capNames.some((name) => spend[name] / (caps[name] ?? Infinity) >= 0.8);
	return turn.near || capsOver(ledger, turn, agent).some(near);
}

/** P10: the model that may still take over for this agent. */
export function spareOf(ledger: Ledger, turn: TurnBook, { number, out, fellBack }: BookSeat): JudgeSpec | null {
	if (fellBack || out !== null || spent(ledger, turn) !== null) return null;
	return ledger.team.agents[number - 1]?.fallback ?? null;
}

/** P9: before a call leaves, what it may use has to fit beside what was used and what open calls may use. */
export function dispatchFits(ledger: Ledger, turn: TurnBook, event: SessionEvent & { type: "call.started" }): void {
	const { call, agent, worst = null } = event;
	const tight = tightIn(ledger, turn, { agent, worst });
	hold(tight === null, "I41", `${call} starts although ${tight?.limit} may be passed`);
}

/** P9: only where the call that wants to leave does not fit and nothing in flight could make room for it. */
export function limitReached(
	ledger: Ledger,
	turn: TurnBook,
	{ limit, agent }: SessionEvent & { type: "limit.reached" },
	cause: Command,
): void {
	if (agent === null) turn.limit = limit;
	if (limit === "budget.seconds") {
		const due = cause.type === "deadline.passed" && cause.key.startsWith(`budget:t${turn.number}.`);
		return hold(due, "I42", "the turn's seconds are over before their deadline");
	}
	hold(cause.type === "call.dispatched", "I42", `${limit} is reached by ${cause.type}`);
	const who = agentOf(turn, cause.call);
	const { worst = null } = cause;
	const tight = tightIn(ledger, { ...turn, limit: null }, { agent: who, worst });
	hold(tight?.limit === limit && tight.agent === agent, "I42", `${limit} is reached, not ${tight?.limit}`);
	const open = [...turn.calls.values()].filter((call) => agent === null || call.agent === agent);
	hold(open.length === 0, "I42", `${limit} is reached with ${open.length} calls in flight`);
}

/** P9: a turn waits for the session's budget before its first call, and only where that budget does not pay for it. */
export function waitsForBudget(ledger: Ledger, turn: TurnBook, cause: Command): void {
	hold(turn.spend.calls === 0, "I43", "a turn that was begun waits for the session's budget");
	if (sessionSpent(ledger) !== null) return;
	const worst = cause.type === "call.dispatched" ? (cause.worst ?? null) : null;
	const tight =
		cause.type === "call.dispatched" ? tightIn(ledger, turn, { agent: agentOf(turn, cause.call), worst }) : null;
	hold(
		tight?.limit.startsWith("budget.session.") === true,
		"I43",
		"a turn waits although the session can pay for it",
	);
}

/** What one call's end adds: what nobody reported counts as the most that it may have been. */
export function billOf({ usage, costUsd, tookMs = 0 }: Bill, worst: Worst | null): Omit<BookSpend, "calls"> {
	const most = worst ?? { tokens: 0, usd: 0 };
	const usd = costUsd === null ? (most.usd ?? 0) : costUsd;
	const seconds = tookMs / 1000;
	if (usage === null) return { tokens: costUsd === 0 ? 0 : most.tokens, usd, seconds };
	const { input, output } = usage;
	if (input !== null && output !== null) return { tokens: input + output, usd, seconds };
	return { tokens: Math.max((input ?? 0) + (output ?? 0), most.tokens), usd, seconds };
}

export function plus(spend: BookSpend, more: Partial<BookSpend>): BookSpend {
	const sum = { ...spend };
	for (const name of capNames) sum[name] += more[name] ?? 0;
	return sum;
}

/** Charges a call to all who pay for it: the session, the turn and, but for the judge's, the agent. */
export function charge(
	ledger: Ledger,
	turn: TurnBook,
	{ agent, more }: { agent: AgentId | null; more: Partial<BookSpend> },
): void {
	for (const payer of [ledger, turn, seatOf(turn, agent)])
		if (payer !== undefined) Object.assign(payer.spend, plus(payer.spend, more));
}

/** Every set of caps that a call of this agent falls under, its own first. */
function capsOver({ team: { budget }, spend }: Ledger, turn: TurnBook, agent: AgentId | null): readonly BookCaps[] {
	const seat = seatOf(turn, agent);
	const all: BookCaps[] = [{ name: "budget", agent: null, caps: { ...budget, seconds: null }, spend: turn.spend }];
	if (budget.session) all.push({ name: "budget.session", agent: null, caps: budget.session, spend });
	if (budget.agent && seat !== undefined)
		all.unshift({ name: "budget.agent", agent: seat.agent, caps: budget.agent, spend: seat.spend });
	return all;
}

function spentIn(all: readonly BookCaps[]): string | null {
	for (const { name, caps, spend } of all) {
		const cap = capNames.find((each) => (caps[each] ?? Infinity) <= spend[each]);
		if (cap !== undefined) return `${name}.${cap}`;
	}
	return null;
}

function tightIn(
	ledger: Ledger,
	turn: TurnBook,
	{ agent, worst }: { agent: AgentId | null; worst: Worst | null },
): { readonly limit: string; readonly agent: AgentId | null } | null {
	for (const scope of capsOver(ledger, turn, agent)) {
		const whole = spentIn([scope]);
		if (whole !== null) return { limit: whole, agent: scope.agent };
		for (const name of ["tokens", "usd"] as const) {
			const cap = scope.caps[name];
			if (cap === null || worst === null) continue;
			const open = [...turn.calls.values()].filter((call) => scope.agent === null || call.agent === scope.agent);
			const reserved = open.map((call) => call.worst?.[name] ?? 0).reduce((a, b) => a + b, 0);
			if (scope.spend[name] + reserved + (worst[name] ?? Infinity) > cap)
				return { limit: `${scope.name}.${name}`, agent: scope.agent };
		}
	}
	return null;
}

/** Whose call it is, by its name: `t1.a2.r1...` is the second seat's, `t1.j...` the judge's, `t1.p...` the presenter's. */
function agentOf(turn: TurnBook, call: string): AgentId | null {
	const seat = Number(/^t\d+\.a(\d+)\./.exec(call)?.[1]);
	if (!Number.isNaN(seat)) return turn.seats[seat - 1]?.agent ?? null;
	return /^t\d+\.p/.test(call) ? (turn.presentation?.agent ?? null) : null;
}
