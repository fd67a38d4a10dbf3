import type { View } from "../../../api/view.ts";
import type { Dissent } from "../../../consensus/events.ts";

/** The best answer that did not win. `dissent`: somebody preferred it. `runner-up`: nobody did, but it says something else. */
export type Second = { readonly as: "dissent" | "runner-up"; readonly answer: Dissent };

/** What deserves a place beside the final answer; null: nothing that the reader does not have already. */
export function secondOf({ dissent, outcome, accepted, final }: View): Second | null {
	if (dissent === null) return null;
	if (dissent.votes > 0) return { as: "dissent", answer: dissent };
	const winner = outcome.status === "open" ? null : outcome.winner;
	const read = [final, ...accepted.flatMap(({ answer, text }) => (answer === winner ? [text] : []))];
	return read.some((text) => said(text) === said(dissent.text)) ? null : { as: "runner-up", answer: dissent };
}

/** A text without what only its layout adds. */
function said(text: string): string {
	return text.trim().replaceAll(/\s+/g, " ");
}
