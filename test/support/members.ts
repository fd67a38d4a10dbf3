import { shownAnswers } from "./fake-providers.ts";
import type { Brain, FakeRequest, Step } from "./fake-script.ts";

/** What a member of a team does at each point of a turn. */
export type Lines = {
	readonly answers: string;
	/** Texts of answers, best first: it votes for the first of them that is shown, and answers while none is. */
	readonly votesFor: readonly string[];
	/** Its presentation; its answer, if left out. */
	readonly presents?: string;
	/** What comes before its answer, its vote, its presentation. */
	readonly first?: {
		readonly answer?: readonly Step[];
		readonly vote?: readonly Step[];
		readonly final?: readonly Step[];
	};
};

/** A model that plays its part in a team by reading the prompt, as a real one would. */
export function member({ answers, votesFor, presents = answers, first = {} }: Lines): Brain {
	return (request) => {
		if (request.tools.length === 0) return [...(first.final ?? []), { text: presents, chunks: 3 }];
		const shown = shownIn(request).map(({ text }) => text);
		const choice = votesFor.find((text) => shown.includes(text));
		if (choice === undefined) return [...(first.answer ?? []), newAnswer(answers)];
		return [...(first.vote ?? []), vote(request, choice)];
	};
}

/** The answers a request shows, in their order, wherever they stand but in the task itself. */
export function shownIn({ messages }: FakeRequest): { label: string; text: string }[] {
	return messages
		.slice(1)
		.filter(({ role }) => role !== "assistant")
		.flatMap(({ text }) => shownAnswers(text));
}

/** Whether the model has already spoken in this round: a fresh prompt is the task and the situation, and no more. */
export function hasSpoken({ messages }: FakeRequest): boolean {
	return messages.length > 2;
}

/** A vote for the answer with this text, under the label by which the request shows it. */
export function vote(request: FakeRequest, text: string): Step {
	const label = shownIn(request).findLast((answer) => answer.text === text)?.label ?? "not shown";
	return { tool: "vote", arguments: { answer: label, reason: `because: ${text}` } };
}

/** The call that hands in an answer. */
export function newAnswer(content: string): Step {
	return { tool: "new_answer", arguments: { content } };
}
