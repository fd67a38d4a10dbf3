import { Markdown } from "../../markdown/markdown.tsx";
import type { PastTurn } from "../../state/page-session.ts";
import { phaseTitle } from "../phase.ts";

/** The turns before this one, folded. */
export function PastTurns({ past }: { readonly past: readonly PastTurn[] }) {
	if (past.length === 0) return null;
	return (
		<ol className="plain past-turns" aria-label="Earlier turns">
			{past.map(({ view }) => (
				<li key={view.turn} className="card">
					<details>
						<summary>
							<span className="soft numeric">{view.turn}</span> <bdi>{view.question.slice(0, 200)}</bdi>{" "}
							<span className="chip">{phaseTitle(view)}</span>
						</summary>
						<Markdown text={view.final === "" ? "No answer." : view.final} />
					</details>
				</li>
			))}
		</ol>
	);
}
