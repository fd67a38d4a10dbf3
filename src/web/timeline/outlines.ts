import { band, laneTop, xOf, type Geometry } from "./geometry.ts";
import type { Influence, Item, Span } from "./scene.ts";

/** Everything of one kind in one lane as the outline of a single path: thousands of elements would be slow, a few are not. */
export type Outline = {
	readonly key: string;
	readonly lane: number;
	readonly kind: Item["kind"];
	readonly open: boolean;
	readonly d: string;
};

/** The outlines of these items, those that lie upon others last. */
export function outlinesOf(items: readonly Item[], geometry: Geometry): readonly Outline[] {
	const groups = Map.groupBy(items, (item) => `${item.lane} ${item.kind} ${isOpen(item) ? "open" : ""}`);
	return [...groups]
		.flatMap(([key, group]) => {
			const [first] = group;
			if (first === undefined) return [];
			const d = group.map((item) => outlineOf(item, geometry)).join("");
			return [{ key, lane: first.lane, kind: first.kind, open: isOpen(first), d }];
		})
		.toSorted((a, b) => depths[a.kind] - depths[b.kind]);
}

/** The outline of one item. */
export function outlineOf(item: Item, geometry: Geometry): string {
	if (item.shape === "span") return barOf(item, geometry);
	return `M${xOf(geometry, item.fromMs)} ${laneTop(item.lane) + band.mark}${signs[item.kind]}`;
}

/** The arrows of those answers that came from this lane. */
export function arrowsOf(influences: readonly Influence[], geometry: Geometry): string {
	return influences.map((influence) => arrowOf(influence, geometry)).join("");
}

const depths = {
	round: 0,
	presentation: 0,
	call: 1,
	told: 2,
	refused: 2,
	failed: 3,
	out: 3,
	vote: 4,
	fell: 5,
	answer: 6,
} as const satisfies Record<Item["kind"], number>;

/** From the middle of each sign. */
const signs = {
	answer: "m-6.500 0a6.500 6.500 0 1 0 13 0a6.500 6.500 0 1 0 -13 0z",
	vote: "m-6 -5h7l5 5l-5 5h-7z",
	fell: "m-4.500 -4.500l9 9m0 -9l-9 9",
	refused: "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",
	failed: "m0 -6.500l6.500 11.500h-13z",
	out: "m-5 -5h10v10h-10z",
	told: "m0 4v-9m-3 3l3 -3l3 3",
} as const;

function isOpen(item: Item): boolean {
	return item.shape === "span" && item.open;
}

function barOf(span: Span, geometry: Geometry): string {
	// What lies far outside would be too wide for a browser to draw.
	const from = Math.max(-10, xOf(geometry, span.fromMs));
	const wide = Math.max(2, Math.min(geometry.width + 10, xOf(geometry, span.toMs)) - from);
	const isCall = span.kind === "call";
	const height = isCall ? band.callHeight : band.height;
	const top = laneTop(span.lane) + (isCall ? band.call : band.top);
	return `M${from} ${top}h${wide}v${height}h${-wide}z`;
}

function arrowOf({ from, to }: Influence, geometry: Geometry): string {
	const [x1, x2] = [xOf(geometry, from.ms), xOf(geometry, to.ms)];
	const down = to.lane > from.lane;
	const y1 = laneTop(from.lane) + band.mark;
	const y2 = laneTop(to.lane) + (down ? band.top - 2 : band.top + band.height + 2);
	const middle = (y1 + y2) / 2;
	const back = down ? -6 : 6;
	return `M${x1} ${y1}C${x1} ${middle} ${x2} ${middle} ${x2} ${y2}m-4 ${back}l4 ${-back}l4 ${back}`;
}
