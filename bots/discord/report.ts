import type { Session } from "../../src/api/contract.ts";
import { excerpt } from "../../src/std/excerpt.ts";
import { escaped } from "./plain.ts";

/** What stands behind an answer, for those who ask: votes with their reasons, and the best of the other answers. */

export type Turn = Session["turns"][number];

/** The last turn that was asked in these words; else the last one. Null where there is none yet. */
export function turnOf({ turns }: Session, question: string): Turn | null {
	return turns.findLast((turn) => turn.question === question) ?? turns.at(-1) ?? null;
}

const contentCharsMax = 2000;
const reasonCharsMax = 300;

/** In one message; what does not fit is in the export. */
export function reasonsOf(turn: Turn): string {
	const votes = turn.votes.map(
		({ agent, answer, reason }) =>
			`- **${escaped(agent)}** votes for ${escaped(answer)}: ${escaped(excerpt(reason, reasonCharsMax))}`,
	);
	const { dissent } = turn;
	const differs =
		dissent === null
			? ["Nobody differs."]
			: [
					`**Dissent** of ${escaped(dissent.agent)}, ${dissent.votes} votes:`,
					`> ${escaped(excerpt(dissent.text, 2 * reasonCharsMax))}`,
				];
	const lines = turn.votes.length === 0 ? ["No vote is counted yet."] : [...votes, ...differs];
	return fitting(lines);
}

function fitting(lines: readonly string[]): string {
	let said = "";
	for (const line of lines) {
		const more = said === "" ? line : `${said}\n${line}`;
		if (more.length > contentCharsMax - 2) return `${said}\n…`.slice(0, contentCharsMax);
		said = more;
	}
	return said;
}

/** The turn as a document. */
export function exported(turn: Turn): string {
	const { question, answer, consensus, agreement, votes, dissent, reasons } = turn;
	const share = agreement === null ? "" : ` (${Math.round(agreement * 100)} % agree)`;
	const title = excerpt(question, 200);
	const parts = [
		`# ${title}`,
		...(title === question ? [] : [question]),
		"## Answer",
		answer ?? "There is none.",
		...(consensus === null ? [] : [`${consensus ? "Consensus" : "No consensus"}${share}`]),
		...(votes.length === 0
			? []
			: ["## Votes", votes.map((vote) => `- ${vote.agent} for ${vote.answer}: ${vote.reason}`).join("\n")]),
		...(dissent === null
			? []
			: [
					`## Dissent of ${dissent.agent}`,
					dissent.text,
					dissent.reasons.map((reason) => `- ${reason}`).join("\n"),
				]),
		...(reasons.length === 0
			? []
			: ["## What failed", reasons.map((reason) => `- ${reason.agent}: ${reason.message}`).join("\n")]),
	];
	return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}
