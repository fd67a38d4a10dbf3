import type { View } from "../../../api/view.ts";
import type { AnswerId } from "../../../consensus/events.ts";
import { Markdown } from "../../markdown/markdown.tsx";
import { CopyButton } from "../../shell/copy-button.tsx";
import { Sheet } from "../../shell/sheet.tsx";
import { AnswerName } from "../answer-name.tsx";
import { SeatMark } from "../seat-mark.tsx";

type Props = { readonly view: View; readonly answer: AnswerId; readonly close: () => void };

/** One answer whole, and who votes for it with which reason. */
export function AnswerSheet({ view, answer, close }: Props) {
	const found = view.accepted.find((accepted) => accepted.answer === answer);
	const voters = view.agents.flatMap(({ id, vote }) =>
		vote?.answer === answer ? [{ id, reason: vote.reason }] : [],
	);
	return (
		<Sheet
			wide
			close={close}
			title={
				<>
					Answer <AnswerName answer={answer} />
				</>
			}
		>
			<Markdown text={found?.text ?? "This answer is not kept any more."} />
			{voters.map(({ id, reason }) => (
				<p key={id} className="vote-line" dir="auto">
					<SeatMark agent={id} /> {reason}
				</p>
			))}
			<CopyButton text={found?.text ?? ""} what="this answer" />
		</Sheet>
	);
}
