import type { AnswerId } from "../../../consensus/events.ts";
import { AnswerName } from "../answer-name.tsx";
import type { Standing } from "./ledger.ts";

type Props = { readonly standing: Standing; readonly of: number; readonly read: (answer: AnswerId) => void };

/** An answer with its support as a bar; opens it to be read. */
export function StandingRow({ standing, of, read }: Props) {
	const { answer, author, votes, share, leads, voids, pooled } = standing;
	return (
		<button type="button" className="standing" data-leads={leads} data-voids={voids} onClick={() => read(answer)}>
			<span className="standing-names">
				<span className="unseen">Read answer </span>
				{/* Its own key: a new version of the answer arrives anew. */}
				<span className="arrives" key={answer}>
					<AnswerName answer={answer} />
				</span>
				{pooled.map((id) => (
					<AnswerName key={id} answer={id} />
				))}
				<span className="unseen"> by </span>
				<bdi className="soft tiny">{author}</bdi>
			</span>
			<span className="bar" style={{ "--share": share }} />
			<strong className="numeric">
				<span className="unseen">: </span>
				{votes}
				<span className="unseen">
					{" "}
					of {of} votes{leads && ", leads"}
				</span>
			</strong>
		</button>
	);
}
