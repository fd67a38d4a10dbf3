import { useState } from "react";
import type { AnswerId } from "../../consensus/events.ts";
import { AgentGrid } from "../room/agents/agent-grid.tsx";
import { AnswerCard } from "../room/answer/answer-card.tsx";
import { AnswerSheet } from "../room/answer/answer-sheet.tsx";
import { PastTurns } from "../room/answer/past-turns.tsx";
import { LedgerCard } from "../room/ledger/ledger-card.tsx";
import { useRoom } from "../state/room.ts";

/** The team at work: its answer on top, what each does below, the votes beside. */
export function AnswerTab() {
	const { session } = useRoom();
	const [read, setRead] = useState<AnswerId | null>(null);
	return (
		<div className="answer-tab">
			<div className="answer-column">
				<PastTurns past={session.past} />
				<AnswerCard session={session} />
			</div>
			<LedgerCard session={session} read={setRead} />
			<AgentGrid session={session} />
			{read !== null && <AnswerSheet view={session.view} answer={read} close={() => setRead(null)} />}
		</div>
	);
}
