import { dollarsText } from "../room/figures.ts";
import type { Item } from "./scene.ts";

const names = {
	round: "Round",
	presentation: "Presentation",
	call: "Call",
	answer: "Answer",
	vote: "Vote",
	fell: "Vote fell",
	refused: "Refused",
	failed: "Failure",
	out: "Out of this turn",
	told: "Informed",
} as const satisfies Record<Item["kind"], string>;

/** What a kind of item is called. */
export function kindName(item: Item): string {
	return names[item.kind];
}

/** When an item happened and how long it took. */
export function timeText(item: Item): string {
	const from = secondsText(item.fromMs);
	if (item.shape === "mark") return `at ${from}`;
	const took = secondsText(item.toMs - item.fromMs);
	return item.open ? `from ${from}, for ${took} so far` : `from ${from}, took ${took}`;
}

/** What an item cost; empty where that is no question. */
export function costText(item: Item): string {
	if (item.shape !== "span" || item.kind !== "call" || item.open) return "";
	return dollarsText(item.cost_usd);
}

/** A time within a turn. */
export function secondsText(ms: number): string {
	return ms < 60_000
		? `${(ms / 1_000).toFixed(2)} s`
		: `${Math.floor(ms / 60_000)} min ${Math.floor(ms / 1_000) % 60} s`;
}
