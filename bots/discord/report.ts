import type { Session } from "../../src/api/contract.ts";
import { excerpt } from "../../src/std/excerpt.ts";
import { contentCharsMax } from "./message.ts";
import { escaped } from "./plain.ts";

/** What stands behind an answer, for those who ask: votes with their reasons, and the best of the other answers. */

export type Turn = Session["turns"][number];

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

/** An answer that nobody has voted for is no dissent, only another answer. */
function dissentIn({ dissent }: Turn): Turn["dissent"] {
	return dissent === null || dissent.votes === 0 ? null : dissent;
}

function votesIn(votes: number): string {
	return votes === 1 ? "1 vote" : `${votes} votes`;
}

/** A person knows agents; an answer's id names only the seat, in the order of the team, and the version. */
function votedFor({ team }: Session, { agent, answer }: Pick<Turn["votes"][number], "agent" | "answer">): string {
	const seat = /^a(\d+)\./.exec(answer)?.[1];
	const owner = team.agents[Number(seat) - 1]?.id ?? answer;
	return owner === agent ? "its own answer" : owner;
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

/** The turn as a document. */
export function exported(session: Session, turn: Turn): string {
	const { question, answer, consensus, agreement, votes, reasons } = turn;
	const share = agreement === null ? "" : ` (${Math.round(agreement * 100)} % agree)`;
	const title = excerpt(question, 200);
	const dissent = dissentIn(turn);
	const parts = [
		`# ${title}`,
		...(title === question ? [] : [question]),
		"## Answer",
		answer ?? "There is none.",
		...(consensus === null ? [] : [`${consensus ? "Consensus" : "No consensus"}${share}`]),
		...(votes.length === 0
			? []
			: [
					"## Votes",
					votes.map((vote) => `- ${vote.agent} for ${votedFor(session, vote)}: ${vote.reason}`).join("\n"),
				]),
		...(dissent === null
			? []
			: [
					`## Dissent of ${dissent.agent} (${votesIn(dissent.votes)})`,
					dissent.text,
					dissent.reasons.map((reason) => `- ${reason}`).join("\n"),
				]),
		...(reasons.length === 0
			? []
			: ["## What failed", reasons.map((reason) => `- ${reason.agent}: ${reason.message}`).join("\n")]),
	];
	return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}
