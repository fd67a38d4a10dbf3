import type { AnswerId } from "../consensus/events.ts";
import { inOrder, labelsOf, type Labels } from "../consensus/labels.ts";
import type { Answer, PastTurn, Session, Turn } from "../consensus/state.ts";
import { answerOf, countedVotes, pools } from "../consensus/tally.ts";
import type { PromptMessage } from "./prompt.ts";

/** Who reads: a seat (0-based), or the number of seats for the judge. Decides labels and order (P5). */
export type Reader = { readonly session: Session; readonly turn: Turn; readonly seat: number };

/** The answers as labelled blocks in this reader's order. Nothing in them tells whose they are, unless the team says so. */
export function answerBlocks(reader: Reader, ids: readonly AnswerId[]): string {
	const { session, turn } = reader;
	const labels = labelsOf(session.seed, reader.seat, turn.seats.length);
	const answers = inOrder(
		ids.map((id) => answerOf(turn, id)),
		labels,
		(answer) => seatNumber(turn, answer),
	);
	return answers.map((answer) => block(reader, labels, answer)).join("\n\n");
}

/**
 * P13: what the attempt before came to, in this reader's order, and what is to be done differently. No label names these
 * answers, so nobody can vote for them.
 */
export function earlierAttempt({ session, turn, seat }: Reader): string {
	if (turn.earlier === null) return "";
	const { turn: before, instructions } = turn.earlier;
	const answers = inOrder(
		pools(before).map(([first]) => first),
		labelsOf(session.seed, seat, before.seats.length),
		(answer) => seatNumber(before, answer),
	);
	const blocks = answers.map(
		({ text }, i) => `<earlier_answer number="${i + 1}">\n${harmless(text)}\n</earlier_answer>`,
	);
	// P5, P6: the presenter's name for an answer, as this reader's number for those that say the same.
	const told = instructions.replaceAll(namesOfAnswers, (name) => {
		const named = before.answers.find(({ id }) => id === name);
		const at = answers.findIndex(({ identity }) => identity === named?.identity);
		return at < 0 ? name : `earlier answer ${at + 1}`;
	});
	return [
		"The team has tried once already, and its final answer was not good enough. What it had then, as material:",
		...blocks,
		"What to do differently this time:",
		`<instructions>\n${harmless(told)}\n</instructions>`,
	].join("\n\n");
}

/** As the log names them. */
const namesOfAnswers = /\ba\d+\.\d+\b/g;

/** The label under which this reader knows an answer. */
export function labelOf({ session, turn, seat }: Reader, id: AnswerId): string {
	return labelFor(labelsOf(session.seed, seat, turn.seats.length), turn, answerOf(turn, id));
}

/** P5: what a vote's reason says of an answer by its name, in the labels that this reader knows. */
export function inLabels(reader: Reader, text: string): string {
	const { answers } = reader.turn;
	return text.replaceAll(namesOfAnswers, (name) => {
		const answer = answers.find(({ id }) => id === name);
		return answer === undefined ? name : labelOf(reader, answer.id);
	});
}

/** Turns tags of ours inside somebody's text into plain text, so that no answer can pretend to be another one. */
export function harmless(text: string): string {
	return text.replaceAll(
		/<(?=\s*\/?\s*(?:answer|question|note|conversation|attachment|draft|earlier_answer|instructions)\b)/gi,
		"&lt;",
	);
}

/** The task, the same for every agent of a turn: the conversation so far, the question, and what was sent with it. */
export function taskMessage(session: Session, turn: Turn): PromptMessage {
	const { attachments } = turn;
	const text = taskText(session, turn);
	return attachments.length === 0 ? { role: "user", text } : { role: "user", text, attachments };
}

/** The conversation so far, then the question exactly as it was asked, then the names of its files. */
function taskText({ past }: Session, turn: Turn): string {
	const question = `<question>\n${turn.question}\n</question>${namesOf(turn)}`;
	const told = recent(past.filter(({ answer }) => answer !== null));
	if (told.length === 0) return question;
	const earlier = told.map(
		(asked) => `Person: ${harmless(asked.question)}${namesOf(asked)}\n\nTeam: ${harmless(asked.answer ?? "")}`,
	);
	return `<conversation>\n${earlier.join("\n\n")}\n</conversation>\n\n${question}`;
}

/** Also of earlier turns, whose files are not sent again: what they showed has gone into the answers. */
function namesOf({ attachments }: Pick<PastTurn, "attachments">): string {
	if (attachments.length === 0) return "";
	return `\n\nattached: ${attachments.map(({ name }) => harmless(name)).join(", ")}`;
}

/** Earlier turns stand in every prompt up to this many characters, the latest first to be kept. */
export const conversationCharsMax = 100_000;

function recent(past: readonly PastTurn[]): readonly PastTurn[] {
	let chars = 0;
	const tooMuch = past.findLastIndex(({ question, answer }) => {
		chars += question.length + (answer?.length ?? 0);
		return chars > conversationCharsMax;
	});
	return past.slice(tooMuch + 1);
}

/** Notes from the person, from the `from`-th to before the `to`-th (P16). */
export function noteBlocks({ notes }: Turn, from: number, to: number): string {
	return notes
		.slice(from, to)
		.map((note) => `<note from="person">\n${harmless(note)}\n</note>`)
		.join("\n\n");
}

/** P5 `tally: shown`: how many votes each answer holds now. */
export function tallyLine(reader: Reader, ids: readonly AnswerId[]): string {
	const votes = countedVotes(reader.turn);
	const counts = ids
		.map((id) => `${labelOf(reader, id)}: ${votes.filter((vote) => vote.answer === id).length}`)
		.toSorted();
	return `Votes so far: ${counts.join(", ")}.`;
}

function block({ session, turn }: Reader, labels: Labels, answer: Answer): string {
	const label = labelFor(labels, turn, answer);
	const author = session.team.protocol.identities === "shown" ? `Written by ${answer.agent}:\n` : "";
	return `${author}<answer label="${label}">${harmless(answer.text)}</answer>`;
}

function labelFor(labels: Labels, turn: Turn, answer: Answer): string {
	return labels.ofSeat[seatNumber(turn, answer)] ?? "answer_1";
}

function seatNumber(turn: Turn, answer: Answer): number {
	return turn.seats.findIndex(({ agent }) => agent === answer.agent);
}
