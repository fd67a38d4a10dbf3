import { SeatMark } from "../room/seat-mark.tsx";
import { headHeight, laneHeight } from "./geometry.ts";
import type { Scene } from "./scene.ts";

/** Whose lanes they are. */
export function LaneNames({ lanes }: Pick<Scene, "lanes">) {
	return (
		<ul className="plain lane-names" style={{ paddingTop: headHeight }}>
			{lanes.map((agent) => (
				<li key={agent ?? "judge"} style={{ height: laneHeight }}>
					<SeatMark agent={agent} />
					<bdi>{agent ?? "judge"}</bdi>
				</li>
			))}
		</ul>
	);
}
