import type { View } from "../../../api/view.ts";
import { Markdown } from "../../markdown/markdown.tsx";
import { AnswerName } from "../answer-name.tsx";
import { counted } from "../figures.ts";
import { SeatMark } from "../seat-mark.tsx";
import { secondOf } from "./second-of.ts";

const titles = { dissent: "Dissent", "runner-up": "Runner-up" } as const;

/** The best answer that did not win, and why some preferred it; nothing where it would add nothing. */
export function DissentCard({ view }: { readonly view: View }) {
	const second = secondOf(view);
	if (second === null) return null;
	const { as, answer: dissent } = second;
	return (
		<aside className="dissent" aria-label={titles[as]}>
			<header>
				<h3>{titles[as]}</h3>
				<SeatMark agent={dissent.agent} />
				<AnswerName answer={dissent.answer} />
				<span className="chip numeric">{as === "dissent" ? counted(dissent.votes, "vote") : "no vote"}</span>
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
