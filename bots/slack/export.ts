import type { Session } from "../../src/api/contract.ts";

export type Turn = Session["turns"][number];

/** A turn as a document: the answer first, then how it came about. A file shows nothing and calls nobody. */
export function transcriptOf({ id, title }: Pick<Session, "id" | "title">, turn: Turn): string {
	const { question, answer, consensus, agreement, votes, dissent, reasons } = turn;
	const share = agreement === null ? "" : ` (${Math.round(agreement * 100)} % agree)`;
	const outcome = consensus === null ? turn.status : `${consensus ? "Consensus" : "No consensus"}${share}`;
	const parts = [
		`# ${title}`,
		`## Question\n\n${question}`,
		`## Answer\n\n${answer ?? "There is none."}`,
		`## Outcome\n\n${outcome}`,
		votes.length === 0 ? "" : `## Votes\n\n${votes.map(voted).join("\n")}`,
		dissent === null ? "" : `## Dissent: ${dissent.agent}, ${dissent.votes} vote(s)\n\n${dissent.text}`,
		reasons.length === 0 ? "" : `## Failures\n\n${reasons.map(failed).join("\n")}`,
		`Session ${id}`,
	];
	return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function voted({ agent, answer, reason }: Turn["votes"][number]): string {
	return `- ${agent} for ${answer}: ${reason.replaceAll(/\s+/g, " ")}`;
}

function failed({ agent, code, message }: Turn["reasons"][number]): string {
	return `- ${agent}: ${code} ${message}`;
}
