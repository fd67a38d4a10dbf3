import type { Influence, Item, Scene, Turning } from "./scene.ts";
import type { Viewport } from "./viewport.ts";

/** What is drawn for a stretch of time: what is in sight, and of what would lie upon each other only one. */
export type Drawn = {
	readonly items: readonly { readonly item: Item; readonly count: number }[];
	readonly influences: readonly Influence[];
	readonly turnings: readonly Turning[];
};

/** Marks and spans nearer to each other than this are drawn as one. */
const apartPx = 3;
export const influencesMax = 200;
export const turningsMax = 60;

/** The parts of a scene that can be told apart at so many pixels. */
export function drawnOf(scene: Scene, viewport: Viewport, widthPx: number): Drawn {
	const { fromMs, toMs } = viewport;
	const perPx = (toMs - fromMs) / Math.max(1, widthPx);
	const places = new Map<string, { readonly item: Item; count: number }>();
	for (const item of scene.items) {
		if (item.toMs < fromMs || item.fromMs > toMs) continue;
		const wide = item.toMs - item.fromMs > apartPx * perPx;
		const key = wide ? `${item.seq}` : `${item.lane} ${item.kind} ${Math.floor(item.fromMs / perPx / apartPx)}`;
		const there = places.get(key);
		if (there === undefined || wide) places.set(wide ? `${item.seq} ${item.lane}` : key, { item, count: 1 });
		else there.count += 1;
	}
	const inSight = (ms: number) => ms >= fromMs && ms <= toMs;
	return {
		items: [...places.values()],
		influences: scene.influences.filter(({ from, to }) => to.ms >= fromMs && from.ms <= toMs).slice(-influencesMax),
		turnings: scene.turnings.filter(({ atMs }) => inSight(atMs)).slice(-turningsMax),
	};
}
