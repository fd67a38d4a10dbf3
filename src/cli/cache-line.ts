import type { Session } from "../api/contract.ts";

const leastShownUsd = 0.0001;

/** What a person at a terminal is told of the caches once the turn is over; nothing where they did not help. */
export function cacheLine({ share, saved_usd: saved }: Session["cache"]): string | null {
	if (share === null || share === 0) return null;
	const money = saved === null || saved < leastShownUsd ? "" : `, which saved $${saved.toFixed(4)}`;
	return `${Math.round(share * 100)} % of the input came from caches${money}`;
}
