import { useState } from "react";
import { AnswerName } from "../room/answer-name.tsx";
import { SeatMark } from "../room/seat-mark.tsx";
import { FateChip } from "./fate-chip.tsx";
import { LongText } from "./long-text.tsx";
import type { Ballot } from "./voting.ts";

const pageSize = 100;

/** Every vote with its reason, the latest first. */
export function BallotList({ ballots }: { readonly ballots: readonly Ballot[] }) {
	const [shown, setShown] = useState(pageSize);
	if (ballots.length === 0) return <p className="soft">Nobody has voted yet.</p>;
	return (
		<>
			<ol className="plain ballots">
				{ballots
					.toReversed()
					.slice(0, shown)
					.map((ballot) => (
						<li key={ballot.seq} className="ballot" data-fell={ballot.fate.how !== "counts"}>
							<p className="ballot-who">
								<SeatMark agent={ballot.voter} />
								<bdi>{ballot.voter}</bdi>
								<span aria-hidden="true">→</span>
								<span className="unseen">votes for</span>
								<span className="ballot-for">
									<AnswerName answer={ballot.answer} />
								</span>
								<FateChip fate={ballot.fate} />
								<span className="soft tiny numeric ballot-when">
									round {ballot.round} · {ballot.at.slice(11, 19)}
								</span>
							</p>
							<LongText text={ballot.reason} />
						</li>
					))}
			</ol>
			{ballots.length > shown && (
				<button type="button" className="button" onClick={() => setShown(shown + pageSize)}>
					Show older votes
				</button>
			)}
		</>
	);
}
