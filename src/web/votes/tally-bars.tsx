import type { View } from "../../api/view.ts";
import { AnswerName } from "../room/answer-name.tsx";
import { counted } from "../room/figures.ts";

/** The support of each current answer; identical ones stand together. */
export function TallyBars({ view }: { readonly view: View }) {
	const { tally, agents, leader } = view;
	if (tally.length === 0)
		return <p className="soft">{view.sealed ? "Sealed: no answers to vote for yet." : "No answers yet."}</p>;
	return (
		<ol className="plain tally">
			{tally.map(({ answer, votes, self_votes, pooled }) => (
				<li key={answer} data-leads={answer === leader}>
					<span className="tally-names">
						{[answer, ...pooled].map((id) => (
							<AnswerName key={id} answer={id} />
						))}
						{pooled.length > 0 && <span className="soft tiny">identical</span>}
					</span>
					<span
						className="tally-bar"
						style={{ "--share": agents.length === 0 ? 0 : votes / agents.length }}
						aria-hidden="true"
					/>
					<span className="numeric tally-count">
						{counted(votes, "vote")}
						{self_votes > 0 && <span className="soft tiny">, {self_votes} for one's own</span>}
					</span>
				</li>
			))}
		</ol>
	);
}
