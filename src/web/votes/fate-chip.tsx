import { AnswerName } from "../room/answer-name.tsx";
import type { Fate } from "./voting.ts";

/** What became of a vote that does not count any more. */
export function FateChip({ fate }: { readonly fate: Fate }) {
	if (fate.how === "counts") return null;
	if (fate.how === "replaced") return <span className="chip">voted again</span>;
	return (
		<span className={fate.how === "voided" ? "chip bad" : "chip warn"}>
			{fate.how} by <AnswerName answer={fate.by} />
		</span>
	);
}
