import "./ask.css";
import { useState } from "react";
import { useApi } from "../state/api.ts";
import { sessionPath } from "../state/route.ts";
import { goTo } from "../state/use-route.ts";
import { capOf, noCap } from "../shell/cap-of.ts";
import { faultText } from "../shell/fault-text.ts";
import { GrowingField } from "../shell/growing-field.tsx";
import { AskOptions } from "./ask-options.tsx";
import { defaultTeam, requestOf, type Draft } from "./draft.ts";
import { Recent } from "./recent.tsx";
import { Suggestions } from "./suggestions.tsx";
import { TeamLine } from "./team-line.tsx";
import { useAttachments } from "./use-attachments.ts";
import { useTeams } from "./use-teams.ts";

/** One field; Enter asks. */
export function AskPage() {
	const { client } = useApi();
	const { teams } = useTeams();
	const [question, setQuestion] = useState("");
	const [picked, setPicked] = useState<string | null>(null);
	const [usd, setUsd] = useState("");
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	const files = useAttachments(setFault);
	const team = teams.find(({ name }) => name === picked) ?? defaultTeam(teams);
	const ask = async (words: string) => {
		if (words.trim() === "" || busy) return;
		const cap = capOf(usd);
		if (cap === undefined) return setFault(noCap);
		setBusy(true);
		setFault(null);
		const draft: Draft = { question: words, team, usd: cap, attachments: files.attached };
		try {
			const { id } = await client.createSession(requestOf(draft));
			goTo(sessionPath(id));
		} catch (error) {
			setFault(faultText(error));
			setBusy(false);
		}
	};
	return (
		<div className="ask-page" onDragOver={(event) => event.preventDefault()} onDrop={files.drop}>
			<h1>Ask a team</h1>
			<p className="soft ask-lead">
				Several agents answer on their own, read each other, improve or vote. You see all of it, and the answer
				that stands.
			</p>
			<form
				className="ask-box card"
				onSubmit={(event) => {
					event.preventDefault();
					void ask(question);
				}}
			>
				<GrowingField
					id="question"
					label="What do you want to know?"
					value={question}
					change={setQuestion}
					send={() => void ask(question)}
					paste={files.paste}
					focusFirst
				/>
				<AskOptions
					teams={teams}
					team={team}
					pick={setPicked}
					usd={usd}
					setUsd={setUsd}
					files={files}
					ready={question.trim() !== "" && !busy}
				/>
			</form>
			{fault !== null && (
				<p className="notice bad" role="alert">
					{fault}
				</p>
			)}
			{team !== null && <TeamLine team={team} />}
			<Suggestions ask={(words) => void ask(words)} busy={busy} isDemo={team?.name === "demo"} />
			<Recent />
		</div>
	);
}
