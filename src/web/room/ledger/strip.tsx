import type { Moment } from "../../state/moments.ts";
import { unreachable } from "../../../std/assert.ts";
import { AnswerName } from "../answer-name.tsx";
import { SeatMark } from "../seat-mark.tsx";

/** The latest are enough to follow; the tab of the votes has them all. */
const shownMax = 40;

/** The story of the votes: answers and votes as they came, those that fell struck out. */
export function Strip({ moments }: { readonly moments: readonly Moment[] }) {
	if (moments.length === 0) return null;
	return (
		<ol className="plain strip" aria-label="Answers and votes, in their order">
			{moments.slice(-shownMax).map((moment) => (
				<li key={moment.seq}>
					<Token moment={moment} />
				</li>
			))}
		</ol>
	);
}

function Token({ moment }: { readonly moment: Moment }) {
	switch (moment.kind) {
		case "answer":
			return (
				<span className="token answer-token" title={`${moment.agent} answers ${moment.answer}`}>
					<AnswerName answer={moment.answer} />
				</span>
			);
		case "vote":
			return (
				<span
					className="token vote-token"
					data-fell={moment.fell !== null}
					title={`${moment.agent} votes for ${moment.answer}${moment.fell === null ? "" : `; ${moment.fell.how} by ${moment.fell.by}`}`}
				>
					<SeatMark agent={moment.agent} />
					<span aria-hidden="true">→</span>
					<AnswerName answer={moment.answer} />
					{moment.fell !== null && <span className="unseen">, {moment.fell.how}</span>}
				</span>
			);
		case "verdict":
			return (
				<span className={moment.agreed ? "chip good" : "chip warn"}>
					{moment.agreed ? "✓" : "≈"} {moment.answer}
				</span>
			);
		case "attempt":
			return <span className="chip">attempt {moment.attempt}</span>;
		default:
			return unreachable(moment);
	}
}
