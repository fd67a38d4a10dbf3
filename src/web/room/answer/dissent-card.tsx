import type { Dissent } from "../../../consensus/events.ts";
import { Markdown } from "../../markdown/markdown.tsx";
import { AnswerName } from "../answer-name.tsx";
import { counted } from "../figures.ts";
import { SeatMark } from "../seat-mark.tsx";

/** The best answer that did not win, and why some preferred it. */
export function DissentCard({ dissent }: { readonly dissent: Dissent }) {
	return (
		<aside className="dissent" aria-label="Dissent">
			<header>
				<h3>Dissent</h3>
				<SeatMark agent={dissent.agent} />
				<AnswerName answer={dissent.answer} />
				<span className="chip numeric">{counted(dissent.votes, "vote")}</span>
			</header>
			<Markdown text={dissent.text} />
			{dissent.reasons.length > 0 && (
				<ul>
					{dissent.reasons.map((reason) => (
						<li key={reason} dir="auto">
							{reason}
						</li>
					))}
				</ul>
			)}
		</aside>
	);
}
