import { AnswerName } from "../room/answer-name.tsx";
import type { Ballot } from "./voting.ts";

/** A vote in a cell: for which answer, struck through once it has fallen. */
export function VoteToken({ ballot }: { readonly ballot: Ballot }) {
	const { answer, fate, reason } = ballot;
	const fell = fate.how !== "counts";
	const said = "by" in fate ? `${fate.how} by ${fate.by}` : fate.how;
	return (
		<span className="matrix-vote" data-fell={fell} title={reason.slice(0, 300)}>
			<span aria-hidden="true">→</span>
			<span className="unseen">votes for</span>
			<AnswerName answer={answer} />
			{fell && <span className="unseen">, {said}</span>}
			{"by" in fate && (
				<span className="felled-by" aria-hidden="true">
					✕ {fate.by}
				</span>
			)}
		</span>
	);
}
