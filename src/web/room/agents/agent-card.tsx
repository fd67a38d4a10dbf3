import { memo, useState } from "react";
import type { AgentView } from "../../../api/view.ts";
import type { AnswerId } from "../../../consensus/events.ts";
import type { Speech } from "../../state/speech.ts";
import { hueOf } from "../seats.ts";
import { AgentHead } from "./agent-head.tsx";
import { RoundPicker } from "./round-picker.tsx";
import { SpeechView } from "./speech-view.tsx";
import { ScrollArea } from "../../shell/scroll-area.tsx";

export type AgentCardProps = {
	readonly agent: AgentView;
	readonly seat: number;
	/** Its own, oldest first, those without a word left out. */
	readonly speeches: readonly Speech[];
	/** The answer that felled its vote, while it has not voted again. */
	readonly felledBy: AnswerId | null;
	/** Whether it is the one who writes the final answer, or has written it. */
	readonly final: "none" | "writes" | "wrote";
};

/** One agent at work. Drawn again only when it is the one that changed: the others may stream meanwhile. */
export const AgentCard = memo(function AgentCard({ agent, seat, speeches, felledBy, final }: AgentCardProps) {
	const [picked, setPicked] = useState<number | null>(null);
	const last = speeches.length - 1;
	const at = picked === null || picked > last ? last : picked;
	const speech = speeches[at];
	const live = at === last && (agent.status === "thinking" || final === "writes");
	return (
		<article
			className="agent-card card seat"
			style={{ "--hue": hueOf(seat) }}
			data-status={agent.status}
			data-seat={seat}
			tabIndex={-1}
			aria-label={`Agent ${agent.id}`}
		>
			<AgentHead
				agent={agent}
				seat={seat}
				felledBy={felledBy}
				final={final}
				informed={speeches[last]?.informed ?? []}
			/>
			<ScrollArea className="speech-frame" label={`What ${agent.id} says`} live={live}>
				{speech === undefined ? (
					<p className="soft quiet">Has not begun.</p>
				) : (
					<SpeechView speech={speech} agent={agent} live={live} />
				)}
			</ScrollArea>
			<RoundPicker speeches={speeches} at={at} pick={(place) => setPicked(place === last ? null : place)} />
		</article>
	);
}, isSame);

function isSame(before: AgentCardProps, after: AgentCardProps): boolean {
	return (
		before.agent === after.agent &&
		before.felledBy === after.felledBy &&
		before.final === after.final &&
		before.speeches.length === after.speeches.length &&
		before.speeches.every((speech, place) => speech === after.speeches[place])
	);
}
