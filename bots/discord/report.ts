import type { Session } from "../../src/api/contract.ts";
import { excerpt } from "../../src/std/excerpt.ts";
import { dissentIn, votedFor, votesIn, type Turn } from "../turn.ts";
import { contentCharsMax } from "./message.ts";
import { escaped } from "./plain.ts";

/** What stands behind an answer, for those who ask: votes with their reasons, and the best of the other answers. */

/** The last turn that was asked in these words; else the last one. Null where there is none yet. */
export function turnOf({ turns }: Session, question: string): Turn | null {
	return turns.findLast((turn) => turn.question === question) ?? turns.at(-1) ?? null;
}

const reasonCharsMax = 300;

/** In one message; what does not fit is in the export. */
export function reasonsOf(session: Session, turn: Turn): string {
	const votes = turn.votes.map(
		({ agent, answer, reason }) =>
			`- **${escaped(agent)}** votes for ${escaped(votedFor(session, { agent, answer }))}: ${escaped(excerpt(reason, reasonCharsMax))}`,
	);
	if (votes.length === 0) return turn.status === "running" ? "No vote is counted yet." : "No vote was counted.";
	return fitting([...votes, ...differing(dissentIn(turn))]);
}

function differing(dissent: Turn["dissent"]): readonly string[] {
	if (dissent === null) return ["Nobody differs."];
	return [
		`**Dissent** of ${escaped(dissent.agent)}, ${votesIn(dissent.votes)}:`,
		`> ${escaped(excerpt(dissent.text, 2 * reasonCharsMax))}`,
	];
}

/** As many of these lines as one message takes. */
export function fitting(lines: readonly string[]): string {
	let said = "";
	for (const line of lines) {
		const more = said === "" ? line : `${said}\n${line}`;
		if (more.length > contentCharsMax - 2) return `${said}\n…`.slice(0, contentCharsMax);
		said = more;
	}
	return said;
}
