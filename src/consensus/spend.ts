import type { Bill } from "./commands.ts";
import type { Spend } from "./state.ts";

/** What a turn has spent once a call has ended with this bill. What nobody can say adds nothing. */
export function afterBill(spend: Spend, { usage, costUsd }: Bill): Spend {
	const { input, output } = usage ?? { input: 0, output: 0 };
	return { ...spend, tokens: spend.tokens + (input ?? 0) + (output ?? 0), usd: spend.usd + (costUsd ?? 0) };
}
