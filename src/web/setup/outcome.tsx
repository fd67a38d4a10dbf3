import { doingText, type Doing } from "./doing.ts";

/** What came of the last press; told aloud as well. */
export function Outcome({ doing }: { readonly doing: Doing }) {
	const told = doingText(doing);
	return (
		<output className={told === null ? "unseen" : `setup-outcome notice ${told.tone}`} dir="auto">
			{told?.text}
		</output>
	);
}
