import { CopyButton } from "../../shell/copy-button.tsx";
import type { View } from "../../../api/view.ts";
import type { PageSession } from "../../state/page-session.ts";
import { AnswerName } from "../answer-name.tsx";
import { isRunning } from "../phase.ts";
import { SeatMark } from "../seat-mark.tsx";

/** Whose answer it is, and what stands behind it. */
export function AnswerHead({ session }: { readonly session: PageSession }) {
	const { view, leader } = session;
	const { outcome, phase, presenter, final } = view;
	if (final !== "")
		return (
			<header className="answer-head">
				<h2>{phase === "presenting" ? "Final answer, being written" : "Final answer"}</h2>
				{presenter !== null && (
					<span className="by">
						by <SeatMark agent={presenter} /> <bdi>{presenter}</bdi>
					</span>
				)}
				<Verdict outcome={outcome} />
				{phase !== "presenting" && <CopyButton text={final} what="the final answer" />}
			</header>
		);
	const row = view.tally.find(({ answer, pooled }) => leader !== null && [answer, ...pooled].includes(leader));
	return (
		<header className="answer-head">
			<h2>{titleOf(view, leader === null ? null : (row?.votes ?? 0))}</h2>
			{leader !== null && (
				<>
					<AnswerName answer={leader} />
					<span className="chip numeric">
						{row?.votes ?? 0} of {view.agents.length} votes
					</span>
				</>
			)}
			<Verdict outcome={outcome} />
		</header>
	);
}

/** `votes` null: there is no answer. */
function titleOf(view: View, votes: number | null): string {
	if (votes === null) return isRunning(view) ? "No answer yet" : "No answer";
	return votes > 0 ? "Leading answer" : "Provisional answer";
}

const why = {
	split: "the votes were split",
	no_votes: "nobody voted",
	limit: "a limit was reached",
	answer_now: "you asked for it now",
} as const;

function Verdict({ outcome }: { readonly outcome: PageSession["view"]["outcome"] }) {
	if (outcome.status === "open") return null;
	const share = `${Math.round(outcome.agreement * 100)} %`;
	return outcome.status === "consensus" ? (
		<span className="chip good numeric">✓ {share} agree</span>
	) : (
		<span className="chip warn numeric">
			{share} agree: {why[outcome.reason]}
		</span>
	);
}
