import "../tabs/parts.css";
import "./what-if.css";
import { useMemo } from "react";
import { counterfactualsOf } from "../../consensus/counterfactuals.ts";
import { useShownEvents } from "../replay/use-shown-events.ts";
import { AnswerName } from "../room/answer-name.tsx";
import { WhatIfRow } from "./what-if-row.tsx";

/** What the answers and votes in the log would have come to under other rules. Nobody is asked anything. */
export function WhatIfTab() {
	const events = useShownEvents();
	const decidedAt = events.findLastIndex(({ type }) => type.startsWith("consensus."));
	const turns = useMemo(
		() => counterfactualsOf(events.slice(0, decidedAt + 1)),
		// Only a decision brings readings; what comes after it brings none.
		// oxlint-disable-next-line react/exhaustive-deps -- events only grow or are cut, which moves the last decision
		[decidedAt],
	);
	return (
		<div className="what-if-tab">
			<p className="notice">
				<strong>Readings of the log, not predictions.</strong> No model was asked: these count the answers and
				votes that are there by other rules. Nobody knows what the agents would have said had they seen
				something else.
			</p>
			{turns.length === 0 && <p className="soft">No turn has been decided yet.</p>}
			{turns.toReversed().map(({ turn, winner, consensus, agreement, what_if }) => (
				<section key={turn} className="card part" aria-labelledby={`what-if-${turn}`}>
					<h2 id={`what-if-${turn}`}>
						Turn {turn}: <AnswerName answer={winner} />{" "}
						{consensus ? "won" : "was the best, without consensus"}, {Math.round(agreement * 100)} % agreed
					</h2>
					<ul className="plain what-ifs">
						{what_if.map((reading) => (
							<WhatIfRow
								key={`${reading.what} ${"agent" in reading ? reading.agent : ""} ${"rule" in reading ? reading.rule : ""}`}
								reading={reading}
							/>
						))}
					</ul>
				</section>
			))}
		</div>
	);
}
