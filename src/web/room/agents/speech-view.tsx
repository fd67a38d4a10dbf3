import type { AgentView } from "../../../api/view.ts";
import { Markdown } from "../../markdown/markdown.tsx";
import type { Speech } from "../../state/speech.ts";
import { AgentImages } from "./agent-images.tsx";
import { Reasoning } from "./reasoning.tsx";
import { Sources } from "./sources.tsx";
import { SpeechEnding } from "./speech-ending.tsx";
import { ToolCard } from "./tool-card.tsx";

type Props = { readonly speech: Speech; readonly agent: AgentView; readonly live: boolean };

/** All of one round: thoughts folded, tools, words, and how it ended. */
export function SpeechView({ speech, agent, live }: Props) {
	const { text, reasoning, tools, sources, ending } = speech;
	const silent = text === "" && reasoning === "" && tools.length === 0 && ending.how === "open";
	return (
		<div className="speech">
			{reasoning !== "" && <Reasoning text={reasoning} open={live && text === ""} />}
			{tools.map((use, place) => (
				<ToolCard key={place} use={use} />
			))}
			{text !== "" && <Markdown text={text} />}
			{silent && <Silence presents={speech.round === 0} live={live} />}
			<SpeechEnding speech={speech} agent={agent} />
			<AgentImages images={agent.images} />
			<Sources sources={sources} />
		</div>
	);
}

/** What is to be known of a round in which nothing was said; the final answer's words stand in a place of their own. */
function Silence({ presents, live }: { readonly presents: boolean; readonly live: boolean }) {
	if (presents)
		return (
			<p className="soft quiet">
				{live ? "Is writing the final answer, above." : "Did not finish the final answer."}
			</p>
		);
	return live ? <p className="soft quiet">Waiting for the first words.</p> : null;
}
