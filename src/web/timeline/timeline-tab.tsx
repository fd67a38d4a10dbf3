import "../tabs/parts.css";
import "./timeline.css";
import { useMemo, useState } from "react";
import { useRoom } from "../state/room.ts";
import { TurnPicker } from "../votes/turn-picker.tsx";
import { useTurn } from "../votes/use-turn.ts";
import { Legend } from "./legend.tsx";
import { sceneOf } from "./scene.ts";
import { TimelineFrame } from "./timeline-frame.tsx";
import { TimelineTable } from "./timeline-table.tsx";

/** When each agent did what, what that cost, and whose answer it had seen by then. */
export function TimelineTab() {
	const { entries } = useRoom().session;
	const { view, ...picked } = useTurn();
	const [asTable, setAsTable] = useState(false);
	const ids = view.agents.map(({ id }) => id).join(" ");
	const scene = useMemo(
		() =>
			sceneOf(
				entries,
				picked.turn,
				view.agents.map(({ id }) => id),
			),
		// The agents are new objects after each event; their ids are what counts.
		// oxlint-disable-next-line react/exhaustive-deps -- see above
		[entries, picked.turn, ids],
	);
	return (
		<div className="timeline-tab">
			<div className="timeline-tools">
				<TurnPicker {...picked} />
				<button type="button" className="button" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
					As a table
				</button>
				<Legend />
			</div>
			{asTable ? <TimelineTable scene={scene} /> : <TimelineFrame scene={scene} key={picked.turn} />}
		</div>
	);
}
