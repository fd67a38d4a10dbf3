import "../tabs/parts.css";
import "./votes.css";
import { useMemo } from "react";
import { DissentCard } from "../room/answer/dissent-card.tsx";
import { AnswerName } from "../room/answer-name.tsx";
import { useRoom } from "../state/room.ts";
import { BallotList } from "./ballot-list.tsx";
import { LongText } from "./long-text.tsx";
import { matrixOf } from "./matrix.ts";
import { TallyBars } from "./tally-bars.tsx";
import { TurnPicker } from "./turn-picker.tsx";
import { useTurn } from "./use-turn.ts";
import { VoteMatrix } from "./vote-matrix.tsx";
import { votingOf } from "./voting.ts";

/** Who stands behind which answer, who voted for whom when, and why. */
export function VotesTab() {
	const { entries } = useRoom().session;
	const { view, ...picked } = useTurn();
	const voting = useMemo(() => votingOf(entries, picked.turn), [entries, picked.turn]);
	const matrix = matrixOf(
		voting,
		view.agents.map(({ id }) => id),
	);
	return (
		<div className="votes-tab">
			<TurnPicker {...picked} />
			<section className="card part" aria-labelledby="votes-tally">
				<h2 id="votes-tally">Tally</h2>
				<TallyBars view={view} />
				{voting.ruling !== null && (
					<div className="notice">
						<p>
							The judge chose <AnswerName answer={voting.ruling.answer} />
						</p>
						<LongText text={voting.ruling.reason} />
					</div>
				)}
			</section>
			<section className="card part" aria-labelledby="votes-rounds">
				<h2 id="votes-rounds">Round by round</h2>
				<VoteMatrix matrix={matrix} />
			</section>
			<section className="card part" aria-labelledby="votes-reasons">
				<h2 id="votes-reasons">Reasons</h2>
				<BallotList ballots={voting.ballots} key={picked.turn} />
			</section>
			<DissentCard view={view} />
		</div>
	);
}
