import type { DecisionTool } from "../consensus/events.ts";
import { labelNames } from "../consensus/labels.ts";
import type { PromptTool } from "./prompt.ts";

/** P1, P5: the decision tools on offer. The labels are the same for every voter and round, so that caches hit. */
export function decisionTools(offers: readonly DecisionTool[], seats: number): readonly PromptTool[] {
	const all = { new_answer: newAnswer, vote: voteAmong(seats) } satisfies Record<DecisionTool, PromptTool>;
	return offers.map((offer) => all[offer]);
}

const newAnswer: PromptTool = {
	name: "new_answer",
	description:
		"Give your own complete answer to the question, or a better one than all that were shown to you. It must stand by itself: nobody sees your other text. Those who have voted will have to decide again.",
	parameters: {
		type: "object",
		properties: {
			content: { type: "string", description: "The complete answer, as the person who asked should read it." },
		},
		required: ["content"],
		additionalProperties: false,
	},
};

function voteAmong(seats: number): PromptTool {
	return {
		name: "vote",
		description:
			"Vote for the answer that serves the person best. Use it when no change of yours would improve on that answer.",
		parameters: {
			type: "object",
			properties: {
				answer: {
					type: "string",
					enum: [...labelNames(seats)],
					description: "The label of one answer that was shown to you.",
				},
				reason: {
					type: "string",
					description: "Why this one, and what the others get wrong: one to three sentences.",
				},
			},
			required: ["answer", "reason"],
			additionalProperties: false,
		},
	};
}
