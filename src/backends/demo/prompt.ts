import { unreachable } from "../../std/assert.ts";
import type { Message, ModelRequest } from "../backend.ts";

/** An answer as it stands in the request. `winner` marks the one a presenter is to present. */
export type ShownAnswer = { readonly label: string; readonly text: string; readonly winner: boolean };

/** What the request asks of a model: the question, the answers shown (one per label, in order), and the tools on offer. */
export type Prompt = {
	readonly question: string;
	readonly shown: readonly ShownAnswer[];
	/** The first answer of the last user message: the one to present where none is marked. */
	readonly foremost: ShownAnswer | null;
	readonly mayAnswer: boolean;
	readonly mayVote: boolean;
};

/** Text beyond this many characters of a message is not read. */
export const messageCharsMax = 1_000_000;
/** Further labels are not read; a team has at most sixteen agents. */
export const answersMax = 64;

/** Reads a request as a model would. */
export function promptIn(request: ModelRequest): Prompt {
	const shown = new Map<string, ShownAnswer>();
	let question: string | null = null;
	let foremost: ShownAnswer | null = null;
	for (const message of request.messages) {
		const blocks = textsOf(message).flatMap(blocksIn);
		const answers = blocks.flatMap((block) => (block.kind === "answer" ? [block.answer] : []));
		question = blocks.findLast((block) => block.kind === "question")?.text ?? question;
		for (const answer of answers)
			if (shown.has(answer.label) || shown.size < answersMax) shown.set(answer.label, answer);
		if (message.role === "user") foremost = answers[0] ?? null;
	}
	return {
		question: (question ?? lastUserText(request.messages)).trim(),
		shown: [...shown.values()],
		foremost,
		mayAnswer: request.tools.some((tool) => tool.name === "new_answer"),
		mayVote: request.tools.some((tool) => tool.name === "vote"),
	};
}

type Block =
	| { readonly kind: "question"; readonly text: string }
	| { readonly kind: "answer"; readonly answer: ShownAnswer };

/** Reads the outermost blocks in order: what stands inside one is its text, whatever it looks like. */
function blocksIn(text: string): readonly Block[] {
	const opening = /<question>|<answer label="([^"\n]{1,100})"([^>\n]{0,100})>/g;
	const read = text.slice(0, messageCharsMax);
	const blocks: Block[] = [];
	for (let open = opening.exec(read); open !== null; open = opening.exec(read)) {
		const closing = open[1] === undefined ? "</question>" : "</answer>";
		const end = read.indexOf(closing, opening.lastIndex);
		// A block that is never closed ends the reading: whatever follows might be part of it.
		if (end === -1) return blocks;
		const inside = read.slice(opening.lastIndex, end).trim();
		const { 1: label, 2: attributes = "" } = open;
		blocks.push(
			label === undefined
				? { kind: "question", text: inside }
				: { kind: "answer", answer: { label, text: inside, winner: attributes.includes('winner="true"') } },
		);
		opening.lastIndex = end + closing.length;
	}
	return blocks;
}

function textsOf(message: Message): readonly string[] {
	switch (message.role) {
		case "user":
			return [message.text];
		case "tool":
			return message.results.map((result) => result.text);
		case "assistant":
			return [];
		default:
			return unreachable(message);
	}
}

function lastUserText(messages: readonly Message[]): string {
	const last = messages.findLast((message) => message.role === "user");
	return last?.role === "user" ? last.text : "";
}
