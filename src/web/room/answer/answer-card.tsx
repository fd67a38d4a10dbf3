import { Markdown } from "../../markdown/markdown.tsx";
import type { PageSession } from "../../state/page-session.ts";
import { isRunning } from "../phase.ts";
import { AnswerHead } from "./answer-head.tsx";
import { Attachments } from "./attachments.tsx";
import { DissentCard } from "./dissent-card.tsx";
import { Ending } from "./ending.tsx";
import { ScrollArea } from "../../shell/scroll-area.tsx";

/** What there is to read now: the leading answer with its support, then the final one as it is written, with its dissent. */
export function AnswerCard({ session }: { readonly session: PageSession }) {
	const { view, leader } = session;
	const leading = view.accepted.find(({ answer }) => answer === leader);
	const isFinal = view.final !== "";
	const text = isFinal ? view.final : (leading?.text ?? "");
	return (
		<section className="answer-card card" data-is={isFinal ? "final" : "provisional"} aria-label="Answer">
			<Attachments files={view.attachments} />
			<AnswerHead session={session} />
			{view.restarted !== null && isRunning(view) && (
				<p className="notice" dir="auto">
					The presenter sent the team back: {view.restarted}
				</p>
			)}
			<div className="answer-and-dissent">
				{(text !== "" || isRunning(view)) && (
					<ScrollArea className="answer-text" label={isFinal ? "Final answer" : "Leading answer"}>
						{text === "" ? <Waiting sealed={view.sealed} /> : <Markdown text={text} />}
					</ScrollArea>
				)}
				<DissentCard view={view} />
			</div>
			<Ending view={view} />
		</section>
	);
}

function Waiting({ sealed }: { readonly sealed: boolean }) {
	return (
		<p className="soft waiting-text">
			{sealed
				? "Nobody sees another's work yet: each agent answers alone first, so that none follows the loudest."
				: "No answer stands yet."}
		</p>
	);
}
