import type { WhatIf } from "../../consensus/counterfactuals.ts";
import { AnswerName } from "../room/answer-name.tsx";
import { ifText, moreText } from "./reading-text.ts";

/** One reading: another rule, and what the log would have come to under it. */
export function WhatIfRow({ reading }: { readonly reading: WhatIf }) {
	const { winner, same } = reading;
	return (
		<li className="what-if" data-same={same}>
			<span className="what-if-rule" dir="auto">
				{ifText(reading)}
			</span>
			<span className="what-if-winner">
				{winner === null ? (
					<span className="chip">not decided by this log</span>
				) : same ? (
					<>
						<span className="chip">same winner</span> <AnswerName answer={winner} />
					</>
				) : (
					<>
						<span className="chip warn">another winner</span> <AnswerName answer={winner} />
					</>
				)}
			</span>
			<span className="soft tiny numeric what-if-more">{moreText(reading)}</span>
		</li>
	);
}
