import { headHeight, xOf, type Geometry } from "./geometry.ts";
import type { Tick } from "./ticks.ts";

type Props = { readonly tick: Tick; readonly geometry: Geometry; readonly height: number };

/** Nearer to the right edge than this its text stands on the other side. */
const edgePx = 44;

/** A round moment, through all lanes. */
export function TickLine({ tick: { ms, text }, geometry, height }: Props) {
	const x = xOf(geometry, ms);
	const late = x > geometry.width - edgePx;
	return (
		<g className="tick">
			<line x1={x} x2={x} y1={headHeight} y2={height} />
			<text x={late ? x - 4 : x + 3} y={12} textAnchor={late ? "end" : "start"}>
				{text}
			</text>
		</g>
	);
}
