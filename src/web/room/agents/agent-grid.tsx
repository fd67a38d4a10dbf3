import "./agents.css";
import type { PageSession } from "../../state/page-session.ts";
import type { View } from "../../../api/view.ts";
import type { Speech } from "../../state/speech.ts";
import { isRunning } from "../phase.ts";
import { ledgerOf } from "../ledger/ledger.ts";
import { AgentCard, type AgentCardProps } from "./agent-card.tsx";
import { ScrollArea } from "../../shell/scroll-area.tsx";

/** A card for each agent, in the order of their seats. */
export function AgentGrid({ session }: { readonly session: PageSession }) {
	const { view, speeches } = session;
	const { arrows } = ledgerOf(view);
	return (
		<ScrollArea className="agent-grid" label="Agents">
			{view.agents.map((agent, place) => (
				<AgentCard
					key={agent.id}
					agent={agent}
					seat={place + 1}
					speeches={speeches.filter(
						(speech) => speech.agent === agent.id && (isRunning(view) || says(speech)),
					)}
					felledBy={arrows.find(({ voter, by }) => voter === agent.id && by !== null)?.by ?? null}
					final={view.presenter === agent.id ? finalOf(view) : "none"}
				/>
			))}
		</ScrollArea>
	);
}

/** What the presenter has to do with the final answer. */
function finalOf({ phase }: View): AgentCardProps["final"] {
	if (phase === "presenting") return "writes";
	return phase === "done" ? "wrote" : "none";
}

/** A presentation's words are the answer, which stands above; often there is nothing else to see of it. */
function says({ round, text, reasoning, tools }: Speech): boolean {
	return round > 0 || text !== "" || reasoning !== "" || tools.length > 0;
}
