import type { Item } from "./scene.ts";

/** How near a pointer has to come. */
const reachPx = 14;

/** The item of a lane that lies nearest to a moment; marks before the spans they lie upon. */
export function nearestItem(
	items: readonly { readonly item: Item }[],
	{ lane, ms, perPx }: { readonly lane: number; readonly ms: number; readonly perPx: number },
): Item | null {
	let best: { readonly item: Item; readonly away: number } | null = null;
	for (const { item } of items) {
		if (item.lane !== lane) continue;
		const away = awayOf(item, ms) / perPx + (item.shape === "mark" ? 0 : item.kind === "call" ? 6 : 7);
		if (away <= reachPx && (best === null || away <= best.away)) best = { item, away };
	}
	return best?.item ?? null;
}

function awayOf({ fromMs, toMs }: Item, ms: number): number {
	return Math.max(0, fromMs - ms, ms - toMs);
}
