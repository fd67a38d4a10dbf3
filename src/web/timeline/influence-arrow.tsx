import { hueOf } from "../room/seats.ts";
import { band, laneTop, xOf, type Geometry } from "./geometry.ts";
import type { Influence } from "./scene.ts";

/** From where an answer was given to where another agent saw it. */
export function InfluenceArrow({
	influence: { from, to },
	geometry,
}: {
	readonly influence: Influence;
	readonly geometry: Geometry;
}) {
	const [x1, x2] = [xOf(geometry, from.ms), xOf(geometry, to.ms)];
	const down = to.lane > from.lane;
	const y1 = laneTop(from.lane) + band.mark;
	const y2 = laneTop(to.lane) + (down ? band.top - 2 : band.top + band.height + 2);
	const middle = (y1 + y2) / 2;
	const tip = down ? -7 : 7;
	return (
		<g className="seat influence" style={{ "--hue": hueOf(from.lane + 1) }}>
			<path d={`M${x1} ${y1} C${x1} ${middle} ${x2} ${middle} ${x2} ${y2}`} />
			<path className="tip" d={`M${x2 - 4} ${y2 + tip} L${x2} ${y2} L${x2 + 4} ${y2 + tip}`} />
		</g>
	);
}
