import { AnswerName } from "../answer-name.tsx";
import { SeatMark } from "../seat-mark.tsx";
import type { Arrow } from "./ledger.ts";

/** Why somebody voted as it did; its place is kept, so that nothing moves when another is looked at. */
export function Reason({ arrow }: { readonly arrow: Arrow | null }) {
	return (
		<div className="reason" data-standing={arrow?.standing}>
			{arrow !== null && (
				<>
					<p className="reason-who">
						<SeatMark agent={arrow.voter} />
						<span aria-hidden="true">{arrow.standing === "counted" ? "→" : "⇢"}</span>
						<span className="reason-vote">
							<AnswerName answer={arrow.answer} />
						</span>
						{arrow.by !== null && (
							<span className="chip bad">
								✕ <AnswerName answer={arrow.by} />
							</span>
						)}
					</p>
					<p className="reason-text" dir="auto">
						{arrow.reason}
					</p>
				</>
			)}
		</div>
	);
}
