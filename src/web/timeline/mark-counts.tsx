import { band, laneTop, xOf, type Geometry } from "./geometry.ts";
import type { Drawn } from "./drawn.ts";

type Props = { readonly items: Drawn["items"]; readonly geometry: Geometry };

/** With more of them than this nobody could read them. */
const countsMax = 60;

/** Of how many one sign stands for, where that is more than itself. */
export function MarkCounts({ items, geometry }: Props) {
	const many = items.filter(({ item, count }) => count > 1 && item.shape === "mark");
	if (many.length > countsMax) return null;
	return many.map(({ item, count }) => (
		<text
			key={`${item.seq} ${item.lane}`}
			x={xOf(geometry, item.fromMs) + 8}
			y={laneTop(item.lane) + band.mark - 5}
			aria-hidden="true"
		>
			{count}
		</text>
	));
}
