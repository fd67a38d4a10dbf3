import { headHeight, xOf, type Geometry } from "./geometry.ts";
import type { Turning } from "./scene.ts";

type Props = {
	readonly turning: Turning;
	readonly geometry: Geometry;
	readonly height: number;
	/** Whether there is room for its name before the next one. */
	readonly named: boolean;
	/** Whether there is none to its right. */
	readonly late: boolean;
};

/** A line across all lanes. */
export function TurningLine({ turning, geometry, height, named, late }: Props) {
	const x = xOf(geometry, turning.atMs);
	return (
		<g className="turning">
			<line x1={x} x2={x} y1={headHeight - 18} y2={height} />
			{named && (
				<text x={late ? x - 4 : x + 4} y={headHeight - 6} textAnchor={late ? "end" : "start"}>
					{turning.short}
				</text>
			)}
		</g>
	);
}
