import "./agents.css";
import type { PageSession } from "../../state/page-session.ts";
import type { Speech } from "../../state/speech.ts";
import { isRunning } from "../phase.ts";
import { ledgerOf } from "../ledger/ledger.ts";
import { AgentCard } from "./agent-card.tsx";
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
					presents={view.phase === "presenting" && view.presenter === agent.id}
				/>
			))}
		</ScrollArea>
	);
}

/** A presentation's words are the answer, which stands above; often there is nothing else to see of it. */
function says({ round, text, reasoning, tools }: Speech): boolean {
	return round > 0 || text !== "" || reasoning !== "" || tools.length > 0;
}
