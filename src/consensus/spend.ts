import type { Bill } from "./commands.ts";
import type { Worst } from "./events.ts";
import type { OpenCall } from "./open-calls.ts";
import type { Session, Spend, Turn } from "./state.ts";
import { noSpend } from "./state.ts";
import type { AgentId } from "./team.ts";

/**
 * P9: what has been spent once a call has ended with this bill. What nobody reported is counted at the call's worst, so
 * that no cap is passed unseen; where no cap was set at its dispatch there is no worst, and it adds nothing.
 */
function afterBill(spend: Spend, { usage, costUsd, tookMs }: Bill, worst: Worst | null): Spend {
	const free = usage === null && costUsd === 0;
	const tokens = free ? 0 : tokensOf(usage, worst);
	const usd = costUsd ?? worst?.usd ?? 0;
	return { ...spend, tokens: spend.tokens + tokens, usd: spend.usd + usd, ms: spend.ms + (tookMs ?? 0) };
}

function tokensOf(usage: Bill["usage"], worst: Worst | null): number {
	const reported = (usage?.input ?? 0) + (usage?.output ?? 0);
	const whole = usage !== null && usage.input !== null && usage.output !== null;
	return whole ? reported : Math.max(reported, worst?.tokens ?? 0);
}

/** Who has to pay for a call: nobody but the turn and the session for the judge's. */
export type Payer = { readonly agent: AgentId | null };

/** The session with this call dispatched: it counts as a call from then on. */
export function dispatchCounted(session: Session, turn: Turn, payer: Payer): InTurn {
	return charged(session, turn, { ...payer, charge: (spend) => ({ ...spend, calls: spend.calls + 1 }) });
}

/** The session with this call's bill paid. */
export function paid(session: Session, turn: Turn, { call, bill }: { call: OpenCall; bill: Bill }): InTurn {
	return charged(session, turn, { agent: call.agent, charge: (spend) => afterBill(spend, bill, call.worst) });
}

type InTurn = Session & { readonly current: Turn };
type Charge = Payer & { readonly charge: (spend: Spend) => Spend };

function charged(session: Session, turn: Turn, { agent, charge }: Charge): InTurn {
	const own = agent === null ? {} : { [agent]: charge(spendOf(turn, agent)) };
	const current = { ...turn, spend: charge(turn.spend), spendOf: { ...turn.spendOf, ...own } };
	return { ...session, spend: charge(session.spend), current };
}

/** What this agent has spent in this turn. */
export function spendOf(turn: Turn, agent: AgentId): Spend {
	return turn.spendOf[agent] ?? noSpend;
}
