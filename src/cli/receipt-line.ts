import type { Receipt } from "../api/receipt-schema.ts";

const words = {
	new_answer: ["answer", "answers"],
	vote: ["vote", "votes"],
	presentation: ["presentation", "presentations"],
	ruling: ["ruling", "rulings"],
	nothing: ["for nothing", "for nothing"],
} as const;
const changes = ["new_answer", "vote", "presentation", "ruling", "nothing"] as const;

/** What a person at a terminal is told of what the session has cost and what it got for it. */
export function receiptLine({ totals, saved }: Pick<Receipt, "totals" | "saved">): string {
	if (totals.calls === 0) return "no calls";
	const cost = totals.cost_usd === null ? "at a price that is not known" : `for $${totals.cost_usd.toFixed(4)}`;
	const brought = changes.flatMap((change) => {
		const times = totals.changed[change];
		return times === 0 ? [] : [`${times} ${words[change][times === 1 ? 0 : 1]}`];
	});
	const rounds = saved.early_stop.rounds;
	const early = rounds === 0 ? "" : `; ${rounds === 1 ? "1 round was" : `${rounds} rounds were`} not waited for`;
	return `${totals.calls} ${totals.calls === 1 ? "call" : "calls"} ${cost}: ${brought.join(", ")}${early}`;
}
