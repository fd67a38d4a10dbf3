import type { AgentView } from "../../../api/view.ts";
import { Markdown } from "../../markdown/markdown.tsx";
import type { Speech } from "../../state/speech.ts";
import { AnswerName } from "../answer-name.tsx";

/** How a round ended: with an answer, a vote, or not at all. */
export function SpeechEnding({ speech, agent }: { readonly speech: Speech; readonly agent: AgentView }) {
	const { ending, text } = speech;
	if (ending.how === "open") return null;
	if (ending.how === "failed")
		return (
			<p className="ending notice bad" dir="auto">
				<code>{ending.code}</code> {agent.failure?.message}
			</p>
		);
	if (ending.how === "voted")
		return (
			<p className="ending" dir="auto">
				<span className="chip">votes for</span> <AnswerName answer={ending.answer} /> {ending.reason}
			</p>
		);
	if (ending.how === "presented") return <p className="soft quiet">Has written the final answer, above.</p>;
	if (ending.how === "sent_back")
		return (
			<p className="ending" dir="auto">
				<span className="chip warn">sends the team back</span> {ending.reason}
			</p>
		);
	const answer = agent.answers.find((own) => own.answer === ending.answer)?.text ?? "";
	return (
		<div className="ending">
			<p>
				<span className="chip">answers</span> <AnswerName answer={ending.answer} />
			</p>
			{answer.trim() !== text.trim() && <Markdown text={answer} />}
		</div>
	);
}
